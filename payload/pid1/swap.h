/* SPDX-License-Identifier: MIT */
/* Swap: areas on disks and in files are switched off. */
#ifndef PID1_SWAP_H
#define PID1_SWAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

#define SWAP_AREAS_MAX 32

struct swaps {
	int count;
	char path[SWAP_AREAS_MAX][256];
};

/**
 * Take the areas from a table in the form of /proc/swaps. Those in memory
 * (zram) and files that were deleted are left out. @text is changed.
 */
void swap_parse(struct swaps *swaps, char *text);

/**
 * Switch every area of the table at @path (normally /proc/swaps) off, each in
 * a child. Adds the names of those that went to @closed; returns how many.
 */
int swap_off(const char *path, char *closed, size_t size, deadline_t until);

#endif
