/* SPDX-License-Identifier: MIT */
/* A Riello UPS on the USB in memory. */
#ifndef RIELLO_RIELLO_USB_FAKE_H
#define RIELLO_RIELLO_USB_FAKE_H

#include "link/usb_fake.h"

struct riello_usb_fake {
	bool is_set; /* it has its line settings */
};

extern const struct usb_fake_kind riello_usb_fake_kind;

#endif
