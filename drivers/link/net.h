/* SPDX-License-Identifier: MIT */
/*
 * UPSes on the network: datagrams and streams to the host of a section, over
 * a network that may have been taken down already (route.h).
 */
#ifndef LINK_NET_H
#define LINK_NET_H

#include "base/ups.h"
#include "link/bytes.h"

#define NET_HOST_MAX 256

/**
 * Take "host", "host:port", "[v6]" or "[v6]:port" apart. *@port stays as it
 * is when @text names none. Returns 0 or -EINVAL.
 */
int net_split(const char *text, char host[NET_HOST_MAX], int *port);

/**
 * A UDP socket to @port of @host; the network is made again if the handover
 * has a route to it and it is gone. Returns the descriptor, or a negative
 * errno with a sentence: -ENODEV (no such host, no way to it), -ETIMEDOUT,
 * -EIO. It is the caller's to close.
 */
int net_open_udp(struct ups *ups, const char *host, int port, deadline_t until);

/** The same, connected over TCP. */
int net_open_tcp(struct ups *ups, const char *host, int port, deadline_t until);

/**
 * Send one datagram and wait for one. Returns the length of what came, or
 * -ETIMEDOUT, -ENODEV (nobody listens there), -EIO. One that is longer than
 * @size is cut off.
 */
int net_exchange(int fd, const void *question, size_t len, void *answer,
		 size_t size, deadline_t until);

/** Wait for one more datagram: what came first was no answer. As above. */
int net_receive(int fd, void *answer, size_t size, deadline_t until);

/** A TCP connection as a link of bytes. */
struct net_link {
	struct byte_link link;
	int fd;
};

/** net_open_tcp() as a link; closing it closes the connection. */
int net_open_link(struct net_link *net, struct ups *ups, const char *host,
		  int port, deadline_t until);

#endif
