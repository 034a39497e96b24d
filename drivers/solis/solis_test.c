// SPDX-License-Identifier: MIT
/* Microsol: the driver, whole, on emulated UPSes of both makers. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "solis/solis_fake.h"

static int solis_start(void **state)
{
	*state = line_bench_new("solis", &solis_fake_kind, "");
	return 0;
}

static int apc_start(void **state)
{
	*state = line_bench_new("microsol-apc", &solis_apc_fake_kind, "");
	return 0;
}

static void test_on_battery_it_waits_for_mains(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "<cc>\\r<dd>");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, UPS_UNKNOWN_S);
	assert_string_equal(cut.how, "off (DD)");
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_with_mains_the_load_is_cycled(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "<cc>\\r<de>");
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_string_equal(cut.how, "cycle (DE)");
	assert_int_equal(bench->fake.back, LINE_FAKE_BY_CLOCK);
}

static void test_it_stays_off_only_with_mains(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
	(void)line_bench_free(state);
	(void)solis_start(state);
	bench = *state;
	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_a_damaged_packet_is_asked_for_again(void **state)
{
	struct line_bench *bench = *state;
	struct solis_fake *fake = bench->fake.state;

	fake->damage = 2;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0), "<cc>\\r<cc>\\r<cc>\\r");
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
	line_bench_storm("solis", &solis_fake_kind, "", LINE_BENCH_SILENT);
	line_bench_storm("microsol-apc", &solis_apc_fake_kind, "",
			 LINE_BENCH_SILENT);
}

int main(void)
{
#define SOLIS_TEST(test) \
	cmocka_unit_test_setup_teardown(test, solis_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		SOLIS_TEST(test_on_battery_it_waits_for_mains),
		cmocka_unit_test_setup_teardown(
			test_on_battery_it_waits_for_mains, apc_start,
			line_bench_free),
		SOLIS_TEST(test_with_mains_the_load_is_cycled),
		SOLIS_TEST(test_it_stays_off_only_with_mains),
		SOLIS_TEST(test_a_damaged_packet_is_asked_for_again),
		SOLIS_TEST(test_who_is_not_heard_is_not_cut),
		SOLIS_TEST(test_status_is_read),
		SOLIS_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
