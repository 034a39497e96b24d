// SPDX-License-Identifier: MIT
/* Families: who belongs to which, and their encodings of a delay. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hid/bench.h"
#include "hid/ladder.h"
#include "hid/status.h"

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

/* A Smart-UPS (SUA): both counters (2, 3) and wake-up delay (4) of its output, needed charge (5). */
static const uint8_t small_apc[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01,
	0x09, 0x1c, 0xa1, 0x00, 0x75, 0x10, 0x15, 0xff, 0x26, 0xff, 0x7f,
	0x85, 0x02, 0x09, 0x56, 0xb1, 0x82, 0x85, 0x03, 0x09, 0x57, 0xb1, 0x82,
	0x85, 0x04, 0x0b, 0x7e, 0x00, 0x86, 0xff, 0xb1, 0x82, 0xc0,
	0x85, 0x05, 0x0b, 0x19, 0x00, 0x86, 0xff, 0xb1, 0x82,
	0x85, 0x06, 0x0b, 0x60, 0x00, 0x86, 0xff, 0xb1, 0x82, 0xc0,
};

/* Belkin's two status words: power (7, 2 bytes), battery (8). */
static const uint8_t belkin_status[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x15, 0x00,
	0x05, 0x86, 0x09, 0x28, 0xa1, 0x00,
	0x75, 0x10, 0x27, 0xff, 0xff, 0x00, 0x00, 0x85, 0x07, 0x09, 0x21, 0xb1, 0x82,
	0x75, 0x08, 0x26, 0xff, 0x00, 0x85, 0x08, 0x09, 0x22, 0xb1, 0x82, 0xc0,
	0x09, 0x27, 0xa1, 0x00, 0x75, 0x10, 0x26, 0xff, 0x7f, 0x85, 0x15,
	0x09, 0x57, 0xb1, 0x82, 0xc0, 0xc0,
};

/* Tripp Lite's outlet with a startup in minutes only (22), shutdown (21). */
static const uint8_t small_tripplite[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01,
	0x09, 0x18, 0xa1, 0x00, 0x09, 0x20, 0xa1, 0x00, 0x75, 0x10,
	0x15, 0x00, 0x27, 0xff, 0xff, 0x00, 0x00, 0x85, 0x15, 0x09, 0x57, 0xb1, 0x82,
	0x15, 0xff, 0x26, 0xff, 0x7f, 0x35, 0xc4, 0x47, 0xc4, 0xff, 0x1d, 0x00, 0x85, 0x16,
	0x0b, 0x56, 0x00, 0xff, 0xff, 0xb1, 0x82, 0xc0, 0xc0, 0xc0,
};

/* Delta: start on power restore (7), startup (2) and shutdown (3) of an outlet. */
static const uint8_t small_delta[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x75, 0x10, 0x15, 0xff,
	0x26, 0xff, 0x7f, 0x06, 0xff, 0xff, 0x09, 0x7d, 0xa1, 0x81,
	0x85, 0x07, 0x09, 0x9c, 0xb1, 0x82, 0xc0,
	0x05, 0x84, 0x09, 0x18, 0xa1, 0x00, 0x09, 0x20, 0xa1, 0x00,
	0x85, 0x02, 0x09, 0x56, 0xb1, 0x82, 0x85, 0x03, 0x09, 0x57, 0xb1, 0x82,
	0xc0, 0xc0, 0xc0,
};

/* PowerSummary with shutdown (3) alone, as EVER has it. */
static const uint8_t small_ever[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x75, 0x10, 0x15, 0xff,
	0x26, 0xff, 0x7f, 0x09, 0x24, 0xa1, 0x00,
	0x85, 0x03, 0x09, 0x57, 0xb1, 0x82, 0xc0, 0xc0,
};

/* Arduino's HIDPowerDevice: shutdown (3) and reboot (4). */
static const uint8_t small_arduino[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x75, 0x10, 0x15, 0xff,
	0x26, 0xff, 0x7f, 0x09, 0x24, 0xa1, 0x00, 0x85, 0x03, 0x09, 0x57, 0xb1, 0x82,
	0x85, 0x04, 0x09, 0x55, 0xb1, 0x82, 0xc0, 0xc0,
};

