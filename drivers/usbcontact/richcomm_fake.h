/* SPDX-License-Identifier: MIT */
/* A UPS with Richcomm's dry contacts in memory. */
#ifndef USBCONTACT_RICHCOMM_FAKE_H
#define USBCONTACT_RICHCOMM_FAKE_H

#include "link/usb_fake.h"

struct richcomm_fake {
	int stale;        /* so many answers are left over */
	bool waits;       /* it owes an answer */
	bool prepared;    /* the first half of the order has come, */
	int64_t since_ms; /* then */
};

extern const struct usb_fake_kind richcomm_fake_kind;

#endif
