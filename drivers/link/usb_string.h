/* SPDX-License-Identifier: MIT */
/* The strings of a USB device. */
#ifndef LINK_USB_STRING_H
#define LINK_USB_STRING_H

enum usb_string {
	USB_VENDOR,
	USB_PRODUCT,
	USB_SERIAL,
};

#define USB_STRINGS 3

#endif
