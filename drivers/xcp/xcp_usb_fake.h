/* SPDX-License-Identifier: MIT */
/* XCP UPSes on the USB in memory. */
#ifndef XCP_XCP_USB_FAKE_H
#define XCP_XCP_USB_FAKE_H

#include "link/usb_fake.h"

struct xcp_usb_fake {
	int empties; /* so many packets with nothing in them come first */
};

extern const struct usb_fake_kind xcp_usb_fake_kind;            /* 0592 */
extern const struct usb_fake_kind xcp_usb_phoenixtec_fake_kind; /* 06da */

#endif
