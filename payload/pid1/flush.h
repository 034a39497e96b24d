/* SPDX-License-Identifier: MIT */
/* From dirty pages to the platter: sync, then the caches of the disks. */
#ifndef PID1_FLUSH_H
#define PID1_FLUSH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "pid1/child.h"

/**
 * Kilobytes that wait to be written or are being written, from a table in the
 * form of /proc/meminfo; 0 if it cannot be read.
 */
long flush_pending_kb(const char *path);

/**
 * Run @body, which writes out, in a child. It may take as long as what @meminfo
 * says is pending becomes less; when it has not for @stall_ms, or at @until, it
 * is left alone. Returns 0, -ETIMEDOUT, or another negative errno.
 */
int flush_watch(child_body *body, const char *meminfo, int stall_ms,
		deadline_t until);

/** sync(), watched by /proc/meminfo. */
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
