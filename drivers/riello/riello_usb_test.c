// SPDX-License-Identifier: MIT
/* Riello on the USB: the driver, whole, on an emulated bridge and UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "riello/riello_fake.h"

static int bench_start(void **state)
{
	*state = line_bench_new_usb("riello_usb", &riello_usb_fake_kind, "");
	return 0;
}

static void test_seven_bytes_a_packet(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_told(bench, 0),
			    "21 09 0300 0000: b0 04 00 00 03\n"
			    "02: 37 02 20 22 47 49 30 30\n"
			    "02: 35 30 31 33 32 03 30 30\n");
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, 12),
			    "<02> \"CR080005000102<5<03>");
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 5);
}

static void test_its_state_is_read(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
}

static void test_settings_that_are_refused_may_be_there(void **state)
{
	struct line_bench *bench = *state;

	bench->usb.way = USB_FAKE_STALL;
	bench->usb.way_times = 1;
	assert_int_equal(line_bench_arm(bench), 0);
}

static void test_a_stall_is_cleared_and_said_again(void **state)
{
	struct line_bench *bench = *state;

	bench->usb.way = USB_FAKE_STALL;
	bench->usb.way_from = 2;
	bench->usb.way_times = 1;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->usb.clears, 1);
}

static void test_whatever_ails_it(void **state)
{
	(void)state;
	line_bench_storm_usb("riello_usb", &riello_usb_fake_kind, "",
			     LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_seven_bytes_a_packet),
		BENCH_TEST(test_its_state_is_read),
		BENCH_TEST(test_a_cancel_is_obeyed),
		BENCH_TEST(test_settings_that_are_refused_may_be_there),
		BENCH_TEST(test_a_stall_is_cleared_and_said_again),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
