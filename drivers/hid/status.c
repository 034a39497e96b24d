// SPDX-License-Identifier: MIT
/* Reads mains, battery and the running countdown; one read for each report. */
#include "hid/status.h"

#include <errno.h>

#include "hid/ladder.h"

/* Bits of Belkin's status words. */
#define BELKIN_MAINS_FAILED 0x0001
#define BELKIN_BATTERY_LOW  0x04

/** Is it in a collection of status bits, and no setting or number? */
static bool hid_is_status(const struct hid_unit *unit,
			  const struct hid_field *field)
{
	return field->collection != HID_NO_COLLECTION &&
	       unit->descriptor.collection[field->collection].usage ==
		       HID_PRESENT_STATUS;
}

static const struct hid_field *hid_status_find(const struct hid_unit *unit,
					       enum report_type type,
					       uint32_t usage, bool is_swapped)
{
	for (int i = 0; i < unit->descriptor.fields; i++) {
		const struct hid_field *field = &unit->descriptor.field[i];

		if (field->type == type && field->usage == usage &&
		    (!is_swapped || hid_is_status(unit, field)))
			return field;
	}
	return NULL;
}

const struct hid_field *hid_status_field(const struct hid_unit *unit,
					 uint32_t usage)
{
	/*
	 * Tripp Lite's OMNI1000LCD exchanged the two pages for some bits. Away
	 * from the bits, the same number on the other page is something else.
	 */
	const uint32_t pages[] = { usage, usage ^ (0x0084 ^ 0x0085) << 16 };
	const enum report_type types[] = { REPORT_FEATURE, REPORT_INPUT };

	for (int i = 0; i < 2; i++) {
		for (int j = 0; j < 2; j++) {
			const struct hid_field *field = hid_status_find(
				unit, types[j], pages[i], i == 1);

			if (field)
				return field;
		}
	}
	return NULL;
}

/** Returns 1 if any bit of @mask is set, 0 if none, or a negative errno. */
static int hid_status_bits(struct hid_unit *unit, struct hid_last_report *last,
			   uint32_t usage, int64_t mask, deadline_t until)
{
	const struct hid_field *field = hid_status_field(unit, usage);
	int64_t raw;
	int ret;

	if (!field)
		return -EOPNOTSUPP;
	ret = hid_unit_get_once(unit, field, last, until);
	if (ret < 0)
		return ret;
	ret = hid_field_get(field, last->report, (size_t)ret, &raw);
	return ret < 0 ? ret : (raw & mask) != 0;
}

static int hid_status_bit(struct hid_unit *unit, struct hid_last_report *last,
			  uint32_t usage, deadline_t until)
{
	return hid_status_bits(unit, last, usage, -1, until);
}

/** Where the mains show, in the order in which it is believed. */
static const struct {
	uint32_t usage;
	int32_t mask;
	bool is_absent; /* set: on battery */
} hid_mains_bits[] = {
	{ HID_AC_PRESENT, -1, false },
	{ HID_DISCHARGING, -1, true },
	{ HID_BELKIN_POWER_STATUS, BELKIN_MAINS_FAILED, true },
};

/** Returns enum ups_mains, or a negative errno. */
static int hid_status_mains(struct hid_unit *unit, struct hid_last_report *last,
			    deadline_t until)
{
	int bit = -EOPNOTSUPP;

	for (size_t i = 0;
	     i < sizeof(hid_mains_bits) / sizeof(hid_mains_bits[0]); i++) {
		bit = hid_status_bits(unit, last, hid_mains_bits[i].usage,
				      hid_mains_bits[i].mask, until);
		if (bit >= 0)
			return (bool)bit == hid_mains_bits[i].is_absent
				       ? UPS_MAINS_ABSENT
				       : UPS_MAINS_PRESENT;
		if (bit == -ENODEV)
			break;
	}
	return bit;
}

int hid_status_read(struct hid_unit *unit, struct ups_status *status,
		    deadline_t until)
{
	struct hid_last_report last = unit->last;
	int bit;

	unit->last.of = NULL;
	*status = (struct ups_status){
		.mains = UPS_MAINS_UNKNOWN,
		.off_after_s = UPS_UNKNOWN_S,
	};
	bit = hid_status_mains(unit, &last, until);
	if (bit == -ENODEV)
		return bit;
	if (bit >= 0)
		status->mains = (enum ups_mains)bit;
	/* A scan has no section, and no use for the rest either. */
	if (!unit->ups || unit->ups->mains_only)
		return bit < 0 ? bit : 0;

	status->battery_low =
		hid_status_bit(unit, &last, HID_BELOW_CAPACITY_LIMIT, until) >
			0 ||
		hid_status_bits(unit, &last, HID_BELKIN_BATTERY_STATUS,
				BELKIN_BATTERY_LOW, until) > 0;
	status->off_after_s = hid_ladder_off_after_s(unit, until);
	return bit < 0 && status->off_after_s == UPS_UNKNOWN_S ? bit : 0;
}
