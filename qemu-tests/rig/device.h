/* SPDX-License-Identifier: MIT */
/*
 * An emulated UPS on the USB that is no HID power device (link/usb_fake.h):
 * its transfers over the usbredir protocol, and its orders to the UPS that
 * counts and cuts.
 */
#ifndef RIG_DEVICE_H
#define RIG_DEVICE_H

#include "device_words.h"
#include "line.h"
#include "usb.h"

/** Make @usb the device that its UPS's file names; returns its line. */
struct line *device_make(struct usb *usb);

/** Something ails it from now on. */
void device_suffer(struct usb *usb, const struct device_trouble *trouble);

bool device_is_there(const struct usb *usb);

#endif
