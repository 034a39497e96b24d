// SPDX-License-Identifier: MIT
/* Oneac: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "oneac/oneac_fake.h"

static struct line_bench *bench_new(const char *keys)
{
	return line_bench_new("oneac", &oneac_fake_kind, keys);
}

static int bench_start(void **state)
{
	*state = bench_new("");
	return 0;
}

static int bench_start_delayed(void **state)
{
	*state = bench_new("offdelay = 9\noverride.ups.delay.shutdown = 20");
	return 0;
}

static struct oneac_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_return_waits_for_mains(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0), "\\r\\n\\r\\nF\\r\\n");
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "%\\r\\nZ020\\r\\n%\\r\\n");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 20);
	assert_string_equal(cut.how, "Z020");
	assert_int_equal(line_fake_left_s(&bench->fake), 20);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_a_return_at_once_is_sent(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(cut.how, "Z000");
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 0);
	assert_true(line_fake_is_off(&bench->fake));
}

static void test_on_mains_it_is_rebooted(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	bench->fake.mains = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "%\\r\\n<0f><06>\\r\\n");
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(bench->fake.back, LINE_FAKE_BY_CLOCK);
}

static void test_newer_ones_count_without_zeros(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->family = "OZ";
	fake_of(bench)->is_manual = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "%\\r\\n<0\\r\\nZ20\\r\\n%\\r\\n");
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_newer_ones_stay_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->family = "OB";
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_older_ones_do_not(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->family = "EG";
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_off_now_needs_no_delay(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_int_equal(cut.given, UPS_OFF);
	assert_string_equal(cut.how, "Z000");
}

static void test_a_refusal_is_one(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->refuses = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] does not understand the command");
}

static void test_an_empty_promise_is_noticed(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->forgets = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] was told to cut and counts nothing down");
}

static void test_another_family_is_none_of_ours(void **state)
{
	struct line_bench *bench = *state;

	fake_of(bench)->family = "XX";
	assert_int_equal(line_bench_arm(bench), -EPROTO);
}

static void test_a_delay_is_what_the_family_takes(void **state)
{
	struct line_bench *bench = bench_new("offdelay = 1200");
	struct ups_cut cut;

	(void)state;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(cut.how, "Z999");
	assert_int_equal(bench->notes, 1);
	line_bench_delete(bench);
	bench = bench_new("offdelay = 1200");
	fake_of(bench)->family = "OZ";
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(cut.how, "Z1200");
	assert_int_equal(cut.proof, UPS_VERIFIED);
	line_bench_delete(bench);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("oneac", &oneac_fake_kind, "offdelay = 20",
			 LINE_BENCH_ANSWERS);
	/* Off at once: nobody is there to be asked whether it is. */
	line_bench_storm("oneac", &oneac_fake_kind, "", LINE_BENCH_SILENT);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
#define DELAYED_TEST(test)                                         \
	cmocka_unit_test_setup_teardown(test, bench_start_delayed, \
					line_bench_free)
	const struct CMUnitTest tests[] = {
		DELAYED_TEST(test_return_waits_for_mains),
		BENCH_TEST(test_a_return_at_once_is_sent),
		BENCH_TEST(test_on_mains_it_is_rebooted),
		DELAYED_TEST(test_newer_ones_count_without_zeros),
		DELAYED_TEST(test_newer_ones_stay_off),
		DELAYED_TEST(test_older_ones_do_not),
		DELAYED_TEST(test_off_now_needs_no_delay),
		BENCH_TEST(test_a_refusal_is_one),
		DELAYED_TEST(test_an_empty_promise_is_noticed),
		BENCH_TEST(test_another_family_is_none_of_ours),
		cmocka_unit_test(test_a_delay_is_what_the_family_takes),
		DELAYED_TEST(test_cancel_stops_the_countdown),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
