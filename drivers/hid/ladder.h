/* SPDX-License-Identifier: MIT */
/*
 * The ladder of a family, rung by rung, as far as a unit's descriptor offers
 * it: what there is to climb, and what has to be known before.
 */
#ifndef HID_LADDER_H
#define HID_LADDER_H

#include "hid/match.h"

/** Does the trigger of a rung show that no countdown runs? */
bool hid_is_idle(const struct hid_match *match, int64_t raw);

/** Can the unit be told anything at all? */
bool hid_ladder_exists(const struct hid_unit *unit);

/**
 * Look at what a cut will need to know: what countdowns and settings show
 * now. What cannot be read stays unknown; only -ENODEV is an error.
 */
int hid_ladder_learn(struct hid_unit *unit, deadline_t until);

/** As the driver's cut(). */
int hid_ladder_cut(struct hid_unit *unit, struct ups_cut *cut, deadline_t until);

/** Read what a family wants to be read after a cut; failures say nothing. */
void hid_ladder_read_after(struct hid_unit *unit, deadline_t until);

/** Take the cancel of a rung. Returns 0, 1 if there was nothing to do. */
int hid_cancel_match(struct hid_unit *unit, const struct hid_match *match,
		     deadline_t until);

/**
 * Stop every countdown. -EOPNOTSUPP when there is no way to, -EPROTO when one
 * shows that it runs on.
 */
int hid_ladder_cancel(struct hid_unit *unit, deadline_t until);

/** Seconds until the load goes off, or UPS_UNKNOWN_S. */
int hid_ladder_off_after_s(struct hid_unit *unit, deadline_t until);

#endif
