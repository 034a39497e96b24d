/* SPDX-License-Identifier: MIT */
/* From dirty pages to the platter: sync, then the caches of the disks. */
#ifndef PID1_FLUSH_H
#define PID1_FLUSH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

/**
 * Kilobytes that wait to be written or are being written, from a table in the
 * form of /proc/meminfo; 0 if it cannot be read.
 */
long flush_pending_kb(const char *path);

/**
 * sync(), in a child. It may take as long as dirty pages become fewer; when
 * they have not for ten seconds, or at @until, it is left alone.
 * Returns 0, or -ETIMEDOUT.
 */
int flush_sync(int stall_ms, deadline_t until);

/**
 * Is a disk, or a part of one, still claimed? A file system that is mounted
 * in a namespace that we do not see claims it; so do LVM, MD and swap.
 * Its name goes to @name.
 */
bool flush_finds_claimed_disk(char *name, size_t size);

/**
 * Flush the write caches of all disks, side by side. Returns how many disks
 * there are, or a negative errno with the sentence in @why.
 */
int flush_disks(char *why, size_t why_size, deadline_t until);

#endif
