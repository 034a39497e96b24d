// SPDX-License-Identifier: MIT
/* Microdowell: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "microdowell/microdowell_fake.h"

#define STATUS "[<01><00><01>"

static struct line_bench *bench_new(const char *keys)
{
	return line_bench_new("microdowell", &microdowell_fake_kind, keys);
}

static int bench_start(void **state)
{
	*state = bench_new("");
	return 0;
}

static struct microdowell_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_return_on_battery(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	/* Off in 120 s, on again 10 s after the mains. */
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    STATUS "[<08>@<ff><02><00>x<00><00>\\n<c7>");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 120);
	assert_int_equal(cut.on_after_s, 10);
	assert_string_equal(cut.how, "shutdown 02");
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_with_mains_it_is_another_kind(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_non_null(strstr(line_bench_sent(bench, bench->armed_at),
			       "[<08>@<ff><01><00>x<00><00>\\n"));
	assert_string_equal(cut.how, "shutdown 01");
}

static void test_the_section_sets_delays(void **state)
{
	struct line_bench *bench = bench_new("ups.delay.shutdown = 3\n"
					     "ups.delay.start = 70000");
	struct ups_cut cut;

	(void)state;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_non_null(strstr(line_bench_sent(bench, bench->armed_at),
			       "[<08>@<ff><02><00><06><01><11>p"));
	assert_int_equal(cut.off_after_s, 6);
	assert_int_equal(cut.on_after_s, 70000);
	line_bench_delete(bench);
	/* 0 would be: never again. */
	bench = bench_new("ups.delay.start = 0");
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.on_after_s, 1);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	line_bench_delete(bench);
}

static void test_stayoff_and_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_non_null(strstr(line_bench_sent(bench, bench->armed_at),
			       "[<08>@<ff><04><00><00><00><00><00><b3>"));
	assert_int_equal(cut.off_after_s, 0);
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

static void test_lost_frames_are_sent_again(void **state)
{
	struct line_bench *bench = *state;

	fake_of(bench)->deaf = 4;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0),
			    STATUS STATUS STATUS STATUS STATUS);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("microdowell", &microdowell_fake_kind, "",
			 LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_return_on_battery),
		BENCH_TEST(test_with_mains_it_is_another_kind),
		cmocka_unit_test(test_the_section_sets_delays),
		BENCH_TEST(test_stayoff_and_off),
		BENCH_TEST(test_a_refusal_is_one),
		BENCH_TEST(test_lost_frames_are_sent_again),
		BENCH_TEST(test_status_is_read),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
