/* SPDX-License-Identifier: MIT */
/*
 * Which USB devices there are, from sysfs: no transfer, no udev, nothing is
 * opened. And which of them a section of ups.conf means.
 */
#ifndef LINK_USB_FIND_H
#define LINK_USB_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ups.h"
#include "link/pattern.h"
#include "link/usb_string.h"

#define USB_SYSFS "/sys"

#define USB_PATH_MAX       512
#define USB_DEVICES_MAX    64
#define USB_INTERFACES_MAX 8
#define USB_STRING_MAX     128
#define USB_WAKE_MS        100

struct usb_device {
	char name[32]; /* sysfs': bus and ports, "1-1.4" */
	uint16_t vendor_id;
	uint16_t product_id;
	uint16_t release; /* bcdDevice */
	uint8_t bus;
	uint8_t device;
	uint8_t port;                 /* of the hub it hangs on */
	bool has_string[USB_STRINGS]; /* the device says that it has one */
	char string[USB_STRINGS][USB_STRING_MAX]; /* trimmed; "" = unknown */
};

/** A HID interface. */
struct usb_interface {
	uint8_t number;
	bool is_boot;  /* a keyboard or mouse */
	bool is_bound; /* the kernel's HID driver has it */
};

/** All devices but hubs, by bus and device number; returns how many. */
size_t usb_list(const char *sysfs, struct usb_device *devices, size_t max);

/** The HID interfaces of a device; returns how many. */
size_t usb_list_hid(const char *sysfs, const struct usb_device *device,
		    struct usb_interface *interfaces, size_t max);

/** The folder of an interface, HID or -ENOENT. */
int usb_interface_path(const char *sysfs, const struct usb_device *device,
		       uint8_t interface, char path[USB_PATH_MAX]);

/**
 * Keep the kernel from suspending a device that power savers have set to
 * "auto". Returns 1 if that was changed: then it may need USB_WAKE_MS until it
 * listens. 0 if nothing had to be done, else a negative errno.
 */
int usb_keep_awake(const char *sysfs, const struct usb_device *device);

/**
 * The report descriptor of an interface as the kernel has read it. Returns its
 * length, -ENOENT if no HID driver holds the interface.
 */
int usb_peek_descriptor(const char *sysfs, const struct usb_device *device,
			uint8_t interface, uint8_t *bytes, size_t size);

/** The keys of ups.conf that choose a device, as NUT's USB drivers do. */
enum usb_key {
	USB_KEY_VENDORID,
	USB_KEY_PRODUCTID,
	USB_KEY_VENDOR,
	USB_KEY_PRODUCT,
	USB_KEY_SERIAL,
	USB_KEY_BUS,
	USB_KEY_DEVICE,
	USB_KEY_BUSPORT,
};

#define USB_KEYS 8

struct usb_match {
	struct pattern pattern[USB_KEYS];
	bool is_set[USB_KEYS];
};

/** Compile the section's patterns; -EINVAL with a sentence for a bad one. */
int usb_match_start(struct usb_match *match, struct ups *ups);

/** Does the section ask for a string that sysfs does not know? */
bool usb_match_needs_string(const struct usb_match *match,
			    const struct usb_device *device);

/** Do all patterns match, each the whole of its string? */
bool usb_match_device(const struct usb_match *match,
		      const struct usb_device *device);

/**
 * Write down in ups->identity what was opened of @count @devices. A serial
 * number that two of a kind share, "0" for one, tells nothing and is left out.
 */
void usb_keep_identity(struct ups *ups, const struct usb_device *devices,
		       size_t count, const struct usb_device *opened);

/** Is it the device that was open before? @moved: at another place. */
bool usb_is_same(const char *identity, const struct usb_device *device,
		 bool moved);

#endif
