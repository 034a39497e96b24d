// SPDX-License-Identifier: MIT
/* SafeNet: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "safenet/safenet_fake.h"

static int bench_start_with(void **state, const char *keys)
{
	*state = line_bench_new("safenet", &safenet_fake_kind, keys);
	return 0;
}

static int bench_start(void **state)
{
	return bench_start_with(state, "");
}

static int bench_start_delayed(void **state)
{
	return bench_start_with(state, "offdelay = 125\nondelay = 1440");
}

static struct safenet_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_on_battery_it_returns(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0), "ZCADLIOPERJD\\r");
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "ZHDGFGDJELBC\\rZBASADAWLPGE\\r");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 30);
	assert_int_equal(cut.on_after_s, UPS_UNKNOWN_S);
	assert_string_equal(cut.how, "ZBASADAWLPGE");
	assert_int_equal(line_fake_left_s(&bench->fake), 30);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_bytes_are_given_time(void **state)
{
	struct line_bench *bench = *state;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.in[1].at_ms - bench->fake.in[0].at_ms, 10);
}

static void test_on_mains_it_is_rebooted(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	bench->fake.mains = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(cut.how, "ZAFADARAAABO");
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_int_equal(cut.on_after_s, 60);
	assert_int_equal(bench->fake.back, LINE_FAKE_BY_CLOCK);
	assert_int_equal(bench->fake.back_after_s, 60);
}

static void test_delays_are_letters(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_REBOOT, &cut), 0);
	assert_string_equal(cut.how, "ZAFBCFRBEEAO");
	assert_int_equal(line_fake_left_s(&bench->fake), 125);
	assert_int_equal(bench->fake.back_after_s, 1440 * 60);
}

static void test_it_cannot_stay_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
}

static void test_off_now_is_a_second(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_string_equal(cut.how, "ZBASAABWLPGE");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.off_after_s, 1);
}

static void test_one_that_obeys_silently_is_asked_another_thing(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->obeys_silently = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_not_equal(bench->fake.orders, 0);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("safenet", &safenet_fake_kind, "", LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_on_battery_it_returns),
		BENCH_TEST(test_bytes_are_given_time),
		BENCH_TEST(test_on_mains_it_is_rebooted),
		cmocka_unit_test_setup_teardown(test_delays_are_letters,
						bench_start_delayed,
						line_bench_free),
		BENCH_TEST(test_it_cannot_stay_off),
		BENCH_TEST(test_off_now_is_a_second),
		BENCH_TEST(test_one_that_obeys_silently_is_asked_another_thing),
		BENCH_TEST(test_status_is_read),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
