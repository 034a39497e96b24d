// SPDX-License-Identifier: MIT
/* Contact closures: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "contact/contact_fake.h"
#include "link/line_bench.h"
#include "link/serial.h"

static struct line_bench *bench_with(const char *keys)
{
	return line_bench_new("genericups", &contact_fake_kind, keys);
}

static struct contact_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

/*
 * What the table of genericups 2.8.0 (Debian 12) holds, as numbers of the
 * kernel: TIOCM_DTR 2, RTS 4, ST 8, CTS 0x20, CAR 0x40, RNG 0x80.
 */
static const struct nut_type {
	int power, online, online_level, low, low_level, cut;
} nut_types[] = {
	{ 6, 32, 0, 64, 64, 4 },   { 2, 128, 0, 64, 64, 4 },
	{ 4, 32, 0, 64, 64, 6 },   { 2, 32, 0, 64, 64, 6 },
	{ 4, 32, 32, 64, 0, 0 },   { 2, 32, 32, 64, 0, 6 },
	{ 2, 32, 32, 64, 0, 4 },   { 4, 32, 32, 64, 0, 2 },
	{ 2, 32, 32, 64, 0, -1 },  { 0, 64, 0, 32, 32, 4 },
	{ 4, 32, 32, 64, 0, 2 },   { 2, 32, 0, 64, 0, 8 },
	{ 4, 32, 0, 64, 64, 2 },   { 6, 64, 64, 32, 0, 8 },
	{ 2, 64, 64, 32, 0, 4 },   { 2, 32, 32, 64, 0, 8 },
	{ 6, 32, 32, 64, 0, -1 },  { 2, 32, 32, 64, 0, -1 },
	{ 2, 32, 32, 64, 64, -1 }, { 2, 32, 32, 64, 0, 4 },
	{ 2, 32, 0, 64, 64, 8 },   { 4, 32, 32, 64, 0, 6 },
	{ 4, 32, 32, 64, 0, 2 },   { 4, 32, 32, 64, 0, -1 },
};

#define NUT_TYPES ((int)(sizeof(nut_types) / sizeof(nut_types[0])))

static unsigned int lines_of(int tiocm)
{
	return (tiocm & 0x02 ? SERIAL_DTR : 0u) |
	       (tiocm & 0x04 ? SERIAL_RTS : 0u) |
	       (tiocm & 0x20 ? SERIAL_CTS : 0u) |
	       (tiocm & 0x40 ? SERIAL_DCD : 0u) |
	       (tiocm & 0x80 ? SERIAL_RNG : 0u);
}

static struct line_bench *bench_of_type(int upstype)
{
	const struct nut_type *type = &nut_types[upstype];
	struct line_bench *bench;
	char keys[32];

	(void)snprintf(keys, sizeof(keys), "upstype = %d", upstype);
	bench = bench_with(keys);
	*fake_of(bench) = (struct contact_fake){
		.power = lines_of(type->power),
		.online = lines_of(type->online),
		.online_is_high = type->online_level,
		.low = lines_of(type->low),
		.low_is_high = type->low_level,
		.cut = lines_of(type->cut),
		.is_cut_by_break = type->cut == 8,
		.hold_s = 5,
	};
	return bench;
}

static void check_status(struct line_bench *bench, bool mains, int charge_pct)
{
	struct ups_status status;

	line_fake_feel(&bench->fake, mains, charge_pct);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains,
			 mains ? UPS_MAINS_PRESENT : UPS_MAINS_ABSENT);
	assert_int_equal(status.battery_low, charge_pct < 10);
}

static void test_every_type_tells_and_is_cut(void **state)
{
	(void)state;
	for (int i = 0; i < NUT_TYPES; i++) {
		struct line_bench *bench = bench_of_type(i);
		struct ups_cut cut;

		if (nut_types[i].cut < 0) {
			char sentence[120];

			assert_int_equal(line_bench_arm(bench), -EOPNOTSUPP);
			(void)snprintf(
				sentence, sizeof(sentence),
				"[u] upstype %d has no line that orders a cut; set SD if this UPS has one",
				i);
			assert_string_equal(bench->ups.problem, sentence);
			line_bench_delete(bench);
			continue;
		}
		assert_int_equal(line_bench_arm(bench), 0);
		assert_int_equal(bench->fake.off_at_ms, LINE_FAKE_NEVER);
		check_status(bench, true, 90);
		check_status(bench, true, 5);
		check_status(bench, false, 90);
		check_status(bench, false, 5);
		assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
		assert_true(line_fake_is_off(&bench->fake));
		assert_int_equal(cut.given, UPS_RETURN);
		assert_int_equal(cut.proof, UPS_SENT);
		assert_int_equal(bench->notes, 0);
		line_bench_delete(bench);
	}
}

