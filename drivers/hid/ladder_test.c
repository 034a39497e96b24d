// SPDX-License-Identifier: MIT
/* What is written to which unit: bytes, order, number of transfers. */
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
#include "hid/testdata.h"

#define EATON "eaton-3s-700-0463-ffff"

static struct hid_bench bench;
static struct ups_cut cut;
static char transfers[1024];

/* clang-format off */

/* Startup and shutdown delays of 16 bits: in reports 3 and, at [26], 4. */
static const uint8_t delays[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x75, 0x10, 0x15, 0xff,
	0x26, 0xff, 0x7f, 0x09, 0x24, 0xa1, 0x00, 0x85, 0x03, 0x09, 0x56, 0xb1, 0x02,
	0x85, 0x04, 0x09, 0x57, 0xb1, 0x02, 0xc0, 0xc0,
};

/* clang-format on */

static int give(enum ups_command wanted)
{
	return hid_bench_cut(&bench, wanted, &cut, transfers, sizeof(transfers));
}

static void eaton_returns(void **state)
{
	int first;

	(void)state;
	assert_int_equal(hid_bench_open(&bench, EATON, ""), 0);
	assert_string_equal(bench.unit.family->name, "MGE/Eaton");
	first = bench.fake.transfers;
	assert_int_equal(give(UPS_RETURN), 0);
	assert_string_equal(transfers,
			    "set 0a 1e 00 00 00; set 09 14 00 00 00; get 09; ");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 20);
	assert_int_equal(cut.on_after_s, 30);
	assert_true(bench.fake.transfer[first + 1].at_ms -
			    bench.fake.transfer[first].at_ms >=
		    125);
	assert_true(bench.fake.transfer[first + 2].at_ms -
			    bench.fake.transfer[first + 1].at_ms <
		    100);
}

static void eaton_does_the_rest(void **state)
{
	(void)state;
	assert_int_equal(hid_bench_open(&bench, EATON, "offdelay = 300"), 0);
	assert_int_equal(give(UPS_STAYOFF), 0);
	assert_string_equal(transfers,
			    "set 0a ff ff ff ff; set 09 2c 01 00 00; get 09; ");
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(cut.off_after_s, 300);
	assert_int_equal(cut.on_after_s, UPS_UNKNOWN_S);

	assert_int_equal(give(UPS_OFF), 0);
	assert_string_equal(transfers, "set 09 00 00 00 00; get 09; ");
	assert_int_equal(cut.off_after_s, 0);

	/* It has no reboot delay. */
	assert_int_equal(give(UPS_REBOOT), 0);
	assert_int_equal(cut.given, UPS_RETURN);

	bench.opened_at = bench.fake.transfers;
	assert_int_equal(hid_ladder_cancel(&bench.unit, deadline_in_ms(1000)),
			 0);
	hid_fake_print(&bench.fake, bench.opened_at, transfers,
		       sizeof(transfers));
	assert_string_equal(transfers, "set 09 ff ff ff ff; get 09; ");
}

