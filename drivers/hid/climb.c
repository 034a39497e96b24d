// SPDX-License-Identifier: MIT
/* Climbs a ladder: writes the numbers of a rung, looks whether it worked. */
#include "hid/ladder.h"

#include <errno.h>

#include "hid/numbers.h"
#include "hid/settings.h"
#include "hid/status.h"

/* How long a device may take to show a countdown that it has accepted. */
#define SHOW_WITHIN_MS 1500
#define LOOK_AGAIN_MS  200

/* Triggers that did nothing; see hid_climb_is_deaf(). */
#define DEAF_MAX 8

/** What the device shows after the writes of a rung went through. */
enum hid_shown {
	HID_SHOWN,     /* a countdown, a changed state */
	HID_NOT_SHOWN, /* that there is none */
	HID_CANNOT_TELL,
};

struct hid_climb {
	struct hid_unit *unit;
	struct ups_cut sent; /* acknowledged, but not shown */
	bool is_sent;
	bool may_reboot; /* one of the rungs that were sent is a reboot */
	int error;       /* of the last rung that failed */
	int deaf_fields;
	const struct hid_field *deaf[DEAF_MAX];
};

/** All writes of a rung, the one that counts last. */
static int hid_write_match(struct hid_unit *unit, const struct hid_match *match,
			   const struct hid_numbers *numbers, deadline_t until)
{
	unsigned int written = 0;
	int ret = 0;

	for (int i = 0; i < match->steps && ret >= 0; i++) {
		ret = hid_step_write(unit, match, i, numbers->raw[i], until);
		/* A refusal may pass, and costs what is written already. */
		if (ret == -EPIPE && written)
			ret = hid_step_write(unit, match, i, numbers->raw[i],
					     until);
		if (ret > 0)
			written |= 1u << i;
	}
	/* No answer may be a yes that got lost: then nothing is taken back. */
	if (ret == -EPIPE)
		hid_steps_undo(unit, match, written, until);
	return ret < 0 ? ret : 0;
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

/**
 * Read back. Returns enum hid_shown, or -ENODEV; @shown_raw is written only
 * when it is the countdown that shows.
 */
static int hid_verify(struct hid_unit *unit, const struct hid_match *match,
		      int64_t written, int64_t *shown_raw, deadline_t until)
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
		if (shown == HID_SHOWN)
			*shown_raw = raw;
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

/** What a command leaves behind that nobody may expect. */
static void hid_warn_of_settings(const struct hid_unit *unit,
				 const struct hid_match *match)
{
	for (int i = 0; i < match->steps; i++) {
		if (match->field[i] &&
		    match->rung->step[i].flags & HID_STEP_UNDO_KNOWN)
			ups_note(unit->ups,
				 "[%s] its automatic restart is off now and stays off until a return is commanded or somebody sets it",
				 unit->ups->name);
	}
}

/** It was acknowledged, and shows nothing. */
static void hid_climb_remember(struct hid_climb *climb,
			       const struct hid_match *match,
			       const struct hid_numbers *numbers)
{
	hid_numbers_report(numbers, match, UPS_SENT, &climb->sent);
	climb->is_sent = true;
	climb->may_reboot |= climb->unit->family->reboot_off_s == 0 &&
			     match->trigger->usage == HID_DELAY_BEFORE_REBOOT;
	if (climb->deaf_fields < DEAF_MAX)
		climb->deaf[climb->deaf_fields++] = match->trigger;
}

/** One rung. Returns 0 when it holds, 1 to go on, or -ENODEV. */
static int hid_climb_rung(struct hid_climb *climb, const struct hid_match *match,
			  struct ups_cut *cut, deadline_t until)
{
	int trigger = match->steps - 1;
	struct hid_numbers numbers;
	int64_t shown = -1;
	int ret;

	hid_numbers_compute(climb->unit, match, &numbers);
	ret = hid_write_match(climb->unit, match, &numbers, until);
	if (ret == -ENODEV)
		return ret;
	if (ret < 0) {
		climb->error = ret;
		return 1;
	}

	ret = hid_verify(climb->unit, match, numbers.raw[trigger], &shown,
			 until);
	if (ret < 0)
		return ret;
	if (ret == HID_NOT_SHOWN) {
		hid_climb_remember(climb, match, &numbers);
		return 1;
	}
	if (shown >= 0)
		hid_numbers_correct(&numbers, match, shown);
	hid_warn_of_settings(climb->unit, match);
	hid_numbers_report(&numbers, match,
			   ret == HID_SHOWN ? UPS_VERIFIED : UPS_SENT, cut);
	return 0;
}

/**
 * By the standard DelayBeforeReboot cuts at once, and shows nothing before: it
 * may still be on its way. To stay off on top of that would take the return
 * from a load that was about to get it.
 */
static bool hid_climb_is_worse(const struct hid_climb *climb,
			       const struct hid_rung *rung)
{
	return climb->may_reboot && rung->given == UPS_STAYOFF &&
	       rung->wanted != UPS_STAYOFF;
}

/**
 * In a rehearsal: does it count for so long, and show it, and take the word
 * that stops it, now that there is nothing to stop? Who writes another delay of
 * the same report writes what this one shows, too, which can mean "now".
 */
static bool hid_climb_may_arm(struct hid_unit *unit,
			      const struct hid_match *match,
			      const struct ups_cut *cut, deadline_t until)
{
	struct hid_position at = { .rung = NULL };
	struct hid_numbers numbers;
	struct hid_match cancel;
	int64_t before;

	hid_numbers_compute(unit, match, &numbers);
	if (unit->family->no_drill ||
	    hid_unit_shares_report(unit, match->trigger) ||
	    match->rung->flags & (HID_RUNG_MOMENTARY | HID_RUNG_OPAQUE) ||
	    numbers.off_after_s < cut->least_s ||
	    !hid_unit_knows(unit, match->trigger, &before))
		return false;
	while (hid_next_match(unit, HID_CANCEL, &at, &cancel)) {
		if (cancel.trigger == match->trigger)
			return hid_cancel_match(unit, &cancel, until) >= 0;
	}
	return false;
}

static int hid_climb_ladder(struct hid_climb *climb, uint8_t wanted,
			    struct ups_cut *cut, deadline_t until)
{
	struct hid_position at = { .rung = NULL };
	struct hid_match match;

	while (hid_next_match(climb->unit, wanted, &at, &match)) {
		int ret;

		if (cut->least_s && climb->is_sent)
			break; /* one in doubt is enough to rehearse */
		if (hid_climb_is_deaf(climb, match.trigger) ||
		    hid_climb_is_worse(climb, match.rung) ||
		    (cut->exact && match.rung->given != cut->wanted) ||
		    (cut->least_s &&
		     !hid_climb_may_arm(climb->unit, &match, cut, until)))
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
