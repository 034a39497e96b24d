/* SPDX-License-Identifier: MIT */
/* Processes that keep a mount busy: find them by what they hold, kill them. */
#ifndef PID1_PINNERS_H
#define PID1_PINNERS_H

#include <stddef.h>

#include "base/clock.h"
#include "pid1/mounts.h"

/** Told of every process that is killed, and why. */
typedef void pinners_report(void *arg, int pid, const char *name,
			    const char *holds);

/**
 * Kill every process, ourselves and our own kind excepted, that holds one of
 * the mounts which carry data and are not ours: its program, directory, root,
 * an open or mapped file, or a mount namespace of its own. Waits until they
 * are gone, at most until @until. @proc is normally "/proc". Returns how many
 * were killed, or a negative errno.
 */
int pinners_kill(const char *proc, const struct mounts *mounts,
		 pinners_report *report, void *arg, deadline_t until);

#endif
