// SPDX-License-Identifier: MIT
/* What is asked of a whole ladder, before a cut and beside it. */
#include "hid/ladder.h"

#include <errno.h>

#include "hid/status.h"

/* A device that does not answer a look at a field is not asked for all. */
#define LEARN_FAILURES_MAX 2

/* The cut is done: this must not hold up the word of it. */
#define READ_AFTER_MS 500

static const uint8_t hid_commands[] = { UPS_RETURN, UPS_STAYOFF, UPS_OFF,
					UPS_REBOOT };

#define COMMANDS (sizeof(hid_commands) / sizeof(hid_commands[0]))

bool hid_ladder_exists(const struct hid_unit *unit)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		struct hid_position at = { .rung = NULL };
		struct hid_match match;

		if (hid_next_match(unit, hid_commands[i], &at, &match))
			return true;
	}
	return false;
}

/** The countdown or control of a rung, and the settings it may change. */
static int hid_learn_match(struct hid_unit *unit, const struct hid_match *match,
			   deadline_t until)
{
	int ret = 0;

	for (int i = 0; i < match->steps && ret != -ENODEV; i++) {
		bool setting = match->rung->step[i].flags & HID_STEP_SETTING;
		bool trigger = i == match->steps - 1;

		if (match->field[i] && (setting || trigger))
			ret = hid_unit_learn(unit, match->field[i], until);
	}
	return ret;
}

int hid_ladder_learn(struct hid_unit *unit, deadline_t until)
{
	static const uint32_t bits[] = { HID_SHUTDOWN_IMMINENT,
					 HID_SHUTDOWN_REQUESTED };
	int failures = 0;

	for (size_t i = 0; i < COMMANDS; i++) {
		struct hid_position at = { .rung = NULL };
		struct hid_match match;

		while (failures < LEARN_FAILURES_MAX &&
		       hid_next_match(unit, hid_commands[i], &at, &match)) {
			int ret = hid_learn_match(unit, &match, until);

			if (ret == -ENODEV)
				return ret;
			failures += ret == -ETIMEDOUT || ret == -EIO;
		}
	}
	for (size_t i = 0; i < 2 && failures < LEARN_FAILURES_MAX; i++) {
		const struct hid_field *bit = hid_status_field(unit, bits[i]);

		if (bit && hid_unit_learn(unit, bit, until) == -ENODEV)
			return -ENODEV;
	}
	return 0;
}

void hid_ladder_read_after(struct hid_unit *unit, deadline_t until)
{
	deadline_t end = deadline_earlier(deadline_in_ms(READ_AFTER_MS), until);
	uint8_t report[REPORT_MAX];

	for (int i = 0; i < unit->descriptor.fields; i++) {
		const struct hid_field *field = &unit->descriptor.field[i];

		if (unit->family->read_after != 0 &&
		    field->usage == unit->family->read_after &&
		    field->type == REPORT_FEATURE) {
			(void)hid_unit_get(unit, field, report, end);
			return;
		}
	}
}

bool hid_is_idle(const struct hid_match *match, int64_t raw)
{
	return hid_field_is_none(match->trigger, raw) ||
	       (match->rung->flags & HID_RUNG_ZERO_IS_IDLE && raw == 0);
}

int hid_cancel_match(struct hid_unit *unit, const struct hid_match *match,
		     deadline_t until)
{
	const struct hid_step *step = hid_trigger_step(match->rung);
	int64_t raw;

	if (match->rung->flags & HID_RUNG_IF_RUNNING) {
		int ret = hid_unit_read(unit, match->trigger, &raw, until);

		if (ret < 0 || hid_is_idle(match, raw))
			return ret < 0 ? ret : 1;
	}
	raw = step->value == HID_NEVER ? -1 : step->number;
	return hid_unit_write(unit, match->trigger, raw, until);
}

/** Are all that can be read idle, or as they were when it was opened? */
static int hid_cancel_verify(struct hid_unit *unit, deadline_t until)
{
	struct hid_position at = { .rung = NULL };
	struct hid_match match;
	int64_t before, now;
	int ret = 0;

	while (ret == 0 && hid_next_match(unit, HID_CANCEL, &at, &match)) {
		if (!hid_unit_knows(unit, match.trigger, &before))
			continue;
		ret = hid_unit_read(unit, match.trigger, &now, until);
		if (ret == 0 && now != before && !hid_is_idle(&match, now))
			ret = -EPROTO;
	}
	return ret;
}

int hid_ladder_cancel(struct hid_unit *unit, deadline_t until)
{
	struct hid_position at = { .rung = NULL };
	struct hid_match match;
	int ret = -EOPNOTSUPP;
	bool done = false;

	/* All of them: nobody knows which of them was started. */
	while (hid_next_match(unit, HID_CANCEL, &at, &match)) {
		ret = hid_cancel_match(unit, &match, until);
		if (ret == -ENODEV)
			return ret;
		done |= ret >= 0;
	}
	return done ? hid_cancel_verify(unit, until) : ret;
}

int hid_ladder_off_after_s(struct hid_unit *unit, deadline_t until)
{
	struct hid_position at = { .rung = NULL };
	struct hid_match match;
	int64_t raw;

	while (hid_next_match(unit, UPS_RETURN, &at, &match)) {
		if (match.rung->flags & (HID_RUNG_MOMENTARY | HID_RUNG_OPAQUE))
			continue;
		if (hid_unit_read(unit, match.trigger, &raw, until) < 0 ||
		    hid_is_idle(&match, raw))
			return UPS_UNKNOWN_S;
		return hid_raw_to_seconds(match.trigger, raw);
	}
	return UPS_UNKNOWN_S;
}
