// SPDX-License-Identifier: MIT
/* Units that misbehave, each way with the outcome that is right for it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/bench.h"
#include "hid/ladder.h"
#include "hid/status.h"
#include "hid/testdata.h"

#define EATON      "eaton-3s-700-0463-ffff"
#define SMART_UPS  "apc-smartups-3000-051d-0003"
#define CYBERPOWER "cyberpower-ec850lcd-0764-0501"

static struct hid_bench bench;
static struct ups_cut cut;
static char transfers[2048];

static void open_unit(const char *name)
{
	assert_int_equal(hid_bench_open(&bench, name, ""), 0);
}

static void misbehave(enum hid_fake_way way, enum hid_fake_kind kind,
		      uint8_t report_id, int times)
{
	hid_fake_misbehave(&bench.fake, (struct hid_fake_quirk){
						way, kind, report_id, times });
}

static int give(enum ups_command wanted)
{
	return hid_bench_cut(&bench, wanted, &cut, transfers, sizeof(transfers));
}

static void stalled_startup_takes_the_next_rung(void **state)
{
	(void)state;
	open_unit(EATON);
	misbehave(HID_FAKE_STALL, HID_FAKE_SET, 0x0a, -1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(transfers, "set 0a 1e 00 00 00; set 0a 1e 00 00 00; "
				       "set 09 14 00 00 00; get 09; ");
	assert_string_equal(cut.how, "DelayBeforeShutdown alone, report 0x09");
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void sleeper_is_told_twice(void **state)
{
	(void)state;
	open_unit(EATON);
	misbehave(HID_FAKE_STALL, HID_FAKE_SET, 0x0a, 1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(transfers, "set 0a 1e 00 00 00; set 0a 1e 00 00 00; "
				       "set 09 14 00 00 00; get 09; ");
	assert_string_equal(cut.how, "PowerSummary delays, report 0x09");
}

static void stalled_shutdown_takes_another_report(void **state)
{
	(void)state;
	open_unit(SMART_UPS);
	misbehave(HID_FAKE_STALL, HID_FAKE_SET, 0x13, -1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(transfers, "set 13 3c 00 00 00; set 13 3c 00 00 00; "
				       "set 12 3c 00 00 00; get 12; ");
	assert_int_equal(cut.given, UPS_STAYOFF);
}

static void nothing_left_is_a_refusal(void **state)
{
	(void)state;
	open_unit(EATON);
	misbehave(HID_FAKE_STALL, HID_FAKE_SET, 0, -1);
	assert_int_equal(give(UPS_RETURN), -EPROTO);
}

static void ignored_write_is_only_sent(void **state)
{
	(void)state;
	open_unit(EATON);
	misbehave(HID_FAKE_IGNORE, HID_FAKE_SET, 0x09, -1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.given, UPS_RETURN);
}

static void ignored_write_takes_the_next_rung(void **state)
{
	(void)state;
	open_unit(SMART_UPS);
	misbehave(HID_FAKE_IGNORE, HID_FAKE_SET, 0x13, -1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_non_null(strstr(transfers, "set 12 3c 00 00 00; get 12; "));
}

static void status_bit_is_proof_when_it_changes(void **state)
{
	(void)state;
	open_unit(EATON);
	misbehave(HID_FAKE_IGNORE, HID_FAKE_SET, 0x09, -1);
	hid_fake_set(&bench.fake, HID_SHUTDOWN_IMMINENT, 1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);

	/* A battery that was low before has set it by itself. */
	hid_bench_start(&bench, "");
	hid_fake_load(&bench.fake, EATON);
	hid_fake_set(&bench.fake, HID_SHUTDOWN_IMMINENT, 1);
	misbehave(HID_FAKE_IGNORE, HID_FAKE_SET, 0x09, -1);
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 0xffff, ""), 0);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void passing_failures_are_retried(void **state)
{
	(void)state;
	open_unit(EATON);
	misbehave(HID_FAKE_TIMEOUT, HID_FAKE_SET, 0x0a, 1);
	misbehave(HID_FAKE_IO_ERROR, HID_FAKE_SET, 0x09, 2);
	misbehave(HID_FAKE_WRONG_ID, HID_FAKE_GET, 0x09, 1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_string_equal(cut.how, "PowerSummary delays, report 0x09");
}

static void lasting_failures_end(void **state)
{
	(void)state;
	open_unit(EATON);
	misbehave(HID_FAKE_IO_ERROR, HID_FAKE_SET, 0, -1);
	assert_int_equal(give(UPS_RETURN), -EIO);
	assert_true(bench.fake.transfers - bench.opened_at <= 6);
}

static void deadline_holds(void **state)
{
	int64_t began;

	(void)state;
	open_unit(EATON);
	misbehave(HID_FAKE_TIMEOUT, HID_FAKE_SET, 0, -1);
	cut = (struct ups_cut){ .wanted = UPS_RETURN };
	began = clock_now_ms();
	assert_int_equal(hid_ladder_cut(&bench.unit, &cut, deadline_in_ms(100)),
			 -ETIMEDOUT);
	assert_true(clock_now_ms() - began < 1000);
}

static void unit_that_goes_away(void **state)
{
	static const struct {
		enum hid_fake_kind kind;
		uint8_t report_id;
	} at[] = {
		{ HID_FAKE_SET, 0x0a },
		{ HID_FAKE_SET, 0x09 },
		{ HID_FAKE_GET, 0x09 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		open_unit(EATON);
		misbehave(HID_FAKE_GONE, at[i].kind, at[i].report_id, -1);
		assert_int_equal(give(UPS_RETURN), -ENODEV);
	}
	hid_bench_start(&bench, "");
	hid_fake_load(&bench.fake, EATON);
	misbehave(HID_FAKE_GONE, HID_FAKE_GET, 0, -1);
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 0xffff, ""), -ENODEV);
}

