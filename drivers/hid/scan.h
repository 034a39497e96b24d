/* SPDX-License-Identifier: MIT */
/* Looks for HID UPSes on USB without taking one away from anybody. */
#ifndef HID_SCAN_H
#define HID_SCAN_H

#include "link/usb.h"

/** Where it looks, how it opens, and who is told. */
struct hid_scan {
	const char *sysfs;
	/** As usb_open(); called for what no driver of the kernel holds. */
	int (*open)(struct usb_link *usb, const struct usb_device *device,
		    uint8_t interface);
	void (*found)(void *arg, const struct ups_found *found);
	void *arg;
};

/**
 * A unit that the kernel's HID driver holds is known from the descriptor in
 * sysfs, and is not asked. One that nobody holds (NUT's driver was there and
 * ended) is opened and read. One that somebody else holds is told of by its
 * maker alone.
 */
int hid_scan_tree(const struct hid_scan *scan, deadline_t until);

/** As the driver's scan(). */
int hid_scan(void (*found)(void *arg, const struct ups_found *found), void *arg,
	     deadline_t until);

#endif
