// SPDX-License-Identifier: MIT
/* SEC, Belkin, Tripp Lite: the driver, whole, on emulated UPSes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "sec/sec_fake.h"

static void bench_set_up(void **state, const struct line_fake_kind *kind)
{
	*state = line_bench_new(kind->name, kind, "");
}

static int bench_start_gamatronic(void **state)
{
	bench_set_up(state, &sec_fake_gamatronic);
	return 0;
}

static int bench_start_belkin(void **state)
{
	bench_set_up(state, &sec_fake_belkin);
	return 0;
}

static int bench_start_tripplitesu(void **state)
{
	bench_set_up(state, &sec_fake_tripplitesu);
	return 0;
}

static struct sec_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_sec_returns_and_shows_it(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "^S004ATR1^S004SDA2^S004PSD5^P003ST5");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 5);
	assert_int_equal(cut.on_after_s, UPS_UNKNOWN_S);
	assert_string_equal(cut.how, "PSD5");
	assert_int_equal(line_fake_left_s(&bench->fake), 5);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	assert_int_equal(fake_of(bench)->type, '2');
}

static void test_sec_is_found_at_its_speed(void **state)
{
	struct line_bench *bench = *state;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.speed, 2400);
}

static void test_a_restart_that_is_set_is_left_alone(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->restart = '1';
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "^S004SDA2^S004PSD5^P003ST5");
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_sec_stays_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->restart = '1';
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "^S004ATR2^S004SDA2^S004PSD5^P003ST5");
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_off_now_is_a_second(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_int_equal(cut.given, UPS_OFF);
	assert_int_equal(cut.off_after_s, 1);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_a_reboot_is_a_return(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_REBOOT, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
}

static void test_a_refusal_is_one(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->refuses = "PSD";
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem, "[u] refused the command");
	assert_int_equal(bench->fake.orders, 0);
}

static void test_a_refused_setting_is_noted(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->refuses = "ATR";
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(bench->note, "[u] refused ATR1");
	assert_int_equal(bench->fake.orders, 1);
}

static void test_an_empty_promise_is_noticed(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->forgets = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] acknowledged the cut and counts nothing down");
}

static void test_one_that_shows_nothing_was_sent_it(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->hides = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void test_one_that_is_off_at_once_was_cut(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->rushes = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

/** A drill of @kind; -1 if it says that the load may go off. */
static int rehearse(const char *driver, const struct line_fake_kind *kind,
		    bool hides, bool keeps_on)
{
	struct line_bench *bench = line_bench_new(driver, kind, "");
	struct ups_cut cut;
	void *state = bench;
	bool armed;
	int ret;

	fake_of(bench)->hides = hides;
	fake_of(bench)->keeps_on = keeps_on;
	ret = line_bench_rehearse(bench, &cut, &armed);
	assert_true(armed || bench->fake.off_at_ms == LINE_FAKE_NEVER);
	if (ret == 0) {
		assert_int_equal(cut.off_after_s, 600);
		assert_int_equal(bench->fake.orders, 1);
	}
	(void)line_bench_free(&state);
	return armed ? -1 : ret;
}

static void test_a_drill(void **state)
{
	static const struct {
		const char *driver;
		const struct line_fake_kind *kind;
	} cases[] = {
		{ "gamatronic", &sec_fake_gamatronic },
		{ "belkin", &sec_fake_belkin },
		{ "tripplitesu", &sec_fake_tripplitesu },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
			rehearse(cases[i].driver, cases[i].kind, false, false),
			0);
		/* It must be possible to look. */
		assert_int_equal(
			rehearse(cases[i].driver, cases[i].kind, true, false),
			-EOPNOTSUPP);
		assert_int_equal(
			rehearse(cases[i].driver, cases[i].kind, false, true),
			-1);
	}
}

static void test_belkin_returns(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, 0),
			    "~00P003MNU"
			    "~00S004SDT2~00S004SDR1~00S004SDA5~00P003STA");
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.on_after_s, 60);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	assert_int_equal(bench->fake.back_after_s, 60);
}

static void test_belkin_stays_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "~00S004SDT2~00S004SDA5~00P003STA");
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(cut.on_after_s, UPS_UNKNOWN_S);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_tripplitesu_returns_slowly(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "~00S004ARB1~00S004SDR1~00S004SDA5~00P003STA");
	assert_int_equal(bench->fake.in[1].at_ms - bench->fake.in[0].at_ms, 10);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_tripplitesu_may_want_a_pause(void **state)
{
	struct line_bench *bench = line_bench_new(
		"tripplitesu", &sec_fake_tripplitesu, "command_delay = 700");
	struct line_fake *fake = &bench->fake;
	struct ups_cut cut;

	(void)state;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_true(fake->in[0].at_ms >= 700);
	for (int i = 1; i < fake->received; i++)
		if (fake->in[i].byte == '~')
			assert_true(fake->in[i].at_ms - fake->in[i - 1].at_ms >=
				    700);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	line_bench_delete(bench);
}

static void test_tripplitesu_cannot_stay_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_us9003_is_the_same(void **state)
{
	struct line_bench *bench =
		line_bench_new("us9003", &sec_fake_gamatronic, "");
	struct ups_cut cut;

	(void)state;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(cut.how, "PSD5");
	line_bench_delete(bench);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("gamatronic", &sec_fake_gamatronic, "",
			 LINE_BENCH_ANSWERS);
	line_bench_storm("belkin", &sec_fake_belkin, "", LINE_BENCH_ANSWERS);
	line_bench_storm("tripplitesu", &sec_fake_tripplitesu, "",
			 LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(kind, test)                                    \
	cmocka_unit_test_setup_teardown(test, bench_start_##kind, \
					line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(gamatronic, test_sec_returns_and_shows_it),
		BENCH_TEST(gamatronic, test_sec_is_found_at_its_speed),
		BENCH_TEST(gamatronic, test_a_restart_that_is_set_is_left_alone),
		BENCH_TEST(gamatronic, test_sec_stays_off),
		BENCH_TEST(gamatronic, test_off_now_is_a_second),
		BENCH_TEST(gamatronic, test_a_reboot_is_a_return),
		BENCH_TEST(gamatronic, test_a_refusal_is_one),
		BENCH_TEST(gamatronic, test_a_refused_setting_is_noted),
		BENCH_TEST(gamatronic, test_an_empty_promise_is_noticed),
		BENCH_TEST(gamatronic, test_one_that_shows_nothing_was_sent_it),
		BENCH_TEST(gamatronic, test_one_that_is_off_at_once_was_cut),
		BENCH_TEST(gamatronic, test_status_is_read),
		BENCH_TEST(gamatronic, test_a_cancel_is_obeyed),
		cmocka_unit_test(test_a_drill),
		BENCH_TEST(belkin, test_belkin_returns),
		BENCH_TEST(belkin, test_belkin_stays_off),
		BENCH_TEST(belkin, test_silence_is_said),
		BENCH_TEST(tripplitesu, test_tripplitesu_returns_slowly),
		BENCH_TEST(tripplitesu, test_tripplitesu_cannot_stay_off),
		BENCH_TEST(tripplitesu, test_a_cancel_is_obeyed),
		BENCH_TEST(gamatronic, test_silence_is_said),
		cmocka_unit_test(test_tripplitesu_may_want_a_pause),
		cmocka_unit_test(test_us9003_is_the_same),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
