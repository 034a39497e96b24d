/* SPDX-License-Identifier: MIT */
/* An XCP UPS in memory. */
#ifndef XCP_XCP_FAKE_H
#define XCP_XCP_FAKE_H

#include "link/line_fake.h"
#include "xcp/xcp.h"

struct xcp_fake {
	uint8_t frame[XCP_FRAME_MAX];
	size_t len;
	int64_t authorised_ms; /* 0: not */
	uint8_t verdict; /* says this to every control command, if not 0 */
	int busy;        /* says so this many times */
	bool is_old;     /* gives no verdict, and has a short status */
	bool is_curt;    /* gives no verdict */
	bool is_short;   /* knows only the short form of 8A */
	bool forgets;    /* accepts, and counts nothing */
	int most_s;      /* adjusts delays beyond it, if not 0 */
	uint8_t outlet;  /* of the last 8A */
};

extern const struct line_fake_kind xcp_fake_kind;

#endif
