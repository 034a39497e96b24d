/* SPDX-License-Identifier: MIT */
/*
 * The part of the driver that does not care where its link came from: what
 * open() does once a device is in hand, and the state it leaves.
 */
#ifndef HID_HID_H
#define HID_HID_H

#include "hid/unit.h"

/** Whose commands a device is given, as far as USB tells. */
struct hid_identity {
	uint16_t vendor_id;
	uint16_t product_id;
	const char *vendor;
	const char *product;
};

/** The delays of unit->ups, or of its family; what is changed is noted. */
void hid_read_delays(struct hid_unit *unit);

/**
 * Take a unit into use: family, delays of the section, descriptor (read from
 * the link unless @unit has one already), and what a cut has to know. The link
 * stays the caller's when this fails: -ENODEV if it is no power device,
 * -EOPNOTSUPP if it is one that cannot be told to switch off.
 */
int hid_attach(struct hid_unit *unit, struct ups *ups, struct report_link *link,
	       const struct hid_identity *identity, deadline_t until);

/**
 * cut(), status() and cancel() of a driver whose state begins with the unit:
 * USB and serial lines carry the same commands.
 */
int hid_cut(struct ups *ups, struct ups_cut *cut, deadline_t until);
int hid_status(struct ups *ups, struct ups_status *status, deadline_t until);
int hid_cancel(struct ups *ups, deadline_t until);

#endif