static void delays_come_from_the_section(void **state)
{
	static const struct {
		const char *keys;
		int off_s, on_s, notes;
	} cases[] = {
		{ "", 20, 30, 0 },
		{ "offdelay = 0", 0, 30, 0 },
		{ "offdelay = 40\nondelay = 55", 40, 55, 0 },
		{ "offdelay = 40", 40, 50, 1 },
		{ "offdelay = 40\nondelay = 40", 40, 50, 1 },
		{ "offdelay = -1", 20, 30, 1 },
		{ "offdelay = 999999", 86400, 86410, 2 },
		{ "override.ups.delay.shutdown = 5\noffdelay = 9", 5, 30, 0 },
		{ "default.ups.delay.start = 99", 20, 99, 0 },
		{ "default.ups.delay.start = 99\nondelay = 35", 20, 35, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(hid_bench_open(&bench, EATON, cases[i].keys),
				 0);
		assert_int_equal(bench.unit.off_s, cases[i].off_s);
		assert_int_equal(bench.unit.on_s, cases[i].on_s);
		assert_int_equal(bench.notes, cases[i].notes);
	}
}

/** What a unit of testdata/ is told, with the defaults of its family. */
static const struct {
	const char *name;
	enum ups_command wanted;
	const char *transfers; /* NULL: it cannot be told */
	enum ups_command given;
} told[] = {
	{ "apc-backups-bk650m2-ch-051d-0002", UPS_RETURN, "set 40 01; get 40; ",
	  UPS_RETURN },
	{ "apc-backups-bk650m2-ch-051d-0002", UPS_STAYOFF,
	  "set 15 3c 00; get 15; ", UPS_STAYOFF },
	{ "apc-backups-cs-500-051d-0002", UPS_RETURN,
	  "set 40 01; get 40; get 06; ", UPS_RETURN },
	{ "apc-backups-rs-1000g-051d-0002", UPS_RETURN,
	  "set 41 3c 00; get 41; get 06; ", UPS_RETURN },
	{ "apc-smartups-3000-051d-0003", UPS_RETURN,
	  "set 13 3c 00 00 00; get 13; ", UPS_RETURN },
	{ "apc-smartups-3000-051d-0003", UPS_OFF,
	  "set 12 00 00 00 00; get 12; ", UPS_OFF },
	{ "cyberpower-ec850lcd-0764-0501", UPS_RETURN,
	  "set 16 00 00; set 15 01 00; get 15; ", UPS_RETURN },
	{ "cyberpower-ec850lcd-0764-0501", UPS_STAYOFF,
	  "set 16 ff ff; set 15 01 00; get 15; ", UPS_STAYOFF },
	{ "cyberpower-st-series-0764-0501", UPS_RETURN,
	  "set 87 00 00; set 86 01 00; get 86; ", UPS_RETURN },
	{ "eaton-ellipse-eco-0463-ffff", UPS_RETURN,
	  "set 0a 1e 00 00 00; set 09 14 00 00 00; get 09; ", UPS_RETURN },
	{ "eaton-ellipse-eco-iface0-0463-ffff", UPS_RETURN, NULL, 0 },
	{ "idowell-smart-battery-291-075d-0300", UPS_RETURN,
	  "set 0a 1e 00 00 00; set 09 14 00 00 00; get 09; ", UPS_RETURN },
	{ "kstar-ups-hi-09d6-0001", UPS_RETURN, "set 03 01; get 03; ",
	  UPS_STAYOFF },
	{ "legrand-keor-sp-1cb0-0032", UPS_RETURN,
	  "set 61 1e 00; set 15 14 00; get 15; ", UPS_RETURN },
	{ "legrand-keor-sp-1cb0-0032", UPS_REBOOT, "set 17 0a 00; get 17; ",
	  UPS_REBOOT },
	{ "liebert-gxt4-10af-0000", UPS_RETURN, NULL, 0 },
	{ "liebert-psi5-10af-0002", UPS_RETURN, "set 17 0a 00; get 17; ",
	  UPS_RETURN },
	{ "mec0003-0001-0000", UPS_RETURN, NULL, 0 },
	{ "megatec-prolink-vendorpage-0665-5161", UPS_RETURN, NULL, 0 },
	{ "powercom-hid-ups-battery-996-0d9f-0004", UPS_RETURN,
	  "set 0f 54 00; get 0f; ", UPS_RETURN },
	{ "powercom-hid-ups-battery-996-0d9f-0004", UPS_STAYOFF,
	  "set 0f 94 00; get 0f; ", UPS_STAYOFF },
	{ "powerwalker-vi-1200-shl-06da-ffff", UPS_RETURN,
	  "set 0a 1e 00 00 00; set 09 14 00 00 00; get 09; ", UPS_RETURN },
	{ "tripplite-smart-3016-09ae-3016", UPS_RETURN,
	  "set 61 1e 00; set 15 14 00; get 15; ", UPS_RETURN },
};

static void every_unit_is_told_its_own_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		int ret = hid_bench_open(&bench, told[i].name, "");

		print_message("%s, %s\n", told[i].name,
			      ups_command_name(told[i].wanted));
		if (!told[i].transfers) {
			assert_true(ret == -EOPNOTSUPP || ret == -ENODEV);
			continue;
		}
		assert_int_equal(ret, 0);
		assert_int_equal(give(told[i].wanted), 0);
		assert_string_equal(transfers, told[i].transfers);
		assert_int_equal(cut.given, told[i].given);
		assert_int_equal(cut.proof, UPS_VERIFIED);
	}
}

/** Of a line of nut-writes.tsv, the command and the bytes. */
static bool read_nut_write(FILE *file, char *name, char *command, char *bytes)
{
	char line[512];

	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %*s %31s %*d %*s %*s %*d %*d\t%63[^\n]",
			   name, command, bytes) == 3)
			return true;
	}
	return false;
}

