// SPDX-License-Identifier: MIT
/* Explains a report descriptor: a row for each field, and a cut in the dry. */
#include "hid/decode.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "hid/dry.h"
#include "hid/hid.h"
#include "hid/ladder.h"

#define WORDS_MAX 1024 /* HID_PATH_MAX names with dots */

/* Nothing but the engine's own pauses between writes has to fit. */
#define CUT_WITHIN_MS 60000

static struct hid_column hid_column_decimal(const char *name, int64_t number)
{
	return (struct hid_column){
		.name = name,
		.is_number = true,
		.number = number,
	};
}

static struct hid_column hid_column_hex(const char *name, uint8_t digits,
					uint32_t number)
{
	struct hid_column column = hid_column_decimal(name, number);

	column.hex_digits = digits;
	return column;
}

static struct hid_column hid_column_text(const char *name, const char *text)
{
	return (struct hid_column){ .name = name, .text = text };
}

/** A physical limit, which many descriptors leave out. */
static struct hid_column hid_column_limit(const char *name, bool is_stated,
					  int64_t limit)
{
	return is_stated ? hid_column_decimal(name, limit)
			 : hid_column_text(name, NULL);
}

static void hid_print_numbers(const uint32_t *path, size_t nodes,
			      char text[WORDS_MAX])
{
	size_t at = 0;

	*text = '\0';
	/* A path has at most HID_PATH_MAX nodes of nine characters. */
	for (size_t i = 0; i < nodes && at < WORDS_MAX - 10; i++)
		at += (size_t)snprintf(text + at, WORDS_MAX - at, "%s%08x",
				       i > 0 ? "." : "", (unsigned int)path[i]);
}

static const char *const hid_report_types[REPORT_TYPES] = { "Input", "Output",
							    "Feature" };

static void hid_decode_field(const struct hid_descriptor *descriptor,
			     const struct hid_field *field,
			     const struct hid_listener *listener)
{
	char numbers[WORDS_MAX], words[WORDS_MAX];
	uint32_t path[HID_PATH_MAX];
	size_t nodes = hid_path(descriptor, field, path);
	const struct hid_column column[] = {
		hid_column_text("type", hid_report_types[field->type]),
		hid_column_hex("report", 2, field->report_id),
		hid_column_decimal("bit_offset", field->bit_offset),
		hid_column_decimal("bits", field->bit_size),
		hid_column_decimal("count", field->count),
		hid_column_decimal("logical_min", field->logical_min),
		hid_column_decimal("logical_max", field->logical_max),
		hid_column_limit("physical_min", field->physical_min_stated,
				 field->physical_min),
		hid_column_limit("physical_max", field->physical_max_stated,
				 field->physical_max),
		hid_column_hex("unit", 8, field->unit),
		hid_column_decimal("exponent", field->exponent),
		hid_column_hex("flags", 2, field->flags),
		hid_column_text("repair",
				field->logical_repaired ? "lmax-unsigned" : NULL),
		hid_column_text("usages", numbers),
		hid_column_text("name", words),
	};

	hid_print_numbers(path, nodes, numbers);
	(void)hid_path_name(path, nodes, words, sizeof(words));
	listener->row(listener->arg, "field", column,
		      sizeof(column) / sizeof(*column));
}

/** How long each report is, with its ID, but there is none in report 0. */
static void hid_decode_report(const struct hid_descriptor *descriptor,
			      enum report_type type, uint8_t id,
			      const struct hid_listener *listener)
{
	size_t len = hid_report_len(descriptor, type, id) - (id == 0);
	const struct hid_column column[] = {
		hid_column_text("type", hid_report_types[type]),
		hid_column_hex("report", 2, id),
		hid_column_decimal("bytes", (int64_t)len),
	};

	listener->row(listener->arg, "report", column,
		      sizeof(column) / sizeof(*column));
}

static void hid_decode_reports(const struct hid_descriptor *descriptor,
			       const struct hid_listener *listener)
{
	for (int type = 0; type < REPORT_TYPES; type++)
		for (int id = 0; id < 256; id++)
			if (descriptor->report_bits[type][id])
				hid_decode_report(descriptor,
						  (enum report_type)type,
						  (uint8_t)id, listener);
}

/**
 * A descriptor that lost its end is used as far as it goes, as the driver does
 * with a device that does not send it any better.
 */