static void unreadable_countdown_counts_as_sent(void **state)
{
	(void)state;
	open_unit(EATON);
	misbehave(HID_FAKE_STALL, HID_FAKE_GET, 0x09, -1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_string_equal(cut.how, "PowerSummary delays, report 0x09");

	open_unit(EATON);
	misbehave(HID_FAKE_SHORT, HID_FAKE_GET, 0x09, -1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void answers_longer_than_described(void **state)
{
	(void)state;
	open_unit(EATON);
	misbehave(HID_FAKE_LONG, HID_FAKE_GET, 0x09, -1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void unit_that_cannot_be_read_is_cut_anyway(void **state)
{
	(void)state;
	hid_bench_start(&bench, "");
	hid_fake_load(&bench.fake, EATON);
	misbehave(HID_FAKE_STALL, HID_FAKE_GET, 0, -1);
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 0xffff, ""), 0);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void descriptor_is_read_again(void **state)
{
	(void)state;
	hid_bench_start(&bench, "");
	hid_fake_load(&bench.fake, EATON);
	misbehave(HID_FAKE_GARBAGE, HID_FAKE_DESCRIPTOR, 0, 2);
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 0xffff, ""), 0);
	assert_int_equal(bench.unit.descriptor.fields, 95);

	/* One that always loses its end is used as far as it goes. */
	hid_bench_start(&bench, "");
	hid_fake_load(&bench.fake, EATON);
	bench.fake.len -= 3;
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 0xffff, ""), 0);
	assert_int_equal(give(UPS_RETURN), 0);

	/* And a mouse is asked once. */
	hid_bench_start(&bench, "");
	hid_fake_load(&bench.fake, "megatec-prolink-vendorpage-0665-5161");
	assert_int_equal(hid_bench_attach(&bench, 0x0665, 0x5161, ""), -ENODEV);
	assert_int_equal(bench.fake.transfers, 1);
}

static void cut_is_safe_to_repeat(void **state)
{
	(void)state;
	open_unit(EATON);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(give(UPS_RETURN), 0);
		assert_int_equal(cut.proof, UPS_VERIFIED);
	}
	/* Also by another process, which finds the countdown running. */
	bench.unit.descriptor.collections = 0;
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 0xffff, ""), 0);
	assert_int_equal(give(UPS_RETURN), 0);
}

