// SPDX-License-Identifier: MIT
/* Whose unit it is, and units in doubt: no ID, a yes without a sign. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/bench.h"
#include "hid/status.h"

static struct hid_bench bench;
static struct ups_cut cut;
static char transfers[1024];

/* clang-format off */

/* MGE: AutomaticRestart (2), startup (3) and shutdown (4) of 32 bits. */
static const uint8_t mge[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01,
	0x09, 0x16, 0xa1, 0x00, 0x09, 0x1a, 0xa1, 0x81,
	0x0b, 0x43, 0x00, 0xff, 0xff, 0x85, 0x02, 0x75, 0x08,
	0x15, 0x00, 0x25, 0x01, 0xb1, 0x82, 0xc0, 0xc0,
	0x09, 0x24, 0xa1, 0x00, 0x75, 0x20, 0x15, 0xff, 0x27, 0xff, 0xff, 0xff, 0x7f,
	0x85, 0x03, 0x09, 0x56, 0xb1, 0x82, 0x85, 0x04, 0x09, 0x57, 0xb1, 0x82, 0xc0, 0xc0,
};

/* A shutdown delay (4) with its flags at [24], another feature's at [30]. */
static const uint8_t constant[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x75, 0x10, 0x15, 0xff,
	0x26, 0xff, 0x7f, 0x09, 0x24, 0xa1, 0x00, 0x85, 0x04, 0x09, 0x57, 0xb1, 0x03,
	0x85, 0x05, 0x09, 0x2a, 0xb1, 0x03, 0xc0, 0xc0,
};

/* ACPresent (report 84) and a shutdown delay (4) of an outlet. */
static const uint8_t unread[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x15, 0x00,
	0x09, 0x02, 0xa1, 0x02, 0x25, 0x01, 0x75, 0x01, 0x85, 0x54,
	0x0b, 0xd0, 0x00, 0x85, 0x00, 0xb1, 0x82, 0xc0,
	0x09, 0x20, 0xa1, 0x00, 0x75, 0x10, 0x26, 0xff, 0x7f, 0x85, 0x04,
	0x09, 0x57, 0xb1, 0x82, 0xc0, 0xc0,
};

/* Two SwitchOffControl: in the collection at [9] (1), and in the UPS itself (2). */
static const uint8_t two_switches[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x09, 0x1a, 0xa1, 0x82,
	0x75, 0x08, 0x15, 0x00, 0x25, 0x0a, 0x85, 0x01, 0x09, 0x51, 0xb1, 0x02, 0xc0,
	0x85, 0x02, 0x09, 0x51, 0xb1, 0x02, 0xc0,
};

/* clang-format on */

static int give(enum ups_command wanted)
{
	return hid_bench_cut(&bench, wanted, &cut, transfers, sizeof(transfers));
}

static void misbehave(enum hid_fake_way way, enum hid_fake_kind kind,
		      uint8_t report_id, int times)
{
	hid_fake_misbehave(&bench.fake, (struct hid_fake_quirk){
						way, kind, report_id, times });
}

