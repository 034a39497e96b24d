// SPDX-License-Identifier: MIT
/* Richcomm's dry contacts: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "usbcontact/richcomm_fake.h"

static int bench_start(void **state)
{
	*state = line_bench_new_usb("richcomm_usb", &richcomm_fake_kind, "");
	return 0;
}

static struct richcomm_fake *fake_of(struct line_bench *bench)
{
	return bench->usb.state;
}

static void test_the_order_has_two_halves(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_told(bench, bench->armed_at),
			    "21 09 0200 0000: 01 00 00 30\n"
			    "21 09 0200 0000: 02 00 00 00\n"
			    "21 09 0200 0000: 02 01 00 00\n");
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, UPS_UNKNOWN_S);
	assert_string_equal(cut.how, "contact");
}

static void test_nothing_else_is_offered(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
}

/* As issue 640 recorded it: the first answer is left over. */
static void test_what_was_left_over_is_passed_by(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_memory_equal(bench->usb.journal[1].data, "\x80\0\0\0\0\0", 6);
	assert_memory_equal(bench->usb.journal[3].data, "\x01\0\0\x02\x86\0", 6);
	assert_int_equal(bench->armed_at, 4);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_false(status.battery_low);
}

static void test_what_always_looks_left_over_is_meant(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->stale = 100;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->fake.orders, 1);
}

static void test_short_answers_are_none(void **state)
{
	struct line_bench *bench = *state;

	bench->usb.way = USB_FAKE_SHORT;
	assert_int_equal(line_bench_arm(bench), -EPROTO);
}

static void test_with_mains_it_is_not_cut(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EOPNOTSUPP);
	assert_string_equal(bench->ups.problem,
			    "[u] has mains, and can be cut on battery only");
	assert_null(strstr(line_bench_told(bench, 0), ": 02"));
}

static void test_contacts_are_read(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;

	line_fake_feel(&bench->fake, true, 5);
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
	assert_true(status.battery_low);
	assert_int_equal(status.off_after_s, UPS_UNKNOWN_S);
}

static void test_an_order_that_is_refused_is_repeated(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	bench->usb.way = USB_FAKE_STALL;
	bench->usb.way_from = bench->armed_at + 2;
	bench->usb.way_times = 1;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->fake.orders, 1);
}

static void test_a_refusal_for_good_is_said(void **state)
{
	struct line_bench *bench = *state;

	bench->usb.way = USB_FAKE_STALL;
	assert_int_equal(line_bench_arm(bench), -EPROTO);
	assert_string_equal(bench->ups.problem, "[u] refuses a transfer");
}

static void test_whatever_ails_it(void **state)
{
	(void)state;
	line_bench_storm_usb("richcomm_usb", &richcomm_fake_kind, "",
			     LINE_BENCH_SILENT);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_the_order_has_two_halves),
		BENCH_TEST(test_nothing_else_is_offered),
		BENCH_TEST(test_what_was_left_over_is_passed_by),
		BENCH_TEST(test_what_always_looks_left_over_is_meant),
		BENCH_TEST(test_short_answers_are_none),
		BENCH_TEST(test_with_mains_it_is_not_cut),
		BENCH_TEST(test_contacts_are_read),
		BENCH_TEST(test_a_stall_is_cleared_and_asked_again),
		BENCH_TEST(test_an_order_that_is_refused_is_repeated),
		BENCH_TEST(test_a_refusal_for_good_is_said),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
