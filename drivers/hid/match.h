/* SPDX-License-Identifier: MIT */
/* The rungs of a family that a unit's descriptor offers, and in which fields. */
#ifndef HID_MATCH_H
#define HID_MATCH_H

#include "hid/unit.h"

/** A rung found in the descriptor of a unit. */
struct hid_match {
	const struct hid_rung *rung;
	const struct hid_field *field[HID_STEPS_MAX]; /* NULL: left out */
	int steps;
	int outlet; /* 2 and up: one beside the main one; else 0 */
	const struct hid_field *trigger; /* the last one */
};

/** Where one stands on a ladder; all zero at its foot. */
struct hid_position {
	const struct hid_rung *rung;
	int turn;     /* of its roots */
	bool is_more; /* on the family's second ladder */
};

/** The next rung for @wanted that the unit offers; false at the top. */
bool hid_next_match(const struct hid_unit *unit, uint8_t wanted,
		    struct hid_position *at, struct hid_match *match);

/** The step of a rung that commands, which is the last one. */
const struct hid_step *hid_trigger_step(const struct hid_rung *rung);

#endif
