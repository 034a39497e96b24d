/* SPDX-License-Identifier: MIT */
/*
 * An emulated UPS on the network (link/net_fake.h): its datagrams or its
 * stream, and its orders to the UPS that counts and cuts. QEMU's own network
 * brings what the machine sends to the loopback of the run.
 */
#ifndef RIG_NET_H
#define RIG_NET_H

#include "line.h"
#include "listener.h"
#include "vlan.h"

struct net {
	struct ups *ups;
	struct line *line;
	struct net_fake fake;
	struct listener listener;
	struct vlan vlan;
	int epoll; /* readable when anything is */
	/* What the machine says just now; told once, before what comes of it. */
	const uint8_t *saying;
	size_t saying_len;
};

/** Make the device that @ups's file names, which listens from now on. */
struct net *net_make(struct ups *ups);

/** The other ends of @near and @far are a new QEMU, if it has a VLAN. */
void net_start(struct net *net, int near, int far);
void net_stop(struct net *net);

/** To wait for; and take what has come. */
int net_fd(const struct net *net);
void net_read(struct net *net);

void net_tick(struct net *net);
int64_t net_next_ms(const struct net *net);

/** Something ails it from now on. */
void net_suffer(struct net *net, const struct net_trouble *trouble);

#endif
