/* SPDX-License-Identifier: MIT */
/*
 * HID report descriptors (HID 1.11, 6.2.2): from the bytes a device sent to a
 * flat list of fields. No allocation, no recursion, every count bounded.
 */
#ifndef HID_DESCRIPTOR_H
#define HID_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link/report.h"

/*
 * The largest seen has 2149 bytes, 465 fields and 6 levels (Legrand Keor DK).
 * 255 of these fields are a range of usages, before all that matters.
 */
#define HID_DESCRIPTOR_MAX  6144
#define HID_FIELDS_MAX      1024
#define HID_COLLECTIONS_MAX 256
#define HID_DEPTH_MAX       16
#define HID_REPORT_BITS_MAX 65536

#define HID_NO_COLLECTION 0xffff

#define HID_COLLECTION_APPLICATION 1
/* Vendor types: 0x80 + n is the number of an input, flow or outlet. */
#define HID_COLLECTION_NUMBERED    0x80

/** Usages are page << 16 | usage everywhere. */
struct hid_collection {
	uint32_t usage;
	uint16_t parent; /* index, or HID_NO_COLLECTION */
	uint8_t type;
};

struct hid_field {
	uint32_t usage;
	uint32_t bit_offset; /* 0 = first bit after the ID byte */
	uint32_t unit;
	uint16_t collection;   /* the innermost one */
	uint16_t bit_size;     /* of one element */
	uint16_t count;        /* elements that share the usage */
	uint16_t flags;        /* of the main item, HID 6.2.2.5 */
	uint8_t type;          /* enum report_type */
	uint8_t report_id;     /* 0: the device has no IDs */
	int8_t exponent;       /* of ten, for the unit */
	bool logical_repaired; /* maximum was meant as unsigned */
	bool physical_min_stated;
	bool physical_max_stated;
	int64_t logical_min;
	int64_t logical_max;
	int64_t physical_min;
	int64_t physical_max;
};

struct hid_descriptor {
	uint16_t fields;
	uint16_t fields_lost; /* that found no room in the list */
	uint16_t collections;
	bool has_report_ids;
	struct hid_field field[HID_FIELDS_MAX];
	struct hid_collection collection[HID_COLLECTIONS_MAX];
	/** Length of each report in bits, without ID; 0 = it has none. */
	uint32_t report_bits[REPORT_TYPES][256];
};

/**
 * Parse @len bytes. Returns 0; -E2BIG when there are too many bytes; -EPROTO
 * when the bytes end inside an item or a collection, or break a bound: what
 * came before that is in @descriptor and sound.
 */
int hid_parse(struct hid_descriptor *descriptor, const uint8_t *bytes,
	      size_t len);

#endif
