/* SPDX-License-Identifier: MIT */
/*
 * What a keeper may still do. It reads what a device or the network says, as
 * root: so before it opens anything it gives away what its link does not
 * need. A kernel that lacks one of the means goes on without it.
 *
 *   capabilities  none but CAP_MKNOD, and CAP_NET_ADMIN for the network
 *   Landlock      USB and serial nodes, sysfs to read, USB's part to write;
 *                 no disk, nothing of ours
 *   seccomp       the system calls of the links; any other is SIGSYS
 *   limits        memory, file descriptors, no file, no core
 *
 * A keeper that runs NUT's own driver does not enter it (keeper_life.c).
 */
#ifndef PID1_SANDBOX_H
#define PID1_SANDBOX_H

#include <stdbool.h>

struct sandbox {
	bool network;         /* its UPS is reached over it */
	bool names;           /* ... by a name that nobody has looked up yet */
	unsigned long memory; /* bytes that it may have mapped */
};

/** Enter it, for good. Catch SIGSYS before. */
void sandbox_enter(const struct sandbox *sandbox);

/** The last of it, the system calls. sandbox_enter() ends with this. */
void sandbox_filter(const struct sandbox *sandbox);

#endif
