/* SPDX-License-Identifier: MIT */
/* Processes that keep a mount busy: find them by what they hold, kill them. */
#ifndef PID1_PINNERS_H
#define PID1_PINNERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "pid1/mounts.h"

#define PINNERS_MAX 256

/** Told of every process that is killed, and why. */
typedef void pinners_report(void *arg, int pid, const char *name,
			    const char *holds);

/** Begins with nothing but @report and @arg set. */
struct pinners {
	pinners_report *report;
	void *arg;
	int count; /* killed, and not dead yet: in D state */
	int pid[PINNERS_MAX];
};

/**
 * Kill every process, our own kind excepted, that holds one of the mounts
 * which carry data and are not ours: its program, directory, root, an open or
 * mapped file, or a mount namespace of its own. With @daemons also those whose
 * name begins with '@': they may be what serves the storage. A child looks;
 * a process at which it hangs is killed as well. Waits until they are gone, at
 * most until @until. @proc is normally "/proc". Returns how many have died.
 */
int pinners_kill(struct pinners *pinners, const char *proc,
		 const struct mounts *mounts, bool daemons, deadline_t until);

#endif