/** Where nothing speaks for other bytes, they are NUT's. */
static void writes_what_nut_writes(void **state)
{
	static const char *const same[] = { "eaton", "idowell",
					    "legrand-keor-sp", "powerwalker",
					    "tripplite" };
	FILE *file = fopen(TESTDATA_DIR "nut-writes.tsv", "re");
	char name[64], command[32], bytes[64], wanted[80];
	int compared = 0;

	(void)state;
	assert_non_null(file);
	while (read_nut_write(file, name, command, bytes)) {
		bool is_same = false;

		for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
			is_same |= strncmp(name, same[i], strlen(same[i])) == 0;
		if (!is_same || strcmp(command, "shutdown.stop") == 0)
			continue;
		assert_int_equal(hid_bench_open(&bench, name, ""), 0);
		assert_int_equal(give(strcmp(command, "load.off") == 0 ? UPS_OFF
				      : strcmp(command, "shutdown.stayoff") == 0
					      ? UPS_STAYOFF
					      : UPS_RETURN),
				 0);
		snprintf(wanted, sizeof(wanted), "set %s; ", bytes);
		if (!strstr(transfers, wanted))
			fail_msg("%s: %s instead of %s", name, transfers,
				 wanted);
		compared++;
	}
	fclose(file);
	assert_int_equal(compared, 33);
}

static void minutes_are_rounded_up(void **state)
{
	static const struct {
		const char *offdelay;
		const char *bytes;
		int off_s;
	} cases[] = {
		{ "offdelay = 1", "set 15 01 00; ", 60 },
		{ "offdelay = 20", "set 15 01 00; ", 60 },
		{ "offdelay = 60", "set 15 01 00; ", 60 },
		{ "offdelay = 61", "set 15 02 00; ", 120 },
		{ "offdelay = 0", "set 15 00 00; ", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(hid_bench_open(&bench,
						"cyberpower-ec850lcd-0764-0501",
						cases[i].offdelay),
				 0);
		assert_int_equal(give(UPS_RETURN), 0);
		assert_non_null(strstr(transfers, cases[i].bytes));
		assert_int_equal(cut.off_after_s, cases[i].off_s);
	}
}

/* It has one command, after which it comes back with the mains. */
static void exact_means_nothing_else(void **state)
{
	(void)state;
	assert_int_equal(
		hid_bench_open(&bench, "apc-backups-cs-500-051d-0002", ""), 0);
	cut = (struct ups_cut){ .wanted = UPS_REBOOT, .exact = true };
	assert_int_equal(hid_ladder_cut(&bench.unit, &cut,
					deadline_in_ms(bench.patience_ms)),
			 -EOPNOTSUPP);
	assert_int_equal(bench.fake.transfers, bench.opened_at);
	assert_int_equal(give(UPS_REBOOT), 0);
	assert_int_equal(cut.given, UPS_RETURN);
}

/* Written beside the other delay, the one that counts would be 0 for a moment. */
static void no_drill_where_delays_share_a_report(void **state)
{
	uint8_t bytes[sizeof(delays)];

	(void)state;
	memcpy(bytes, delays, sizeof(bytes));
	for (int shared = 0; shared < 2; shared++) {
		cut = (struct ups_cut){
			.wanted = UPS_RETURN,
			.exact = true,
			.least_s = 300,
		};
		bytes[26] = shared ? 0x03 : 0x04;
		hid_bench_start(&bench, "offdelay = 600");
		hid_fake_start(&bench.fake, bytes, sizeof(bytes));
		(void)conf_add(&bench.conf, bench.ups.section, "offdelay",
			       "600");
		assert_int_equal(hid_bench_attach(&bench, 0xffff, 1, ""), 0);
		assert_int_equal(hid_ladder_cut(&bench.unit, &cut,
						deadline_in_ms(10000)),
				 shared ? -EOPNOTSUPP : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eaton_returns),
		cmocka_unit_test(eaton_does_the_rest),
		cmocka_unit_test(delays_come_from_the_section),
		cmocka_unit_test(every_unit_is_told_its_own_words),
		cmocka_unit_test(writes_what_nut_writes),
		cmocka_unit_test(minutes_are_rounded_up),
		cmocka_unit_test(exact_means_nothing_else),
		cmocka_unit_test(no_drill_where_delays_share_a_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
