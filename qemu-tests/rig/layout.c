/* SPDX-License-Identifier: MIT */
/* A reader for HID report descriptors (HID 1.11, 6.2.2). */
#include "layout.h"

#include <string.h>

#define USAGES_MAX 256

/* Prefix bytes without their size bits. */
enum item {
	ITEM_INPUT = 0x80,
	ITEM_OUTPUT = 0x90,
	ITEM_FEATURE = 0xb0,
	ITEM_COLLECTION = 0xa0,
	ITEM_END = 0xc0,
	ITEM_PAGE = 0x04,
	ITEM_LOGICAL_MIN = 0x14,
	ITEM_LOGICAL_MAX = 0x24,
	ITEM_PHYSICAL_MIN = 0x34,
	ITEM_PHYSICAL_MAX = 0x44,
	ITEM_EXPONENT = 0x54,
	ITEM_SIZE = 0x74,
	ITEM_ID = 0x84,
	ITEM_COUNT = 0x94,
	ITEM_PUSH = 0xa4,
	ITEM_POP = 0xb4,
	ITEM_USAGE = 0x08,
	ITEM_USAGE_MIN = 0x18,
	ITEM_USAGE_MAX = 0x28,
};

struct globals {
	uint32_t page;
	int32_t logical_min, logical_max, physical_min, physical_max;
	uint32_t logical_max_unsigned;
	int exponent;
	unsigned size, count;
	uint8_t report;
};

struct reader {
	struct layout *layout;
	struct globals now, kept[4];
	int pushed;
	uint32_t usage[USAGES_MAX], usage_min;
	int usages;
	uint32_t path[LAYOUT_DEPTH_MAX];
	int nodes[LAYOUT_DEPTH_MAX]; /* path nodes each collection added */
	int collections, depth;
};

static void reader_add_usage(struct reader *reader, uint32_t usage)
{
	if (reader->usages < USAGES_MAX)
		reader->usage[reader->usages++] = usage;
}

static bool reader_add_fields(struct reader *reader, enum report_type type)
{
	struct layout *layout = reader->layout;
	const struct globals *now = &reader->now;
	unsigned *bits = &layout->bits[type][now->report];
	struct field *field;
	unsigned i;

	if (now->size > 64 || now->count > 4096 ||
	    *bits + now->size * now->count > 8 * 512)
		return false;
	for (i = 0; i < now->count && reader->usages; i++) {
		if (layout->fields == LAYOUT_FIELDS_MAX)
			return false;
		field = &layout->field[layout->fields++];
		field->type = type;
		field->report = now->report;
		field->bit = *bits + i * now->size;
		field->bits = now->size;
		field->logical_min = now->logical_min;
		field->logical_max = now->logical_max;
		/* "25 FF" meant as 255 is the commonest mistake there is. */
		if (now->logical_max < now->logical_min)
			field->logical_max = now->logical_max_unsigned;
		field->physical_min = now->physical_min;
		field->physical_max = now->physical_max;
		field->exponent = now->exponent;
		field->usage =
			reader->usage[i < (unsigned)reader->usages
					      ? i
					      : (unsigned)reader->usages - 1];
		memcpy(field->path, reader->path, sizeof(field->path));
		field->depth = reader->depth;
	}
	*bits += now->size * now->count;
	return true;
}

static bool reader_enter(struct reader *reader, uint8_t kind)
{
	int nodes = 0;

	if (reader->collections == LAYOUT_DEPTH_MAX ||
	    reader->depth + 2 > LAYOUT_DEPTH_MAX)
		return false;
	/* A collection without a usage counts as one of usage 0. */
	reader->path[reader->depth++] = reader->usages ? reader->usage[0] : 0;
	nodes++;
	if (kind & 0x80) {
		reader->path[reader->depth++] = 0x00ff0000u | (kind & 0x7f);
		nodes++;
	}
	reader->nodes[reader->collections++] = nodes;
	return true;
}

static bool reader_leave(struct reader *reader)
{
	if (!reader->collections)
		return false;
	reader->depth -= reader->nodes[--reader->collections];
	return true;
}

static bool reader_take_main(struct reader *reader, uint8_t item, uint32_t value)
{
	bool good = true;

	if (item == ITEM_COLLECTION)
		good = reader_enter(reader, (uint8_t)value);
	else if (item == ITEM_END)
		good = reader_leave(reader);
	else if (item == ITEM_INPUT)
		good = reader_add_fields(reader, REPORT_INPUT);
	else if (item == ITEM_OUTPUT)
		good = reader_add_fields(reader, REPORT_OUTPUT);
	else if (item == ITEM_FEATURE)
		good = reader_add_fields(reader, REPORT_FEATURE);
	reader->usages = 0;
	return good;
}

