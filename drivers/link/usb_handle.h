/* SPDX-License-Identifier: MIT */
/* An open USB device: libusb on a usbfs node, and nothing of HID. */
#ifndef LINK_USB_HANDLE_H
#define LINK_USB_HANDLE_H

#include "link/usb_find.h"

#define USB_EXTRA_MAX 255

struct libusb_context;
struct libusb_device_handle;

struct usb_handle {
	struct libusb_context *context;
	struct libusb_device_handle *handle;
	int fd;
};

/*
 * All of them return a negative errno when they fail: -EPIPE (the device
 * stalls), -ETIMEDOUT, -ENODEV, -EBUSY, -EOVERFLOW, -EIO.
 */

/** Open the device, and no interface of it. */
int usb_handle_open(struct usb_handle *usb, const struct usb_device *device);

/**
 * Take an interface away from the kernel's driver. The device is not reset
 * and not configured, and on close the kernel's driver does not get it back:
 * its probe would only talk to the device in between. -EBUSY while a process,
 * perhaps a dying one, holds it.
 */
int usb_handle_claim(struct usb_handle *usb, uint8_t interface);

/**
 * What the active configuration has of an interface beside the standard, at
 * most USB_EXTRA_MAX bytes: its class's descriptors. Returns how many; 0: none.
 */
int usb_handle_extra(struct usb_handle *usb, uint8_t interface,
		     uint8_t extra[USB_EXTRA_MAX]);

/** A control transfer; returns how many bytes went. */
int usb_handle_control(struct usb_handle *usb, uint8_t type, uint8_t request,
		       uint16_t value, uint16_t index, void *data, size_t len,
		       deadline_t until);

/** A bulk or interrupt transfer, by what the endpoint is; as above. */
int usb_handle_transfer(struct usb_handle *usb, uint8_t endpoint, void *data,
			size_t len, deadline_t until);

int usb_handle_clear_halt(struct usb_handle *usb, uint8_t endpoint);

void usb_handle_close(struct usb_handle *usb);

/** Ask the device for the strings that sysfs does not know. */
int usb_read_strings(struct usb_device *device);

#endif
