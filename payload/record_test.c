// SPDX-License-Identifier: MIT
/* What a record says comes back, and nothing else is taken for one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "efivar.h"
#include "record.h"

#define BOOT "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0\n"

static struct record sample(void)
{
	struct record record = {
		.verb = VERB_REBOOT,
		.storage = STORAGE_READ_ONLY,
		.is_over = true,
		.safe_ms = 267,
		.ended_ms = 416000,
		.is_drill = true,
		.is_still_on = true,
		.stage_ms = { 8, 38, 40, 60000, 0, 65535 },
		.upses = 2,
		.failed = 1,
		.ups = { { "rack1", RECORD_CONFIRMED, UPS_RETURN, 20, 30 },
			 { "a-very-long-", RECORD_FAILED, UPS_RETURN,
			   UPS_UNKNOWN_S, UPS_UNKNOWN_S } },
	};

	assert_true(record_parse_boot(BOOT, record.boot));
	return record;
}

static void what_is_packed_comes_back(void **state)
{
	struct record record = sample(), again;
	uint8_t bytes[RECORD_BYTES_MAX];

	(void)state;
	assert_int_equal(
		record_unpack(&again, bytes, record_pack(&record, bytes)), 0);
	assert_memory_equal(&again, &record, sizeof(record));
	assert_int_equal(again.boot[0], 0x0f);
	assert_int_equal(again.boot[15], 0xf0);
}

static void more_upses_than_places_are_counted(void **state)
{
	struct record record = sample(), again;
	uint8_t bytes[RECORD_BYTES_MAX];

	(void)state;
	record.upses = HANDOVER_UPS_MAX;
	record.failed = HANDOVER_UPS_MAX;
	for (int i = 0; i < RECORD_UPS_MAX; i++)
		record.ups[i] = record.ups[0];
	assert_int_equal(
		record_unpack(&again, bytes, record_pack(&record, bytes)), 0);
	assert_int_equal(again.upses, HANDOVER_UPS_MAX);
	assert_string_equal(again.ups[RECORD_UPS_MAX - 1].name, "rack1");
}

static void a_long_delay_is_not_taken_for_none(void **state)
{
	struct record record = sample(), again;
	uint8_t bytes[RECORD_BYTES_MAX];

	(void)state;
	record.ups[0].off_after_s = 1000000;
	(void)record_unpack(&again, bytes, record_pack(&record, bytes));
	assert_int_equal(again.ups[0].off_after_s, 0xfffe);
}

/* Firmware that lost power, and whoever else writes such a variable. */
static void every_changed_byte_is_seen(void **state)
{
	struct record record = sample(), again;
	uint8_t bytes[RECORD_BYTES_MAX], changed[RECORD_BYTES_MAX];
	size_t len = record_pack(&record, bytes);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			memcpy(changed, bytes, sizeof(changed));
			changed[i] ^= (uint8_t)(1 << bit);
			assert_int_equal(record_unpack(&again, changed, len),
					 -EBADMSG);
		}
		assert_int_equal(record_unpack(&again, bytes, i), -EBADMSG);
	}
	assert_int_equal(record_unpack(&again, bytes, len + 1), -EBADMSG);
}

static void a_boot_id_is_32_digits(void **state)
{
	static const char *const bad[] = {
		"",
		"0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f",
		"0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f00",
		"0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1fx",
	};
	uint8_t boot[RECORD_BOOT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(record_parse_boot(bad[i], boot));
}

static void a_variable_is_written_once(void **state)
{
	char dir[] = "/tmp/lastwatt-efivar-XXXXXX", path[256], value[8];
	struct stat first, second;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/Some-1", dir);
	assert_int_equal(efivar_read(dir, "Some-1", value, sizeof(value)),
			 -ENOENT);
	assert_int_equal(efivar_write(dir, "Some-1", "value", 5), 0);
	assert_int_equal(efivar_read(dir, "Some-1", value, sizeof(value)), 5);
	assert_memory_equal(value, "value", 5);
	assert_int_equal(efivar_read(dir, "Some-1", value, 4), -EMSGSIZE);

	assert_int_equal(stat(path, &first), 0);
	assert_int_equal(first.st_size, 9); /* the attributes before it */
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(efivar_write(dir, "Some-1", "value", 5), 0);
	assert_int_equal(stat(path, &second), 0);
	assert_int_equal(first.st_mtim.tv_nsec, second.st_mtim.tv_nsec);

	assert_int_equal(efivar_write(dir, "Some-1", "other", 5), 0);
	assert_int_equal(efivar_read(dir, "Some-1", value, sizeof(value)), 5);
	assert_memory_equal(value, "other", 5);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void without_uefi_there_is_no_variable(void **state)
{
	(void)state;
	assert_int_equal(efivar_mount("/nowhere/efivars"), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_back),
		cmocka_unit_test(more_upses_than_places_are_counted),
		cmocka_unit_test(a_long_delay_is_not_taken_for_none),
		cmocka_unit_test(every_changed_byte_is_seen),
		cmocka_unit_test(a_boot_id_is_32_digits),
		cmocka_unit_test(a_variable_is_written_once),
		cmocka_unit_test(without_uefi_there_is_no_variable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
