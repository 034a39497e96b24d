// SPDX-License-Identifier: MIT
/*
 * The report descriptor parser. What the standard leaves open or devices do
 * wrong is settled as for the field's devices, with the case named.
 */
#include "hid/descriptor.h"

#include <errno.h>
#include <string.h>

/* Items, HID 1.11, 6.2.2.4 and on: the prefix byte without its size. */
enum hid_item {
	ITEM_INPUT = 0x80,
	ITEM_OUTPUT = 0x90,
	ITEM_COLLECTION = 0xa0,
	ITEM_FEATURE = 0xb0,
	ITEM_END_COLLECTION = 0xc0,
	ITEM_USAGE_PAGE = 0x04,
	ITEM_LOGICAL_MIN = 0x14,
	ITEM_LOGICAL_MAX = 0x24,
	ITEM_PHYSICAL_MIN = 0x34,
	ITEM_PHYSICAL_MAX = 0x44,
	ITEM_EXPONENT = 0x54,
	ITEM_UNIT = 0x64,
	ITEM_REPORT_SIZE = 0x74,
	ITEM_REPORT_ID = 0x84,
	ITEM_REPORT_COUNT = 0x94,
	ITEM_PUSH = 0xa4,
	ITEM_POP = 0xb4,
	ITEM_USAGE = 0x08,
	ITEM_USAGE_MIN = 0x18,
	ITEM_USAGE_MAX = 0x28,
	ITEM_DELIMITER = 0xa8,
	ITEM_LONG = 0xfc, /* prefix 0xfe; its size bits mean nothing */
};

#define PUSHES_MAX    8
#define USAGES_MAX    128
#define ELEMENTS_MAX  0xffff
#define REPORT_ID_MAX 0xff

/** A limit as it was stated: which of the two is meant shows later. */
struct hid_limit {
	int64_t as_signed;
	int64_t as_unsigned;
	bool stated;
};

struct hid_globals {
	uint32_t usage_page;
	uint32_t unit;
	uint32_t report_size;
	uint32_t report_count;
	struct hid_limit logical_min;
	struct hid_limit logical_max;
	struct hid_limit physical_min;
	struct hid_limit physical_max;
	int8_t exponent;
	uint8_t report_id;
};

/** A run of usages; a single one is a run of length 1. */
struct hid_usages {
	uint32_t first;
	uint32_t last;
};

struct hid_parser {
	struct hid_descriptor *out;
	struct hid_globals globals;
	struct hid_globals pushed[PUSHES_MAX];
	struct hid_usages usages[USAGES_MAX];
	uint16_t open[HID_DEPTH_MAX]; /* collections, outermost first */
	uint32_t usage_min;
	int pushes;
	int runs; /* in usages */
	int depth;
	bool usage_min_stated;
	bool in_delimiter;
	bool delimiter_done; /* it has given its one usage */
};

struct hid_data {
	uint32_t value;
	int64_t as_signed;
	int size; /* bytes: 0, 1, 2 or 4 */
};

static uint16_t hid_innermost(const struct hid_parser *parser)
{
	return parser->depth > 0 ? parser->open[parser->depth - 1]
				 : HID_NO_COLLECTION;
}

static void hid_add_usages(struct hid_parser *parser, uint32_t first,
			   uint32_t last)
{
	/* Between delimiters stand synonyms. The first is the preferred. */
	if (parser->in_delimiter && parser->delimiter_done)
		return;
	parser->delimiter_done = parser->in_delimiter;
	if (parser->runs == USAGES_MAX || last < first)
		return;
	parser->usages[parser->runs++] = (struct hid_usages){ first, last };
}

/** A usage of four bytes brings its own page. */
static uint32_t hid_full_usage(const struct hid_parser *parser,
			       const struct hid_data *data)
{
	return data->size == 4 ? data->value
			       : parser->globals.usage_page << 16 | data->value;
}

static void hid_parse_local(struct hid_parser *parser, int item,
			    const struct hid_data *data)
{
	uint32_t usage = hid_full_usage(parser, data);

	switch (item) {
	case ITEM_USAGE:
		hid_add_usages(parser, usage, usage);
		break;
	case ITEM_USAGE_MIN:
		parser->usage_min = usage;
		parser->usage_min_stated = true;
		break;
	case ITEM_USAGE_MAX:
		if (parser->usage_min_stated)
			hid_add_usages(parser, parser->usage_min, usage);
		parser->usage_min_stated = false;
		break;
	case ITEM_DELIMITER:
		parser->in_delimiter = data->value != 0;
		parser->delimiter_done = false;
		break;
	}
}

