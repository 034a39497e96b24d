// SPDX-License-Identifier: MIT
/* The parser, against every descriptor of testdata/ and against bad ones. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/testdata.h"
#include "hid/usages.h"

#define NAMES_MAX 64
#define ROW_MAX   1024

static struct hid_descriptor descriptor;

static const char *const type_names[] = { "Input", "Output", "Feature" };

static void print_limit(char *text, size_t size, bool stated, int64_t limit)
{
	if (stated)
		snprintf(text, size, "%lld", (long long)limit);
	else
		snprintf(text, size, "-");
}

/** A field as a row of an .expected file, without its last column. */
static void print_field(const struct hid_field *field, char row[ROW_MAX])
{
	char numbers[256] = "", words[512], min[24], max[24];
	uint32_t path[HID_PATH_MAX];
	size_t nodes = hid_path(&descriptor, field, path);

	for (size_t i = 0; i < nodes; i++)
		snprintf(numbers + strlen(numbers),
			 sizeof(numbers) - strlen(numbers), "%s%08x",
			 i > 0 ? "." : "", path[i]);
	assert_true(hid_path_name(path, nodes, words, sizeof(words)) <
		    sizeof(words));
	print_limit(min, sizeof(min), field->physical_min_stated,
		    field->physical_min);
	print_limit(max, sizeof(max), field->physical_max_stated,
		    field->physical_max);
	snprintf(row, ROW_MAX,
		 "field\t%s\t0x%02x\t%u\t%u\t%u\t%lld\t%lld\t%s\t%s\t0x%08x\t%d\t0x%02x\t%s\t%s\t%s\t",
		 type_names[field->type], field->report_id, field->bit_offset,
		 field->bit_size, field->count, (long long)field->logical_min,
		 (long long)field->logical_max, min, max, field->unit,
		 field->exponent, field->flags,
		 field->logical_repaired ? "lmax-unsigned" : "-", numbers,
		 words);
}

static void check_report(const char *row)
{
	char type[16];
	unsigned int id, len;

	assert_int_equal(sscanf(row, "report\t%15s\t%x\t%u", type, &id, &len),
			 3);
	for (int i = 0; i < REPORT_TYPES; i++) {
		if (strcmp(type, type_names[i]) == 0)
			assert_int_equal(
				hid_report_len(&descriptor, i, (uint8_t)id) -
					(id == 0),
				len);
	}
}

static size_t parse_file(const char *name)
{
	uint8_t bytes[HID_DESCRIPTOR_MAX];
	size_t len = testdata_hex(name, bytes, sizeof(bytes));

	assert_int_equal(hid_parse(&descriptor, bytes, len), 0);
	return len;
}

static void compare_with_expected(const char *name)
{
	char path[128], line[ROW_MAX], row[ROW_MAX];
	int fields = 0, reports = 0, expected = 0;
	FILE *file;

	parse_file(name);
	snprintf(path, sizeof(path), TESTDATA_DIR "%s.expected", name);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, "report\t", 7) == 0) {
			check_report(line);
			expected++;
		} else if (strncmp(line, "field\t", 6) == 0) {
			assert_true(fields < descriptor.fields);
			print_field(&descriptor.field[fields++], row);
			*(strrchr(line, '\t') + 1) = '\0';
			assert_string_equal(row, line);
		}
	}
	fclose(file);
	assert_int_equal(descriptor.fields, fields);
	for (int type = 0; type < REPORT_TYPES; type++) {
		for (int id = 0; id < 256; id++)
			reports += descriptor.report_bits[type][id] > 0;
	}
	assert_int_equal(reports, expected);
}

static void reads_all_real_descriptors(void **state)
{
	char names[NAMES_MAX][64];
	size_t count = testdata_names(names, NAMES_MAX);

	(void)state;
	assert_true(count >= 22);
	for (size_t i = 0; i < count; i++)
		compare_with_expected(names[i]);
}

static void knows_power_devices(void **state)
{
	(void)state;
	parse_file("eaton-3s-700-0463-ffff");
	assert_true(hid_is_power_device(&descriptor));
	parse_file("mec0003-0001-0000");
	assert_true(hid_is_power_device(&descriptor));
	parse_file("megatec-prolink-vendorpage-0665-5161");
	assert_false(hid_is_power_device(&descriptor));
}

static void survives_every_prefix(void **state)
{
	static const char *const names[] = { "eaton-3s-700-0463-ffff",
					     "mec0003-0001-0000" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		uint8_t bytes[HID_DESCRIPTOR_MAX];
		size_t len = testdata_hex(names[i], bytes, sizeof(bytes));

		for (size_t cut = 0; cut < len; cut++) {
			uint8_t *exact = malloc(cut + 1);
			int ret;

			memcpy(exact, bytes, cut);
			ret = hid_parse(&descriptor, exact, cut);
			assert_true(ret == 0 || ret == -EPROTO);
			free(exact);
		}
	}
}