static void load(const uint8_t *bytes, size_t len)
{
	hid_bench_start(&bench, "");
	hid_fake_start(&bench.fake, bytes, len);
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
		{ 0x09ae, 0x1008, "", "", "ECO550UPS (Tripp Lite)" },
		{ 0x09ae, 0x1007, "", "", "Tripp Lite" },
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
		{ 0x0d9f, 0x00a3, "", "", "SKP (Powercom)" },
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

static void section_may_name_the_family(void **state)
{
	static const struct {
		const char *key, *family;
	} cases[] = {
		{ "mge", "MGE/Eaton" },
		{ "tripplite.*", "Tripp Lite" },
		{ "\"TrippLite HID 0.85\"", "Tripp Lite" },
		{ "apc", "APC" },
		{ "cps", "CyberPower" },
		{ "CyberPower", "CyberPower" },
		{ "powercom", "Powercom" },
		{ "belkin", "Belkin" },
		/* What says nothing leaves the IDs to decide. */
		{ "explore", "Phoenixtec" },
		{ "\"\"", "Phoenixtec" },
		{ "a", "Phoenixtec" },
		{ ".*", "Phoenixtec" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[64] = "subdriver = ";

		hid_bench_start(&bench, strcat(line, cases[i].key));
		hid_fake_load(&bench.fake, "eaton-3s-700-0463-ffff");
		(void)hid_bench_attach(&bench, 0x06da, 0xffff, "");
		assert_string_equal(bench.unit.family->name, cases[i].family);
		assert_int_equal(bench.notes,
				 strcmp(cases[i].family, "Phoenixtec") == 0);
	}
}

/** With IDs that nobody knows, by what each maker's units have in common. */
static void shape_decides_without_ids(void **state)
{
	static const struct {
		const char *name, *family, *transfers;
	} cases[] = {
		{ "apc-backups-rs-1000g-051d-0002", "APC",
		  "set 41 3c 00; get 41; get 06; " },
		{ "apc-smartups-3000-051d-0003", "APC",
		  "set 13 3c 00 00 00; get 13; " },
		{ "cyberpower-ec850lcd-0764-0501", "CyberPower",
		  "set 16 00 00; set 15 01 00; get 15; " },
		{ "powercom-hid-ups-battery-996-0d9f-0004", "Powercom",
		  "set 0f 54 00; get 0f; " },
		{ "tripplite-smart-3016-09ae-3016", "Tripp Lite",
		  "set 61 1e 00; set 15 14 00; get 15; " },
		{ "eaton-3s-700-0463-ffff", "standard",
		  "set 0a 1e 00 00 00; set 09 14 00 00 00; get 09; " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		hid_bench_start(&bench, "");
		hid_fake_load(&bench.fake, cases[i].name);
		assert_int_equal(hid_bench_attach(&bench, 0xffff, 1, ""), 0);
		assert_string_equal(bench.unit.family->name, cases[i].family);
		assert_int_equal(give(UPS_RETURN), 0);
		assert_string_equal(transfers, cases[i].transfers);
	}
	load(mge, sizeof(mge));
	assert_int_equal(hid_bench_attach(&bench, 0xffff, 1, ""), 0);
	assert_string_equal(bench.unit.family->name, "MGE/Eaton");
}

/** By the standard it cuts at once, so that nothing can be seen before. */
static void acknowledged_reboot_is_not_turned_into_stay_off(void **state)
{
	(void)state;
	assert_int_equal(hid_bench_open(&bench, "liebert-psi5-10af-0002", ""),
			 0);
	misbehave(HID_FAKE_IGNORE, HID_FAKE_SET, 0x17, -1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_null(strstr(transfers, "set 15"));
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);

	/* One that is refused is none. */
	assert_int_equal(hid_bench_open(&bench, "liebert-psi5-10af-0002", ""),
			 0);
	misbehave(HID_FAKE_STALL, HID_FAKE_SET, 0x17, -1);
	assert_int_equal(give(UPS_RETURN), 0);
	assert_non_null(strstr(transfers, "set 15 14 00; get 15; "));
	assert_int_equal(cut.given, UPS_STAYOFF);
}

static void restart_is_put_back_when_nothing_came_of_it(void **state)
{
	(void)state;
	load(mge, sizeof(mge));
	hid_fake_set(&bench.fake, HID_MGE_AUTOMATIC_RESTART, 1);
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 1, ""), 0);
	misbehave(HID_FAKE_STALL, HID_FAKE_SET, 0x04, 4);
	assert_int_equal(give(UPS_STAYOFF), 0);
	assert_string_equal(
		transfers,
		"set 02 00; set 03 ff ff ff ff; set 04 14 00 00 00; "
		"set 04 14 00 00 00; set 04 14 00 00 00; set 04 14 00 00 00; "
		"set 02 01; set 04 14 00 00 00; get 04; ");
	assert_int_equal(cut.given, UPS_RETURN);
}

/* The next rung would take it, too, and leave out what is set already. */
static void refusal_that_passes_costs_nothing(void **state)
{
	(void)state;
	load(mge, sizeof(mge));
	hid_fake_set(&bench.fake, HID_MGE_AUTOMATIC_RESTART, 1);
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 1, ""), 0);
	misbehave(HID_FAKE_STALL, HID_FAKE_SET, 0x04, 3);
	assert_int_equal(give(UPS_STAYOFF), 0);
	assert_string_equal(
		transfers,
		"set 02 00; set 03 ff ff ff ff; set 04 14 00 00 00; "
		"set 04 14 00 00 00; set 04 14 00 00 00; set 04 14 00 00 00; "
		"get 04; ");
	assert_int_equal(cut.given, UPS_STAYOFF);
}

static void stay_off_says_that_it_lasts(void **state)
{
	(void)state;
	load(mge, sizeof(mge));
	hid_fake_set(&bench.fake, HID_MGE_AUTOMATIC_RESTART, 1);
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 1, ""), 0);
	assert_int_equal(give(UPS_STAYOFF), 0);
	assert_non_null(strstr(bench.note, "automatic restart is off now"));

	/* And the next return knows that it has to be set. */
	assert_int_equal(give(UPS_RETURN), 0);
	assert_non_null(strstr(transfers, "set 02 01; "));
	assert_int_equal(bench.notes, 1);
}

static void constants_are_not_written(void **state)
{
	static const struct {
		uint8_t delay, other;
		int ret;
	} cases[] = {
		{ 0x03, 0x03, -EOPNOTSUPP }, /* to be looked at, all of it */
		{ 0x03, 0x02, 0 },
		{ 0x01, 0x02, -EOPNOTSUPP }, /* NUT refuses it as well */
		{ 0x02, 0x03, 0 },
	};
	uint8_t bytes[sizeof(constant)];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memcpy(bytes, constant, sizeof(bytes));
		bytes[24] = cases[i].delay;
		bytes[30] = cases[i].other;
		load(bytes, sizeof(bytes));
		assert_int_equal(hid_bench_attach(&bench, 0xffff, 1, ""),
				 cases[i].ret);
	}
}

