/* SPDX-License-Identifier: MIT */
/* An "ATCL FOR UPS" in memory. */
#ifndef USBCONTACT_ATCL_FAKE_H
#define USBCONTACT_ATCL_FAKE_H

#include "link/usb_fake.h"

struct atcl_fake {
	int orders; /* packets that ordered, of which it takes two */
};

extern const struct usb_fake_kind atcl_fake_kind;

#endif
