// SPDX-License-Identifier: MIT
/* APC's generations: settings, texts, magic pairs, a reboot that waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hid/bench.h"

static struct hid_bench bench;
static struct ups_cut cut;
static char transfers[1024];

/* clang-format off */

/* A Smart-UPS (SUA): both counters (2, 3) and wake-up delay (4) of its output, needed charge (5). */
static const uint8_t small_apc[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01,
	0x09, 0x1c, 0xa1, 0x00, 0x75, 0x10, 0x15, 0xff, 0x26, 0xff, 0x7f,
	0x85, 0x02, 0x09, 0x56, 0xb1, 0x82, 0x85, 0x03, 0x09, 0x57, 0xb1, 0x82,
	0x85, 0x04, 0x0b, 0x7e, 0x00, 0x86, 0xff, 0xb1, 0x82, 0xc0,
	0x85, 0x05, 0x0b, 0x19, 0x00, 0x86, 0xff, 0xb1, 0x82,
	0x85, 0x06, 0x0b, 0x60, 0x00, 0x86, 0xff, 0xb1, 0x82, 0xc0,
};

/* A Back-UPS Pro: hibernate (2), self-test (3), texts for charge (4) and delay (5). */
static const uint8_t small_pro[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x09, 0x24, 0xa1, 0x00,
	0x15, 0x00, 0x75, 0x08, 0x25, 0x01, 0x85, 0x02, 0x0b, 0x58, 0x00, 0x85, 0x00, 0xb1, 0x82,
	0x85, 0x03, 0x0b, 0x10, 0x00, 0x86, 0x00, 0xb1, 0x82,
	0x75, 0x18, 0x27, 0xff, 0xff, 0xff, 0x00, 0x85, 0x04, 0x0b, 0x12, 0x00, 0x86, 0x00, 0xb1, 0x82,
	0x85, 0x05, 0x0b, 0x76, 0x00, 0x86, 0x00, 0xb1, 0x82, 0xc0, 0xc0,
};

/* clang-format on */

static int give(enum ups_command wanted)
{
	return hid_bench_cut(&bench, wanted, &cut, transfers, sizeof(transfers));
}

static void load(const uint8_t *bytes, size_t len)
{
	hid_bench_start(&bench, "");
	hid_fake_start(&bench.fake, bytes, len);
}

static void attach(void)
{
	assert_int_equal(hid_bench_attach(&bench, 0x051d, 2, ""), 0);
}

static void refuse(uint8_t report_id)
{
	hid_fake_misbehave(&bench.fake,
			   (struct hid_fake_quirk){ HID_FAKE_STALL, HID_FAKE_SET,
						    report_id, -1 });
}

static void settings_are_lowered_first(void **state)
{
	(void)state;
	load(small_apc, sizeof(small_apc));
	hid_fake_set(&bench.fake, HID_APC_WAKE_UP_DELAY, 300);
	hid_fake_set(&bench.fake, HID_APC_NEEDED_CHARGE, 15);
	attach();
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(
		transfers,
		"set 05 00 00; set 04 0a 00; set 02 40 00; set 03 3c 00; get 03; get 06; ");
	assert_int_equal(cut.off_after_s, 60);
	assert_int_equal(cut.on_after_s, 64);

	/* Refused, they do not matter. */
	load(small_apc, sizeof(small_apc));
	hid_fake_set(&bench.fake, HID_APC_NEEDED_CHARGE, 15);
	refuse(0x05);
	attach();
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

/** Writing 2 takes the next lower one; below the lowest is the highest. */
static void texts_are_led_to_the_lowest(void **state)
{
	static const struct {
		int64_t charge, delay;
		const char *transfers;
	} cases[] = {
		{ 0x3930, 0x363030,
		  "set 04 02 00 00; set 04 02 00 00; set 04 02 00 00; "
		  "set 05 02 00 00; set 05 02 00 00; set 05 02 00 00; " },
		{ 0x3630, 0x333030,
		  "set 04 02 00 00; set 04 02 00 00; "
		  "set 05 02 00 00; set 05 02 00 00; " },
		{ 0x3135, 0x313830, "set 04 02 00 00; set 05 02 00 00; " },
		{ 0x3030, 0x3630, "" },
		{ 0x3939, 0x3939, "" }, /* who knows what is below */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char wanted[256] = "";

		load(small_pro, sizeof(small_pro));
		hid_fake_set(&bench.fake, HID_APC_PRO_CHARGE, cases[i].charge);
		hid_fake_set(&bench.fake, HID_APC_PRO_DELAY, cases[i].delay);
		attach();
		assert_int_equal(give(UPS_RETURN), 0);
		strcat(strcpy(wanted, cases[i].transfers),
		       "set 02 01; set 03 01; get 03; ");
		assert_string_equal(transfers, wanted);

		/* The lowest was reached: it is not left again. */
		assert_int_equal(give(UPS_RETURN), 0);
		assert_string_equal(transfers, "set 02 01; set 03 01; get 03; ");
	}
}

static void refused_self_test_takes_the_hibernation_back(void **state)
{
	(void)state;
	load(small_pro, sizeof(small_pro));
	refuse(0x03);
	attach();
	assert_int_not_equal(give(UPS_RETURN), 0);
	assert_string_equal(transfers,
			    "set 02 01; set 03 01; set 03 01; set 03 01; "
			    "set 03 01; set 02 00; ");
}

/** A startup that counts on would switch the load on, and nobody knows when. */
static void refused_shutdown_takes_the_startup_back(void **state)
{
	(void)state;
	load(small_apc, sizeof(small_apc));
	refuse(0x03);
	attach();
	assert_int_not_equal(give(UPS_RETURN), 0);
	assert_non_null(strstr(transfers,
			       "set 02 40 00; set 03 3c 00; set 03 3c 00; "
			       "set 03 3c 00; set 03 3c 00; set 02 ff ff; "));

	/* Without an answer it may be counting. */
	load(small_apc, sizeof(small_apc));
	hid_fake_misbehave(&bench.fake,
			   (struct hid_fake_quirk){ HID_FAKE_IO_ERROR,
						    HID_FAKE_SET, 0x03, -1 });
	attach();
	assert_int_not_equal(give(UPS_RETURN), 0);
	assert_null(strstr(transfers, "set 02 ff ff"));
}

static void reboot_is_granted_as_it_shows(void **state)
{
	(void)state;
	assert_int_equal(
		hid_bench_open(&bench, "apc-smartups-3000-051d-0003", ""), 0);
	hid_fake_round(&bench.fake, HID_DELAY_BEFORE_REBOOT, 120);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 120);

	/* Where nothing shows it, it is at least this. */
	assert_int_equal(
		hid_bench_open(&bench, "apc-smartups-3000-051d-0003", ""), 0);
	hid_fake_misbehave(&bench.fake,
			   (struct hid_fake_quirk){ HID_FAKE_STALL,
						    HID_FAKE_GET, 0x13, -1 });
	assert_int_equal(give(UPS_RETURN), 0);
	assert_int_equal(cut.off_after_s, 90);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_lowered_first),
		cmocka_unit_test(texts_are_led_to_the_lowest),
		cmocka_unit_test(refused_self_test_takes_the_hibernation_back),
		cmocka_unit_test(refused_shutdown_takes_the_startup_back),
		cmocka_unit_test(reboot_is_granted_as_it_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
