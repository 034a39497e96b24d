// SPDX-License-Identifier: MIT
/* Tripp Lite: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "tripplite/tripplite_fake.h"

static struct line_bench *bench_new(const char *keys)
{
	return line_bench_new("tripplite", &tripplite_fake_kind, keys);
}

static int bench_start(void **state)
{
	*state = bench_new("");
	return 0;
}

static void test_return_waits_for_mains(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    ":D\\r:N40\\r:G\\r");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 64);
	assert_int_equal(cut.on_after_s, UPS_UNKNOWN_S);
	assert_string_equal(cut.how, "N40, G");
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

/* G does nothing then. */
static void test_with_mains_the_load_is_cycled(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    ":D\\r:N40\\r:H00003C\\r");
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_int_equal(cut.on_after_s, 60);
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(bench->fake.back, LINE_FAKE_BY_CLOCK);
	assert_int_equal(bench->fake.back_after_s, 60);
}

/** What is sent for each command and delay. */
static void test_the_section_sets_delays(void **state)
{
	static const char *const keys =
		"offdelay = 200\nstartdelay = 70000\nrebootdelay = 300";
	static const struct {
		enum ups_command wanted;
		const char *sent;
		int off_after_s;
	} cases[] = {
		{ UPS_RETURN, ":D\\r:NC8\\r:G\\r", 200 },
		{ UPS_STAYOFF, ":NC8\\r:K0\\r", 200 },
		{ UPS_OFF, ":N01\\r:K0\\r", 1 },
		{ UPS_REBOOT, ":NFF\\r:H011170\\r", 255 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line_bench *bench = bench_new(keys);
		struct ups_cut cut;

		assert_int_equal(line_bench_cut(bench, cases[i].wanted, &cut),
				 0);
		assert_string_equal(line_bench_sent(bench, bench->armed_at),
				    cases[i].sent);
		assert_int_equal(cut.given, cases[i].wanted);
		assert_int_equal(cut.off_after_s, cases[i].off_after_s);
		line_bench_delete(bench);
	}
}

static void test_an_unheard_command_is_no_cut(void **state)
{
	struct line_bench *bench = *state;
	struct tripplite_fake *fake = bench->fake.state;
	struct ups_cut cut;

	fake->deaf_to = 'G';
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -ETIMEDOUT);
	assert_string_equal(bench->ups.problem, "[u] does not answer");
	assert_int_equal(bench->fake.orders, 0);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("tripplite", &tripplite_fake_kind, "",
			 LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_return_waits_for_mains),
		BENCH_TEST(test_with_mains_the_load_is_cycled),
		cmocka_unit_test(test_the_section_sets_delays),
		BENCH_TEST(test_an_unheard_command_is_no_cut),
		BENCH_TEST(test_status_is_read),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
