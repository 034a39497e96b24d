// SPDX-License-Identifier: MIT
/* Finds the rungs of a family in what the descriptor of a unit offers. */
#include "hid/ladder.h"

#include <errno.h>

#include "hid/status.h"

/* A device that does not answer a look at a field is not asked for all. */
#define LEARN_FAILURES_MAX 2

#define SECONDS_PER_MINUTE 60

/* A byte for each. */
#define MINUTES_SECONDS_BITS 16

/* The cut is done: this must not hold up the word of it. */
#define READ_AFTER_MS 500

/** Is the field directly inside collections of these usages? 0: any. */
static bool hid_is_inside(const struct hid_descriptor *descriptor,
			  const struct hid_field *field, uint32_t inside,
			  uint32_t around)
{
	const struct hid_collection *collection;

	if (inside == 0)
		return true;
	if (field->collection == HID_NO_COLLECTION)
		return false;
	collection = &descriptor->collection[field->collection];
	if (collection->usage != inside)
		return false;
	if (around == 0)
		return true;
	return collection->parent != HID_NO_COLLECTION &&
	       descriptor->collection[collection->parent].usage == around;
}

/** Do both have the same path, but for the last node? */
static bool hid_is_beside(const struct hid_descriptor *descriptor,
			  const struct hid_field *a, const struct hid_field *b)
{
	uint16_t at = a->collection;
	uint16_t with = b->collection;

	while (at != with) {
		const struct hid_collection *one, *other;

		if (at == HID_NO_COLLECTION || with == HID_NO_COLLECTION)
			return false;
		one = &descriptor->collection[at];
		other = &descriptor->collection[with];
		if (one->usage != other->usage || one->type != other->type)
			return false;
		at = one->parent;
		with = other->parent;
	}
	return true;
}

/** Is the field where a step before the last one is looked for? */
static bool hid_is_in_place(const struct hid_descriptor *descriptor,
			    const struct hid_step *step,
			    const struct hid_field *field,
			    const struct hid_field *trigger)
{
	if (step->flags & HID_STEP_ANYWHERE)
		return true;
	if (step->flags & HID_STEP_OF_INPUT)
		return hid_is_inside(descriptor, field, HID_INPUT,
				     HID_POWER_CONVERTER) &&
		       descriptor->collection[field->collection].type ==
			       HID_COLLECTION_NUMBERED + 1;
	return hid_is_beside(descriptor, field, trigger);
}

static const struct hid_field *hid_find_step(const struct hid_unit *unit,
					     const struct hid_step *step,
					     const struct hid_field *trigger)
{
	for (int i = 0; i < unit->descriptor.fields; i++) {
		const struct hid_field *field = &unit->descriptor.field[i];

		if (field->usage != step->usage ||
		    !hid_is_writable(&unit->descriptor, field))
			continue;
		if (hid_is_in_place(&unit->descriptor, step, field, trigger))
			return field;
	}
	return NULL;
}

/** The last step of a rung: the others only prepare. */
static const struct hid_step *hid_trigger_step(const struct hid_rung *rung)
{
	int last = HID_STEPS_MAX - 1;

	while (last > 0 && rung->step[last].usage == 0)
		last--;
	return &rung->step[last];
}

static bool hid_counts_minutes(const struct hid_field *field)
{
	return hid_raw_to_seconds(field, 1) == SECONDS_PER_MINUTE;
}

/** Can the field hold what the rung writes? */
static bool hid_fits_trigger(const struct hid_rung *rung,
			     const struct hid_field *trigger)
{
	bool is_narrow = trigger->bit_size < MINUTES_SECONDS_BITS;
	uint8_t value = hid_trigger_step(rung)->value;

	if (rung->flags & HID_RUNG_IF_MINUTES)
		return hid_counts_minutes(trigger);
	if (rung->flags & HID_RUNG_IF_NARROW)
		return is_narrow;
	return !is_narrow ||
	       (value != HID_MINUTES_SECONDS && value != HID_ONE_SECOND);
}

