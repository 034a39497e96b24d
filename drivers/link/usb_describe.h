/* SPDX-License-Identifier: MIT */
/* USB devices in words: for people, and for ups.conf. */
#ifndef LINK_USB_DESCRIBE_H
#define LINK_USB_DESCRIBE_H

#include "link/usb_find.h"

/** "EATON 3S 700 (0463:ffff, serial G1) on USB 1-1.4"; one printable line. */
void usb_describe(const struct usb_device *device, char *text, size_t size);

/**
 * The lines of ups.conf that mean @devices[@which] and none of the other
 * @count: IDs, the serial number if there is one, and the place on the bus if
 * that is not enough.
 */
void usb_write_keys(const struct usb_device *devices, size_t count,
		    size_t which, char *text, size_t size);

#endif
