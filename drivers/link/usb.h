/* SPDX-License-Identifier: MIT */
/*
 * HID reports over USB control transfers: libusb on a usbfs node.
 */
#ifndef LINK_USB_H
#define LINK_USB_H

#include "link/report.h"
#include "link/usb_handle.h"

struct usb_link {
	struct report_link link;
	struct usb_handle handle;
	uint8_t interface;
	bool has_second;         /* report descriptor, a fuller one */
	uint16_t descriptor_len; /* of the first; 0: ask the device */
};

/**
 * Open an interface, taken away from the kernel's driver. Returns 0, -ENODEV,
 * -EIO, or -EBUSY while a process, perhaps a dying one, holds it.
 */
int usb_open(struct usb_link *usb, const struct usb_device *device,
	     uint8_t interface);

#endif