/** All fields of a rung, given the one that counts. */
static bool hid_match_steps(const struct hid_unit *unit,
			    const struct hid_rung *rung,
			    const struct hid_field *trigger,
			    struct hid_match *match)
{
	*match = (struct hid_match){ .rung = rung, .trigger = trigger };
	while (match->steps < HID_STEPS_MAX &&
	       rung->step[match->steps].usage != 0)
		match->steps++;

	match->field[match->steps - 1] = trigger;
	for (int i = 0; i < match->steps - 1; i++) {
		const struct hid_step *step = &rung->step[i];

		match->field[i] = hid_find_step(unit, step, trigger);
		if (!match->field[i] && !(step->flags & HID_STEP_OPTIONAL))
			return false;
	}
	return hid_fits_trigger(rung, trigger);
}

/** [2] and so on are outlets beside the one that counts; else 0. */
static int hid_outlet(const struct hid_descriptor *descriptor,
		      const struct hid_field *field)
{
	int number = 0;

	if (field->collection != HID_NO_COLLECTION)
		number = descriptor->collection[field->collection].type -
			 HID_COLLECTION_NUMBERED;
	return number > 1 ? number : 0;
}

/**
 * Is it a switch of an input, as Eaton's large ones have it for the bypass, of
 * a battery or a charger? The load stays on behind it.
 */
static bool hid_is_no_load(const struct hid_descriptor *descriptor,
			   const struct hid_field *field)
{
	uint16_t at = field->collection;

	if (field->usage != HID_SWITCH_OFF_CONTROL)
		return false;
	for (; at != HID_NO_COLLECTION; at = descriptor->collection[at].parent) {
		uint32_t usage = descriptor->collection[at].usage;

		if (usage == HID_INPUT ||
		    (usage >= HID_BATTERY_SYSTEM && usage <= HID_CHARGER))
			return true;
	}
	return false;
}

/** One look at all fields, for a trigger of the main outlet or of another. */
static bool hid_match_fields(const struct hid_unit *unit,
			     const struct hid_rung *rung, uint32_t root,
			     bool is_main, struct hid_match *match)
{
	const struct hid_descriptor *descriptor = &unit->descriptor;
	uint32_t usage = hid_trigger_step(rung)->usage;

	for (int i = 0; i < descriptor->fields; i++) {
		const struct hid_field *field = &descriptor->field[i];
		int outlet = hid_outlet(descriptor, field);

		if (field->usage != usage || (outlet == 0) != is_main ||
		    !hid_is_writable(descriptor, field) ||
		    hid_is_no_load(descriptor, field) ||
		    !hid_is_inside(descriptor, field, root, 0) ||
		    !hid_match_steps(unit, rung, field, match))
			continue;
		match->outlet = outlet;
		return true;
	}
	return false;
}

static bool hid_match_rung(const struct hid_unit *unit,
			   const struct hid_rung *rung, uint32_t root,
			   struct hid_match *match)
{
	return hid_match_fields(unit, rung, root, true, match) ||
	       hid_match_fields(unit, rung, root, false, match);
}

static const struct hid_rung *hid_first_rung(const struct hid_unit *unit)
{
	const struct hid_family *family = unit->family;

	if (family->key && unit->ups && ups_value(unit->ups, family->key))
		return family->key_rungs;
	return family->rungs;
}

/** The next place below @at->rung where its trigger is; false at the end. */
static bool hid_next_turn(const struct hid_unit *unit, struct hid_position *at,
			  struct hid_match *match)
{
	for (;;) {
		int64_t root = hid_root(at->rung->roots, at->turn);

		if (root < 0)
			return false;
		at->turn++;
		if (hid_match_rung(unit, at->rung, (uint32_t)root, match))
			return true;
	}
}

bool hid_next_match(const struct hid_unit *unit, uint8_t wanted,
		    struct hid_position *at, struct hid_match *match)
{
	if (!at->rung)
		at->rung = hid_first_rung(unit);
	for (;;) {
		for (; at->rung->name; at->rung++, at->turn = 0) {
			if (at->rung->wanted == wanted &&
			    hid_next_turn(unit, at, match))
				return true;
		}
		if (!unit->family->more || at->is_more)
			return false;
		at->is_more = true;
		at->rung = unit->family->more;
	}
}

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
