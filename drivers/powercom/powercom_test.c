// SPDX-License-Identifier: MIT
/* Powercom: the driver, whole, on emulated UPSes of two types. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "link/serial.h"
#include "powercom/powercom_fake.h"

static struct line_bench *bench_new(const struct line_fake_kind *kind,
				    const char *keys)
{
	return line_bench_new("powercom", kind, keys);
}

static int bench_start(void **state)
{
	*state = bench_new(&powercom_trust_fake_kind, "");
	return 0;
}

static struct powercom_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_a_trust_has_seconds(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(fake_of(bench)->lines, SERIAL_RTS);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "<01><b9><bc>\\n<01>");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 10);
	assert_string_equal(cut.how, "restart (B9 BC) 10 s");
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_the_others_have_minutes(void **state)
{
	static const char *const types[] = { "IMP", "KIN", "BNT", "BNT-other",
					     "OPTI" };

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		char keys[32] = "type = ";
		struct line_bench *bench;
		struct ups_cut cut;

		strcat(keys, types[i]);
		bench = bench_new(&powercom_bnt_fake_kind, keys);
		assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
		assert_string_equal(line_bench_sent(bench, bench->armed_at),
				    "<01><b9><bc><01><1e><01>");
		assert_int_equal(cut.off_after_s, 90);
		assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
		assert_int_equal(cut.given, UPS_STAYOFF);
		assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
		assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
		assert_int_equal(cut.off_after_s, 1);
		line_bench_delete(bench);
	}
}

static void test_the_section_changes_the_type(void **state)
{
	struct line_bench *bench =
		bench_new(&powercom_bnt_fake_kind,
			  "type = BNT\nshutdownArguments = {{2,5},y}\n"
			  "methodOfFlowControl = dtr0rts1\n");
	struct ups_cut cut;

	(void)state;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "<01><b9><bc><02><05><01>");
	assert_int_equal(cut.off_after_s, 125);
	assert_int_equal(fake_of(bench)->lines, SERIAL_RTS);
	line_bench_delete(bench);
	bench = bench_new(&powercom_trust_fake_kind,
			  "shutdownArguments = {{7,44},n}\n"
			  "numOfBytesFromUPS = 11\n");
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "<01><ba>,<01>");
	assert_int_equal(cut.off_after_s, 44);
	line_bench_delete(bench);
}

static void test_what_cannot_be_meant_is_refused(void **state)
{
	static const struct {
		const char *keys, *sentence;
	} cases[] = {
		{ "type = Mistrust", "[u] there is no type 'Mistrust'" },
		{ "shutdownArguments = 30",
		  "[u] shutdownArguments should look like {{1,30},y}, and not like 30" },
		{ "shutdownArguments = {{1,300},y}",
		  "[u] shutdownArguments should look like {{1,30},y}, and not like {{1,300},y}" },
		{ "shutdownArguments = {{1;3},y}",
		  "[u] shutdownArguments should look like {{1,30},y}, and not like {{1;3},y}" },
		{ "shutdownArguments = {{1,3},",
		  "[u] shutdownArguments should look like {{1,30},y}, and not like {{1,3}," },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line_bench *bench =
			bench_new(&powercom_trust_fake_kind, cases[i].keys);

		assert_int_equal(line_bench_arm(bench), -EINVAL);
		assert_string_equal(bench->ups.problem, cases[i].sentence);
		line_bench_delete(bench);
	}
}

static void test_a_countdown_that_shows_proves_it(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->shows = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	/* It was there before: that proves nothing. */
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void test_who_falls_silent_was_not_cut_for_sure(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	bench->fake.way = LINE_FAKE_DEAF;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -ETIMEDOUT);
	assert_string_equal(bench->ups.problem, "[u] does not answer");
}

static void test_garbage_is_no_status(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;

	assert_int_equal(line_bench_arm(bench), 0);
	bench->fake.way = LINE_FAKE_GARBAGE;
	assert_int_equal(line_bench_status(bench, &status), -EPROTO);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("powercom", &powercom_trust_fake_kind, "",
			 LINE_BENCH_SILENT);
	line_bench_storm("powercom", &powercom_bnt_fake_kind, "type = BNT",
			 LINE_BENCH_SILENT);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_a_trust_has_seconds),
		cmocka_unit_test(test_the_others_have_minutes),
		cmocka_unit_test(test_the_section_changes_the_type),
		cmocka_unit_test(test_what_cannot_be_meant_is_refused),
		BENCH_TEST(test_a_countdown_that_shows_proves_it),
		BENCH_TEST(test_who_falls_silent_was_not_cut_for_sure),
		BENCH_TEST(test_status_is_read),
		BENCH_TEST(test_garbage_is_no_status),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
