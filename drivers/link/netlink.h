/* SPDX-License-Identifier: MIT */
/* Questions and orders to the kernel's routing tables (rtnetlink(7)). */
#ifndef LINK_NETLINK_H
#define LINK_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#define NETLINK_MESSAGE_MAX 512

/** A message that is being written: header, body, attributes. */
struct netlink_message {
	union {
		struct nlmsghdr header;
		uint8_t bytes[NETLINK_MESSAGE_MAX];
	};
};

/**
 * Begin a message with a body of @len bytes, all 0; returns the body. @flags
 * are NLM_F_…; NLM_F_REQUEST is added.
 */
void *netlink_start(struct netlink_message *message, uint16_t type,
		    uint16_t flags, size_t len);

/** Add an attribute. What does not fit any more spoils the message. */
void netlink_put(struct netlink_message *message, uint16_t type,
		 const void *value, size_t len);

/** Begin an attribute that holds others; ends with netlink_end_nest(). */
struct rtattr *netlink_start_nest(struct netlink_message *message,
				  uint16_t type);
void netlink_end_nest(struct netlink_message *message, struct rtattr *nest);

/** A socket of the kernel's routing; -1 if there is none. */
int netlink_open(void);

/** Give an order and wait for its answer: 0 or a negative errno. */
int netlink_order(int fd, struct netlink_message *message);

/**
 * Ask. @hear is told of every message of the answer, until it returns
 * something else than 0, which then is returned. 0 at the end of the answer,
 * or a negative errno.
 */
int netlink_ask(int fd, struct netlink_message *message,
		int (*hear)(void *arg, const struct nlmsghdr *answer),
		void *arg);

/**
 * Find an attribute among those that follow a body of @body bytes, at least
 * @least long; NULL if there is none.
 */
const void *netlink_find(const struct nlmsghdr *answer, size_t body,
			 uint16_t type, size_t least);

/** The same inside of an attribute found as @nest. */
const void *netlink_find_nested(const void *nest, uint16_t type, size_t least);

/** Length of an attribute found. */
size_t netlink_len(const void *value);

#endif