static void reader_take_local(struct reader *reader, uint8_t item,
			      uint32_t value, int size)
{
	uint32_t usage = size == 4 ? value : reader->now.page << 16 | value;

	if (item == ITEM_USAGE)
		reader_add_usage(reader, usage);
	else if (item == ITEM_USAGE_MIN)
		reader->usage_min = usage;
	else if (item == ITEM_USAGE_MAX)
		for (; reader->usage_min <= usage && reader->usages < USAGES_MAX;
		     reader->usage_min++)
			reader_add_usage(reader, reader->usage_min);
}

static bool reader_take_global(struct reader *reader, uint8_t item,
			       uint32_t value, int32_t number)
{
	struct globals *now = &reader->now;

	switch (item) {
	case ITEM_PAGE:
		now->page = value;
		break;
	case ITEM_LOGICAL_MIN:
		now->logical_min = number;
		break;
	case ITEM_LOGICAL_MAX:
		now->logical_max = number;
		now->logical_max_unsigned = value;
		break;
	case ITEM_PHYSICAL_MIN:
		now->physical_min = number;
		break;
	case ITEM_PHYSICAL_MAX:
		now->physical_max = number;
		break;
	case ITEM_EXPONENT:
		now->exponent = (int)(value & 0x0f);
		now->exponent -= now->exponent > 7 ? 16 : 0;
		break;
	case ITEM_SIZE:
		now->size = value;
		break;
	case ITEM_COUNT:
		now->count = value;
		break;
	case ITEM_ID:
		reader->layout->ids = true;
		now->report = (uint8_t)value;
		break;
	case ITEM_PUSH:
		if (reader->pushed == 4)
			return false;
		reader->kept[reader->pushed++] = *now;
		break;
	case ITEM_POP:
		if (!reader->pushed)
			return false;
		*now = reader->kept[--reader->pushed];
		break;
	default:
		break;
	}
	return true;
}

bool layout_read(struct layout *layout, const uint8_t *bytes, size_t len)
{
	struct reader reader = { .layout = layout };
	size_t at = 0;

	memset(layout, 0, sizeof(*layout));
	while (at < len) {
		uint8_t item = bytes[at] & 0xfc;
		int size = (bytes[at] & 3) == 3 ? 4 : bytes[at] & 3;
		uint32_t value = 0;
		int32_t number;
		bool good = true;
		int i;

		if (bytes[at] == 0xfe) { /* a long item: skip it */
			if (at + 3 > len)
				return false;
			at += 3u + bytes[at + 1];
			continue;
		}
		at++;
		if (at + (size_t)size > len)
			return false;
		for (i = 0; i < size; i++)
			value |= (uint32_t)bytes[at + (size_t)i] << (8 * i);
		at += (size_t)size;
		number = size == 1   ? (int8_t)value
			 : size == 2 ? (int16_t)value
				     : (int32_t)value;
		if ((item & 0x0c) == 0)
			good = reader_take_main(&reader, item, value);
		else if ((item & 0x0c) == 0x04)
			good = reader_take_global(&reader, item, value, number);
		else
			reader_take_local(&reader, item, value, size);
		if (!good)
			return false;
	}
	return !reader.collections;
}

int64_t field_get(const struct field *field, const uint8_t *data, size_t len)
{
	uint64_t raw = 0;
	unsigned i, bit;

	for (i = 0; i < field->bits; i++) {
		bit = field->bit + i;
		if (bit / 8 < len && data[bit / 8] >> (bit % 8) & 1)
			raw |= 1ull << i;
	}
	if (field->logical_min < 0 && field->bits && raw >> (field->bits - 1) & 1)
		return (int64_t)(raw | ~0ull << (field->bits - 1));
	return (int64_t)raw;
}

void field_put(const struct field *field, uint8_t *data, size_t len, int64_t raw)
{
	unsigned i, bit;

	for (i = 0; i < field->bits; i++) {
		bit = field->bit + i;
		if (bit / 8 >= len)
			return;
		data[bit / 8] &= (uint8_t) ~(1u << (bit % 8));
		data[bit / 8] |=
			(uint8_t)(((uint64_t)raw >> i & 1) << (bit % 8));
	}
}
