// SPDX-License-Identifier: MIT
/* Bicker: the driver, whole, on emulated UPSes of two generations. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "bicker/bicker_fake.h"
#include "link/line_bench_tests.h"

#define FLAGS     "<01><03><01>@<04>"
#define SHUT_DOWN "<01><04><03>2<14><04>"

static struct line_bench *bench_new(const struct line_fake_kind *kind,
				    const char *keys)
{
	return line_bench_new("bicker_ser", kind, keys);
}

static int bench_start(void **state)
{
	*state = bench_new(&bicker_fake_kind, "");
	return 0;
}

static int upsic_start(void **state)
{
	*state = bench_new(&bicker_upsic_fake_kind, "");
	return 0;
}

static struct bicker_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_a_flag_proves_the_cut(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    FLAGS SHUT_DOWN FLAGS);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 20);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	/* The flag was up before: that proves nothing. */
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void test_without_the_flag_it_is_sent(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->hides = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void test_older_ones_have_no_flags(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0),
			    FLAGS "<01><03><03><1b><04>");
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), SHUT_DOWN);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void test_it_always_comes_back(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_int_equal(cut.off_after_s, 0);
}

static void test_the_section_may_override_the_delay(void **state)
{
	struct line_bench *bench = bench_new(
		&bicker_fake_kind, "override.ups.delay.shutdown = 300");
	struct ups_cut cut;

	(void)state;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.off_after_s, 255);
	assert_non_null(strstr(line_bench_sent(bench, bench->armed_at),
			       "<01><04><03>2<ff><04>"));
	line_bench_delete(bench);
}

static void test_a_refusal_is_one(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->refuses = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem, "[u] does not know the command");
	assert_int_equal(bench->fake.orders, 0);
}

/* This one tells no charge. */
static void test_mains_are_read(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;

	line_fake_feel(&bench->fake, false, 5);
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_false(status.battery_low);
	line_fake_feel(&bench->fake, true, 50);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("bicker_ser", &bicker_fake_kind, "",
			 LINE_BENCH_ANSWERS);
	line_bench_storm("bicker_ser", &bicker_upsic_fake_kind, "",
			 LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
#define UPSIC_TEST(test) \
	cmocka_unit_test_setup_teardown(test, upsic_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_a_flag_proves_the_cut),
		BENCH_TEST(test_without_the_flag_it_is_sent),
		UPSIC_TEST(test_older_ones_have_no_flags),
		BENCH_TEST(test_it_always_comes_back),
		cmocka_unit_test(test_the_section_may_override_the_delay),
		BENCH_TEST(test_a_refusal_is_one),
		BENCH_TEST(test_mains_are_read),
		UPSIC_TEST(test_status_is_read),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
