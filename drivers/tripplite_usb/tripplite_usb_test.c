// SPDX-License-Identifier: MIT
/* Older Tripp Lite UPSes: the driver, whole, on emulated ones. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "tripplite_usb/tripplite_usb_fake.h"

static struct line_bench *bench_make(const struct usb_fake_kind *kind,
				     const char *keys)
{
	return line_bench_new_usb("tripplite_usb", kind, keys);
}

static int bench_start(void **state)
{
	*state = bench_make(&tripplite_usb_fake_kind, "");
	return 0;
}

static int bench_start_3003(void **state)
{
	*state = bench_make(&tripplite_usb_3003_fake_kind, "offdelay = 30");
	return 0;
}

static int bench_start_1001(void **state)
{
	*state = bench_make(&tripplite_usb_1001_fake_kind, "offdelay = 300");
	return 0;
}

static struct tripplite_usb_fake *fake_of(struct line_bench *bench)
{
	return bench->usb.state;
}

static void test_a_delay_and_the_order(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_told(bench, 0),
			    "21 09 0300 0000: 3a 00 ff 0d 00 00 00 00\n");
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_told(bench, bench->armed_at),
			    "21 09 0300 0000: 3a 53 ac 0d 00 00 00 00\n"
			    "21 09 0300 0000: 3a 4e 00 40 71 0d 00 00\n"
			    "21 09 0300 0000: 3a 47 b8 0d 00 00 00 00\n");
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	assert_in_range(line_fake_left_s(&bench->fake), 60, 64);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 64);
	assert_string_equal(cut.how, "soft shutdown (G), protocol 3005");
}

static void test_with_mains_its_watchdog_cycles_it(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_non_null(strstr(line_bench_told(bench, bench->armed_at),
			       ": 3a 57 40 68 0d"));
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_int_equal(bench->fake.back, LINE_FAKE_BY_CLOCK);
	/* From now on each question would put it off. */
	assert_int_equal(line_bench_status(bench, &status), -EOPNOTSUPP);
}

static void test_a_watchdog_is_set_again_without_a_question(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;
	int seen;

	assert_int_equal(line_bench_arm(bench), 0);
	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_REBOOT, &cut), 0);
	seen = bench->usb.transfers;
	assert_int_equal(line_bench_cut(bench, UPS_REBOOT, &cut), 0);
	assert_string_equal(line_bench_told(bench, seen),
			    "21 09 0300 0000: 3a 57 40 68 0d 00 00 00\n");
}

static void test_3003_has_no_watchdog(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EOPNOTSUPP);
	assert_string_equal(
		bench->ups.problem,
		"[u] has mains, and protocol 3003 can be cut on battery only");
	assert_int_equal(bench->fake.orders, 0);
}

static void test_3003_stays_off_in_digits(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(line_bench_told(bench, bench->armed_at),
			    "21 09 0300 0000: 3a 4e 31 45 3b 0d 00 00\n"
			    "21 09 0300 0000: 3a 4b 30 30 54 0d 00 00\n");
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(cut.off_after_s, 30);
	assert_in_range(line_fake_left_s(&bench->fake), 27, 30);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_off_is_five_seconds(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_string_equal(line_bench_told(bench, bench->armed_at),
			    "21 09 0300 0000: 3a 4e 00 05 ac 0d 00 00\n"
			    "21 09 0300 0000: 3a 4b 00 b4 0d 00 00 00\n");
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(cut.off_after_s, 5);
}

static void test_the_delay_is_the_sections(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.off_after_s, 300);
	assert_in_range(line_fake_left_s(&bench->fake), 297, 300);
}

static void test_a_watchdog_has_its_limits(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_int_equal(cut.off_after_s, 255);
}

static int read_status(struct line_bench *bench, struct ups_status *status)
{
	return line_bench_status(bench, status);
}

static void test_every_protocol_tells_its_state(void **state)
{
	static const struct usb_fake_kind *const kinds[] = {
		&tripplite_usb_fake_kind,
		&tripplite_usb_1001_fake_kind,
		&tripplite_usb_3003_fake_kind,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct line_bench *bench = bench_make(kinds[i], "");
		struct ups_status status;

		assert_int_equal(line_bench_arm(bench), 0);
		assert_int_equal(read_status(bench, &status), 0);
		assert_int_equal(status.mains, UPS_MAINS_ABSENT);
		assert_false(status.battery_low);
		line_fake_feel(&bench->fake, true, 5);
		assert_int_equal(read_status(bench, &status), 0);
		assert_int_equal(status.mains, UPS_MAINS_PRESENT);
		assert_true(status.battery_low);
		line_bench_delete(bench);
	}
}

/* As networkupstools/nut issue 585 has them, of protocol 3005. */
static void test_recorded_states_are_understood(void **state)
{
	static const uint8_t runs[8] = { 0x53, 1, 4, 0, 0, 0x64, 0, 0x0d };
	static const uint8_t battery[8] = { 0x53, 1, 4, 0, 1, 0x39, 0, 0x0d };
	struct tripplite_usb_status status;

	(void)state;
	assert_true(tripplite_usb_decode(0x3005, runs, &status));
	assert_true(status.online);
	assert_false(status.low);
	assert_true(tripplite_usb_decode(0x3005, battery, &status));
	assert_false(status.online);
}

static void test_one_that_knows_nothing_refuses(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->knows = 1; /* its state */
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] answers something else than it was asked");
	assert_int_equal(bench->fake.orders, 0);
}

static void test_one_whose_state_is_nonsense_is_cut(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->protocol = 0x1001; /* has digits instead of numbers */
	bench->fake.charge_pct = 250;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->fake.orders, 1);
}

/* An answer to the order is all there is: it does not show that it counts. */
static void test_whatever_ails_it(void **state)
{
	(void)state;
	line_bench_storm_usb("tripplite_usb", &tripplite_usb_fake_kind, "",
			     LINE_BENCH_ANSWERS);
	line_bench_storm_usb("tripplite_usb", &tripplite_usb_3003_fake_kind, "",
			     LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(start, test) \
	cmocka_unit_test_setup_teardown(test, start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(bench_start, test_a_delay_and_the_order),
		BENCH_TEST(bench_start, test_with_mains_its_watchdog_cycles_it),
		BENCH_TEST(bench_start,
			   test_a_watchdog_is_set_again_without_a_question),
		BENCH_TEST(bench_start_3003, test_3003_has_no_watchdog),
		BENCH_TEST(bench_start_3003, test_3003_stays_off_in_digits),
		BENCH_TEST(bench_start, test_off_is_five_seconds),
		BENCH_TEST(bench_start_1001, test_the_delay_is_the_sections),
		BENCH_TEST(bench_start_1001, test_a_watchdog_has_its_limits),
		cmocka_unit_test(test_every_protocol_tells_its_state),
		cmocka_unit_test(test_recorded_states_are_understood),
		BENCH_TEST(bench_start, test_one_that_knows_nothing_refuses),
		BENCH_TEST(bench_start, test_one_whose_state_is_nonsense_is_cut),
		BENCH_TEST(bench_start, test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
