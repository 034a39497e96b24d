/* SPDX-License-Identifier: MIT */
/*
 * XCP, the protocol of Eaton and Powerware. Sources: "XCP Rev C1 Public",
 * Eaton 2009; networkupstools/nut, drivers/bcmxcp.c.
 *
 *   AB | length | command, parameters … | sum          to the UPS
 *   AB | block | length | sequence | data … | sum      from it
 *
 * The sum makes all bytes of a frame add up to 0. Frames of a longer block are
 * numbered from 1; the last one has bit 7 of its number set.
 */
#ifndef XCP_XCP_H
#define XCP_XCP_H

#include <stdbool.h>

#include "base/ups.h"
#include "link/bytes.h"

#define XCP_START       0xab
#define XCP_COMMAND_MAX 8
#define XCP_FRAME_MAX   (2 + XCP_COMMAND_MAX + 1)
#define XCP_DATA_MAX    121 /* of one frame from the UPS */

enum xcp_command {
	XCP_GET_ID = 0x31, /* answered by block 01 */
	XCP_GET_STATUS = 0x33,
	XCP_LOAD_OFF_RESTART = 0x8a, /* seconds, low byte first; outlet */
	XCP_LOAD_OFF = 0x8b,
	XCP_REQUESTS_ONLY = 0xa0, /* answered by block 01 */
	XCP_AUTHORISE = 0xcf,     /* and 69 E8 D5; not answered */
};

/** Blocks that answer. */
enum xcp_block {
	XCP_BLOCK_ID = 0x01,
	XCP_BLOCK_STATUS = 0x03,
	XCP_BLOCK_CONTROL = 0x09, /* enum xcp_verdict, the command's echo */
};

enum xcp_verdict {
	XCP_ACCEPTED = 0x31,
	XCP_NOT_IMPLEMENTED = 0x32,
	XCP_BUSY = 0x33,
	XCP_UNRECOGNISED = 0x34,
	XCP_OUT_OF_RANGE = 0x35,
	XCP_INVALID = 0x36,
	XCP_ADJUSTED = 0x37,
};

/** Places in the status block. */
enum xcp_status {
	XCP_STATUS_OVERALL = 0,
	XCP_STATUS_TOPOLOGY = 1,
	XCP_STATUS_OFF_S = 18, /* 2 bytes; 0: no countdown */
	XCP_STATUS_LEN = 20,
};

#define XCP_ON_LINE     0x50
#define XCP_ON_BATTERY  0xf0
#define XCP_IS_OFF      0x10
#define XCP_BATTERY_LOW 0x20 /* of the topology */

/** Build the frame for @len bytes that begin with a command; its length. */
size_t xcp_build(uint8_t frame[XCP_FRAME_MAX], const uint8_t *command,
		 size_t len);

/**
 * Read a whole block; other blocks and what is no frame are skipped. What is
 * beyond @size is dropped. Returns the bytes in @data, -EPROTO for a bad sum
 * or a lost frame, or the link's error.
 */
int xcp_read(struct byte_link *link, uint8_t block, uint8_t *data, size_t size,
	     deadline_t until);

/**
 * The protocol on an open link: first member of the driver's state, whatever
 * carries the bytes.
 */
struct xcp {
	struct byte_link *link;
	bool cut_before; /* by us, or it was counting when we came */
};

/** Does an XCP UPS answer within @answer_ms? 0, or an error of the link. */
int xcp_greet(struct xcp *xcp, int answer_ms, deadline_t until);

/* What UPS_DRIVER() needs, for any carrier. */
int xcp_cut(struct ups *ups, struct ups_cut *cut, deadline_t until);
int xcp_get_status(struct ups *ups, struct ups_status *status, deadline_t until);
void xcp_close(struct ups *ups);

#endif
