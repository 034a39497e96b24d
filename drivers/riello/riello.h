/* SPDX-License-Identifier: MIT */
/*
 * GPSER, the protocol of Riello. Sources: PSGPSER-0104 "GPSER protocol",
 * Riello UPS; networkupstools/nut, drivers/riello.c.
 *
 *   02 | from | to | command, 2 | length, 2 | data … | check, 4 | 03
 *
 * Numbers are hexadecimal, a digit d as the byte 30 + d. The check is the sum
 * of what is between 02 and the check, or its CRC, as the UPS wants it. An
 * answer repeats the command; a refusal says 15 and why in its place.
 */
#ifndef RIELLO_RIELLO_H
#define RIELLO_RIELLO_H

#include <stdbool.h>

#include "base/ups.h"
#include "link/bytes.h"

#define RIELLO_START     0x02
#define RIELLO_END       0x03
#define RIELLO_REFUSAL   0x15
#define RIELLO_US        0x20
#define RIELLO_UPS       0x22
#define RIELLO_DATA_MAX  255
#define RIELLO_ORDER_MAX 8 /* of data that we send */
#define RIELLO_FRAME_MAX (7 + RIELLO_ORDER_MAX + 5)

/** Places in the answers: GI says who it is, RS how it is. */
#define RIELLO_GI_MODEL     16
#define RIELLO_GI_MODEL_LEN 16
#define RIELLO_GI_CHECK     48 /* '1': it wants a CRC */
#define RIELLO_GI_LEN       56
#define RIELLO_RS_FLAGS     0
#define RIELLO_BATTERY_LOW  0x01
#define RIELLO_ON_BATTERY   0x02

struct riello_answer {
	uint8_t command[2];
	uint8_t data[RIELLO_DATA_MAX];
	int len;
};

/** The check over @len bytes; @crc: not their sum. */
uint16_t riello_check(const uint8_t *bytes, size_t len, bool crc);

/** Build the frame for a command with @digits digits behind it; its length. */
size_t riello_build(uint8_t frame[RIELLO_FRAME_MAX], const char command[2],
		    uint32_t number, size_t digits, bool crc);

/**
 * Read the next frame that is not our own; what is in front of it is skipped.
 * Returns 0, -EPROTO if it is damaged, or the link's error.
 */
int riello_read(struct byte_link *link, bool crc, struct riello_answer *answer,
		deadline_t until);

/**
 * The protocol on an open link: first member of the driver's state, whatever
 * carries the bytes.
 */
struct riello {
	struct byte_link *link;
	bool crc;
};

/**
 * Does a GPSER UPS answer? Tries as often as @tries. Writes its model into
 * @ups->identity, and returns 0 or an error of the link.
 */
int riello_greet(struct ups *ups, int tries, deadline_t until);

/* What UPS_DRIVER() needs, for any carrier. */
int riello_cut(struct ups *ups, struct ups_cut *cut, deadline_t until);
int riello_cancel(struct ups *ups, deadline_t until);
int riello_status(struct ups *ups, struct ups_status *status, deadline_t until);
void riello_close(struct ups *ups);

#endif
