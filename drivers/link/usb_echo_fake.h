/* SPDX-License-Identifier: MIT */
/* A USB device that gives back what it was told, on whatever way. */
#ifndef LINK_USB_ECHO_FAKE_H
#define LINK_USB_ECHO_FAKE_H

#include "link/usb_fake.h"

extern const struct usb_fake_kind usb_echo_kind;
extern const struct usb_fake_kind usb_echo_other_kind; /* another product */

#endif