static void survives_changed_bytes(void **state)
{
	uint8_t bytes[HID_DESCRIPTOR_MAX];
	size_t len =
		testdata_hex("eaton-3s-700-0463-ffff", bytes, sizeof(bytes));

	(void)state;
	srand(1);
	for (int round = 0; round < 5000; round++) {
		uint8_t changed[HID_DESCRIPTOR_MAX];
		uint32_t path[HID_PATH_MAX];

		memcpy(changed, bytes, len);
		for (int i = 0; i < 1 + round % 8; i++)
			changed[(size_t)rand() % len] = (uint8_t)rand();
		(void)hid_parse(&descriptor, changed, len);
		for (int i = 0; i < descriptor.fields; i++)
			assert_true(hid_path(&descriptor, &descriptor.field[i],
					     path) <= HID_PATH_MAX);
	}
}

/* clang-format off */
#define HEADER 0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x75, 0x08
/* clang-format on */

static void bounds_what_is_stated(void **state)
{
	/* 65535 elements of 65535 bits */
	static const uint8_t huge[] = { HEADER, 0x76, 0xff, 0xff, 0x96, 0xff,
					0xff,   0x09, 0x57, 0xb1, 0x02 };
	/* usages 1 to 0xffff, for 2000 elements of 8 bits */
	static const uint8_t range[] = { HEADER, 0x96, 0xd0, 0x07, 0x19, 0x01,
					 0x2a,   0xff, 0xff, 0xb1, 0x02, 0xc0 };
	static const uint8_t bad_id[] = { HEADER, 0x86, 0x00, 0x01 };
	static const uint8_t closed_twice[] = { HEADER, 0xc0, 0xc0, 0xc0 };
	static const uint8_t popped[] = { HEADER, 0xb4, 0x95, 0x01, 0x09,
					  0x57,   0xb1, 0x02, 0xc0 };
	static const uint8_t long_item[] = { 0xfe, 0x02,   0x00, 0xff,
					     0xff, HEADER, 0xc0 };
	static const uint8_t long_cut[] = { HEADER, 0xfe, 0x03, 0x00, 0xff };
	static const uint8_t empty_range[] = { HEADER, 0x95, 0x02, 0x19, 0x58,
					       0x29,   0x57, 0xb1, 0x02, 0xc0 };
	uint8_t deep[3 * HID_COLLECTIONS_MAX];

	(void)state;
	assert_int_equal(hid_parse(&descriptor, huge, sizeof(huge)), -EPROTO);
	assert_int_equal(descriptor.fields, 0);
	assert_int_equal(hid_parse(&descriptor, range, sizeof(range)), 0);
	assert_int_equal(descriptor.fields, HID_FIELDS_MAX);
	assert_int_equal(descriptor.fields_lost, 2000 - HID_FIELDS_MAX);
	assert_int_equal(hid_report_len(&descriptor, REPORT_FEATURE, 0), 2001);
	assert_int_equal(hid_parse(&descriptor, bad_id, sizeof(bad_id)),
			 -EPROTO);
	assert_int_equal(
		hid_parse(&descriptor, closed_twice, sizeof(closed_twice)), 0);
	assert_int_equal(hid_parse(&descriptor, popped, sizeof(popped)), 0);
	assert_int_equal(descriptor.fields, 1);
	assert_int_equal(hid_parse(&descriptor, long_item, sizeof(long_item)),
			 0);
	assert_true(hid_is_power_device(&descriptor));
	assert_int_equal(hid_parse(&descriptor, long_item, sizeof(long_item) - 1),
			 -EPROTO);
	assert_true(hid_is_power_device(&descriptor));
	assert_int_equal(hid_parse(&descriptor, long_cut, sizeof(long_cut)),
			 -EPROTO);
	assert_int_equal(
		hid_parse(&descriptor, empty_range, sizeof(empty_range)), 0);
	assert_int_equal(descriptor.fields, 0);

	memset(deep, 0xa0, sizeof(deep));
	assert_int_equal(hid_parse(&descriptor, deep, sizeof(deep)), -EPROTO);
	assert_int_equal(descriptor.collections, HID_DEPTH_MAX);
	memset(deep, 0xa4, sizeof(deep));
	assert_int_equal(hid_parse(&descriptor, deep, sizeof(deep)), -EPROTO);
	for (size_t i = 0; i + 1 < sizeof(deep); i += 2) {
		deep[i] = 0xa0;
		deep[i + 1] = 0xc0;
	}
	assert_int_equal(hid_parse(&descriptor, deep, sizeof(deep)), -EPROTO);
	assert_int_equal(descriptor.collections, HID_COLLECTIONS_MAX);
	assert_int_equal(hid_parse(&descriptor, deep, HID_DESCRIPTOR_MAX + 1),
			 -E2BIG);
}

