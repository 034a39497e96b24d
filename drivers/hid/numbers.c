// SPDX-License-Identifier: MIT
/* From the delays of a section to what is written, and what was granted. */
#include "hid/numbers.h"

#include <stdio.h>

/* A startup counter must not run out before the load is off. */
#define STARTUP_MARGIN_S 10

/* Of a countdown, until it is read. */
#define PASSED_MAX_S 2

/** Powercom: minutes in the high byte, seconds in the low one. */
static int64_t hid_minutes_seconds(int off_s, int *granted_s)
{
	int seconds = off_s < 1 ? 1 : off_s; /* 0 is the longest delay */

	if (seconds > 255 * 60 + 59)
		seconds = 255 * 60 + 59;
	*granted_s = seconds;
	return (seconds / 60) << 8 | seconds % 60;
}

/** Powercom SKP: 12, 18 … 54 s are 1 … 8; 1 … 10 minutes are 9 … 18. */
static int64_t hid_delay_index(int off_s, int *granted_s)
{
	int step = off_s <= 12 ? 0 : (off_s - 12 + 5) / 6;
	int minutes = (off_s + 59) / 60;

	if (off_s <= 54) {
		*granted_s = 12 + 6 * step;
		return 1 + step;
	}
	if (minutes > 10)
		minutes = 10;
	*granted_s = 60 * minutes;
	return 8 + minutes;
}

/** The number for the last step: it says when the load goes off. */
static int64_t hid_trigger_number(const struct hid_unit *unit,
				  const struct hid_match *match,
				  int *off_after_s)
{
	const struct hid_step *step = &match->rung->step[match->steps - 1];
	int64_t raw;

	*off_after_s = UPS_UNKNOWN_S;
	switch (step->value) {
	case HID_OFF_DELAY:
		raw = hid_seconds_to_raw(match->trigger, unit->off_s);
		if (raw == 0 && match->rung->flags & HID_RUNG_ZERO_IS_IDLE)
			raw = 1;
		*off_after_s = hid_raw_to_seconds(match->trigger, raw);
		return raw;
	case HID_MINUTES_SECONDS:
	case HID_ONE_SECOND:
		raw = hid_minutes_seconds(
			      step->value == HID_ONE_SECOND ? 1 : unit->off_s,
			      off_after_s) |
		      step->number;
		if (ups_value(unit->ups, "powercom_sdcmd_byte_order_fallback"))
			raw = (raw & 0xff) << 8 | raw >> 8;
		return raw;
	case HID_DELAY_INDEX:
		return hid_delay_index(
			step->number ? step->number : unit->off_s, off_after_s);
	case HID_REBOOT_DELAY:
		if (unit->family->reboot_off_s != 0)
			*off_after_s = unit->family->reboot_off_s;
		return hid_seconds_to_raw(match->trigger,
					  unit->family->reboot_s);
	case HID_RAW:
		if (!(match->rung->flags & HID_RUNG_MOMENTARY))
			*off_after_s = hid_raw_to_seconds(match->trigger,
							  step->number);
		return step->number;
	default:
		return -1;
	}
}

void hid_numbers_compute(const struct hid_unit *unit,
			 const struct hid_match *match,
			 struct hid_numbers *numbers)
{
	int trigger = match->steps - 1;
	int on_s = unit->on_s;

	numbers->on_after_s = UPS_UNKNOWN_S;
	numbers->raw[trigger] =
		hid_trigger_number(unit, match, &numbers->off_after_s);
	/* A coarse off delay may have become longer than the on delay. */
	if (on_s <= numbers->off_after_s)
		on_s = numbers->off_after_s + STARTUP_MARGIN_S;

	for (int i = 0; i < trigger; i++) {
		const struct hid_step *step = &match->rung->step[i];

		numbers->raw[i] = step->value == HID_NEVER ? -1 : step->number;
		if (step->value != HID_ON_DELAY || !match->field[i])
			continue;
		numbers->raw[i] = hid_seconds_to_raw(match->field[i], on_s);
		numbers->on_after_s =
			hid_raw_to_seconds(match->field[i], numbers->raw[i]);
	}
}

void hid_numbers_correct(struct hid_numbers *numbers,
			 const struct hid_match *match, int64_t shown)
{
	int shown_s = hid_raw_to_seconds(match->trigger, shown);
	int count_s = hid_raw_to_seconds(match->trigger, 2) -
		      hid_raw_to_seconds(match->trigger, 1);

	if (numbers->off_after_s == UPS_UNKNOWN_S ||
	    match->rung->flags & (HID_RUNG_MOMENTARY | HID_RUNG_OPAQUE))
		return;
	if (shown_s > numbers->off_after_s ||
	    shown_s + count_s + PASSED_MAX_S < numbers->off_after_s)
		numbers->off_after_s = shown_s;
}

void hid_numbers_report(const struct hid_numbers *numbers,
			const struct hid_match *match, enum ups_proof proof,
			struct ups_cut *cut)
{
	cut->given = match->rung->given;
	cut->proof = proof;
	cut->off_after_s = numbers->off_after_s;
	cut->on_after_s = numbers->on_after_s;
	if (match->outlet)
		(void)snprintf(cut->how, sizeof(cut->how),
			       "%s, only of outlet %d, report 0x%02x",
			       match->rung->name, match->outlet,
			       match->trigger->report_id);
	else
		(void)snprintf(cut->how, sizeof(cut->how), "%s, report 0x%02x",
			       match->rung->name, match->trigger->report_id);
}
