/* SPDX-License-Identifier: MIT */
/* An older Tripp Lite UPS in memory. */
#ifndef TRIPPLITE_USB_TRIPPLITE_USB_FAKE_H
#define TRIPPLITE_USB_TRIPPLITE_USB_FAKE_H

#include "link/usb_fake.h"
#include "tripplite_usb/tripplite_usb.h"

struct tripplite_usb_fake {
	uint16_t protocol;
	uint8_t answer[TRIPPLITE_USB_REPORT]; /* said again and again */
	int64_t ready_ms;                     /* before that: the one before */
	uint8_t before[TRIPPLITE_USB_REPORT];
	int delay_s;
	int64_t delayed_ms; /* when it got its delay */
	int knows;          /* so many commands; then it knows none. -1: all */
};

/** Protocols 3005, 1001 and 3003. */
extern const struct usb_fake_kind tripplite_usb_fake_kind;
extern const struct usb_fake_kind tripplite_usb_1001_fake_kind;
extern const struct usb_fake_kind tripplite_usb_3003_fake_kind;

#endif
