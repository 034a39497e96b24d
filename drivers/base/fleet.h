/* SPDX-License-Identifier: MIT */
/*
 * The one place where a section of ups.conf becomes a commanded UPS. PID 1's
 * keepers and the commands call the same functions, so what is rehearsed on
 * the running system is what happens at the end.
 */
#ifndef BASE_FLEET_H
#define BASE_FLEET_H

#include "base/ups.h"

/** All drivers of this build, NULL at the end, sorted by name. */
size_t fleet_drivers(const struct ups_driver **list, size_t max);

/** The driver of ours that answers to `driver = @nut_name`, or NULL. */
const struct ups_driver *fleet_find_ours(const char *nut_name);

/** The foreign one that does: a program of NUT's in the exitrd. Or NULL. */
const struct ups_driver *fleet_find_foreign(const char *nut_name);

/** Ours, or else the foreign one, or NULL. */
const struct ups_driver *fleet_find_driver(const char *nut_name);

/**
 * Prepare @ups for section @section of @conf (both stay the caller's and must
 * outlive it) and open its device. A device that is not there yet is looked
 * for again until @until. Of @ups, note, note_arg, strict and last_resort are
 * the caller's. On failure ups->problem says why.
 */
int fleet_arm(struct ups *ups, const struct conf *conf, int section,
	      deadline_t until);

/**
 * Command it. When the device was lost meanwhile it is found again by its
 * identity and commanded there, within @until. With cut->by_section the first
 * of the section's `sdcommands` that it can be given counts; if it can be
 * given none of them, nothing is commanded.
 * -ENODEV and -EIO: the device was lost over it and may not be open any more.
 */
int fleet_cut(struct ups *ups, struct ups_cut *cut, deadline_t until);

/**
 * Stop a countdown: again, if it still shows one, and with the device found
 * again if it was lost. Returns as the driver's cancel(), and in *@is_shown
 * whether it was asked afterwards and answered. Not with ups->mains_only, with
 * which no countdown is read.
 */
int fleet_cancel(struct ups *ups, bool *is_shown, deadline_t until);

/** Let go. Never stops a countdown. */
void fleet_release(struct ups *ups);

#endif
