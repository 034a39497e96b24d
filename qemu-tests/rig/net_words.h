/* SPDX-License-Identifier: MIT */
/* What is said of a device on the network, in words. */
#ifndef RIG_NET_WORDS_H
#define RIG_NET_WORDS_H

#include "link/net_fake.h"
#include "words.h"

/** What is wrong with the device or its network, when, and how often. */
struct net_trouble {
	enum net_fake_way way;
	int from;  /* so many datagrams, or pieces of the stream, later */
	int times; /* so many of them; 0: all that follow */
	int ms;    /* of NET_FAKE_SLOW */
};

/** Take "silent", "slow 700ms" or "deaf from 12 times 2". Dies on nonsense. */
struct net_trouble net_take_trouble(const struct words *words, int from);

#endif
