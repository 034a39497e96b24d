/* SPDX-License-Identifier: MIT */
/*
 * HID reports through the kernel's HID driver and a hidraw node. Needs no
 * claim, and serves where usbfs is missing, refused or out of order.
 *
 * The kernel waits 5 s for an answer, and nothing interrupts that, not even a
 * signal: a call that was begun before its deadline may end up to 5 s after
 * it, and then reports what became of it. Whoever cannot wait that long must
 * make the call in a child and go on without it, as PID 1 does with a keeper.
 */
#ifndef LINK_HIDRAW_H
#define LINK_HIDRAW_H

#include "link/report.h"
#include "link/usb_find.h"

struct hidraw_link {
	struct report_link link;
	int fd;
};

/** Where the nodes are. */
#define HIDRAW_DEV "/dev"

/**
 * Open the node of an interface, made in @dev if it is not there. If no driver
 * has the interface the kernel's gets it back. Returns 0, -ENODEV if there is
 * no such node, -EIO if it could not be opened.
 */
int hidraw_open(struct hidraw_link *hidraw, const char *sysfs, const char *dev,
		const struct usb_device *device, uint8_t interface);

#endif
