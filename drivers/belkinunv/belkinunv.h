/* SPDX-License-Identifier: MIT */
/*
 * The frames of Belkin's Universal UPS. Sources: Belkin, "Universal UPS
 * protocol" (networkupstools/nut-website, protocols/belkin-universal);
 * networkupstools/nut, drivers/belkinunv.c.
 *
 *   7E | what | length | register | data … | sum
 *
 * The length counts register and data, the sum everything before it.
 */
#ifndef BELKINUNV_BELKINUNV_H
#define BELKINUNV_BELKINUNV_H

#include "link/bytes.h"

#define BELKINUNV_START     0x7e
#define BELKINUNV_DATA_MAX  31
#define BELKINUNV_FRAME_MAX (4 + 2 + 1) /* of what we send */

enum belkinunv_what {
	BELKINUNV_ERROR = 1,
	BELKINUNV_WRITTEN = 2,
	BELKINUNV_READ = 3,  /* with one byte 0 */
	BELKINUNV_WRITE = 4, /* with two bytes, low first */
	BELKINUNV_VALUE = 5,
};

enum belkinunv_register {
	BELKINUNV_OFF_S = 0x15,
	BELKINUNV_ON_MINUTES = 0x16, /* 0: not before a button is pressed */
	BELKINUNV_STATE = 0x22,
	BELKINUNV_BATTERY = 0x23,
};

struct belkinunv_frame {
	uint8_t what, len, number; /* of the register */
	uint8_t data[BELKINUNV_DATA_MAX];
};

/** Build BELKINUNV_READ, or BELKINUNV_WRITE of @value; its length. */
size_t belkinunv_build(uint8_t bytes[BELKINUNV_FRAME_MAX],
		       enum belkinunv_what what, uint8_t number, int value);

/**
 * Read the next frame; what is in front of it is skipped. frame->len is that
 * of the data. Returns 0, -EPROTO for a bad one, or the link's error.
 */
int belkinunv_read(struct byte_link *link, struct belkinunv_frame *frame,
		   deadline_t until);

#endif
