/* SPDX-License-Identifier: MIT */
/* A file system in user space with nothing in it. */
#ifndef FUSE_H
#define FUSE_H

#include <stdbool.h>

/** Mount it on @path. What to serve it by, or -1. */
int fuse_open(const char *path);

/**
 * Serve it until it is unmounted. With @deaf nothing is answered after the
 * mount, so that whoever asks waits in D state.
 */
void fuse_serve(int fd, bool deaf);

#endif
