/* SPDX-License-Identifier: MIT */
/*
 * How the UPS that is not there is told things over a network: a number and
 * some words on a line, which it answers with the number and "ok".
 */
#ifndef FAKE_WIRE_H
#define FAKE_WIRE_H

#include "base/ups.h"
#include "link/net.h"

#define WIRE_PORT 4161

/** An open way to it. */
struct wire {
	struct net_link net; /* valid if it is open */
	bool is_open;
	bool is_stream;
	int number; /* of the last question */
};

/** The key of the section that means a network, "udp" or "tcp", or NULL. */
const char *wire_key(const struct ups *ups);

/** The host that the section means; -ENOENT when it means none. */
int wire_host(const struct ups *ups, char host[NET_HOST_MAX]);

/** Open the way to it, and see whether it answers. @wire is zeroed. */
int wire_open(struct wire *wire, struct ups *ups, deadline_t until);

/** Say these words to it, and wait until it has said yes. */
int wire_tell(struct wire *wire, struct ups *ups, const char *words,
	      deadline_t until);

void wire_close(struct wire *wire);

#endif
