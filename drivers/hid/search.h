/* SPDX-License-Identifier: MIT */
/*
 * From a section of ups.conf to an open unit: which device is meant, which of
 * its interfaces can be commanded, and by which carrier.
 */
#ifndef HID_SEARCH_H
#define HID_SEARCH_H

#include "hid/hid.h"
#include "link/hidraw.h"
#include "link/usb.h"

/** Whatever carries the reports of the unit that was found. */
union hid_carrier {
	struct report_link link;
	struct usb_link usb;
	struct hidraw_link hidraw;
};

enum hid_over {
	HID_OVER_USBFS,
	HID_OVER_HIDRAW,
	HID_CARRIERS,
};

/** Where devices are looked for, and how they are reached. */
struct hid_bus {
	const char *sysfs;
	/**
	 * usbfs first: there the timeouts are ours. The next one serves when
	 * it cannot be opened or fails, and goes first when two cuts did.
	 */
	int (*open[HID_CARRIERS])(union hid_carrier *carrier, const char *sysfs,
				  const struct usb_device *device,
				  uint8_t interface);
	/** Ask for the strings that sysfs does not know. */
	int (*read_strings)(struct usb_device *device);
};

int hid_open_usbfs(union hid_carrier *carrier, const char *sysfs,
		   const struct usb_device *device, uint8_t interface);
int hid_open_hidraw(union hid_carrier *carrier, const char *sysfs,
		    const struct usb_device *device, uint8_t interface);

/** As the driver's open(). On success @carrier is open, and the caller's. */
int hid_search(const struct hid_bus *bus, struct ups *ups, struct hid_unit *unit,
	       union hid_carrier *carrier, deadline_t until);

#endif
