/* SPDX-License-Identifier: MIT */
/* The kernel's own emergency remount: the last rung for what stays mounted. */
#ifndef PID1_FREEZE_H
#define PID1_FREEZE_H

#include <stdbool.h>

#include "base/clock.h"

/**
 * Have the kernel make everything read-only, open files or not, and also what
 * we do not see: the layers of an overlay, what an initrd hid. @trigger is
 * normally "/proc/sysrq-trigger", @kmsg "/dev/kmsg". True once the kernel has
 * said that it is done; false if it cannot be told, or not by @until.
 */
bool freeze_everything(const char *trigger, const char *kmsg, deadline_t until);

/** The same and a sync, when nobody is left who could wait for either. */
void freeze_blindly(const char *trigger);

/** Have the kernel thaw what somebody has frozen. Nobody waits for it. */
void freeze_thaw(const char *trigger);

/** Have the kernel begin a sync of its own. Nobody waits for it. */
void freeze_start_sync(const char *trigger);

#endif