/* The Output form of Legrand's PDU: startup (2), shutdown (3) in minutes. */
static const uint8_t small_legrand[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x75, 0x10, 0x15, 0xff,
	0x26, 0xff, 0x7f, 0x35, 0xc4, 0x47, 0xc4, 0xff, 0x1d, 0x00,
	0x09, 0x1c, 0xa1, 0x00, 0x85, 0x02, 0x09, 0x56, 0xb1, 0x82,
	0x85, 0x03, 0x09, 0x57, 0xb1, 0x82, 0xc0, 0xc0,
};

/* 0d9f:0001: the Power Device usages under the number of another page. */
static const uint8_t small_powercom[] = {
	0x05, 0x02, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x75, 0x10, 0x15, 0x00,
	0x27, 0xff, 0xff, 0x00, 0x00, 0x09, 0x16, 0xa1, 0x00,
	0x85, 0x0f, 0x09, 0x57, 0xb1, 0x82, 0xc0, 0xc0,
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

/** What a small unit is told by default. */
static void each_family_has_its_words(void **state)
{
#define UNIT(bytes) bytes, sizeof(bytes)
	static const struct {
		const uint8_t *bytes;
		size_t len;
		uint16_t vendor_id, product_id;
		const char *keys;
		enum ups_command wanted, given;
		const char *transfers;
	} cases[] = {
		{ UNIT(small_tripplite), 0x09ae, 0x2005, "", UPS_RETURN,
		  UPS_RETURN, "set 16 01 00; set 15 14 00; get 15; " },
		{ UNIT(small_tripplite), 0x09ae, 0x2005, "", UPS_STAYOFF,
		  UPS_STAYOFF, "set 16 ff ff; set 15 14 00; get 15; " },
		{ UNIT(small_delta), 0x05dd, 0x041b, "", UPS_RETURN, UPS_RETURN,
		  "set 07 01 00; set 02 1e 00; set 03 14 00; get 03; " },
		{ UNIT(small_ever), 0x2e51, 0xffff, "", UPS_RETURN, UPS_RETURN,
		  "set 03 14 00; get 03; " },
		{ UNIT(small_ever), 0x2e51, 0xffff, "", UPS_STAYOFF, UPS_RETURN,
		  "set 03 14 00; get 03; " },
		{ UNIT(small_ever), 0x2e51, 0xffff, "", UPS_OFF, UPS_OFF,
		  "set 03 00 00; get 03; " },
		{ UNIT(small_arduino), 0x2341, 0x8036, "", UPS_RETURN,
		  UPS_RETURN, "set 04 0a 00; get 04; " },
		{ UNIT(small_legrand), 0x1cb0, 0x0038, "", UPS_RETURN,
		  UPS_RETURN, "set 02 00 00; set 03 01 00; get 03; " },
		{ UNIT(small_mge), 0x2e66, 0x0101, "", UPS_RETURN, UPS_RETURN,
		  "set 02 01; set 03 03 00 00; set 04 14 00 00; get 04; " },
		{ UNIT(small_powercom), 0x0d9f, 0x0001, "", UPS_RETURN,
		  UPS_RETURN, "set 0f 40 01; get 0f; " },
		{ UNIT(small_powercom), 0x0d9f, 0x0001,
		  "offdelay = 80\npowercom_sdcmd_byte_order_fallback",
		  UPS_RETURN, UPS_RETURN, "set 0f 01 54; get 0f; " },
		{ UNIT(small_powercom), 0x0d9f, 0x0001,
		  "offdelay = 80\npowercom_sdcmd_discrete_delay", UPS_RETURN,
		  UPS_RETURN, "set 0f 0a 00; get 0f; " },
	};
#undef UNIT

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_small(cases[i].bytes, cases[i].len, cases[i].vendor_id,
			   cases[i].keys);
		assert_int_equal(hid_bench_attach(&bench, cases[i].vendor_id,
						  cases[i].product_id, ""),
				 0);
		assert_int_equal(give(cases[i].wanted), 0);
		assert_string_equal(transfers, cases[i].transfers);
		assert_int_equal(cut.given, cases[i].given);
	}
}

static void who_cannot_says_so(void **state)
{
	static const uint16_t ids[][2] = { { 0x3746, 0xffff },
					   { 0x04d8, 0xd005 },
					   { 0x4234, 0x0002 } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		open_small(small_ever, sizeof(small_ever), 0, "");
		assert_int_equal(
			hid_bench_attach(&bench, ids[i][0], ids[i][1], ""),
			-EOPNOTSUPP);
		assert_non_null(strstr(bench.ups.problem,
				       "cannot be told to switch off"));
	}
}

