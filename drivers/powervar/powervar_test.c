// SPDX-License-Identifier: MIT
/* Powervar: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "powervar/powervar_fake.h"

static int bench_start_with(void **state, const char *keys)
{
	*state = line_bench_new("powervar-cs", &powervar_fake_kind, keys);
	return 0;
}

static int bench_start(void **state)
{
	return bench_start_with(state, "");
}

static int bench_start_delayed(void **state)
{
	return bench_start_with(state, "offdelay = 9\n"
				       "override.ups.delay.shutdown = 30");
}

static struct powervar_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_return_is_set_and_read_back(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0),
			    "\\r\\n\\r\\nPID\\rALM.FORMAT\\r"
			    "SET.FORMAT\\rSET\\r");
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "SET.ATOSRT.W=1\\rSET.OFFDLY.W=1\\rSET\\r");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 1);
	assert_string_equal(cut.how, "SET.OFFDLY.W=1");
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_a_restart_that_is_set_is_left_alone(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->restarts = true;
	assert_int_equal(line_bench_cut(bench, UPS_REBOOT, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "SET.OFFDLY.W=30\\rSET\\r");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(line_fake_left_s(&bench->fake), 30);
}

static void test_stayoff_takes_the_restart_away(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->restarts = true;
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "SET.ATOSRT.W=0\\rSET.OFFDLY.W=1\\rSET\\r");
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_off_is_now(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_string_equal(cut.how, "SET.OFFNOW.W=1");
	assert_int_equal(cut.given, UPS_OFF);
	assert_true(line_fake_is_off(&bench->fake));
}

static void test_a_refusal_is_one(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->refuses = "OFFDLY";
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] does not understand the command");
	assert_int_equal(bench->fake.orders, 0);
}

static void test_a_refused_restart_is_noted(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->refuses = "ATOSRT";
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(bench->note,
			    "[u] does not understand SET.ATOSRT.W=1");
	assert_int_equal(bench->fake.orders, 1);
}

static void test_an_empty_promise_is_noticed(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->forgets = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] acknowledged the cut and counts nothing down");
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("powervar-cs", &powervar_fake_kind, "offdelay = 30",
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
		BENCH_TEST(test_return_is_set_and_read_back),
		DELAYED_TEST(test_a_restart_that_is_set_is_left_alone),
		BENCH_TEST(test_stayoff_takes_the_restart_away),
		BENCH_TEST(test_off_is_now),
		BENCH_TEST(test_a_refusal_is_one),
		BENCH_TEST(test_a_refused_restart_is_noted),
		DELAYED_TEST(test_an_empty_promise_is_noticed),
		DELAYED_TEST(test_cancel_stops_the_countdown),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