static void hid_clear_locals(struct hid_parser *parser)
{
	parser->runs = 0;
	parser->usage_min_stated = false;
	parser->in_delimiter = false;
	parser->delimiter_done = false;
}

static struct hid_limit hid_limit(const struct hid_data *data)
{
	return (struct hid_limit){
		.as_signed = data->as_signed,
		.as_unsigned = data->value,
		.stated = true,
	};
}

static int hid_parse_global(struct hid_parser *parser, int item,
			    const struct hid_data *data)
{
	struct hid_globals *globals = &parser->globals;

	switch (item) {
	case ITEM_USAGE_PAGE:
		globals->usage_page = data->value & 0xffff;
		break;
	case ITEM_LOGICAL_MIN:
		globals->logical_min = hid_limit(data);
		break;
	case ITEM_LOGICAL_MAX:
		globals->logical_max = hid_limit(data);
		break;
	case ITEM_PHYSICAL_MIN:
		globals->physical_min = hid_limit(data);
		break;
	case ITEM_PHYSICAL_MAX:
		globals->physical_max = hid_limit(data);
		break;
	case ITEM_EXPONENT:
		/* Four bits, but some state a signed byte: the same number. */
		globals->exponent = (int8_t)((data->value & 0x0f) ^ 8) - 8;
		break;
	case ITEM_UNIT:
		globals->unit = data->value;
		break;
	case ITEM_REPORT_SIZE:
		globals->report_size = data->value;
		break;
	case ITEM_REPORT_COUNT:
		globals->report_count = data->value;
		break;
	case ITEM_REPORT_ID:
		if (data->value > REPORT_ID_MAX)
			return -EPROTO;
		globals->report_id = (uint8_t)data->value;
		parser->out->has_report_ids |= data->value != 0;
		break;
	case ITEM_PUSH:
		if (parser->pushes == PUSHES_MAX)
			return -EPROTO;
		parser->pushed[parser->pushes++] = *globals;
		break;
	case ITEM_POP:
		if (parser->pushes > 0)
			*globals = parser->pushed[--parser->pushes];
		break;
	}
	return 0;
}

/**
 * "25 FF" is -1, but often meant as 255. That shows only when both limits are
 * known, and one unit states the maximum first: so not before the main item.
 */
static bool hid_settle_limits(const struct hid_limit *min,
			      const struct hid_limit *max, int64_t *min_out,
			      int64_t *max_out)
{
	bool repair = max->as_signed < min->as_signed;

	*min_out = min->as_signed;
	*max_out = repair ? max->as_unsigned : max->as_signed;
	return repair;
}

static void hid_add_field(struct hid_parser *parser, enum report_type type,
			  uint32_t usage, uint16_t count, uint32_t bit_offset,
			  uint32_t flags)
{
	const struct hid_globals *globals = &parser->globals;
	struct hid_descriptor *out = parser->out;
	struct hid_field *field;

	if (out->fields == HID_FIELDS_MAX) {
		out->fields_lost += out->fields_lost < UINT16_MAX;
		return;
	}
	field = &out->field[out->fields++];
	*field = (struct hid_field){
		.usage = usage,
		.bit_offset = bit_offset,
		.unit = globals->unit,
		.collection = hid_innermost(parser),
		.bit_size = (uint16_t)globals->report_size,
		.count = count,
		.flags = (uint16_t)flags,
		.type = (uint8_t)type,
		.report_id = globals->report_id,
		.exponent = globals->exponent,
		.physical_min_stated = globals->physical_min.stated,
		.physical_max_stated = globals->physical_max.stated,
	};
	field->logical_repaired =
		hid_settle_limits(&globals->logical_min, &globals->logical_max,
				  &field->logical_min, &field->logical_max);
	(void)hid_settle_limits(&globals->physical_min, &globals->physical_max,
				&field->physical_min, &field->physical_max);
}

