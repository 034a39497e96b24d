/* SPDX-License-Identifier: MIT */
/*
 * One HID UPS that is open: its link, its descriptor, and the transfers with
 * the patience that real devices need.
 */
#ifndef HID_UNIT_H
#define HID_UNIT_H

#include "hid/families.h"

/* Between two writes: Tripp Lite's AVR750U drops what comes faster. */
#define HID_WRITE_GAP_MS 125

/* Trigger and setting fields whose values are looked at before a cut. */
#define HID_KNOWN_MAX 16

/** What is known of a field. */
struct hid_known {
	const struct hid_field *field;
	int64_t raw; /* what it showed when the unit was opened */
	int64_t now; /* the same, but for a setting that was written since */
	size_t len;  /* of the report that it came in */
};

/** The report that was read last: fields mostly share one. */
struct hid_last_report {
	const struct hid_field *of; /* NULL: none, or it is too old */
	int len;                    /* or the error */
	uint8_t report[REPORT_MAX];
};

struct hid_unit {
	struct ups *ups;
	struct report_link *link;
	const struct hid_family *family;
	int off_s;
	int on_s;
	int64_t written_at_ms; /* the last write; 0: none yet */
	bool is_awake;         /* it was asked for something */
	int known_fields;
	struct hid_known known[HID_KNOWN_MAX];
	struct hid_last_report last; /* of opening it, until the first status */
	struct hid_descriptor descriptor;
};

/**
 * Read the report descriptor and parse it, up to three times: some devices
 * return garbage now and then. -ENODEV when it is no power device.
 */
int hid_unit_describe(struct hid_unit *unit, deadline_t until);

/**
 * The section may name its family; one that no row knows by its IDs is of the
 * family that it looks like.
 */
void hid_unit_settle_family(struct hid_unit *unit);

/**
 * Get the report that @field is in; @report has room for REPORT_MAX. A stall
 * is final, everything else is tried again. Returns the length.
 */
int hid_unit_get(struct hid_unit *unit, const struct hid_field *field,
		 uint8_t *report, deadline_t until);

/** The same, unless @last is that report already. */
int hid_unit_get_once(struct hid_unit *unit, const struct hid_field *field,
		      struct hid_last_report *last, deadline_t until);

/** Read one field. */
int hid_unit_read(struct hid_unit *unit, const struct hid_field *field,
		  int64_t *raw, deadline_t until);

/** Has the report of @field room for anything else that must be kept? */
bool hid_unit_shares_report(const struct hid_unit *unit,
			    const struct hid_field *field);

/**
 * Write one field, and nothing else of its report. Keeps HID_WRITE_GAP_MS
 * between two writes.
 */
int hid_unit_write(struct hid_unit *unit, const struct hid_field *field,
		   int64_t raw, deadline_t until);

/** Remember what a field shows now, if it can be read. */
int hid_unit_learn(struct hid_unit *unit, const struct hid_field *field,
		   deadline_t until);

/** All of that, or NULL when it could not be read. */
struct hid_known *hid_unit_known(struct hid_unit *unit,
				 const struct hid_field *field);

/** What it showed; false when that is not known. */
bool hid_unit_knows(const struct hid_unit *unit, const struct hid_field *field,
		    int64_t *raw);

#endif
