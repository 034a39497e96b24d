// SPDX-License-Identifier: MIT
/* XCP on the USB: the driver, whole, on emulated UPSes of both makers. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "xcp/xcp_fake.h"
#include "xcp/xcp_usb_fake.h"

static struct line_bench *bench_make(const struct usb_fake_kind *kind)
{
	return line_bench_new_usb("bcmxcp_usb", kind, "");
}

static int bench_start(void **state)
{
	*state = bench_make(&xcp_usb_fake_kind);
	return 0;
}

static int bench_start_phoenixtec(void **state)
{
	*state = bench_make(&xcp_usb_phoenixtec_fake_kind);
	return 0;
}

static void assert_is_cut(struct line_bench *bench, const char *told)
{
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_told(bench, bench->armed_at), told);
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 120);
}

static void test_powerware_has_a_string_set(void **state)
{
	assert_is_cut(*state, "00 07 0304 0000: ab 04 cf 69 e8 d5 5c\n"
			      "00 07 0304 0000: ab 03 8a 78 00 50\n"
			      "00 07 0304 0000: ab 01 33 21\n");
}

static void test_phoenixtec_has_a_request(void **state)
{
	assert_is_cut(*state, "42 0d 0000 0000: ab 04 cf 69 e8 d5 5c\n"
			      "42 0d 0000 0000: ab 03 8a 78 00 50\n"
			      "42 0d 0000 0000: ab 01 33 21\n");
}

static void test_empty_packets_are_passed_by(void **state)
{
	struct line_bench *bench = *state;

	((struct xcp_usb_fake *)bench->usb.state)->empties = 5;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->usb.transfers, 1 + 6);
}

static void test_a_refusal_is_one(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	((struct xcp_fake *)bench->fake.state)->verdict = XCP_NOT_IMPLEMENTED;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] refuses the cut: it cannot do that");
}

static void test_whatever_ails_it(void **state)
{
	(void)state;
	line_bench_storm_usb("bcmxcp_usb", &xcp_usb_fake_kind, "",
			     LINE_BENCH_ANSWERS);
	line_bench_storm_usb("bcmxcp_usb", &xcp_usb_phoenixtec_fake_kind, "",
			     LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(start, test) \
	cmocka_unit_test_setup_teardown(test, start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(bench_start, test_powerware_has_a_string_set),
		BENCH_TEST(bench_start_phoenixtec, test_phoenixtec_has_a_request),
		BENCH_TEST(bench_start, test_empty_packets_are_passed_by),
		BENCH_TEST(bench_start, test_a_refusal_is_one),
		BENCH_TEST(bench_start, test_a_stall_is_cleared_and_asked_again),
		BENCH_TEST(bench_start, test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
