// SPDX-License-Identifier: MIT
/* Opti-UPS: the driver, whole, on an emulated PowerES and a Zinto. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "optiups/optiups_fake.h"

static int start_of(void **state, const struct line_fake_kind *kind)
{
	*state = line_bench_new("optiups", kind, "");
	return 0;
}

static int opti_start(void **state)
{
	return start_of(state, &optiups_fake_kind);
}

static int zinto_start(void **state)
{
	return start_of(state, &optiups_zinto_fake_kind);
}

static void test_opti_on_battery(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "AGCt1Cs00000080");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 8);
	assert_int_equal(cut.on_after_s, UPS_UNKNOWN_S);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_opti_with_mains(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "AGCt1Cu00000600Cs00000080");
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_int_equal(cut.on_after_s, 52);
	assert_string_equal(cut.how, "Cu00000600, Cs00000080");
	assert_int_equal(bench->fake.back, LINE_FAKE_BY_CLOCK);
}

static void test_opti_stays_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "AGCt0Cs00000080");
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_int_equal(cut.off_after_s, 0);
	assert_string_equal(cut.how, "Cs00000000");
}

static void test_zinto_is_told_when(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "AG\\r\\nCt1\\r\\nCu0000060\\r\\nCs0000030\\r\\n");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.off_after_s, 30);
	assert_int_equal(cut.on_after_s, 30);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	assert_int_equal(line_bench_cancel(bench), -EOPNOTSUPP);
}

static void test_zinto_stays_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "AG\\r\\nCt1\\r\\nCs0000030\\r\\n");
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_a_refusal_is_one(void **state)
{
	struct line_bench *bench = *state;
	struct optiups_fake *fake = bench->fake.state;
	struct ups_cut cut;

	fake->refuses = 's';
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] answers something else than it was asked");
	assert_int_equal(bench->fake.orders, 0);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("optiups", &optiups_fake_kind, "", LINE_BENCH_ANSWERS);
	line_bench_storm("optiups", &optiups_zinto_fake_kind, "",
			 LINE_BENCH_ANSWERS);
}

int main(void)
{
#define OPTI_TEST(test) \
	cmocka_unit_test_setup_teardown(test, opti_start, line_bench_free)
#define ZINTO_TEST(test) \
	cmocka_unit_test_setup_teardown(test, zinto_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		OPTI_TEST(test_opti_on_battery),
		OPTI_TEST(test_opti_with_mains),
		OPTI_TEST(test_opti_stays_off),
		ZINTO_TEST(test_zinto_is_told_when),
		ZINTO_TEST(test_zinto_stays_off),
		OPTI_TEST(test_a_refusal_is_one),
		ZINTO_TEST(test_a_refusal_is_one),
		OPTI_TEST(test_status_is_read),
		OPTI_TEST(test_a_cancel_is_obeyed),
		OPTI_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
