// SPDX-License-Identifier: MIT
/* Meta System: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "metasys/metasys_fake.h"

static int bench_start(void **state)
{
	*state = line_bench_new("metasys", &metasys_fake_kind, "");
	return 0;
}

static struct metasys_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_return_is_scheduled_and_read_back(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	/* Restart with the mains, off in 150 s and on 1 s later, read. */
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "<02><07><0c><00><00><00><00><01><14>"
			    "<02>\\n\\n<96><00><00><00><01><00><00><00><ab>"
			    "<02><02><06><08>");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 150);
	assert_int_equal(cut.on_after_s, 1);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_a_restart_that_is_set_is_left_alone(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	memcpy(fake_of(bench)->times, "\x0a\x00\x05\x00\x01", 5);
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_null(strstr(line_bench_sent(bench, bench->armed_at), "<0c>"));
	assert_memory_equal(fake_of(bench)->times, "\x0a\x00\x05\x00\x01", 5);
}

static void test_the_other_limits_survive(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	memcpy(fake_of(bench)->times, "\x0a\x00\x05\x00\x00", 5);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_memory_equal(fake_of(bench)->times, "\x0a\x00\x05\x00\x01", 5);
}

static void test_stayoff_has_no_restart(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
	assert_int_equal(fake_of(bench)->times[4], 0);
	assert_int_equal(cut.on_after_s, UPS_UNKNOWN_S);
}

static void test_off_now_is_a_second(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_int_equal(cut.off_after_s, 1);
}

static void test_a_reboot_waits_for_the_mains(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_REBOOT, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_a_refusal_is_one(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->refuses = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] answers something else than it was asked");
	assert_int_equal(bench->fake.orders, 0);
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

/* Its answer is still on the line when it is off. */
static void test_one_that_is_off_at_once_was_cut(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->rushes = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("metasys", &metasys_fake_kind, "", LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_return_is_scheduled_and_read_back),
		BENCH_TEST(test_a_restart_that_is_set_is_left_alone),
		BENCH_TEST(test_the_other_limits_survive),
		BENCH_TEST(test_stayoff_has_no_restart),
		BENCH_TEST(test_off_now_is_a_second),
		BENCH_TEST(test_a_reboot_waits_for_the_mains),
		BENCH_TEST(test_a_refusal_is_one),
		BENCH_TEST(test_an_empty_promise_is_noticed),
		BENCH_TEST(test_one_that_is_off_at_once_was_cut),
		BENCH_TEST(test_cancel_stops_the_countdown),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
