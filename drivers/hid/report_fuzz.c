// SPDX-License-Identifier: MIT
/*
 * Fuzzes the way between bits, raw numbers and seconds: the last bytes are a
 * report, the others the descriptor that says what is in it.
 */
#include <assert.h>
#include <string.h>

#include "hid/field.h"

#define TAIL_LEN 256

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/** What is put in is what comes out, and no other bit changes. */
static void check_put(const struct hid_field *field, const uint8_t *report,
		      size_t len, int64_t raw)
{
	uint8_t copy[TAIL_LEN];
	int64_t again;

	memcpy(copy, report, len);
	assert(hid_field_put(field, copy, len, raw) == 0);
	assert(memcmp(copy, report, len) == 0);
	assert(hid_field_put(field, copy, len, -1) == 0);
	assert(hid_field_get(field, copy, len, &again) == 0);
	assert(field->bit_size == 1 || hid_field_is_none(field, again));
	assert(hid_field_put(field, copy, len, raw) == 0);
	assert(memcmp(copy, report, len) == 0);
}

static void check_seconds(const struct hid_field *field, int64_t raw)
{
	static const int64_t seconds[] = { 0, 1, 20, 61, 86400 };

	assert(hid_raw_to_seconds(field, raw) >= 0);
	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		int64_t number = hid_seconds_to_raw(field, seconds[i]);

		assert(number >= 0 && number <= hid_field_max(field));
		assert(!hid_field_is_none(field, number));
		assert(hid_raw_to_seconds(field, number) >= 0);
	}
}

static void check_field(const struct hid_field *field, const uint8_t *report,
			size_t len)
{
	int64_t raw;

	if (field->bit_size <= 32)
		check_seconds(field, 0);
	if (hid_field_get(field, report, len, &raw) < 0) {
		assert(field->bit_size > 32 || hid_field_end(field) > len);
		return;
	}
	assert(raw >= -(INT64_C(1) << 31) && raw < INT64_C(1) << 32);
	check_put(field, report, len, raw);
	check_seconds(field, raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct hid_descriptor descriptor;

	if (len <= TAIL_LEN)
		return -1;
	len -= TAIL_LEN;
	(void)hid_parse(&descriptor, bytes, len);
	for (int i = 0; i < descriptor.fields; i++) {
		/* Short and long answers are normal. */
		check_field(&descriptor.field[i], bytes + len,
			    i % 2 ? TAIL_LEN : (size_t)bytes[len]);
	}
	return 0;
}
