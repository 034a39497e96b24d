/* SPDX-License-Identifier: MIT */
/*
 * What can be asked of a parsed descriptor, and the way between a field's raw
 * number, the bits of a report and seconds.
 */
#ifndef HID_FIELD_H
#define HID_FIELD_H

#include "hid/descriptor.h"

/** Nodes of a path: a numbered collection counts twice, and the field. */
#define HID_PATH_MAX (2 * HID_DEPTH_MAX + 1)

/** How a numbered collection shows in a path: [n], after its usage. */
#define HID_PATH_NUMBER(n) (0x00ff0000u | (n))

/** Is there any application collection? Every sound descriptor has one. */
bool hid_has_application(const struct hid_descriptor *descriptor);

/**
 * Is there an application collection of a UPS in it, or does it begin with one
 * that is on the Power Device page at least?
 */
bool hid_is_power_device(const struct hid_descriptor *descriptor);

/** Length of a report in bytes, as it is in memory: with an ID byte. */
size_t hid_report_len(const struct hid_descriptor *descriptor,
		      enum report_type type, uint8_t id);

/** Write the path of a field from the outermost node in; returns how many. */
size_t hid_path(const struct hid_descriptor *descriptor,
		const struct hid_field *field, uint32_t path[HID_PATH_MAX]);

/**
 * May it be written? Constant is no proof that a device refuses, but one that
 * calls all its features so is there to be looked at.
 */
bool hid_is_writable(const struct hid_descriptor *descriptor,
		     const struct hid_field *field);

/** Bytes of a report up to the end of the field's first element. */
size_t hid_field_end(const struct hid_field *field);

/**
 * Take the first element out of a report of @len bytes (the first is the ID).
 * Signed if its logical minimum is. Returns 0, or -EPROTO when the report is
 * too short for it or the element too wide for us.
 */
int hid_field_get(const struct hid_field *field, const uint8_t *report,
		  size_t len, int64_t *raw);

/** Put @raw into a report; -1 sets all bits. -EPROTO as above. */
int hid_field_put(const struct hid_field *field, uint8_t *report, size_t len,
		  int64_t raw);

/** Does the element read -1, "none", whether it is signed or not? */
bool hid_field_is_none(const struct hid_field *field, int64_t raw);

/** The largest number it can hold that does not read as "none". */
int64_t hid_field_max(const struct hid_field *field);

/**
 * From seconds to the raw number of a delay, rounded up: a cut may come later
 * than wished, and never earlier (NUT rounds down, and 20 s become 0 on a unit
 * that counts minutes: off at once). Too much ends at the largest number.
 */
int64_t hid_seconds_to_raw(const struct hid_field *field, int64_t seconds);

/** And back, 0 … INT32_MAX. */
int hid_raw_to_seconds(const struct hid_field *field, int64_t raw);

#endif
