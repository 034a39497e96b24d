/* SPDX-License-Identifier: MIT */
/*
 * The USB of a unit test: what usb_find.h reads from sysfs and usb_handle.h
 * does by libusb, on emulated devices and in virtual time. A test that links
 * it links neither usb_find.c nor usb_handle.c.
 */
#ifndef LINK_USB_VIRTUAL_H
#define LINK_USB_VIRTUAL_H

#include "link/usb_fake.h"

#define USB_VIRTUAL_MAX 4

/** Plug one in, at its place. */
void usb_virtual_plug(struct usb_fake *fake);

/** Take all of them out. */
void usb_virtual_clear(void);

#endif
