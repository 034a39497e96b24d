/* SPDX-License-Identifier: MIT */
/* Unmount everything that is not the exitrd's own, deepest first. */
#ifndef PID1_UNMOUNT_H
#define PID1_UNMOUNT_H

#include "base/clock.h"

#define UNMOUNT_STUCK_MAX 32

struct unmount {
	int gone;        /* how many were unmounted */
	int busy;        /* how many of the last round were not */
	int stuck_count; /* mounts whose umount() never returned */
	int stuck[UNMOUNT_STUCK_MAX];
	char last_path[160]; /* what was tried last */
};

/**
 * Rounds over the mount table until a round gets nowhere. The umount() calls
 * run in a child; one that does not return in @each_ms is left to itself and
 * its mount is not tried again. Adds to @unmount, which starts zeroed.
 */
void unmount_all(struct unmount *unmount, int each_ms, deadline_t until);

/**
 * Make the super blocks of all data that is still mounted read-only, in a
 * child, each within @each_ms. Returns how many could not be.
 */
int unmount_make_read_only(int each_ms, deadline_t until);

#endif
