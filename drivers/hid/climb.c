// SPDX-License-Identifier: MIT
/* Climbs a ladder: compute the numbers, write them, look whether it worked. */
#include "hid/ladder.h"

#include <errno.h>
#include <stdio.h>

#include "hid/status.h"

/* How long a device may take to show a countdown that it has accepted. */
#define SHOW_WITHIN_MS 1500
#define LOOK_AGAIN_MS  200

/* A startup counter must not run out before the load is off. */
#define STARTUP_MARGIN_S 10

/* A setting above it is text: "90" is 0x3930. */
#define SETTING_MAX 9999

/* Triggers that did nothing; see hid_climb_is_deaf(). */
#define DEAF_MAX 8

/** What the device shows after the writes of a rung went through. */
enum hid_shown {
	HID_SHOWN,     /* a countdown, a changed state */
	HID_NOT_SHOWN, /* that there is none */
	HID_CANNOT_TELL,
};

/** The numbers of one rung. */
struct hid_numbers {
	int64_t raw[HID_STEPS_MAX];
	int off_after_s;
	int on_after_s;
};

struct hid_climb {
	struct hid_unit *unit;
	struct ups_cut sent; /* acknowledged, but not shown */
	bool is_sent;
	int error; /* of the last rung that failed */
	int deaf_fields;
	const struct hid_field *deaf[DEAF_MAX];
};

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
		raw = hid_minutes_seconds(unit->off_s, off_after_s) |
		      step->number;
		if (ups_value(unit->ups, "powercom_sdcmd_byte_order_fallback"))
			raw = (raw & 0xff) << 8 | raw >> 8;
		return raw;
	case HID_DELAY_INDEX:
		return hid_delay_index(unit->off_s, off_after_s);
	case HID_REBOOT_DELAY:
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

