// SPDX-License-Identifier: MIT
/* U-Talk: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "utalk/utalk_fake.h"

static int bench_start_with(void **state, const char *keys)
{
	*state = line_bench_new("mge-utalk", &utalk_fake_kind, keys);
	return 0;
}

static int bench_start(void **state)
{
	return bench_start_with(state, "");
}

static int bench_start_delayed(void **state)
{
	return bench_start_with(state, "OffDelay = 40\nOnDelay = 3");
}

static struct utalk_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_it_is_woken(void **state)
{
	struct line_bench *bench = *state;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0),
			    "Z\\r\\nSi\\r\\nZ\\r\\nAx 1\\r\\nSi\\r\\n"
			    "Sn ?\\r\\nSm ?\\r\\n");
	assert_int_equal(bench->fake.orders, 0);
}

static void test_return_restarts(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "Sx 5\\r\\nSx 0\\r\\n");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 20);
	assert_int_equal(cut.on_after_s, 60);
	assert_string_equal(cut.how, "Sx 0");
	assert_int_equal(line_fake_left_s(&bench->fake), 20);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_delays_are_set(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "Sm 3\\r\\nSn 40\\r\\nSx 5\\r\\nSx 0\\r\\n");
	assert_int_equal(cut.off_after_s, 40);
	assert_int_equal(cut.on_after_s, 180);
	assert_int_equal(line_fake_left_s(&bench->fake), 40);
}

static void test_delays_that_it_has_not_are_noted(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->unknown = "Sn";
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(bench->note, "[u] does not know Sn 40");
	assert_int_equal(bench->fake.orders, 1);
}

static void test_without_a_restart_it_stays_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->unknown = "Sx 5";
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(bench->note, "[u] does not know Sx 5");
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_stayoff_has_no_restart(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "Sx 0\\r\\n");
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(cut.on_after_s, UPS_UNKNOWN_S);
}

static void test_off_is_at_its_outlets(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "Wy 65535\\r\\nWx 0\\r\\n");
	assert_int_equal(cut.given, UPS_OFF);
	assert_true(line_fake_is_off(&bench->fake));
}

static void test_a_refusal_is_one(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->unknown = "Sx 0";
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem, "[u] does not know the command");
	assert_int_equal(bench->fake.orders, 0);
}

static void test_a_status_it_does_not_know_is_none(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;

	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->unknown = "Ss";
	assert_int_equal(line_bench_status(bench, &status), -EPROTO);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("mge-utalk", &utalk_fake_kind, "ondelay = 2",
			 LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
#define DELAYED_TEST(test)                                         \
	cmocka_unit_test_setup_teardown(test, bench_start_delayed, \
					line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_it_is_woken),
		BENCH_TEST(test_return_restarts),
		DELAYED_TEST(test_delays_are_set),
		DELAYED_TEST(test_delays_that_it_has_not_are_noted),
		BENCH_TEST(test_without_a_restart_it_stays_off),
		BENCH_TEST(test_stayoff_has_no_restart),
		BENCH_TEST(test_off_is_at_its_outlets),
		BENCH_TEST(test_a_refusal_is_one),
		BENCH_TEST(test_status_is_read),
		BENCH_TEST(test_a_status_it_does_not_know_is_none),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