static void apc_settings_are_lowered_first(void **state)
{
	(void)state;
	open_small(small_apc, sizeof(small_apc), 0x051d, "");
	hid_fake_set(&bench.fake, HID_APC_WAKE_UP_DELAY, 300);
	hid_fake_set(&bench.fake, HID_APC_NEEDED_CHARGE, 15);
	assert_int_equal(hid_bench_attach(&bench, 0x051d, 2, ""), 0);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(
		transfers,
		"set 05 00 00; set 04 0a 00; set 02 40 00; set 03 3c 00; get 03; get 06; ");
	assert_int_equal(cut.off_after_s, 60);
	assert_int_equal(cut.on_after_s, 64);

	/* "90" and "60": text, as a Back-UPS Pro has it. */
	open_small(small_apc, sizeof(small_apc), 0x051d, "");
	hid_fake_set(&bench.fake, HID_APC_WAKE_UP_DELAY, 0x3930);
	hid_fake_set(&bench.fake, HID_APC_NEEDED_CHARGE, 0x3630);
	assert_int_equal(hid_bench_attach(&bench, 0x051d, 2, ""), 0);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(transfers,
			    "set 02 40 00; set 03 3c 00; get 03; get 06; ");

	/* Refused, they do not matter. */
	open_small(small_apc, sizeof(small_apc), 0x051d, "");
	hid_fake_set(&bench.fake, HID_APC_NEEDED_CHARGE, 15);
	hid_fake_misbehave(&bench.fake,
			   (struct hid_fake_quirk){ HID_FAKE_STALL,
						    HID_FAKE_SET, 0x05, -1 });
	assert_int_equal(hid_bench_attach(&bench, 0x051d, 2, ""), 0);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void belkin_tells_of_the_mains_in_its_own_way(void **state)
{
	struct ups_status status;

	(void)state;
	open_small(belkin_status, sizeof(belkin_status), 0x050d, "");
	assert_int_equal(hid_bench_attach(&bench, 0x050d, 0x0980, ""), 0);
	hid_fake_set(&bench.fake, HID_BELKIN_POWER_STATUS, 0x0020);
	assert_int_equal(
		hid_status_read(&bench.unit, &status, deadline_in_ms(1000)), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
	assert_false(status.battery_low);
	hid_fake_set(&bench.fake, HID_BELKIN_POWER_STATUS, 0x0001);
	hid_fake_set(&bench.fake, HID_BELKIN_BATTERY_STATUS, 0x24);
	assert_int_equal(
		hid_status_read(&bench.unit, &status, deadline_in_ms(1000)), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_true(status.battery_low);
}

static void families_are_told_apart(void **state)
{
	static const struct {
		uint16_t vendor_id, product_id;
		const char *vendor, *product, *family;
	} cases[] = {
		{ 0x0463, 0x0001, "", "", "MGE/Eaton" },
		{ 0x06da, 0xffff, "", "", "Phoenixtec" },
		{ 0x06da, 0xffff, "AEG", "", "MGE/Eaton" },
		{ 0x09d6, 0x0001, "", "KSTAR UPS", "MGE/Eaton" },
		{ 0x03f0, 0x1fe6, "", "", "MGE/Eaton" },
		{ 0x03f0, 0x1fe3, "", "", "Tripp Lite" },
		{ 0x03f0, 0x0001, "", "", "Tripp Lite" },
		{ 0x03f0, 0x034a, "", "", "standard" },
		{ 0x05dd, 0xa011, "", "", "Tripp Lite" },
		{ 0x05dd, 0x041b, "", "", "Delta" },
		{ 0x0483, 0xa113, "", "", "EVER" },
		{ 0x2e51, 0xffff, "", "", "EVER" },
		{ 0x2341, 0x8036, "", "", "Arduino" },
		{ 0x2341, 0x0001, "", "", "standard" },
		{ 0x04d8, 0xd004, "", "", "none" },
		{ 0x04d8, 0x000c, "", "", "standard" },
		{ 0x4234, 0x0002, "", "", "none" },
		{ 0x3746, 0xffff, "", "", "none" },
		{ 0x2e66, 0x0101, "", "", "Salicru" },
		{ 0x09d6, 0x0001, "", "", "KSTAR" },
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
		cmocka_unit_test(each_family_has_its_words),
		cmocka_unit_test(who_cannot_says_so),
		cmocka_unit_test(apc_settings_are_lowered_first),
		cmocka_unit_test(belkin_tells_of_the_mains_in_its_own_way),
		cmocka_unit_test(families_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
