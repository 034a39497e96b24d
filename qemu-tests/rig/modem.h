/* SPDX-License-Identifier: MIT */
/*
 * Modem lines for pseudo-terminals, which have none: what a program asks the
 * kernel about the lines of one port goes to whoever plays that port, over the
 * SOCK_SEQPACKET socket at the port's path with ".modem" behind it.
 */
#ifndef RIG_MODEM_H
#define RIG_MODEM_H

#include <stdint.h>

#define MODEM_SUFFIX ".modem"
/* The port, in the environment of the program; no other is touched. */
#define MODEM_PORT   "RIG_MODEM_PORT"

enum modem_request {
	MODEM_OPEN,  /* the port was opened: the kernel raises its outputs */
	MODEM_GET,   /* which lines are on? */
	MODEM_SET,   /* exactly these outputs on */
	MODEM_RAISE, /* these on, */
	MODEM_DROP,  /* these off, and the others as they are */
	MODEM_BREAK, /* 1: a break begins, 0: it ends */
};

/** The bits are those of TIOCMGET; the answer to everything is all of them. */
struct modem_message {
	uint32_t request;
	uint32_t bits;
};

#endif
