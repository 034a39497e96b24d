/* SPDX-License-Identifier: MIT */
/*
 * A UPS on the network, emulated. A kind lies beside its driver and says what
 * it answers to a datagram, or to the bytes of a stream; the UPS itself, that
 * is what it feels and what it was told, is a line_fake that hears nothing of
 * a line. Who carries the bytes (a unit test, a socket on the loopback for a
 * client of others, the network of a virtual machine) is not its concern.
 */
#ifndef LINK_NET_FAKE_H
#define LINK_NET_FAKE_H

#include "link/line_fake.h"

#define NET_FAKE_MESSAGE_MAX 4096

struct net_fake;

/** A kind of device. Const, registered by NET_FAKE(). */
struct net_fake_kind {
	const char *name;  /* driver, or driver-dialect: "snmp-ietf" */
	bool is_stream;    /* TCP; else each datagram is a question */
	int port;          /* where its like listen */
	size_t state_size; /* bytes at fake->state, zeroed */

	/** It was switched on. Optional. */
	void (*start)(struct net_fake *fake);
	/** Somebody has connected to it: a stream begins. Optional. */
	void (*connected)(struct net_fake *fake);
	/** A datagram came, or the next bytes of the stream. */
	void (*receive)(struct net_fake *fake, const uint8_t *bytes, size_t len);
};

/** What is wrong with the device or its network. */
enum net_fake_way {
	NET_FAKE_HEALTHY,
	NET_FAKE_SILENT,  /* it acts, and answers nothing */
	NET_FAKE_DEAF,    /* it hears nothing */
	NET_FAKE_GARBAGE, /* its answers are other bytes, as many */
	NET_FAKE_SHORT,   /* only the first half of each answer arrives */
	NET_FAKE_SLOW,    /* each answer comes after trouble_ms more */
	NET_FAKE_STALE,   /* each answer is the one to the question before */
	NET_FAKE_GONE,    /* nobody listens any more */
	NET_FAKE_TWICE,   /* each datagram arrives twice, there and here */
};

#define NET_FAKE_WAYS 9

struct net_fake {
	const struct net_fake_kind *kind;
	void *state;
	struct line_fake *ups; /* what it feels and what it was told */
	/* What is wrong with it. */
	enum net_fake_way way;
	int way_from;   /* takes effect after so many receive() */
	int way_times;  /* and hits so many; 0: all that follow */
	int trouble_ms; /* of NET_FAKE_SLOW */
	int received;   /* datagrams, or pieces of the stream */
	/** Carries an answer away, @delay_ms from now. */
	void (*carry)(struct net_fake *fake, const uint8_t *bytes, size_t len,
		      int delay_ms);
	void *carrier;
	/* Of NET_FAKE_STALE: the answer before. */
	size_t held_len;
	uint8_t held[NET_FAKE_MESSAGE_MAX];
};

/* For whoever carries the bytes. */

/**
 * Switch one on, as the UPS @ups, which is started with it as
 * line_fake_start() says. Frees with net_fake_end().
 */
void net_fake_start(struct net_fake *fake, const struct net_fake_kind *kind,
		    struct line_fake *ups);
void net_fake_end(struct net_fake *fake);

/** The kind called @name, or NULL; and all of them. */
const struct net_fake_kind *net_fake_find(const char *name);
const struct net_fake_kind *const *net_fake_kinds(size_t *count);

/** A connection begins: nothing of the one before counts any more. */
void net_fake_connect(struct net_fake *fake);

/** A datagram, or bytes of the stream. Answers by fake->carry. */
void net_fake_receive(struct net_fake *fake, const void *bytes, size_t len);

/** Does anybody listen? Not when it is NET_FAKE_GONE by now. */
bool net_fake_is_there(const struct net_fake *fake);

/* For the kinds. */

/** Answer. */
void net_fake_send(struct net_fake *fake, const void *bytes, size_t len);

#define NET_FAKE(kind)                                              \
	static const struct net_fake_kind *const net_fake_of_##kind \
		__attribute__((used, section("net_fakes"))) = &(kind)

#endif