static int hid_decode_parse(const struct hid_specimen *specimen,
			    struct hid_descriptor *descriptor,
			    const struct hid_listener *listener,
			    char why[UPS_SENTENCE_MAX])
{
	int ret = hid_parse(descriptor, specimen->bytes, specimen->len);
	bool has_application = hid_has_application(descriptor);
	const char *reason;

	if (ret == 0 && (has_application || descriptor->fields > 0))
		return 0;
	if (ret == -EPROTO && has_application && descriptor->fields > 0) {
		listener->note(
			listener->arg,
			"it breaks off inside an item or a collection, or asks for the impossible; what comes before is used");
		return 0;
	}
	if (ret == -E2BIG)
		reason = "it is longer than any";
	else if (ret < 0)
		reason =
			"it breaks off inside an item or a collection, or asks for the impossible";
	else
		reason = "nothing in it is an application collection";
	(void)snprintf(why, UPS_SENTENCE_MAX,
		       "this is no sound report descriptor: %s", reason);
	return -EPROTO;
}

int hid_decode_fields(const struct hid_specimen *specimen,
		      const struct hid_listener *listener,
		      char why[UPS_SENTENCE_MAX])
{
	struct hid_descriptor descriptor;
	char lost[UPS_SENTENCE_MAX];
	int ret = hid_decode_parse(specimen, &descriptor, listener, why);

	if (ret < 0)
		return ret;
	for (int i = 0; i < descriptor.fields; i++)
		hid_decode_field(&descriptor, &descriptor.field[i], listener);
	hid_decode_reports(&descriptor, listener);
	if (descriptor.fields_lost) {
		(void)snprintf(lost, sizeof(lost),
			       "%u fields more found no room",
			       descriptor.fields_lost);
		listener->note(listener->arg, lost);
	}
	return 0;
}

static int hid_decode_fail(int error, enum ups_command wanted,
			   char why[UPS_SENTENCE_MAX])
{
	switch (error) {
	case -ENODEV:
		(void)snprintf(
			why, UPS_SENTENCE_MAX,
			"this unit cannot be told to switch off: it is no HID power device");
		return error;
	case -EOPNOTSUPP:
		(void)snprintf(
			why, UPS_SENTENCE_MAX,
			"this unit cannot be told to switch off: it offers nothing that is known to work for \"%s\"",
			ups_command_name(wanted));
		return error;
	default:
		(void)snprintf(
			why, UPS_SENTENCE_MAX,
			"this unit cannot be told to switch off: what its descriptor offers for \"%s\" cannot be written",
			ups_command_name(wanted));
		return -EOPNOTSUPP;
	}
}

static void hid_decode_tell(const struct hid_listener *listener,
			    const struct ups_cut *cut)
{
	char sentence[UPS_SENTENCE_MAX];

	if (cut->given == cut->wanted)
		return;
	(void)snprintf(sentence, sizeof(sentence),
		       "this unit does not offer \"%s\"; it will do \"%s\" (%s)",
		       ups_command_name(cut->wanted),
		       ups_command_name(cut->given), cut->how);
	listener->note(listener->arg, sentence);
}

int hid_decode_cut(const struct hid_specimen *specimen, enum ups_command wanted,
		   const struct hid_listener *listener,
		   char why[UPS_SENTENCE_MAX])
{
	static const char section[] = "[unit]\n";
	const struct hid_identity identity = {
		.vendor_id = specimen->vendor_id,
		.product_id = specimen->product_id,
		.vendor = "",
		.product = "",
	};
	struct ups_cut cut = { .wanted = wanted };
	struct conf conf;
	struct ups ups = {
		.conf = &conf,
		.section = 1,
		.name = "unit",
		.note = listener->note,
		.note_arg = listener->arg,
	};
	struct hid_unit unit;
	struct hid_dry dry;
	deadline_t until = deadline_in_ms(CUT_WITHIN_MS);
	int ret = hid_decode_parse(specimen, &unit.descriptor, listener, why);

	if (ret < 0)
		return ret;
	(void)conf_parse(&conf, "", section, sizeof(section) - 1, NULL);
	hid_dry_start(&dry, specimen, wanted, listener);
	ret = hid_attach(&unit, &ups, &dry.link, &identity, until);
	if (ret == 0)
		ret = hid_ladder_cut(&unit, &cut, until);
	if (ret < 0)
		return hid_decode_fail(ret, wanted, why);
	hid_decode_tell(listener, &cut);
	return 0;
}
