// SPDX-License-Identifier: MIT
/* Tells families apart by their descriptors. */
#include "hid/shapes.h"

#include "hid/usages.h"

#define PAGE(usage)     ((usage) >> 16)
#define PAGE_APC        0xff86u
#define UNIT_NONE       0
#define MINUTE_S        60
#define POWERCOM_REPORT 0x0f
#define POWERCOM_MAX    65535
#define MGE_BITS        32

/** Does one field tell? */
struct hid_clue {
	const char *family;
	bool (*fits)(const struct hid_descriptor *descriptor,
		     const struct hid_field *field);
};

/** Is it a feature with @usage, directly inside of @collection? */
static bool hid_is_at(const struct hid_descriptor *descriptor,
		      const struct hid_field *field, uint32_t collection,
		      uint32_t usage)
{
	return field->type == REPORT_FEATURE && field->usage == usage &&
	       field->collection != HID_NO_COLLECTION &&
	       descriptor->collection[field->collection].usage == collection;
}

static bool hid_is_of_apc(const struct hid_descriptor *descriptor,
			  const struct hid_field *field)
{
	(void)descriptor;
	return PAGE(field->usage) == PAGE_APC;
}

static bool hid_is_of_cyberpower(const struct hid_descriptor *descriptor,
				 const struct hid_field *field)
{
	return hid_is_at(descriptor, field, HID_OUTPUT,
			 HID_DELAY_BEFORE_SHUTDOWN) &&
	       hid_raw_to_seconds(field, 1) == MINUTE_S;
}

static bool hid_is_of_tripplite(const struct hid_descriptor *descriptor,
				const struct hid_field *field)
{
	return hid_is_at(descriptor, field, HID_OUTLET, HID_TRIPPLITE_STARTUP);
}

/** Taken for seconds, its two bytes of minutes and seconds would do harm. */
static bool hid_is_of_powercom(const struct hid_descriptor *descriptor,
			       const struct hid_field *field)
{
	return hid_is_at(descriptor, field, HID_POWER_SUMMARY,
			 HID_DELAY_BEFORE_SHUTDOWN) &&
	       field->report_id == POWERCOM_REPORT && field->unit == UNIT_NONE &&
	       field->logical_min == 0 && field->logical_max == POWERCOM_MAX;
}

static bool hid_is_of_mge(const struct hid_descriptor *descriptor,
			  const struct hid_field *field)
{
	if (!hid_is_at(descriptor, field, HID_POWER_SUMMARY,
		       HID_DELAY_BEFORE_SHUTDOWN) ||
	    field->bit_size != MGE_BITS)
		return false;
	for (int i = 0; i < descriptor->fields; i++) {
		if (hid_is_at(descriptor, &descriptor->field[i], HID_INPUT,
			      HID_MGE_AUTOMATIC_RESTART))
			return true;
	}
	return false;
}

static bool hid_is_of_belkin(const struct hid_descriptor *descriptor,
			     const struct hid_field *field)
{
	return hid_is_at(descriptor, field, HID_BELKIN_CONTROLS,
			 HID_BELKIN_SHUTDOWN);
}

/* APC's page comes last: Powercom took some usages of it. */
static const struct hid_clue hid_clues[] = {
	{ "CyberPower", hid_is_of_cyberpower },
	{ "Tripp Lite", hid_is_of_tripplite },
	{ "Powercom", hid_is_of_powercom },
	{ "MGE/Eaton", hid_is_of_mge },
	{ "Belkin", hid_is_of_belkin },
	{ "APC", hid_is_of_apc },
};

const char *hid_shape_name(const struct hid_descriptor *descriptor)
{
	for (size_t i = 0; i < sizeof(hid_clues) / sizeof(hid_clues[0]); i++) {
		for (int j = 0; j < descriptor->fields; j++) {
			if (hid_clues[i].fits(descriptor, &descriptor->field[j]))
				return hid_clues[i].family;
		}
	}
	return "standard";
}