static void hid_compute(const struct hid_unit *unit,
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

/** Does a setting hold already, or is it none that we can write? */
static bool hid_leave_setting(const struct hid_unit *unit,
			      const struct hid_step *step,
			      const struct hid_field *field, int64_t raw)
{
	int64_t known;

	if (!(step->flags & HID_STEP_SETTING))
		return false;
	if (!hid_unit_knows(unit, field, &known))
		return step->flags & HID_STEP_NUMBER;
	return known == raw ||
	       (step->flags & HID_STEP_NUMBER && known > SETTING_MAX);
}

/** All writes of a rung, the one that counts last. */
static int hid_write_match(struct hid_unit *unit, const struct hid_match *match,
			   const struct hid_numbers *numbers, deadline_t until)
{
	for (int i = 0; i < match->steps; i++) {
		const struct hid_step *step = &match->rung->step[i];
		int ret;

		if (!match->field[i] ||
		    hid_leave_setting(unit, step, match->field[i],
				      numbers->raw[i]))
			continue;
		ret = hid_unit_write(unit, match->field[i], numbers->raw[i],
				     until);
		if (ret < 0 && step->flags & HID_STEP_OPTIONAL &&
		    ret != -ENODEV) {
			ups_note(unit->ups,
				 "[%s] a setting was refused; the command goes on without it",
				 unit->ups->name);
			continue;
		}
		if (ret < 0)
			return ret;
	}
	return 0;
}

static enum hid_shown hid_judge(const struct hid_unit *unit,
				const struct hid_match *match, int64_t written,
				int64_t shown)
{
	int64_t before;
	bool is_known = hid_unit_knows(unit, match->trigger, &before);

	if (match->rung->flags & (HID_RUNG_MOMENTARY | HID_RUNG_OPAQUE))
		return is_known && shown != before ? HID_SHOWN : HID_CANNOT_TELL;
	if (hid_is_idle(match, shown))
		return HID_NOT_SHOWN;
	if (is_known && !hid_is_idle(match, before) && shown == before)
		return shown == written ? HID_CANNOT_TELL : HID_NOT_SHOWN;
	if (is_known)
		return HID_SHOWN;
	return shown <= written ? HID_SHOWN : HID_CANNOT_TELL;
}

/** Has a status bit for a coming shutdown come up since the unit was opened? */
static bool hid_status_tells(struct hid_unit *unit, deadline_t until)
{
	static const uint32_t bits[] = { HID_SHUTDOWN_IMMINENT,
					 HID_SHUTDOWN_REQUESTED };

	for (int i = 0; i < 2; i++) {
		const struct hid_field *bit = hid_status_field(unit, bits[i]);
		int64_t before, now;

		/* A low battery sets them too: only the change tells. */
		if (bit && hid_unit_knows(unit, bit, &before) && before == 0 &&
		    hid_unit_read(unit, bit, &now, until) == 0 && now != 0)
			return true;
	}
	return false;
}

/** Read back. Returns enum hid_shown, or -ENODEV. */
static int hid_verify(struct hid_unit *unit, const struct hid_match *match,
		      int64_t written, deadline_t until)
{
	deadline_t end = deadline_earlier(deadline_in_ms(SHOW_WITHIN_MS), until);

	do {
		enum hid_shown shown;
		int64_t raw;
		int ret = hid_unit_read(unit, match->trigger, &raw, end);

		if (ret == -ENODEV)
			return ret;
		if (ret < 0)
			return HID_CANNOT_TELL;
		shown = hid_judge(unit, match, written, raw);
		if (shown != HID_NOT_SHOWN)
			return shown;
	} while (clock_sleep_ms(LOOK_AGAIN_MS, end) == 0);
	return hid_status_tells(unit, until) ? HID_SHOWN : HID_NOT_SHOWN;
}

/**
 * A trigger that acknowledged and showed nothing is not tried again under
 * another name: the same bytes would do the same.
 */
static bool hid_climb_is_deaf(const struct hid_climb *climb,
			      const struct hid_field *trigger)
{
	for (int i = 0; i < climb->deaf_fields; i++) {
		if (climb->deaf[i] == trigger)
			return true;
	}
	return false;
}

static void hid_climb_mark_deaf(struct hid_climb *climb,
				const struct hid_field *trigger)
{
	if (climb->deaf_fields < DEAF_MAX)
		climb->deaf[climb->deaf_fields++] = trigger;
}

static void hid_report_cut(const struct hid_match *match,
			   const struct hid_numbers *numbers,
			   enum ups_proof proof, struct ups_cut *cut)
{
	cut->given = match->rung->given;
	cut->proof = proof;
	cut->off_after_s = numbers->off_after_s;
	cut->on_after_s = numbers->on_after_s;
	(void)snprintf(cut->how, sizeof(cut->how), "%s, report 0x%02x",
		       match->rung->name, match->trigger->report_id);
}

/** One rung. Returns 0 when it holds, 1 to go on, or -ENODEV. */
static int hid_climb_rung(struct hid_climb *climb, const struct hid_match *match,
			  struct ups_cut *cut, deadline_t until)
{
	int trigger = match->steps - 1;
	struct hid_numbers numbers;
	int ret;

	hid_compute(climb->unit, match, &numbers);
	ret = hid_write_match(climb->unit, match, &numbers, until);
	if (ret == -ENODEV)
		return ret;
	if (ret < 0) {
		climb->error = ret;
		return 1;
	}

	ret = hid_verify(climb->unit, match, numbers.raw[trigger], until);
	if (ret < 0)
		return ret;
	if (ret == HID_NOT_SHOWN) {
		hid_report_cut(match, &numbers, UPS_SENT, &climb->sent);
		climb->is_sent = true;
		hid_climb_mark_deaf(climb, match->trigger);
		return 1;
	}
	hid_report_cut(match, &numbers,
		       ret == HID_SHOWN ? UPS_VERIFIED : UPS_SENT, cut);
	return 0;
}

static int hid_climb_ladder(struct hid_climb *climb, uint8_t wanted,
			    struct ups_cut *cut, deadline_t until)
{
	struct hid_position at = { .rung = NULL };
	struct hid_match match;

	while (hid_next_match(climb->unit, wanted, &at, &match)) {
		int ret;

		if (hid_climb_is_deaf(climb, match.trigger) ||
		    (cut->exact && match.rung->given != cut->wanted))
			continue;
		if (deadline_passed(until)) {
			climb->error = -ETIMEDOUT;
			break;
		}
		ret = hid_climb_rung(climb, &match, cut, until);
		if (ret <= 0)
			return ret;
	}
	return 1;
}

/** Returns 0 when a rung holds, or the error of the last one. */
static int hid_climb_wanted(struct hid_climb *climb, struct ups_cut *cut,
			    deadline_t until)
{
	int ret = hid_climb_ladder(climb, cut->wanted, cut, until);

	/* Who cannot reboot the load is asked to bring it back. */
	if (ret > 0 && cut->wanted == UPS_REBOOT && !cut->exact)
		ret = hid_climb_ladder(climb, UPS_RETURN, cut, until);
	if (ret <= 0)
		return ret;

	/* It said yes and shows nothing: better than no cut, and said so. */
	if (climb->is_sent) {
		*cut = climb->sent;
		return 0;
	}
	return climb->error == -EPIPE ? -EPROTO : climb->error;
}

int hid_ladder_cut(struct hid_unit *unit, struct ups_cut *cut, deadline_t until)
{
	struct hid_climb climb = {
		.unit = unit,
		.sent = *cut,
		.error = -EOPNOTSUPP,
	};
	int ret = hid_climb_wanted(&climb, cut, until);

	if (ret == 0)
		hid_ladder_read_after(unit, until);
	return ret;
}
