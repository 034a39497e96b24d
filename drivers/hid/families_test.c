// SPDX-License-Identifier: MIT
/* Families: who belongs to which, and their encodings of a delay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hid/bench.h"
#include "hid/ladder.h"

static struct hid_bench bench;
static struct ups_cut cut;
static char transfers[1024];

static int give(enum ups_command wanted)
{
	return hid_bench_cut(&bench, wanted, &cut, transfers, sizeof(transfers));
}

static void powercom_packs_minutes_and_seconds(void **state)
{
	(void)state;
	assert_int_equal(
		hid_bench_open(&bench, "powercom-hid-ups-battery-996-0d9f-0004",
			       "offdelay = 80"),
		0);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(transfers, "set 0f 54 01; get 0f; ");
	assert_int_equal(cut.off_after_s, 80);
}

/** The SKP takes an index, on the same descriptor. */
static void powercom_skp_takes_an_index(void **state)
{
	static const struct {
		const char *keys;
		uint8_t index;
		int off_s;
	} cases[] = {
		{ "offdelay = 0", 1, 12 },      { "offdelay = 13", 2, 18 },
		{ "offdelay = 18", 2, 18 },     { "offdelay = 54", 8, 54 },
		{ "offdelay = 55", 9, 60 },     { "offdelay = 61", 10, 120 },
		{ "offdelay = 9999", 18, 600 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		hid_bench_start(&bench, cases[i].keys);
		hid_fake_load(&bench.fake,
			      "powercom-hid-ups-battery-996-0d9f-0004");
		assert_int_equal(hid_bench_attach(&bench, 0x0d9f, 0x00a3, ""),
				 0);
		assert_int_equal(give(UPS_RETURN), 0);
		assert_int_equal(bench.fake.transfer[bench.opened_at].bytes[1],
				 cases[i].index);
		assert_int_equal(cut.off_after_s, cases[i].off_s);
	}
}

/* clang-format off */

/* A small MGE: AutomaticRestart (2), startup in tens of seconds (3), shutdown (4). */
static const uint8_t small_mge[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01,
	0x09, 0x16, 0xa1, 0x00, 0x09, 0x1a, 0xa1, 0x81,
	0x0b, 0x43, 0x00, 0xff, 0xff, 0x85, 0x02, 0x75, 0x08,
	0x15, 0x00, 0x25, 0x01, 0xb1, 0x82, 0xc0, 0xc0,
	0x09, 0x24, 0xa1, 0x00, 0x66, 0x01, 0x10, 0x75, 0x18, 0x15, 0xff,
	0x27, 0xff, 0xff, 0x7f, 0x00, 0x55, 0x01, 0x85, 0x03, 0x09, 0x56, 0xb1, 0x82,
	0x55, 0x00, 0x85, 0x04, 0x09, 0x57, 0xb1, 0x82, 0xc0, 0xc0,
};

/* Belkin's controls: startup in minutes (22), shutdown (21). */
static const uint8_t small_belkin[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01,
	0x05, 0x86, 0x09, 0x27, 0xa1, 0x00, 0x75, 0x10,
	0x15, 0x00, 0x26, 0xff, 0x7f, 0x85, 0x15, 0x09, 0x57, 0xb1, 0x82,
	0x85, 0x16, 0x09, 0x56, 0xb1, 0x82, 0xc0, 0xc0,
};

/* clang-format on */

static void open_small(const uint8_t *bytes, size_t len, uint16_t vendor_id,
		       const char *keys)
{
	hid_bench_start(&bench, keys);
	hid_fake_start(&bench.fake, bytes, len);
	if (vendor_id == 0x050d)
		hid_fake_set(&bench.fake, HID_BELKIN_SHUTDOWN, 0);
}

static void automatic_restart_is_set_when_it_is_not(void **state)
{
	(void)state;
	open_small(small_mge, sizeof(small_mge), 0x0463, "");
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 1, ""), 0);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(
		transfers,
		"set 02 01; set 03 03 00 00; set 04 14 00 00; get 04; ");
	assert_int_equal(cut.on_after_s, 30);

	open_small(small_mge, sizeof(small_mge), 0x0463, "ondelay = 31");
	hid_fake_set(&bench.fake, HID_MGE_AUTOMATIC_RESTART, 1);
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 1, ""), 0);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(transfers,
			    "set 03 04 00 00; set 04 14 00 00; get 04; ");
	assert_int_equal(cut.on_after_s, 40);
	assert_int_equal(give(UPS_STAYOFF), 0);
	assert_string_equal(
		transfers,
		"set 02 00; set 03 ff ff ff; set 04 14 00 00; get 04; ");
}

static void belkin_never_gets_an_accidental_cancel(void **state)
{
	(void)state;
	open_small(small_belkin, sizeof(small_belkin), 0x050d, "offdelay = 0");
	assert_int_equal(hid_bench_attach(&bench, 0x050d, 0x0980, ""), 0);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(transfers, "set 16 01 00; set 15 01 00; get 15; ");
	bench.opened_at = bench.fake.transfers;
	assert_int_equal(hid_ladder_cancel(&bench.unit, deadline_in_ms(1000)),
			 0);
	hid_fake_print(&bench.fake, bench.opened_at, transfers,
		       sizeof(transfers));
	assert_string_equal(transfers, "set 15 00 00; ");
}

static void families_are_told_apart(void **state)
{
	static const struct {
		uint16_t vendor_id, product_id;
		const char *vendor, *product, *family;
	} cases[] = {
		{ 0x0463, 0x0001, "", "", "MGE/Eaton" },
		{ 0x06da, 0xffff, "", "", "standard" },
		{ 0x06da, 0xffff, "AEG", "", "MGE/Eaton" },
		{ 0x09d6, 0x0001, "", "KSTAR UPS", "MGE/Eaton" },
		{ 0x03f0, 0x1fe6, "", "", "MGE/Eaton" },
		{ 0x03f0, 0x1fe4, "", "", "standard" },
		{ 0x0764, 0x0601, "", "", "CyberPower" },
		{ 0x0483, 0xa430, "", "", "CyberPower" },
		{ 0x0483, 0x5740, "", "", "standard" },
		{ 0x0d9f, 0x00a2, "", "", "Powercom" },
		{ 0x0d9f, 0x00a3, "", "", "Powercom SKP" },
		{ 0xffff, 0xffff, "", "", "standard" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
			hid_find_family(cases[i].vendor_id, cases[i].product_id,
					cases[i].vendor, cases[i].product)
				->name,
			cases[i].family);
	assert_true(hid_is_known_maker(0x09ae));
	assert_false(hid_is_known_maker(0x046d));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(powercom_packs_minutes_and_seconds),
		cmocka_unit_test(powercom_skp_takes_an_index),
		cmocka_unit_test(automatic_restart_is_set_when_it_is_not),
		cmocka_unit_test(belkin_never_gets_an_accidental_cancel),
		cmocka_unit_test(families_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
