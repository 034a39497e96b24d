/* SPDX-License-Identifier: MIT */
/* Looks for HID UPSes on USB without taking one away from anybody. */
#ifndef HID_SCAN_H
#define HID_SCAN_H

#include "hid/search.h"

/** Where it looks, and who is told. */
struct hid_scan {
	const struct hid_bus *bus;
	void (*found)(void *arg, const struct ups_found *found);
	void *arg;
	/** Whose delays, or NULL, and the cut that they would come to. */
	struct ups *ups;
	struct ups_cut *cut;
	/** One that is held and whose maker nobody knows counts as well. */
	bool any_maker;
};

/** What became known about a device. */
enum hid_look {
	HID_LOOK_OTHER,  /* it is no UPS, or nobody can tell */
	HID_LOOK_HELD,   /* by its maker it may be one */
	HID_LOOK_CANNOT, /* a UPS that cannot be told to switch off */
	HID_LOOK_CAN,
};

/** Look at one device; @best holds what is known unless it is another one. */
enum hid_look hid_scan_device(const struct hid_scan *scan,
			      const struct usb_device *device,
			      struct ups_found *best, deadline_t until);

/**
 * A unit that the kernel's HID driver holds is known from the descriptor in
 * sysfs, and asked for its mains over that driver. One that nobody holds (NUT's
 * driver was there and ended) is opened and read. One that somebody else holds
 * is told of by its maker alone.
 */
int hid_scan_tree(const struct hid_scan *scan, deadline_t until);

/** As the driver's scan(). */
int hid_scan(void (*found)(void *arg, const struct ups_found *found), void *arg,
	     deadline_t until);

/** As the driver's check(), on any bus. */
int hid_check_on(const struct hid_bus *bus, struct ups *ups,
		 struct ups_found *found, struct ups_cut *cut, deadline_t until);

#endif
