/* SPDX-License-Identifier: MIT */
/* A Riello UPS in memory. */
#ifndef RIELLO_RIELLO_FAKE_H
#define RIELLO_RIELLO_FAKE_H

#include "link/usb_fake.h"
#include "riello/riello.h"

struct riello_fake {
	uint8_t frame[7 + RIELLO_DATA_MAX + 5];
	size_t len;
	bool crc;          /* wants one */
	char refuses;      /* says this to CR and CS, if not 0 */
	char refuses_back; /* says this to CR */
	bool keeps_on;     /* refuses to be cancelled */
	bool is_jealous;   /* refuses an order while it counts */
	bool echoes;       /* the adapter does */
};

extern const struct line_fake_kind riello_fake_kind;
extern const struct usb_fake_kind riello_usb_fake_kind; /* behind its bridge */

#endif
