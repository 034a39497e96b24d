/* SPDX-License-Identifier: MIT */
#ifndef HID_HID_USB_FAKE_H
#define HID_HID_USB_FAKE_H

#include "link/usb_fake.h"

/** That unit of testdata/ ("eaton-3s-700-0463-ffff"), or NULL. */
const struct usb_fake_kind *usb_fake_find_hid(const char *name);

#endif
