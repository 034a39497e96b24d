/* SPDX-License-Identifier: MIT */
/*
 * What the driver makes of a report descriptor, without a device: its fields,
 * and the transfers that would switch the unit off.
 */
#ifndef HID_DECODE_H
#define HID_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ups.h"

/** A report descriptor, and who sent it; IDs of 0 are not known. */
struct hid_specimen {
	const uint8_t *bytes;
	size_t len;
	uint16_t vendor_id;
	uint16_t product_id;
};

/** One column of a row; without a text or a number if it was never stated. */
struct hid_column {
	const char *name;
	const char *text;
	bool is_number;
	uint8_t hex_digits; /* how the number is written; 0: decimal */
	int64_t number;
};

/** Who is told: rows and transfers are the result, notes are beside it. */
struct hid_listener {
	void (*row)(void *arg, const char *kind,
		    const struct hid_column *column, size_t columns);
	void (*transfer)(void *arg, const char *transfer);
	void (*note)(void *arg, const char *sentence);
	void *arg;
};

/**
 * A row "field" for each field and a row "report" for each report. Returns 0,
 * or -EPROTO with the reason in @why when the bytes are no sound descriptor.
 */
int hid_decode_fields(const struct hid_specimen *specimen,
		      const struct hid_listener *listener,
		      char why[UPS_SENTENCE_MAX]);

/**
 * The transfers of a cut with default delays, given by the driver's own ladder
 * to a unit that is idle: "SET_REPORT feature 0x0a 0a 1e 00 00 00" with the
 * bytes of the wire, or "WAIT 125" (ms). A setting of which the value would
 * decide is written. Returns 0; -EOPNOTSUPP when the unit cannot be told that,
 * -ENODEV when it is no power device, -EPROTO for what is no descriptor, all
 * with the reason in @why.
 */
int hid_decode_cut(const struct hid_specimen *specimen, enum ups_command wanted,
		   const struct hid_listener *listener,
		   char why[UPS_SENTENCE_MAX]);

#endif
