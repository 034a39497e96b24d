/* SPDX-License-Identifier: MIT */
/*
 * Sockets at which a UPS on the network is found: datagrams, or one stream at
 * a time. It knows nothing of what they mean.
 */
#ifndef RIG_LISTENER_H
#define RIG_LISTENER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LISTENER_ADDRESSES_MAX 2
#define LISTENER_WAITING_MAX   64
#define LISTENER_NEVER         INT64_MAX

/** An IPv4 or IPv6 address with a port, for bind() and sendto(). */
struct listener_address {
	socklen_t len;
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	};
};

/** An answer that leaves later. */
struct listener_answer {
	int64_t at_ms;
	int fd;
	struct listener_address to; /* of a datagram */
	size_t len;
	uint8_t *bytes;
};

struct listener {
	bool is_stream;
	int addresses;
	struct listener_address address[LISTENER_ADDRESSES_MAX];
	int fd[LISTENER_ADDRESSES_MAX]; /* -1: nobody listens */
	int client;                     /* the stream, or -1 */
	int epoll;                      /* readable when anything is */
	/* Of the datagram in hand: where its answer goes. */
	int from_fd;
	struct listener_address from;
	int waiting;
	struct listener_answer answer[LISTENER_WAITING_MAX];
	/** A stream has begun, or the one before has ended. */
	void (*connected)(void *arg, bool open);
	void (*received)(void *arg, const uint8_t *bytes, size_t len);
	void *arg;
};

/** Take an address as text. Returns false if it is none. */
bool listener_parse(struct listener_address *address, const char *text,
		    int port);

/** Begin without a single address, not listening. Dies if it cannot. */
void listener_make(struct listener *listener, bool is_stream);

/** Listen, or do so no longer: then streams end, and nothing waits. */
void listener_open(struct listener *listener);
void listener_close(struct listener *listener);

/** End the stream. */
void listener_hang_up(struct listener *listener);

/** Take what has come. */
void listener_read(struct listener *listener);

/** Answer to what was received last, @delay_ms from now. */
void listener_answer(struct listener *listener, const uint8_t *bytes,
		     size_t len, int delay_ms);

/** Send what is due; and when the next one is. */
void listener_tick(struct listener *listener);
int64_t listener_next_ms(const struct listener *listener);

#endif