/** Input, Output or Feature: N elements, named by the usages before it. */
static int hid_parse_fields(struct hid_parser *parser, enum report_type type,
			    uint32_t flags)
{
	const struct hid_globals *globals = &parser->globals;
	uint32_t *bits = &parser->out->report_bits[type][globals->report_id];
	uint32_t size = globals->report_size;
	uint32_t left = globals->report_count;
	uint32_t at = *bits;

	if (size > HID_REPORT_BITS_MAX || left > ELEMENTS_MAX ||
	    (uint64_t)size * left > HID_REPORT_BITS_MAX - at)
		return -EPROTO;
	*bits += size * left;
	if (size == 0 || size > UINT16_MAX)
		return 0;

	for (int i = 0; i < parser->runs && left > 0; i++) {
		const struct hid_usages *run = &parser->usages[i];

		for (uint64_t usage = run->first;
		     usage <= run->last && left > 0; usage++) {
			/* The last usage names all elements that are left. */
			bool last = i == parser->runs - 1 && usage == run->last;
			uint16_t count = last ? (uint16_t)left : 1;

			hid_add_field(parser, type, (uint32_t)usage, count, at,
				      flags);
			at += size * count;
			left -= count;
		}
	}
	return 0;
}

static int hid_open_collection(struct hid_parser *parser, uint32_t type)
{
	struct hid_descriptor *out = parser->out;

	if (parser->depth == HID_DEPTH_MAX ||
	    out->collections == HID_COLLECTIONS_MAX)
		return -EPROTO;
	out->collection[out->collections] = (struct hid_collection){
		.usage = parser->runs > 0 ? parser->usages[parser->runs - 1].last
					  : 0,
		.parent = hid_innermost(parser),
		.type = (uint8_t)type,
	};
	parser->open[parser->depth++] = out->collections++;
	return 0;
}

static int hid_parse_main(struct hid_parser *parser, int item,
			  const struct hid_data *data)
{
	int ret = 0;

	switch (item) {
	case ITEM_INPUT:
		ret = hid_parse_fields(parser, REPORT_INPUT, data->value);
		break;
	case ITEM_OUTPUT:
		ret = hid_parse_fields(parser, REPORT_OUTPUT, data->value);
		break;
	case ITEM_FEATURE:
		ret = hid_parse_fields(parser, REPORT_FEATURE, data->value);
		break;
	case ITEM_COLLECTION:
		ret = hid_open_collection(parser, data->value);
		break;
	case ITEM_END_COLLECTION:
		/* One too many costs the kernel the device, but not us. */
		if (parser->depth > 0)
			parser->depth--;
		break;
	}
	hid_clear_locals(parser);
	return ret;
}

static struct hid_data hid_take_data(const uint8_t *bytes, int size)
{
	struct hid_data data = { .size = size };
	uint32_t sign = size > 0 ? 1u << (8 * size - 1) : 0;

	for (int i = 0; i < size; i++)
		data.value |= (uint32_t)bytes[i] << (8 * i);
	data.as_signed = (int64_t)(data.value ^ sign) - (int64_t)sign;
	return data;
}

int hid_parse(struct hid_descriptor *descriptor, const uint8_t *bytes,
	      size_t len)
{
	struct hid_parser parser = { .out = descriptor };
	size_t at = 0;

	memset(descriptor, 0, sizeof(*descriptor));
	if (len > HID_DESCRIPTOR_MAX)
		return -E2BIG;

	while (at < len) {
		int prefix = bytes[at++];
		int item = prefix & 0xfc;
		int size = (prefix & 3) == 3 ? 4 : prefix & 3;
		struct hid_data data;
		int ret = 0;

		if (item == ITEM_LONG) {
			/* Its first data byte is its length; then the tag. */
			if (len - at < 2 || len - at - 2 < bytes[at])
				return -EPROTO;
			at += 2u + bytes[at];
			continue;
		}
		if (len - at < (size_t)size)
			return -EPROTO;
		data = hid_take_data(bytes + at, size);
		at += (size_t)size;

		switch (prefix & 0x0c) {
		case 0x00:
			ret = hid_parse_main(&parser, item, &data);
			break;
		case 0x04:
			ret = hid_parse_global(&parser, item, &data);
			break;
		case 0x08:
			hid_parse_local(&parser, item, &data);
			break;
		}
		if (ret < 0)
			return ret;
	}
	/* Bytes were lost when it ends inside a collection. */
	return parser.depth == 0 ? 0 : -EPROTO;
}
