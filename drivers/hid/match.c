// SPDX-License-Identifier: MIT
/* Finds the rungs of a family in what the descriptor of a unit offers. */
#include "hid/match.h"

#define SECONDS_PER_MINUTE 60

/* A byte for each. */
#define MINUTES_SECONDS_BITS 16

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
const struct hid_step *hid_trigger_step(const struct hid_rung *rung)
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
