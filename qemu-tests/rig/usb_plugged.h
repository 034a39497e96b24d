/* SPDX-License-Identifier: MIT */
/*
 * The one emulated USB device of a process, for NUT's drivers and for a
 * program of ours: the kind that RIG_USB_DEVICE names, with mains if there is
 * RIG_USB_MAINS. What the host says, and what the device understands by it,
 * is appended to the file RIG_USB_JOURNAL:
 *
 *	MS told 21 09 0200 0000: 51 31 0d 00 00 00 00 00
 *	MS told 02: 01 00 00 00 00 00 00 00
 *	MS order off_after_s=30 back=mains back_after_s=180
 *	MS cancel
 */
#ifndef RIG_USB_PLUGGED_H
#define RIG_USB_PLUGGED_H

#include "link/usb_fake.h"

/** The same one each time; NULL, and a word why, if there is none. */
struct usb_fake *usb_plugged(void);

#endif
