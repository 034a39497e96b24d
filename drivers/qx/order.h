/* SPDX-License-Identifier: MIT */
/* Orders to cut: which ones there are, and what becomes of them. */
#ifndef QX_ORDER_H
#define QX_ORDER_H

#include "qx/qx.h"

/** A device, and how its section wants it cut. */
struct qx_unit {
	struct ups *ups;
	struct qx_port *port;
	const struct qx_dialect *dialect;
	uint16_t flags;    /* enum qx_flag, of the dialect and the carrier */
	const char *fixed; /* the order that an old driver always gives, or "" */
	char n[3];         /* of S<n> */
	int off_s;         /* that is */
	int on_min;        /* of R<m>; 0: say none */
	bool trusts_bit;   /* that a countdown runs */
	bool was_active;   /* one ran when it was opened */
};

/** As ups_driver.cut() and .cancel(). */
int qx_order_cut(struct qx_unit *unit, struct ups_cut *cut, deadline_t until);
int qx_order_cancel(struct qx_unit *unit, deadline_t until);

/** Store the sentence for @error of ask() or of a parser, and return it. */
int qx_fail(struct qx_unit *unit, int error);

#endif
