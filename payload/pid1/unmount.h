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
	char left_alone[120]; /* remote ones that were given up, for people */
};

/**
 * Rounds over the mount table until a round gets nowhere. The umount() calls
 * run in a child; one that does not return in @each_ms is left to itself and
 * its mount is not tried again. A remote file system that makes a call hang
 * is cut off, with all that is mounted on it: its server does not answer.
 * Adds to @unmount, which starts zeroed.
 */
void unmount_all(struct unmount *unmount, int each_ms, deadline_t until);

/**
 * Cut off every remote file system that is left: nobody can wait for it any
 * longer, in D state or not. Returns how many they were.
 */
int unmount_cut_off(struct unmount *unmount, deadline_t until);

/**
 * Make the super blocks of all data that is still mounted read-only, in a
 * child, each within @each_ms. Returns how many could not be.
 */
int unmount_make_read_only(int each_ms, deadline_t until);

/**
 * Move the busy mounts that hold no data out of the way of those that do,
 * below @to, a directory of ours: a daemon that serves the old root may have
 * its device open on the old /dev. Returns how many went.
 */
int unmount_set_aside(const char *to, deadline_t until);

#endif
