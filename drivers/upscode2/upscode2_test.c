// SPDX-License-Identifier: MIT
/* UPScode II: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "upscode2/upscode2_fake.h"

static int bench_start_with(void **state, const char *keys)
{
	*state = line_bench_new("upscode2", &upscode2_fake_kind, keys);
	return 0;
}

static int bench_start(void **state)
{
	return bench_start_with(state, "");
}

static int bench_start_compaq(void **state)
{
	return bench_start_with(state, "use_pre_lf\nuse_crlf");
}

static struct upscode2_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_return_is_said_twice(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0), "UPCL\\rUPSD\\r0000\\r");
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "UPDS\\rUPPF\\rIJHLDMGCIU\\r"
			    "UPPF\\rIJHLDMGCIU\\r");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 1);
	assert_string_equal(cut.how, "UPPF");
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_on_mains_it_is_rebooted(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	bench->fake.mains = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(cut.how, "UPPC");
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_int_equal(bench->fake.back, LINE_FAKE_BY_CLOCK);
}

static void test_who_does_not_say_is_rebooted(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->is_silent_on_state = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(cut.how, "UPPC");
}

static void test_what_it_has_not_is_not_given(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->orders = "C";
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_int_equal(line_bench_cancel(bench), -EOPNOTSUPP);
}

static void test_one_that_cannot_says_so(void **state)
{
	struct line_bench *bench = *state;

	fake_of(bench)->orders = "U";
	assert_int_equal(line_bench_arm(bench), -EOPNOTSUPP);
	assert_string_equal(bench->ups.problem,
			    "[u] knows no command to switch off");
}

static void test_stayoff_has_its_own_key(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(cut.how, "UPPD");
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_lines_end_as_the_section_says(void **state)
{
	struct line_bench *bench = *state;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0),
			    "\\nUPCL\\r\\n\\nUPSD\\r\\n\\n0000\\r\\n");
}

static void test_cancel_and_mains(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;

	bench->fake.charge_pct = 5;
	assert_int_equal(line_bench_arm(bench), 0);
	line_fake_order(&bench->fake, 60, LINE_FAKE_WITH_MAINS, 0);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_true(status.battery_low);
	assert_int_equal(line_bench_cancel(bench), 0);
	assert_int_equal(bench->fake.off_at_ms, LINE_FAKE_NEVER);
	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
	assert_false(status.battery_low);
	fake_of(bench)->is_silent_on_state = true;
	assert_int_equal(line_bench_status(bench, &status), -ETIMEDOUT);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("upscode2", &upscode2_fake_kind, "", LINE_BENCH_SILENT);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_return_is_said_twice),
		BENCH_TEST(test_on_mains_it_is_rebooted),
		BENCH_TEST(test_who_does_not_say_is_rebooted),
		BENCH_TEST(test_what_it_has_not_is_not_given),
		BENCH_TEST(test_one_that_cannot_says_so),
		BENCH_TEST(test_stayoff_has_its_own_key),
		cmocka_unit_test_setup_teardown(
			test_lines_end_as_the_section_says, bench_start_compaq,
			line_bench_free),
		BENCH_TEST(test_cancel_and_mains),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