static void test_there_is_no_other_type(void **state)
{
	static const struct {
		const char *keys, *sentence;
	} sections[] = {
		{ "", "[u] names no upstype" },
		{ "upstype = 24", "[u] upstype has to be 0 … 23, not 24" },
		{ "upstype = -3", "[u] upstype has to be 0 … 23, not -3" },
		{ "upstype = 1\nSD = CTS",
		  "[u] SD: \"CTS\" is no output of a port" },
		{ "upstype = 1\nOL = -RTS",
		  "[u] OL: \"RTS\" is no input of a port" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		struct line_bench *bench = bench_with(sections[i].keys);

		assert_int_equal(line_bench_arm(bench), -EINVAL);
		assert_string_equal(bench->ups.problem, sections[i].sentence);
		line_bench_delete(bench);
	}
}

static void test_the_section_knows_better(void **state)
{
	struct line_bench *bench = bench_with(
		"upstype = 8\nCP = -DTR+RTS\nOL = -DSR\nLB = RNG\nSD = DTR,RTS");
	struct ups_cut cut;

	(void)state;
	*fake_of(bench) = (struct contact_fake){
		.power = SERIAL_RTS,
		.online = SERIAL_DSR,
		.low = SERIAL_RNG,
		.low_is_high = true,
		.cut = SERIAL_DTR | SERIAL_RTS,
	};
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(fake_of(bench)->lines, SERIAL_RTS);
	check_status(bench, true, 90);
	check_status(bench, false, 5);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_true(line_fake_is_off(&bench->fake));
	assert_string_equal(cut.how, "DTR and RTS, for 10 s");
	line_bench_delete(bench);
}

static void test_a_signal_that_is_not_there(void **state)
{
	struct line_bench *bench = bench_with("upstype = 7\nOL = NULL");
	struct ups_status status;

	(void)state;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_UNKNOWN);
	line_bench_delete(bench);
}

static void check_held(const char *keys, int hold_s)
{
	struct line_bench *bench = bench_with(keys);
	int64_t start_ms;
	struct ups_cut cut;

	fake_of(bench)->hold_s = hold_s;
	assert_int_equal(line_bench_arm(bench), 0);
	start_ms = clock_now_ms();
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(clock_now_ms() - start_ms, hold_s * 1000LL);
	assert_true(line_fake_is_off(&bench->fake));
	/* And on, as long as somebody has the port. */
	assert_int_equal(fake_of(bench)->lines, SERIAL_DTR);
	line_bench_delete(bench);
}

static void test_the_order_is_held(void **state)
{
	(void)state;
	check_held("upstype = 7", 10);
	check_held("upstype = 7\nsdtime = 3", 10);
	check_held("upstype = 7\nsdtime = 25", 25);
}

static void test_a_deadline_shortens_it(void **state)
{
	struct line_bench *bench = bench_with("upstype = 7\nsdtime = 100");
	struct ups_cut cut;

	(void)state;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(bench->note,
			    "[u] the order could be held for 30 s only");
	line_bench_delete(bench);
}

static void test_with_mains_most_do_not_obey(void **state)
{
	struct line_bench *bench = bench_with("upstype = 7");
	struct ups_cut cut;

	(void)state;
	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_REBOOT, &cut), 0);
	assert_string_equal(
		bench->note,
		"[u] says that mains is present; most of its kind ignore the order then");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(bench->fake.off_at_ms, LINE_FAKE_NEVER);
	/* The order stands: it is obeyed when mains fails. */
	line_fake_feel(&bench->fake, false, 90);
	assert_int_equal(bench->fake.orders, 1);
	line_bench_delete(bench);
}

static void test_there_is_no_other_command(void **state)
{
	struct line_bench *bench = bench_with("upstype = 7");
	struct ups_cut cut = { .wanted = UPS_STAYOFF, .exact = true };

	(void)state;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->ups.driver->cut(&bench->ups, &cut,
						deadline_in_ms(30000)),
			 -EOPNOTSUPP);
	assert_string_equal(
		bench->ups.problem,
		"[u] can be switched off until the mains returns, and nothing else");
	assert_int_equal(bench->fake.orders, 0);
	cut.wanted = UPS_RETURN;
	assert_int_equal(bench->ups.driver->cut(&bench->ups, &cut,
						deadline_in_ms(30000)),
			 0);
	line_bench_delete(bench);
}

static void test_cancel_drops_the_order(void **state)
{
	struct line_bench *bench = bench_with("upstype = 7");
	struct ups_cut cut;

	(void)state;
	fake_of(bench)->hold_s = 60;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(line_bench_cancel(bench), 0);
	assert_int_equal(bench->fake.off_at_ms, LINE_FAKE_NEVER);
	assert_int_equal(fake_of(bench)->lines, SERIAL_RTS);
	line_bench_delete(bench);
}

/* A break leaves the cable its power; and nothing is ever written. */
static void test_a_break_is_long(void **state)
{
	struct line_bench *bench = bench_of_type(13);
	struct ups_cut cut;

	(void)state;
	fake_of(bench)->hold_s = 8;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_true(line_fake_is_off(&bench->fake));
	assert_int_equal(fake_of(bench)->lines, SERIAL_DTR | SERIAL_RTS);
	assert_string_equal(cut.how, "break, for 10 s");
	assert_int_equal(bench->fake.received, 0);
	line_bench_delete(bench);
}

static void test_a_port_that_goes_away(void **state)
{
	struct line_bench *bench = bench_with("upstype = 7");
	struct ups_cut cut;

	(void)state;
	assert_int_equal(line_bench_arm(bench), 0);
	bench->fake.way = LINE_FAKE_GONE;
	bench->patience_ms = 2000;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -ENODEV);
	line_bench_delete(bench);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("genericups", &contact_fake_kind, "upstype = 7",
			 LINE_BENCH_SILENT);
	line_bench_storm("genericups", &contact_fake_break, "upstype = 15",
			 LINE_BENCH_SILENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_type_tells_and_is_cut),
		cmocka_unit_test(test_there_is_no_other_type),
		cmocka_unit_test(test_the_section_knows_better),
		cmocka_unit_test(test_a_signal_that_is_not_there),
		cmocka_unit_test(test_the_order_is_held),
		cmocka_unit_test(test_a_deadline_shortens_it),
		cmocka_unit_test(test_with_mains_most_do_not_obey),
		cmocka_unit_test(test_there_is_no_other_command),
		cmocka_unit_test(test_cancel_drops_the_order),
		cmocka_unit_test(test_a_break_is_long),
		cmocka_unit_test(test_a_port_that_goes_away),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
