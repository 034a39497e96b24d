// SPDX-License-Identifier: MIT
/* Q*: units that do not do as they are told, and lines that ail. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "qx/qx_fake.h"

static int bench_with(void **state, const struct line_fake_kind *kind)
{
	struct line_bench *bench = calloc(1, sizeof(*bench));

	if (!bench)
		return -1;
	line_bench_start(bench, "nutdrv_qx", kind, "");
	*state = bench;
	return 0;
}

static int megatec_start(void **state)
{
	return bench_with(state, &qx_fake_megatec);
}

static int voltronic_start(void **state)
{
	return bench_with(state, &qx_fake_voltronic);
}

static struct qx_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_a_refusal_is_one(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->denies = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_int_equal(bench->fake.orders, 0);
	assert_string_equal(bench->ups.problem, "[u] refuses S.5");
}

static void test_without_r_it_returns_as_well(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->denies_r = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_string_equal(cut.how, "S.5, megatec");
	assert_int_equal(cut.on_after_s, 10);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_who_cannot_stay_off_returns(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->denies_r = true;
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
}

static void test_exact_is_nothing_else(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut = { .wanted = UPS_REBOOT, .exact = true };

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(fleet_cut(&bench->ups, &cut, deadline_in_ms(30000)),
			 -EOPNOTSUPP);
	assert_string_equal(bench->ups.problem,
			    "[u] megatec has no command for reboot");
	fake_of(bench)->denies_r = true;
	cut = (struct ups_cut){ .wanted = UPS_STAYOFF, .exact = true };
	assert_int_equal(fleet_cut(&bench->ups, &cut, deadline_in_ms(30000)),
			 -EPROTO);
	assert_int_equal(bench->fake.orders, 0);
	cut = (struct ups_cut){ .wanted = UPS_RETURN, .exact = true };
	assert_int_equal(fleet_cut(&bench->ups, &cut, deadline_in_ms(30000)), 0);
	assert_int_equal(cut.given, UPS_RETURN);
}

static void test_a_cancel_helps_who_refuses(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->denies_unasked = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->fake.cancels, 1);
	assert_string_equal(cut.how, "S.5R0003, megatec");
}

/* NUT's own hook was here before us. */
static void test_a_running_countdown_is_not_stopped(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_order(&bench->fake, 60, LINE_FAKE_WITH_MAINS, 180);
	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(bench->note, "[u] counts down already, or is off");
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->fake.cancels, 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void test_who_counts_and_takes_no_other_order_is_left(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->denies_again = true;
	line_fake_order(&bench->fake, 600, LINE_FAKE_WITH_MAINS, 180);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->fake.cancels, 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, UPS_UNKNOWN_S);
	assert_string_equal(cut.how, "counts down already, megatec");
}

static void test_a_second_cut_does_no_harm(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->fake.cancels, 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

/* Ippon's Na+ says no, or nonsense, and obeys. */
static void test_the_status_is_believed_more_than_words(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->mumbles = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void test_nonsense_and_no_countdown_is_a_failure(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->mumbles = true;
	fake_of(bench)->forgets = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] answers something else than it was asked");
}

/* Silence is a yes, but it is said again, and said that nothing shows. */
static void test_silence_without_a_countdown_is_only_sent(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->hides = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(bench->fake.orders, 3);
	assert_string_equal(
		bench->note,
		"[u] took S.5R0003, and its status shows no countdown");
}

static void test_an_acknowledgement_is_enough(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->hides = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(bench->fake.orders, 1);
}

static void test_a_bit_that_sticks_can_be_ignored(void **state)
{
	struct line_bench *bench = calloc(1, sizeof(*bench));
	struct ups_cut cut;

	assert_non_null(bench);
	*state = bench;
	line_bench_start(bench, "nutdrv_qx", &qx_fake_megatec, "ignoresab");
	fake_of(bench)->sticks = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(bench->notes, 0);
	assert_int_equal(line_bench_cancel(bench), 0);
}

static void test_a_cancel_that_fails_is_said(void **state)
{
	struct line_bench *bench = *state;

	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->sticks = true;
	assert_int_equal(
		bench->ups.driver->cancel(&bench->ups, deadline_in_ms(30000)),
		-EPROTO);
	assert_string_equal(bench->ups.problem, "[u] counts down in spite of C");
}

static void test_who_is_dumb_while_it_counts_is_given_time(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->hush_ms = 6000;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(bench->fake.orders, 1);
}

static void test_who_was_dumb_when_it_was_opened(void **state)
{
	struct line_bench *bench = *state;

	fake_of(bench)->hushed_until_ms = clock_now_ms() + 10000;
	assert_int_equal(line_bench_arm(bench), 0);
}

static void test_who_falls_silent_was_not_cut(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	bench->fake.way = LINE_FAKE_DEAF;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -ETIMEDOUT);
	assert_string_equal(bench->ups.problem, "[u] does not answer");
}

static void test_careless_answers_are_read(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->stars = true;
	fake_of(bench)->cuts_short = true;
	fake_of(bench)->sends_nuls = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("nutdrv_qx", &qx_fake_megatec, "", LINE_BENCH_ANSWERS);
	line_bench_storm("nutdrv_qx", &qx_fake_voltronic, "",
			 LINE_BENCH_ANSWERS);
	line_bench_storm("nutdrv_qx", &qx_fake_voltronic_qs_hex, "",
			 LINE_BENCH_ANSWERS);
	line_bench_storm("nutdrv_qx", &qx_fake_gtec, "", LINE_BENCH_ANSWERS);
	line_bench_storm("blazer_ser", &qx_fake_mustek, "", LINE_BENCH_ANSWERS);
	line_bench_storm("bestups", &qx_fake_bestups, "", LINE_BENCH_ANSWERS);
	line_bench_storm("nutdrv_qx", &qx_fake_omron, "protocol = omron",
			 LINE_BENCH_ANSWERS);
}

int main(void)
{
#define MEGATEC(test) \
	cmocka_unit_test_setup_teardown(test, megatec_start, line_bench_free)
#define VOLTRONIC(test) \
	cmocka_unit_test_setup_teardown(test, voltronic_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		MEGATEC(test_a_refusal_is_one),
		MEGATEC(test_without_r_it_returns_as_well),
		MEGATEC(test_who_cannot_stay_off_returns),
		MEGATEC(test_exact_is_nothing_else),
		MEGATEC(test_a_cancel_helps_who_refuses),
		MEGATEC(test_a_running_countdown_is_not_stopped),
		MEGATEC(test_who_counts_and_takes_no_other_order_is_left),
		MEGATEC(test_a_second_cut_does_no_harm),
		MEGATEC(test_the_status_is_believed_more_than_words),
		MEGATEC(test_nonsense_and_no_countdown_is_a_failure),
		MEGATEC(test_silence_without_a_countdown_is_only_sent),
		VOLTRONIC(test_an_acknowledgement_is_enough),
		cmocka_unit_test_teardown(test_a_bit_that_sticks_can_be_ignored,
					  line_bench_free),
		MEGATEC(test_a_cancel_that_fails_is_said),
		MEGATEC(test_who_is_dumb_while_it_counts_is_given_time),
		VOLTRONIC(test_who_was_dumb_when_it_was_opened),
		MEGATEC(test_who_falls_silent_was_not_cut),
		MEGATEC(test_silence_is_said),
		MEGATEC(test_careless_answers_are_read),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
