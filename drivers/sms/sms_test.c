// SPDX-License-Identifier: MIT
/* SMS: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "sms/sms_fake.h"

#define QUERY  "Q<ff><ff><ff><ff><b3>\\r"
#define CANCEL "C<ff><ff><ff><ff><c1>\\r"

static struct line_bench *bench_new(const char *keys)
{
	return line_bench_new("sms_ser", &sms_fake_kind, keys);
}

static int bench_start(void **state)
{
	*state = bench_new("");
	return 0;
}

static struct sms_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_a_bit_proves_the_cut(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	/* 30 s are 50 units. */
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    CANCEL QUERY "R<00>2<00><01>{\\r" QUERY);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 50);
	assert_int_equal(cut.on_after_s, 1);
	assert_int_equal(line_fake_left_s(&bench->fake), 30);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	/* And again: from the beginning. */
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void test_without_the_bit_it_is_sent(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->hides = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void test_stayoff_and_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_non_null(strstr(line_bench_sent(bench, bench->armed_at),
			       "S<00>2<00><00>{\\r"));
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
	(void)line_bench_free(state);
	(void)bench_start(state);
	bench = *state;
	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_int_equal(cut.off_after_s, 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void test_the_section_sets_delays(void **state)
{
	struct line_bench *bench = bench_new("offdelay = 600\nondelay = 300");
	struct ups_cut cut;

	(void)state;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_non_null(strstr(line_bench_sent(bench, bench->armed_at),
			       "R<03><e8><01>,<96>\\r"));
	assert_int_equal(cut.off_after_s, 1000);
	assert_int_equal(cut.on_after_s, 300);
	line_bench_delete(bench);
}

static void test_who_is_not_heard_is_not_cut(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	bench->fake.way = LINE_FAKE_SILENT;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -ETIMEDOUT);
	assert_string_equal(bench->ups.problem, "[u] does not answer");
	assert_int_equal(bench->fake.orders, 0);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("sms_ser", &sms_fake_kind, "", LINE_BENCH_SILENT);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_a_bit_proves_the_cut),
		BENCH_TEST(test_without_the_bit_it_is_sent),
		BENCH_TEST(test_stayoff_and_off),
		cmocka_unit_test(test_the_section_sets_delays),
		BENCH_TEST(test_who_is_not_heard_is_not_cut),
		BENCH_TEST(test_status_is_read),
		BENCH_TEST(test_a_cancel_is_obeyed),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
