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
};

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

#endif
