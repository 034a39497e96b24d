// SPDX-License-Identifier: MIT
/* Riello: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "riello/riello_fake.h"

static int bench_start(void **state)
{
	*state = line_bench_new("riello_ser", &riello_fake_kind, "");
	return 0;
}

static struct riello_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_return_is_off_and_restore(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	/* Off after 5 s, on after a minute. */
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "<02> \"CR080005000102<5<03>");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 5);
	assert_int_equal(cut.on_after_s, 60);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	assert_int_equal(bench->fake.back_after_s, 60);
	assert_string_equal(bench->ups.identity, "iDialog 1600");
}

static void test_both_speeds_are_tried(void **state)
{
	struct line_bench *bench = *state;
	struct line_fake_kind fast = riello_fake_kind;

	fast.speed = 9600;
	bench->fake.kind = &fast;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0), "<02> \"GI000132<03>");
	bench->fake.kind = &riello_fake_kind;
}

static void test_stayoff_and_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "<02> \"CS0400050201<03>");
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_int_equal(cut.given, UPS_OFF);
	assert_int_equal(cut.off_after_s, 0);
}

/* The catalogue of CRCs knows it as CRC-16/RIELLO. */
static void test_the_crc_is_the_known_one(void **state)
{
	(void)state;
	assert_int_equal(riello_check((const uint8_t *)"123456789", 9, true),
			 0x63d0);
}

static void test_a_crc_if_it_wants_one(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->crc = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->fake.orders, 1);
}

static void test_the_section_may_override_the_delay(void **state)
{
	struct line_bench *bench;
	struct ups_cut cut;

	(void)line_bench_free(state);
	*state = bench = line_bench_new("riello_ser", &riello_fake_kind,
					"override.ups.delay.shutdown = 300");
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.off_after_s, 300);
	assert_non_null(strstr(line_bench_sent(bench, bench->armed_at),
			       "CR08012<0001"));
}

static void test_without_restore_it_stays_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->refuses_back = '1';
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(cut.on_after_s, UPS_UNKNOWN_S);
	assert_string_equal(cut.how, "off (CS)");
}

static void test_a_second_order_replaces_the_first(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->is_jealous = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->fake.cancels, 1);
	assert_int_equal(bench->fake.orders, 2);
	assert_int_equal(cut.given, UPS_RETURN);
}

static void test_a_refusal_says_why(void **state)
{
	static const char *const sentences[] = {
		"[u] refuses: it does not know the command",
		"[u] refuses: it does not know the command in this form",
		"[u] refuses: the length is wrong",
		"[u] refuses: the check is wrong",
		"[u] refuses: not now",
		"[u] refuses: it wants a PIN",
		"[u] refuses: it does not say why",
	};
	struct line_bench *bench = *state;
	struct ups_cut cut;

	for (int i = 0; i < 7; i++) {
		fake_of(bench)->refuses = (char)('1' + i);
		assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut),
				 -EPROTO);
		assert_string_equal(bench->ups.problem, sentences[i]);
		assert_int_equal(bench->fake.orders, 0);
	}
}

static void test_an_echo_is_no_answer(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->echoes = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->fake.orders, 1);
}

static void test_status_and_cancel(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	line_fake_feel(&bench->fake, false, 5);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_true(status.battery_low);
	assert_int_equal(line_bench_cancel(bench), 0);
	assert_int_equal(bench->fake.off_at_ms, LINE_FAKE_NEVER);
	line_fake_feel(&bench->fake, true, 5);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
	assert_false(status.battery_low);
}

/* It shows no countdown, but it says yes: to the order, and to the cancel. */
static void test_a_drill_needs_a_yes_to_the_cancel(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;
	bool armed;

	assert_int_equal(line_bench_rehearse(bench, &cut, &armed), 0);
	assert_false(armed);
	assert_int_equal(cut.off_after_s, 600);
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(bench->fake.off_at_ms, LINE_FAKE_NEVER);
	fake_of(bench)->keeps_on = true;
	assert_int_equal(line_bench_rehearse(bench, &cut, &armed), -EPROTO);
	assert_true(armed);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("riello_ser", &riello_fake_kind, "",
			 LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_return_is_off_and_restore),
		BENCH_TEST(test_both_speeds_are_tried),
		BENCH_TEST(test_stayoff_and_off),
		cmocka_unit_test(test_the_crc_is_the_known_one),
		BENCH_TEST(test_a_crc_if_it_wants_one),
		BENCH_TEST(test_the_section_may_override_the_delay),
		BENCH_TEST(test_without_restore_it_stays_off),
		BENCH_TEST(test_a_second_order_replaces_the_first),
		BENCH_TEST(test_a_refusal_says_why),
		BENCH_TEST(test_an_echo_is_no_answer),
		BENCH_TEST(test_status_and_cancel),
		BENCH_TEST(test_a_drill_needs_a_yes_to_the_cancel),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