static void some_reports_are_never_read(void **state)
{
	struct ups_status status;

	(void)state;
	for (int i = 0; i < 2; i++) {
		load(unread, sizeof(unread));
		hid_fake_set(&bench.fake, HID_AC_PRESENT, 1);
		assert_int_equal(hid_bench_attach(&bench, 0x09ae,
						  i ? 0x1330 : 0x2005, ""),
				 0);
		(void)hid_status_read(&bench.unit, &status,
				      deadline_in_ms(1000));
		assert_int_equal(status.mains,
				 i ? UPS_MAINS_UNKNOWN : UPS_MAINS_PRESENT);
		hid_fake_print(&bench.fake, 0, transfers, sizeof(transfers));
		assert_int_equal(!strstr(transfers, "get 54"), i);
	}
}

static void sleeper_is_woken_by_the_first_access(void **state)
{
	int64_t raw;

	(void)state;
	hid_bench_start(&bench, "");
	hid_fake_load(&bench.fake, "cyberpower-ec850lcd-0764-0501");
	misbehave(HID_FAKE_STALL, HID_FAKE_GET, 0, 1);
	assert_int_equal(hid_bench_attach(&bench, 0x0764, 0x0501, ""), 0);
	assert_true(bench.unit.known_fields > 0);
	assert_true(hid_unit_knows(&bench.unit, bench.unit.known[0].field, &raw));
	hid_fake_print(&bench.fake, 0, transfers, sizeof(transfers));
	assert_string_equal(transfers, "descriptor 00; get 15; get 15; ");
}

/** The descriptor says 5 bytes; it answers with 3, and takes 3. */
static void length_is_what_was_answered(void **state)
{
	(void)state;
	load(mge, sizeof(mge));
	hid_fake_set(&bench.fake, HID_MGE_AUTOMATIC_RESTART, 1);
	misbehave(HID_FAKE_SHORT, HID_FAKE_GET, 0x02, -1);
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 1, ""), 0);
	assert_int_equal(give(UPS_STAYOFF), 0);
	assert_non_null(strstr(transfers, "set 02 00; "));
}

/** Nonsense that happens to be a sound descriptor of something else. */
static void ups_that_answers_like_a_mouse_is_asked_again(void **state)
{
	(void)state;
	hid_bench_start(&bench, "");
	hid_fake_load(&bench.fake, "megatec-prolink-vendorpage-0665-5161");
	assert_int_equal(hid_bench_attach(&bench, 0x0764, 0x0501, ""), -ENODEV);
	assert_int_equal(bench.fake.transfers, 3);
}

/** A large Eaton's Input.[2] is the bypass; and a battery is no load. */
static void switch_of_what_feeds_the_ups_is_left_alone(void **state)
{
	static const uint8_t feeds[] = { 0x1a, 0x10, 0x12, 0x14 };
	uint8_t bytes[sizeof(two_switches)];

	(void)state;
	memcpy(bytes, two_switches, sizeof(bytes));
	for (size_t i = 0; i < sizeof(feeds); i++) {
		bytes[9] = feeds[i];
		load(bytes, sizeof(bytes));
		assert_int_equal(hid_bench_attach(&bench, 0x0463, 1, ""), 0);
		assert_int_equal(give(UPS_STAYOFF), 0);
		assert_non_null(strstr(transfers, "set 02 01; "));
		assert_null(strstr(transfers, "set 01"));
	}
	/* Without the other one there is nothing to be told. */
	bytes[sizeof(bytes) - 4] = 0x52;
	load(bytes, sizeof(bytes));
	assert_int_equal(hid_bench_attach(&bench, 0x0463, 1, ""), -EOPNOTSUPP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(families_are_told_apart),
		cmocka_unit_test(section_may_name_the_family),
		cmocka_unit_test(shape_decides_without_ids),
		cmocka_unit_test(acknowledged_reboot_is_not_turned_into_stay_off),
		cmocka_unit_test(restart_is_put_back_when_nothing_came_of_it),
		cmocka_unit_test(refusal_that_passes_costs_nothing),
		cmocka_unit_test(stay_off_says_that_it_lasts),
		cmocka_unit_test(constants_are_not_written),
		cmocka_unit_test(some_reports_are_never_read),
		cmocka_unit_test(switch_of_what_feeds_the_ups_is_left_alone),
		cmocka_unit_test(sleeper_is_woken_by_the_first_access),
		cmocka_unit_test(length_is_what_was_answered),
		cmocka_unit_test(ups_that_answers_like_a_mouse_is_asked_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