/** A page of 255 usages in each kind of report, and then what matters. */
static void has_room_for_ranges(void **state)
{
	static const uint8_t bytes[] = {
		0x05, 0x86, 0x09, 0x04, 0xa1, 0x01, 0x75, 0x08, 0x96, 0xff,
		0x00, 0x85, 0x06, 0x19, 0x01, 0x2a, 0xff, 0x00, 0xb1, 0x03,
		0x19, 0x01, 0x2a, 0xff, 0x00, 0x81, 0x03, 0x19, 0x01, 0x2a,
		0xff, 0x00, 0x91, 0x03, 0xc0, 0x05, 0x84, 0x09, 0x04, 0xa1,
		0x01, 0x85, 0x07, 0x95, 0x01, 0x09, 0x57, 0xb1, 0x02, 0xc0,
	};

	(void)state;
	assert_int_equal(hid_parse(&descriptor, bytes, sizeof(bytes)), 0);
	assert_int_equal(descriptor.fields, 3 * 255 + 1);
	assert_int_equal(descriptor.field[3 * 255].usage, 0x00840057);
}

static void takes_the_first_of_synonyms(void **state)
{
	static const uint8_t bytes[] = { HEADER, 0x95, 0x02, 0xa9, 0x01, 0x09,
					 0x57,   0x09, 0x56, 0xa9, 0x00, 0x09,
					 0x55,   0xb1, 0x02, 0xc0 };

	(void)state;
	assert_int_equal(hid_parse(&descriptor, bytes, sizeof(bytes)), 0);
	assert_int_equal(descriptor.fields, 2);
	assert_int_equal(descriptor.field[0].usage, 0x00840057);
	assert_int_equal(descriptor.field[1].usage, 0x00840055);
	assert_int_equal(descriptor.field[1].bit_offset, 8);
}

static void pushes_and_pops_globals(void **state)
{
	static const uint8_t bytes[] = {
		HEADER, 0x95, 0x01, 0x85, 0x07, 0xa4, /* push */
		0x05,   0x85, 0x75, 0x10, 0x85, 0x08,
		0x09,   0x42, 0xb1, 0x02, 0xb4, /* pop */
		0x09,   0x57, 0xb1, 0x02, 0xc0,
	};

	(void)state;
	assert_int_equal(hid_parse(&descriptor, bytes, sizeof(bytes)), 0);
	assert_int_equal(descriptor.fields, 2);
	assert_int_equal(descriptor.field[0].usage, 0x00850042);
	assert_int_equal(descriptor.field[0].bit_size, 16);
	assert_int_equal(descriptor.field[0].report_id, 8);
	assert_int_equal(descriptor.field[1].usage, 0x00840057);
	assert_int_equal(descriptor.field[1].bit_size, 8);
	assert_int_equal(descriptor.field[1].report_id, 7);
}

/** A delay in tens of them: SI and English, of lengths and of angles. */
static void knows_the_second_of_each_system(void **state)
{
	uint8_t bytes[] = {
		0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x75, 0x10, 0x95,
		0x01, 0x66, 0x00, 0x10, 0x55, 0x01, 0x15, 0xff, 0x26,
		0xff, 0x7f, 0x85, 0x01, 0x09, 0x57, 0xb1, 0x02, 0xc0,
	};

	(void)state;
	for (uint8_t system = 1; system <= 4; system++) {
		bytes[11] = system;
		assert_int_equal(hid_parse(&descriptor, bytes, sizeof(bytes)),
				 0);
		assert_int_equal(hid_raw_to_seconds(descriptor.field, 2), 20);
		assert_int_equal(hid_seconds_to_raw(descriptor.field, 21), 3);
	}
	bytes[12] = 0xe0; /* a unit left over: neither counts its exponent */
	assert_int_equal(hid_parse(&descriptor, bytes, sizeof(bytes)), 0);
	assert_int_equal(hid_raw_to_seconds(descriptor.field, 2), 2);
}

static void repairs_a_maximum_that_came_first(void **state)
{
	/* "26 FF FF 16 00 00": PowerWalker VI R1U */
	static const uint8_t bytes[] = { HEADER, 0x95, 0x01, 0x26, 0xff,
					 0xff,   0x16, 0x00, 0x00, 0x09,
					 0x57,   0xb1, 0x02, 0xc0 };

	(void)state;
	assert_int_equal(hid_parse(&descriptor, bytes, sizeof(bytes)), 0);
	assert_int_equal(descriptor.field[0].logical_max, 65535);
	assert_true(descriptor.field[0].logical_repaired);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all_real_descriptors),
		cmocka_unit_test(knows_power_devices),
		cmocka_unit_test(survives_every_prefix),
		cmocka_unit_test(survives_changed_bytes),
		cmocka_unit_test(bounds_what_is_stated),
		cmocka_unit_test(has_room_for_ranges),
		cmocka_unit_test(takes_the_first_of_synonyms),
		cmocka_unit_test(pushes_and_pops_globals),
		cmocka_unit_test(knows_the_second_of_each_system),
		cmocka_unit_test(repairs_a_maximum_that_came_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
