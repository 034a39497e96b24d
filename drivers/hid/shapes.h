/* SPDX-License-Identifier: MIT */
/* By what a descriptor gives its maker away when the USB IDs do not. */
#ifndef HID_SHAPES_H
#define HID_SHAPES_H

#include "hid/field.h"

/** The name of the family that it looks like; "standard" for none. */
const char *hid_shape_name(const struct hid_descriptor *descriptor);

#endif
