/* SPDX-License-Identifier: MIT */
/*
 * Nodes of character devices. At the end of a machine nobody makes them but
 * the kernel, and a keeper may open only those that were there when it began
 * or that it has made in a folder of its own.
 */
#ifndef LINK_NODE_H
#define LINK_NODE_H

#include <sys/types.h>

#define NODE_FOLDER   "lastwatt"
#define NODE_PATH_MAX 128

/**
 * Open @dev/@name with @flags. Where that is missing or not ours to open, make
 * a node of it in @dev/NODE_FOLDER, or beside it. Returns a descriptor of the
 * character device @number, or a negative errno: -EIO if it is another one's.
 */
int node_open(const char *dev, const char *name, dev_t number, int flags);

/** The number in a file of sysfs, "240:7\n". 0 or -ENODEV. */
int node_read_number(const char *path, dev_t *number);

#endif
