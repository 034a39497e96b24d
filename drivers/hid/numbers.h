/* SPDX-License-Identifier: MIT */
/* The numbers of one rung: what is written, and what that amounts to. */
#ifndef HID_NUMBERS_H
#define HID_NUMBERS_H

#include "hid/match.h"

struct hid_numbers {
	int64_t raw[HID_STEPS_MAX];
	int off_after_s; /* or UPS_UNKNOWN_S */
	int on_after_s;  /* or UPS_UNKNOWN_S */
};

/** For the delays of @unit, rounded up to what the fields of @match count. */
void hid_numbers_compute(const struct hid_unit *unit,
			 const struct hid_match *match,
			 struct hid_numbers *numbers);

/**
 * What the countdown shows is what was granted: some devices round up in
 * coarse steps (APC's reboot: 90 s), or have but one delay. A little less is
 * only the time that has passed.
 */
void hid_numbers_correct(struct hid_numbers *numbers,
			 const struct hid_match *match, int64_t shown);

/** Tell of the cut that a rung amounts to. */
void hid_numbers_report(const struct hid_numbers *numbers,
			const struct hid_match *match, enum ups_proof proof,
			struct ups_cut *cut);

#endif
