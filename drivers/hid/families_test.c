// SPDX-License-Identifier: MIT
/* Families: what their units are told, and their encodings of a delay. */
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

/* A Powercom with one byte of delay: there is no room but for an index. */
static const uint8_t narrow_powercom[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x75, 0x08, 0x15, 0x00,
	0x25, 0x12, 0x09, 0x24, 0xa1, 0x00, 0x85, 0x0f, 0x09, 0x57, 0xb1, 0x82, 0xc0, 0xc0,
};

/* Tripp Lite's ECO550UPS: shutdown (21) and watchdog (82) of the outlet. */
static const uint8_t small_eco[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01,
	0x09, 0x18, 0xa1, 0x00, 0x09, 0x20, 0xa1, 0x00, 0x75, 0x10,
	0x15, 0x00, 0x27, 0xff, 0xff, 0x00, 0x00, 0x85, 0x15, 0x09, 0x57, 0xb1, 0x82,
	0x75, 0x08, 0x26, 0xff, 0x00, 0x85, 0x52, 0x0b, 0x92, 0x00, 0xff, 0xff, 0xb1, 0x82,
	0xc0, 0xc0, 0xc0,
};

/* Outlets [2] (2, 3) and [1] (4, 5): shutdown and startup. */
static const uint8_t outlets[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x75, 0x10, 0x15, 0xff,
	0x26, 0xff, 0x7f, 0x09, 0x18, 0xa1, 0x00,
	0x09, 0x20, 0xa1, 0x82, 0x85, 0x02, 0x09, 0x57, 0xb1, 0x82,
	0x85, 0x03, 0x09, 0x56, 0xb1, 0x82, 0xc0,
	0x09, 0x20, 0xa1, 0x81, 0x85, 0x04, 0x09, 0x57, 0xb1, 0x82,
	0x85, 0x05, 0x09, 0x56, 0xb1, 0x82, 0xc0, 0xc0, 0xc0,
};

/* MGE's restart (2), but of the second input; startup (3), shutdown (4). */
static const uint8_t other_input[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01,
	0x09, 0x16, 0xa1, 0x00, 0x09, 0x1a, 0xa1, 0x82,
	0x0b, 0x43, 0x00, 0xff, 0xff, 0x85, 0x02, 0x75, 0x08,
	0x15, 0x00, 0x25, 0x01, 0xb1, 0x82, 0xc0, 0xc0,
	0x09, 0x24, 0xa1, 0x00, 0x75, 0x10, 0x15, 0xff, 0x26, 0xff, 0x7f,
	0x85, 0x03, 0x09, 0x56, 0xb1, 0x82, 0x85, 0x04, 0x09, 0x57, 0xb1, 0x82, 0xc0, 0xc0,
};

/* Nothing around the delays but the UPS, which is a logical collection. */
static const uint8_t direct[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x02, 0x95, 0x01, 0x75, 0x10, 0x15, 0xff,
	0x26, 0xff, 0x7f, 0x85, 0x03, 0x09, 0x56, 0xb1, 0x82,
	0x85, 0x04, 0x09, 0x57, 0xb1, 0x82, 0xc0,
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
	assert_string_equal(transfers, "set 15 00 00; get 15; ");
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
		  UPS_RETURN, "set 0f 54 00; get 0f; " },
		{ UNIT(small_powercom), 0x0d9f, 0x0001,
		  "offdelay = 80\npowercom_sdcmd_byte_order_fallback",
		  UPS_RETURN, UPS_RETURN, "set 0f 01 54; get 0f; " },
		{ UNIT(small_powercom), 0x0d9f, 0x0001,
		  "offdelay = 80\npowercom_sdcmd_discrete_delay", UPS_RETURN,
		  UPS_RETURN, "set 0f 0a 00; get 0f; " },
		/* 0 would be the longest delay. */
		{ UNIT(small_powercom), 0x0d9f, 0x0001, "", UPS_OFF, UPS_OFF,
		  "set 0f 41 00; get 0f; " },
		{ UNIT(small_powercom), 0x0d9f, 0x00a3, "", UPS_STAYOFF,
		  UPS_RETURN, "set 0f 03 00; get 0f; " },
		/* The least that it can do: 12 s. */
		{ UNIT(small_powercom), 0x0d9f, 0x00a3, "", UPS_OFF, UPS_RETURN,
		  "set 0f 01 00; get 0f; " },
		{ UNIT(narrow_powercom), 0x0d9f, 0x0004, "", UPS_RETURN,
		  UPS_RETURN, "set 0f 03; get 0f; " },
		{ UNIT(small_eco), 0x09ae, 0x1009, "", UPS_RETURN, UPS_REBOOT,
		  "set 52 0a; get 52; " },
		{ UNIT(small_eco), 0x09ae, 0x1009, "", UPS_REBOOT, UPS_REBOOT,
		  "set 52 0a; get 52; " },
		/* On another unit the watchdog is left alone. */
		{ UNIT(small_eco), 0x09ae, 0x1003, "", UPS_RETURN, UPS_STAYOFF,
		  "set 15 14 00; get 15; " },
		{ UNIT(outlets), 0x06da, 0xffff, "", UPS_RETURN, UPS_RETURN,
		  "set 05 1e 00; set 04 14 00; get 04; " },
		/* The restart of input [2] is not the one that counts. */
		{ UNIT(other_input), 0x0463, 0xffff, "", UPS_RETURN, UPS_RETURN,
		  "set 03 1e 00; set 04 14 00; get 04; " },
		{ UNIT(direct), 0xffff, 0x0001, "", UPS_RETURN, UPS_RETURN,
		  "set 03 1e 00; set 04 14 00; get 04; " },
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

/** There is no delay for the outlet that counts: then that is said. */
static void outlet_beside_the_main_one_is_named(void **state)
{
	uint8_t bytes[sizeof(outlets)];

	(void)state;
	memcpy(bytes, outlets, sizeof(bytes));
	bytes[37] = 0x83; /* instead of [1] */
	open_small(bytes, sizeof(bytes), 0x06da, "");
	assert_int_equal(hid_bench_attach(&bench, 0x06da, 0xffff, ""), 0);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(cut.how, "delays, only of outlet 2, report 0x02");
	open_small(outlets, sizeof(outlets), 0x06da, "");
	assert_int_equal(hid_bench_attach(&bench, 0x06da, 0xffff, ""), 0);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(cut.how, "delays, report 0x04");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(powercom_packs_minutes_and_seconds),
		cmocka_unit_test(powercom_skp_takes_an_index),
		cmocka_unit_test(automatic_restart_is_set_when_it_is_not),
		cmocka_unit_test(belkin_never_gets_an_accidental_cancel),
		cmocka_unit_test(each_family_has_its_words),
		cmocka_unit_test(outlet_beside_the_main_one_is_named),
		cmocka_unit_test(who_cannot_says_so),
		cmocka_unit_test(belkin_tells_of_the_mains_in_its_own_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
