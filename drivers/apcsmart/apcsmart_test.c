// SPDX-License-Identifier: MIT
/* APC's smart signalling: the driver, whole, on an emulated Smart-UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "apcsmart/apcsmart_fake.h"
#include "link/line_bench_tests.h"

static int bench_start(void **state)
{
	*state = line_bench_new("apcsmart", &apcsmart_fake_kind, "");
	return 0;
}

static struct apcsmart_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_on_battery_it_is_a_soft_shutdown(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0), "Yapr");
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), "QS8");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 20);
	assert_int_equal(cut.on_after_s, 0);
	assert_string_equal(cut.how, "soft shutdown (S)");
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_on_line_it_is_hibernation(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), "Q@0008");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_string_equal(cut.how, "hibernation (@000)");
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

/* Where NUT has no more to say: one rung after the other. */
static void test_the_ladder_after_a_refusal(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->has_no_soft = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), "QS8@0008");

	fake_of(bench)->going = 0;
	line_fake_cancel(&bench->fake);
	fake_of(bench)->refuses = true;
	bench->armed_at = bench->fake.received;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem, "[u] refuses to be cut");
	/* The first K is answered at once: there is no second one. */
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "QS8@0008QK8");
}

/* Off for ever is no answer to a mains that is back. */
static void test_the_ladder_ends_when_mains_returns(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->mains_returns = true;
	fake_of(bench)->refuses = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "QS8@0008Q");
}

static int64_t gap_before(const struct line_bench *bench, int byte)
{
	return bench->fake.in[byte].at_ms - bench->fake.in[byte - 1].at_ms;
}

static void test_pauses(void **state)
{
	struct line_bench *bench =
		line_bench_new("apcsmart", &apcsmart_fake_kind,
			       "advorder = 142\ncshdelay = 4.2");
	struct ups_cut cut;
	int at;

	(void)state;
	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->refuses = true;
	(void)line_bench_cut(bench, UPS_RETURN, &cut);
	at = bench->armed_at;
	assert_string_equal(line_bench_sent(bench, at), "Q@0008US8K8");
	assert_in_range(gap_before(bench, at + 2), 200, 300);
	assert_in_range(gap_before(bench, at + 3), 50, 60);
	assert_in_range(gap_before(bench, at + 4), 50, 60);
	/* Nothing answers U, and then it is 4.2 s. */
	assert_in_range(gap_before(bench, at + 7), 1500 + 4200,
			1500 + 4200 + 10);
	line_bench_delete(bench);
}

static void test_a_pair_has_its_pause(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), "QKK8");
	assert_in_range(gap_before(bench, bench->armed_at + 2), 1500, 1510);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

/* Z has no answer; that the load is on, it says afterwards. */
static void test_off_at_once(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->ignores_off = true;
	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), "QZZQKK8");
	assert_int_equal(cut.given, UPS_STAYOFF);

	fake_of(bench)->ignores_off = false;
	bench->armed_at = bench->fake.received;
	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), "QZZQ");
	assert_int_equal(cut.given, UPS_OFF);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 0);
}

static void test_nothing_else_will_do(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut = { .wanted = UPS_REBOOT, .exact = true };
	const struct ups_driver *driver;

	assert_int_equal(line_bench_arm(bench), 0);
	driver = bench->ups.driver;
	assert_int_equal(driver->cut(&bench->ups, &cut, deadline_in_ms(30000)),
			 -EOPNOTSUPP);
	assert_string_equal(bench->ups.problem,
			    "[u] has no way to be cut like that");
	fake_of(bench)->refuses = true;
	cut.wanted = UPS_RETURN; /* and no K */
	assert_int_equal(driver->cut(&bench->ups, &cut, deadline_in_ms(30000)),
			 -EPROTO);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "QQS8@0008");
}

/* One of 1993: silent to what it does not know, a star for yes. */
static void test_one_without_a_list(void **state)
{
	struct line_bench *bench =
		line_bench_new("apcsmart-old", &apcsmart_fake_old, "");
	struct ups_cut cut;

	(void)state;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0), "Ya");
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), "QS");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, UPS_UNKNOWN_S);
	line_bench_delete(bench);

	/* 000 does nothing there, and 001 does not wait for the mains. */
	bench = line_bench_new("apcsmart-old", &apcsmart_fake_old, "");
	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), "Q@001");
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_int_equal(cut.on_after_s, 360);
	assert_int_equal(bench->fake.back, LINE_FAKE_BY_CLOCK);
	assert_int_equal(gap_before(bench, bench->armed_at + 2) >= 1500, 1);
	line_bench_delete(bench);
}

static void test_two_digits(void **state)
{
	struct line_bench *bench = line_bench_new(
		"apcsmart-old", &apcsmart_fake_old, "sdtype = 5\nwugrace = 7");
	struct ups_cut cut;

	(void)state;
	fake_of(bench)->takes_two = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), "Q@07");
	assert_int_equal(cut.on_after_s, 7 * 360);
	line_bench_delete(bench);
}

/* Back-UPS CS 350: its list is "5.4.D", and on line only U, S does it. */
static void test_a_list_that_says_nothing(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	strcpy(fake_of(bench)->answer['a'], "5.4.D\r\n");
	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0), "Ya");
	fake_of(bench)->takes_two = true;
	fake_of(bench)->is_old = true; /* 00, and then nothing more of @ */
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), "Q@001US");
	assert_int_equal(cut.given, UPS_RETURN);
}

static void test_what_it_says_by_itself_is_no_answer(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->chatters = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), "QS8");
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

/* Somebody died after the @. */
static void test_half_a_command_is_left_behind(void **state)
{
	struct line_bench *bench = *state;

	fake_of(bench)->is_smart = true;
	fake_of(bench)->begun = APCSMART_HIBERNATE;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0), "Y<1b>Yapr");
	assert_int_equal(bench->fake.orders, 0);
}

static void test_a_refused_cancel_is_said(void **state)
{
	struct line_bench *bench = *state;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_cancel(bench), -EPROTO);
	assert_string_equal(bench->ups.problem, "[u] refuses to be cancelled");
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("apcsmart", &apcsmart_fake_kind, "",
			 LINE_BENCH_ANSWERS);
	line_bench_storm("apcsmart-old", &apcsmart_fake_old, "",
			 LINE_BENCH_ANSWERS);
	line_bench_storm("apcsmart", &apcsmart_fake_kind, "sdtype = 2",
			 LINE_BENCH_SILENT);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_on_battery_it_is_a_soft_shutdown),
		BENCH_TEST(test_on_line_it_is_hibernation),
		BENCH_TEST(test_the_ladder_after_a_refusal),
		BENCH_TEST(test_the_ladder_ends_when_mains_returns),
		cmocka_unit_test(test_pauses),
		BENCH_TEST(test_a_pair_has_its_pause),
		BENCH_TEST(test_off_at_once),
		BENCH_TEST(test_nothing_else_will_do),
		cmocka_unit_test(test_one_without_a_list),
		cmocka_unit_test(test_two_digits),
		BENCH_TEST(test_a_list_that_says_nothing),
		BENCH_TEST(test_what_it_says_by_itself_is_no_answer),
		BENCH_TEST(test_half_a_command_is_left_behind),
		BENCH_TEST(test_cancel_stops_the_countdown),
		BENCH_TEST(test_a_refused_cancel_is_said),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
