/* SPDX-License-Identifier: MIT */
/*
 * Where the fields of a HID report descriptor lie. The rig has its own reader,
 * written apart from the one in drivers/hid, so that a mistake in one of them
 * shows.
 */
#ifndef RIG_LAYOUT_H
#define RIG_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAYOUT_FIELDS_MAX 1024
#define LAYOUT_DEPTH_MAX  10
#define LAYOUT_BYTES_MAX  4096

/* As in the upper byte of wValue. */
enum report_type {
	REPORT_INPUT = 1,
	REPORT_OUTPUT = 2,
	REPORT_FEATURE = 3,
};

struct field {
	enum report_type type;
	uint8_t report;
	unsigned bit, bits; /* after the ID byte */
	int64_t logical_min, logical_max;
	int32_t physical_min, physical_max;
	int exponent;
	uint32_t usage; /* page in the upper half */
	/* The collections around it; 0x00ff00nn is the vendor type 0x80+nn. */
	uint32_t path[LAYOUT_DEPTH_MAX];
	int depth;
};

struct layout {
	bool ids; /* reports begin with their number */
	int fields;
	struct field field[LAYOUT_FIELDS_MAX];
	unsigned bits[4][256]; /* length by type and report */
};

/** Read a descriptor. Returns false when it is not sound. */
bool layout_read(struct layout *layout, const uint8_t *bytes, size_t len);

/** The raw value of a field in @data, the bytes after the ID. Sign extended. */
int64_t field_get(const struct field *field, const uint8_t *data, size_t len);
void field_put(const struct field *field, uint8_t *data, size_t len,
	       int64_t raw);

#endif
