/* SPDX-License-Identifier: MIT */
/*
 * HID reports over USB control transfers: libusb on a usbfs node.
 */
#ifndef LINK_USB_H
#define LINK_USB_H

#include "link/report.h"
#include "link/usb_find.h"

struct libusb_context;
struct libusb_device_handle;

struct usb_link {
	struct report_link link;
	struct libusb_context *context;
	struct libusb_device_handle *handle;
	int fd;
	uint8_t interface;
	uint8_t descriptor_index; /* of the HID descriptor to use */
	uint16_t descriptor_len;  /* 0: ask the device */
};

/**
 * Open an interface and take it away from the kernel's driver. The device is
 * not reset and not configured, and on close the kernel's driver does not get
 * it back: its probe would only talk to the device in between. Returns 0,
 * -ENODEV, -EIO, or -EBUSY while a process, perhaps a dying one, holds it.
 */
int usb_open(struct usb_link *usb, const struct usb_device *device,
	     uint8_t interface);

/** Ask the device for the strings that sysfs does not know. */
int usb_read_strings(struct usb_device *device);

#endif
