/* SPDX-License-Identifier: MIT */
/* NUT's network protocol, as far as it takes to have a UPS commanded. */
#ifndef UPSD_UPSD_H
#define UPSD_UPSD_H

#include "link/net.h"

#define UPSD_PORT     3493
#define UPSD_LINE_MAX 640

/** What upsd can have its driver do, and the cancel. */
enum upsd_order {
	UPSD_RETURN,
	UPSD_REBOOT,
	UPSD_OFF_DELAY,
	UPSD_STAYOFF,
	UPSD_OFF,
	UPSD_STOP,
	UPSD_ORDERS,
};

struct upsd_state {
	struct net_link net;
	char name[UPS_NAME_MAX]; /* of the UPS, there */
	unsigned int offered;    /* a bit for each enum upsd_order */
	int off_s, on_s;         /* its delays, or UPS_UNKNOWN_S */
	bool is_lost;            /* nothing said now would be understood */
	bool is_known;           /* it has our name and password */
};

/* What follows needs an open state->net, and stores a sentence on failure. */

/** Is its driver well, what does it offer, and which delays has it? */
int upsd_learn(struct ups *ups, deadline_t until);

/** Say who we are, for the first command. */
int upsd_log_in(struct ups *ups, deadline_t until);

/**
 * Give the order, with @value unless it is NULL, and wait until the driver has
 * taken it, if upsd tells.
 */
int upsd_order(struct ups *ups, enum upsd_order order, const char *value,
	       deadline_t until);

/**
 * The value of the variable @variable, in @answer; NULL with a sentence and
 * *@error. -EOPNOTSUPP if this UPS has none of that name.
 */
const char *upsd_get(struct ups *ups, const char *variable,
		     char answer[UPSD_LINE_MAX], int *error, deadline_t until);

/** The same as seconds; UPS_UNKNOWN_S if it is no whole number >= 0. */
int upsd_get_s(struct ups *ups, const char *variable, int *error,
	       deadline_t until);

/** Set the variable. */
int upsd_set(struct ups *ups, const char *variable, const char *value,
	     deadline_t until);

/** Part without waiting. */
void upsd_part(struct ups *ups);

/** "shutdown.return", … */
const char *upsd_order_name(enum upsd_order order);

#endif
