// SPDX-License-Identifier: MIT
/* Questions to a parsed descriptor; bits, raw numbers and seconds. */
#include "hid/field.h"

#include <errno.h>

/* The widest element we touch; wider ones are padding and vendor blobs. */
#define ELEMENT_BITS_MAX 32

/* The usage UPS; some put it on the page that the standard reserves. */
#define PAGE_POWER_DEVICE           0x0084
#define HID_UPS_POWER_DEVICE        0x00840004
#define HID_UPS_RESERVED_PAGE       0x00860004
#define HID_UPS_POWERCOM_PAGE       0x00020004
#define HID_POWERCOM_SHUTDOWN_FIELD 0x00020057

/* Of the flags of a main item. */
#define FLAG_CONSTANT 0x01

#define UNIT_NONE    0
/* The lowest nibble is the system: all four that there are have one second. */
#define UNIT_SYSTEMS 0x0000000f
#define UNIT_SECONDS 0x00001000

/*
 * An exponent is often left over from the field before (10^7, of a voltage).
 * Tens of seconds are real (MGE Pulsar); what is far off is not meant.
 */
#define DELAY_EXPONENT_MIN (-3)
#define DELAY_EXPONENT_MAX 2

/* These keep the products below inside 64 bits. */
#define SECONDS_MAX (INT64_C(1) << 20)
#define RATIO_MAX   (INT64_C(1) << 30)

/* No countdown is that long; and whoever adds a margin has room for it. */
#define COUNTDOWN_MAX (INT32_MAX / 2)

static bool hid_has_collection(const struct hid_descriptor *descriptor,
			       uint32_t usage)
{
	for (int i = 0; i < descriptor->collections; i++) {
		const struct hid_collection *at = &descriptor->collection[i];

		if (at->type == HID_COLLECTION_APPLICATION &&
		    (usage == 0 || at->usage == usage))
			return true;
	}
	return false;
}

bool hid_has_application(const struct hid_descriptor *descriptor)
{
	return hid_has_collection(descriptor, 0);
}

/** On that page it may be a toy; but no toy has a shutdown delay. */
static bool hid_is_powercom(const struct hid_descriptor *descriptor)
{
	if (!hid_has_collection(descriptor, HID_UPS_POWERCOM_PAGE))
		return false;
	for (int i = 0; i < descriptor->fields; i++) {
		if (descriptor->field[i].usage == HID_POWERCOM_SHUTDOWN_FIELD)
			return true;
	}
	return false;
}

/** Some maker may call it by another usage, or by another type. */
static bool hid_is_on_power_page(const struct hid_descriptor *descriptor)
{
	for (int i = 0; i < descriptor->collections; i++) {
		const struct hid_collection *at = &descriptor->collection[i];

		if (at->parent == HID_NO_COLLECTION &&
		    at->usage >> 16 == PAGE_POWER_DEVICE)
			return true;
	}
	return false;
}

bool hid_is_power_device(const struct hid_descriptor *descriptor)
{
	return hid_is_on_power_page(descriptor) ||
	       hid_has_collection(descriptor, HID_UPS_POWER_DEVICE) ||
	       hid_has_collection(descriptor, HID_UPS_RESERVED_PAGE) ||
	       hid_is_powercom(descriptor);
}

bool hid_is_writable(const struct hid_descriptor *descriptor,
		     const struct hid_field *field)
{
	if (!(field->flags & FLAG_CONSTANT))
		return field->type == REPORT_FEATURE;
	if (field->flags == FLAG_CONSTANT) /* NUT refuses these as well */
		return false;
	for (int i = 0; i < descriptor->fields; i++) {
		const struct hid_field *other = &descriptor->field[i];

		if (other->type == REPORT_FEATURE &&
		    !(other->flags & FLAG_CONSTANT))
			return field->type == REPORT_FEATURE;
	}
	return false;
}

size_t hid_report_len(const struct hid_descriptor *descriptor,
		      enum report_type type, uint8_t id)
{
	return 1 + (descriptor->report_bits[type][id] + 7) / 8;
}

size_t hid_path(const struct hid_descriptor *descriptor,
		const struct hid_field *field, uint32_t path[HID_PATH_MAX])
{
	uint32_t reversed[HID_PATH_MAX];
	size_t nodes = 0;
	uint16_t at = field->collection;

	reversed[nodes++] = field->usage;
	while (at != HID_NO_COLLECTION && nodes + 2 <= HID_PATH_MAX) {
		const struct hid_collection *in = &descriptor->collection[at];

		if (in->type >= HID_COLLECTION_NUMBERED)
			reversed[nodes++] = HID_PATH_NUMBER(
				in->type - HID_COLLECTION_NUMBERED);
		reversed[nodes++] = in->usage;
		at = in->parent;
	}
	for (size_t i = 0; i < nodes; i++)
		path[i] = reversed[nodes - 1 - i];
	return nodes;
}

size_t hid_field_end(const struct hid_field *field)
{
	return 1 + (field->bit_offset + field->bit_size + 7) / 8;
}

static bool hid_field_fits(const struct hid_field *field, size_t len)
{
	return field->bit_size > 0 && field->bit_size <= ELEMENT_BITS_MAX &&
	       hid_field_end(field) <= len;
}

