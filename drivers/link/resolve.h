/* SPDX-License-Identifier: MIT */
/* From the name of a host to its addresses, within a deadline. */
#ifndef LINK_RESOLVE_H
#define LINK_RESOLVE_H

#include "link/route.h"

#define RESOLVE_MAX 4

/** Addresses of one host, in the order in which they should be tried. */
struct resolve_answer {
	int count;
	struct {
		int family; /* AF_INET or AF_INET6 */
		struct route_address address;
	} entry[RESOLVE_MAX];
};

/**
 * What @host means: an address as it stands, else whatever this system's
 * resolver says. That may hang, so a child asks it. Returns 0, -ENOENT if
 * there is no such host, -ETIMEDOUT, or another negative errno.
 */
int resolve_host(const char *host, struct resolve_answer *answer,
		 deadline_t until);

#endif