static void status_is_read(void **state)
{
	struct ups_status status;

	(void)state;
	open_unit(EATON);
	assert_int_equal(
		hid_status_read(&bench.unit, &status, deadline_in_ms(1000)), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
	assert_false(status.battery_low);
	assert_int_equal(status.off_after_s, UPS_UNKNOWN_S);
	/* Opening it has read the report of the bits; not the countdown. */
	assert_int_equal(bench.fake.transfers - bench.opened_at, 1);
	assert_int_equal(
		hid_status_read(&bench.unit, &status, deadline_in_ms(1000)), 0);
	assert_int_equal(bench.fake.transfers - bench.opened_at, 1 + 2);

	hid_fake_set(&bench.fake, HID_AC_PRESENT, 0);
	hid_fake_set(&bench.fake, HID_BELOW_CAPACITY_LIMIT, 1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(
		hid_status_read(&bench.unit, &status, deadline_in_ms(1000)), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_true(status.battery_low);
	assert_int_equal(status.off_after_s, 20);

	/* Whole minutes. */
	open_unit(CYBERPOWER);
	hid_fake_set(&bench.fake, HID_AC_PRESENT, 0);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(
		hid_status_read(&bench.unit, &status, deadline_in_ms(1000)), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_int_equal(status.off_after_s, 60);
}

static enum ups_mains mains(void)
{
	struct ups_status status;

	bench.ups.mains_only = true;
	assert_int_equal(
		hid_status_read(&bench.unit, &status, deadline_in_ms(1000)), 0);
	bench.ups.mains_only = false;
	return status.mains;
}

/** The way of a keeper: no transfer but what the protocol needs. */
static void nothing_is_read_for_nobody(void **state)
{
	(void)state;
	open_unit(EATON);
	/* The descriptor, the countdown and a report of bits. */
	assert_int_equal(bench.opened_at, 3);
	assert_int_equal(mains(), UPS_MAINS_PRESENT);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(bench.fake.transfers, 3 + 2 + 1);

	/* What was read before is never taken for now. */
	hid_fake_set(&bench.fake, HID_AC_PRESENT, 0);
	assert_int_equal(mains(), UPS_MAINS_ABSENT);
	assert_int_equal(bench.fake.transfers, 3 + 2 + 1 + 1);
	open_unit(EATON);
	assert_int_equal(give(UPS_RETURN), 0);
	hid_fake_set(&bench.fake, HID_AC_PRESENT, 0);
	assert_int_equal(mains(), UPS_MAINS_ABSENT);
}

static void bits_are_not_taken_for_numbers(void **state)
{
	const struct hid_field *bit;

	(void)state;
	/* 85:68 is RunTimeToEmpty, and 84:42 ConfigFrequency. */
	open_unit(EATON);
	assert_null(hid_status_field(&bench.unit, HID_SHUTDOWN_REQUESTED));
	bit = hid_status_field(&bench.unit, HID_BELOW_CAPACITY_LIMIT);
	assert_int_equal(bit->usage, HID_BELOW_CAPACITY_LIMIT);
}

/** Whatever a descriptor says, commands end in time and touch no bad byte. */
static void survives_hostile_units(void **state)
{
	char names[64][64];
	size_t count = testdata_names(names, 64);

	(void)state;
	srand(2);
	for (int round = 0; round < 600; round++) {
		const char *name = names[(size_t)rand() % count];
		struct ups_status status;
		uint8_t bytes[HID_DESCRIPTOR_MAX];
		size_t len = testdata_hex(name, bytes, sizeof(bytes));

		for (int i = 0; i < 1 + round % 16; i++)
			bytes[(size_t)rand() % len] = (uint8_t)rand();
		hid_bench_start(&bench, "");
		bench.patience_ms = 2;
		hid_fake_start(&bench.fake, bytes, len);
		for (size_t i = 0; i < sizeof(bench.fake.report); i++)
			((uint8_t *)bench.fake.report)[i] = (uint8_t)rand();
		misbehave((enum hid_fake_way)(rand() % HID_FAKE_GARBAGE),
			  rand() % 2 ? HID_FAKE_SET : HID_FAKE_GET, 0, 5);
		hid_bench_attach(
			&bench,
			(uint16_t)strtoul(name + strlen(name) - 9, NULL, 16),
			0xffff, "");
		if (!bench.unit.family)
			continue;
		for (int wanted = UPS_RETURN; wanted <= UPS_REBOOT; wanted++) {
			cut.wanted = (enum ups_command)wanted;
			(void)hid_ladder_cut(&bench.unit, &cut,
					     deadline_in_ms(2));
		}
		(void)hid_status_read(&bench.unit, &status, deadline_in_ms(2));
		(void)hid_ladder_cancel(&bench.unit, deadline_in_ms(2));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stalled_startup_takes_the_next_rung),
		cmocka_unit_test(sleeper_is_told_twice),
		cmocka_unit_test(stalled_shutdown_takes_another_report),
		cmocka_unit_test(nothing_left_is_a_refusal),
		cmocka_unit_test(ignored_write_is_only_sent),
		cmocka_unit_test(ignored_write_takes_the_next_rung),
		cmocka_unit_test(status_bit_is_proof_when_it_changes),
		cmocka_unit_test(passing_failures_are_retried),
		cmocka_unit_test(lasting_failures_end),
		cmocka_unit_test(deadline_holds),
		cmocka_unit_test(unit_that_goes_away),
		cmocka_unit_test(unreadable_countdown_counts_as_sent),
		cmocka_unit_test(answers_longer_than_described),
		cmocka_unit_test(unit_that_cannot_be_read_is_cut_anyway),
		cmocka_unit_test(descriptor_is_read_again),
		cmocka_unit_test(cut_is_safe_to_repeat),
		cmocka_unit_test(status_is_read),
		cmocka_unit_test(nothing_is_read_for_nobody),
		cmocka_unit_test(bits_are_not_taken_for_numbers),
		cmocka_unit_test(survives_hostile_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