static bool hid_field_is_signed(const struct hid_field *field)
{
	return field->logical_min < 0;
}

int hid_field_get(const struct hid_field *field, const uint8_t *report,
		  size_t len, int64_t *raw)
{
	int64_t value = 0;

	if (!hid_field_fits(field, len))
		return -EPROTO;
	for (uint32_t i = 0; i < field->bit_size; i++) {
		uint32_t bit = field->bit_offset + i;

		if (report[1 + bit / 8] >> (bit % 8) & 1)
			value |= INT64_C(1) << i;
	}
	if (hid_field_is_signed(field) && value >> (field->bit_size - 1))
		value -= INT64_C(1) << field->bit_size;
	*raw = value;
	return 0;
}

int hid_field_put(const struct hid_field *field, uint8_t *report, size_t len,
		  int64_t raw)
{
	if (!hid_field_fits(field, len))
		return -EPROTO;
	for (uint32_t i = 0; i < field->bit_size; i++) {
		uint32_t bit = field->bit_offset + i;
		uint8_t mask = (uint8_t)(1u << (bit % 8));

		if ((uint64_t)raw >> i & 1)
			report[1 + bit / 8] |= mask;
		else
			report[1 + bit / 8] &= (uint8_t)~mask;
	}
	return 0;
}

bool hid_field_is_none(const struct hid_field *field, int64_t raw)
{
	/* A lone bit that is set is just set. */
	return raw == -1 || (field->bit_size > 1 &&
			     raw == (INT64_C(1) << field->bit_size) - 1);
}

int64_t hid_field_max(const struct hid_field *field)
{
	int bits = field->bit_size < ELEMENT_BITS_MAX ? field->bit_size
						      : ELEMENT_BITS_MAX;

	if (bits == 1)
		return 1;
	if (hid_field_is_signed(field))
		return (INT64_C(1) << (bits - 1)) - 1;
	return (INT64_C(1) << bits) - 2;
}

/** Round up; @divisor is positive. */
static int64_t hid_divide_up(int64_t dividend, int64_t divisor)
{
	int64_t quotient = dividend / divisor;

	return quotient + (dividend > quotient * divisor);
}

static int hid_delay_exponent(const struct hid_field *field)
{
	/* A delay in volts: the unit is left over, and so is its exponent. */
	if ((field->unit & ~(uint32_t)UNIT_SYSTEMS) != UNIT_SECONDS &&
	    field->unit != UNIT_NONE)
		return 0;
	if (field->exponent < DELAY_EXPONENT_MIN ||
	    field->exponent > DELAY_EXPONENT_MAX)
		return 0;
	return field->exponent;
}

/** @counts of the raw number are @units of the physical one. */
struct hid_scale {
	int64_t counts;
	int64_t units;
};

/** False when the physical range says nothing: then both are the same. */
static bool hid_scale(const struct hid_field *field, struct hid_scale *scale)
{
	int64_t a, b;

	scale->counts = field->logical_max - field->logical_min;
	scale->units = field->physical_max - field->physical_min;
	if (!field->physical_min_stated || !field->physical_max_stated ||
	    scale->counts <= 0 || scale->units <= 0)
		return false;

	/* In lowest terms real ranges are small: 1 to 60. */
	for (a = scale->counts, b = scale->units; b != 0;) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	scale->counts /= a;
	scale->units /= a;
	return scale->counts < RATIO_MAX && scale->units < RATIO_MAX;
}

int64_t hid_seconds_to_raw(const struct hid_field *field, int64_t seconds)
{
	int exponent = hid_delay_exponent(field);
	int64_t raw = seconds < SECONDS_MAX ? seconds : SECONDS_MAX;
	struct hid_scale scale;

	for (; exponent > 0; exponent--)
		raw = hid_divide_up(raw, 10);
	for (; exponent < 0; exponent++)
		raw *= 10;

	if (hid_scale(field, &scale))
		raw = hid_divide_up((raw - field->physical_min) * scale.counts,
				    scale.units) +
		      field->logical_min;

	/*
	 * Never below the logical range, but above it where the bits allow:
	 * APC states -1 … 0 for a delay that takes seconds (Smart-UPS 3000).
	 */
	if (raw < field->logical_min)
		raw = field->logical_min;
	if (raw < 0)
		raw = 0;
	return raw < hid_field_max(field) ? raw : hid_field_max(field);
}

static int64_t hid_clamp_seconds(int64_t seconds)
{
	if (seconds < 0)
		return 0;
	return seconds < COUNTDOWN_MAX ? seconds : COUNTDOWN_MAX;
}

int hid_raw_to_seconds(const struct hid_field *field, int64_t raw)
{
	int exponent = hid_delay_exponent(field);
	int64_t seconds = raw;
	struct hid_scale scale;

	if (hid_scale(field, &scale))
		seconds = (raw - field->logical_min) * scale.units /
				  scale.counts +
			  field->physical_min;
	seconds = hid_clamp_seconds(seconds);
	for (; exponent > 0; exponent--)
		seconds = hid_clamp_seconds(seconds * 10);
	for (; exponent < 0; exponent++)
		seconds /= 10;
	return (int)seconds;
}
