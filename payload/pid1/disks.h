/* SPDX-License-Identifier: MIT */
/* All disks at once: each is asked in a child of its own, for one may hang. */
#ifndef PID1_DISKS_H
#define PID1_DISKS_H

#include <stdbool.h>

#include "pid1/child.h"
#include "pid1/layers.h"

#define DISKS_MAX 256

struct disk {
	struct layer layer; /* how to reach it */
	struct child child;
	int result; /* of disks_run(): 0, a negative errno, -ETIMEDOUT */
};

struct disks {
	int count;
	struct disk disk[DISKS_MAX];
};

/** In a child: 0, or a negative errno. */
typedef int disk_body(const struct layer *layer);

/**
 * The block devices that hold anything and outlive the power, from @sys/block.
 * 0, or a negative errno.
 */
int disks_find(struct disks *disks, const char *sys, const char *dev);

/** Run @body for all of them side by side, until each is done or @until. */
void disks_run(struct disks *disks, disk_body *body, deadline_t until);

#endif
