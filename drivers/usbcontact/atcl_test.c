// SPDX-License-Identifier: MIT
/* "ATCL FOR UPS": the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "usbcontact/atcl_fake.h"

static int bench_start(void **state)
{
	*state = line_bench_new_usb("nutdrv_atcl_usb", &atcl_fake_kind, "");
	return 0;
}

static void test_the_order_is_sent_twice(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_told(bench, 0), "");
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_told(bench, bench->armed_at),
			    "02: 01 00 00 00 00 00 00 00\n"
			    "02: 01 00 00 00 00 00 00 00\n");
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 30);
}

static void test_with_mains_it_is_not_cut(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EOPNOTSUPP);
	assert_string_equal(bench->ups.problem,
			    "[u] has mains, and can be cut on battery only");
	assert_string_equal(line_bench_told(bench, 0), "");
}

static void test_its_state_is_read(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_false(status.battery_low);
	line_fake_feel(&bench->fake, false, 5);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_true(status.battery_low);
	line_fake_feel(&bench->fake, true, 5);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
}

static void test_another_vendor_is_not_meant(void **state)
{
	struct line_bench *bench = *state;
	struct usb_fake_kind krauler = atcl_fake_kind;

	krauler.string[USB_VENDOR] = "";
	bench->usb.kind = &krauler;
	assert_int_equal(line_bench_arm(bench), -ENODEV);
}

static void test_a_stall_is_cleared(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	bench->usb.way = USB_FAKE_STALL;
	bench->usb.way_from = bench->armed_at + 1;
	bench->usb.way_times = 1;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->usb.clears, 1);
	assert_int_equal(bench->fake.orders, 1);
}

static void test_nonsense_is_said(void **state)
{
	struct line_bench *bench = *state;

	bench->usb.way = USB_FAKE_SHORT;
	assert_int_equal(line_bench_arm(bench), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] answers something else than it was asked");
}

static void test_whatever_ails_it(void **state)
{
	(void)state;
	line_bench_storm_usb("nutdrv_atcl_usb", &atcl_fake_kind, "",
			     LINE_BENCH_SILENT);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_the_order_is_sent_twice),
		BENCH_TEST(test_with_mains_it_is_not_cut),
		BENCH_TEST(test_its_state_is_read),
		BENCH_TEST(test_another_vendor_is_not_meant),
		BENCH_TEST(test_a_stall_is_cleared),
		BENCH_TEST(test_nonsense_is_said),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
