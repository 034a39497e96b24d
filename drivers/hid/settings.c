// SPDX-License-Identifier: MIT
/* Writes settings and takes them back. */
#include "hid/settings.h"

#include <errno.h>

/* A number above it is text: "90" is 0x3930. */
#define NUMBER_MAX 9999

/* Written into a text, it takes the next lower one (apcupsd). */
#define TEXT_ONE_DOWN 2

#define TEXTS 3

/** "15", "60" and "90" % of charge; "180", "300" and "600" s until it is on. */
static const int32_t hid_charge_texts[TEXTS] = { 0x3135, 0x3630, 0x3930 };
static const int32_t hid_delay_texts[TEXTS] = { 0x313830, 0x333030, 0x363030 };

/**
 * How often a text has to be led down to the lowest. One that is not known is
 * left alone: below the lowest comes the highest.
 */
static int hid_text_steps(const struct hid_step *step, int64_t text)
{
	const int32_t *texts = step->value == HID_NEEDED_CHARGE
				       ? hid_charge_texts
				       : hid_delay_texts;

	for (int i = 0; i < TEXTS; i++) {
		if (texts[i] == text)
			return i + 1;
	}
	return 0;
}

static bool hid_may_be_text(const struct hid_step *step)
{
	return step->value == HID_NEEDED_CHARGE ||
	       step->value == HID_WAKE_UP_DELAY;
}

static int hid_setting_write(struct hid_unit *unit, const struct hid_step *step,
			     const struct hid_field *field, int64_t raw,
			     deadline_t until)
{
	struct hid_known *known = hid_unit_known(unit, field);
	bool is_text = hid_may_be_text(step) && known && known->now > NUMBER_MAX;
	int times = 1;
	int ret = 0;

	if (hid_may_be_text(step) && (!known || (raw < 0 && !is_text)))
		return 0;
	if (is_text)
		times = hid_text_steps(step, known->now);
	else if (known && known->now == raw)
		return 0;
	for (int i = 0; i < times && ret == 0; i++)
		ret = hid_unit_write(unit, field, is_text ? TEXT_ONE_DOWN : raw,
				     until);
	if (ret == 0 && known)
		known->now = raw; /* or the text that comes next to it */
	return ret < 0 ? ret : times > 0;
}

int hid_step_write(struct hid_unit *unit, const struct hid_match *match,
		   int step, int64_t raw, deadline_t until)
{
	const struct hid_step *what = &match->rung->step[step];
	const struct hid_field *field = match->field[step];
	int ret;

	if (!field)
		return 0;
	if (what->flags & HID_STEP_SETTING) {
		ret = hid_setting_write(unit, what, field, raw, until);
	} else {
		ret = hid_unit_write(unit, field, raw, until);
		ret = ret < 0 ? ret : 1;
	}
	if (ret >= 0 || !(what->flags & HID_STEP_OPTIONAL) || ret == -ENODEV)
		return ret;
	ups_note(unit->ups,
		 "[%s] a setting was refused; the command goes on without it",
		 unit->ups->name);
	return 0;
}

/** What to write to take a step back; false if there is nothing. */
static bool hid_undo_value(struct hid_unit *unit, const struct hid_step *step,
			   const struct hid_field *field, int64_t *raw)
{
	struct hid_known *known = hid_unit_known(unit, field);

	if (step->flags & HID_STEP_UNDO_KNOWN) {
		if (!known || known->now == known->raw)
			return false;
		known->now = known->raw;
		*raw = known->raw;
		return true;
	}
	*raw = step->flags & HID_STEP_UNDO_NEVER ? -1 : 0;
	return step->flags & (HID_STEP_UNDO_NEVER | HID_STEP_UNDO_ZERO) &&
	       step->value != HID_NEVER;
}

void hid_steps_undo(struct hid_unit *unit, const struct hid_match *match,
		    unsigned int written, deadline_t until)
{
	for (int i = match->steps - 1; i >= 0; i--) {
		int64_t raw;

		if (written & 1u << i &&
		    hid_undo_value(unit, &match->rung->step[i], match->field[i],
				   &raw))
			(void)hid_unit_write(unit, match->field[i], raw,
					     until); /* as said */
	}
}
