// SPDX-License-Identifier: MIT
/* CyberPower: the driver, whole, on emulated UPSes of both kinds. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "powerpanel/powerpanel_fake.h"

static struct line_bench *bench_new(const struct line_fake_kind *kind,
				    const char *keys)
{
	return line_bench_new("powerpanel", kind, keys);
}

static int text_start(void **state)
{
	*state = bench_new(&powerpanel_text_fake_kind, "");
	return 0;
}

static int binary_start(void **state)
{
	*state = bench_new(&powerpanel_binary_fake_kind, "");
	return 0;
}

static void test_text_returns(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at), "Z01\\r");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 60);
	assert_string_equal(cut.how, "Z01");
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

/** What is sent for each command and delay. */
static void test_text_has_three_forms(void **state)
{
	static const struct {
		const char *keys;
		enum ups_command wanted;
		const char *sent;
		int off_after_s, on_after_s;
	} cases[] = {
		{ "offdelay = 20", UPS_RETURN, "Z.4\\r", 24, -1 },
		{ "offdelay = 6", UPS_RETURN, "Z.1\\r", 6, -1 },
		{ "offdelay = 55", UPS_RETURN, "Z01\\r", 60, -1 },
		{ "offdelay = 130", UPS_RETURN, "Z03\\r", 180, -1 },
		{ "offdelay = 9000", UPS_RETURN, "Z10\\r", 600, -1 },
		{ "", UPS_STAYOFF, "S01\\r", 60, -1 },
		{ "", UPS_REBOOT, "S01R0001\\r", 60, 60 },
		{ "ondelay = 3\noffdelay = 18", UPS_REBOOT, "S.3R0003\\r", 18,
		  180 },
		{ "", UPS_OFF, "S.1\\r", 6, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line_bench *bench =
			bench_new(&powerpanel_text_fake_kind, cases[i].keys);
		struct ups_cut cut;

		assert_int_equal(line_bench_cut(bench, cases[i].wanted, &cut),
				 0);
		assert_string_equal(line_bench_sent(bench, bench->armed_at),
				    cases[i].sent);
		assert_int_equal(cut.given, cases[i].wanted);
		assert_int_equal(cut.off_after_s, cases[i].off_after_s);
		assert_int_equal(cut.on_after_s, cases[i].on_after_s);
		line_bench_delete(bench);
	}
}

static void test_text_without_return_is_cycled_or_stays_off(void **state)
{
	struct line_bench *bench = *state;
	struct powerpanel_fake *fake = bench->fake.state;
	struct ups_cut cut;

	fake->refuses = 'Z';
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_string_equal(cut.how, "S01");
	line_fake_feel(&bench->fake, true, 50);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_string_equal(cut.how, "S01R0001");
}

static void test_text_refusal_is_one(void **state)
{
	struct line_bench *bench = *state;
	struct powerpanel_fake *fake = bench->fake.state;
	struct ups_cut cut;

	fake->refuses = 'S';
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] answers something else than it was asked");
	assert_int_equal(bench->fake.orders, 0);
}

static void test_binary_on_battery_returns(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "D\\rS<00><00>W\\r");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.off_after_s, 0);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

/* It comes back with the mains, and the report does not deny it. */
static void test_binary_on_battery_cannot_stay_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
}

static void test_binary_on_line_is_cycled(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 50);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "D\\rS<00><00>R<00><01>W\\r");
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_int_equal(bench->fake.back, LINE_FAKE_BY_CLOCK);
}

static void test_binary_on_line_stays_off(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 50);
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_binary_silence_is_no_consent(void **state)
{
	struct line_bench *bench = *state;
	struct powerpanel_fake *fake = bench->fake.state;
	struct ups_cut cut;

	fake->refuses = 'S';
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -ETIMEDOUT);
	assert_string_equal(bench->ups.problem, "[u] does not answer");
}

static void test_the_section_may_name_the_protocol(void **state)
{
	struct line_bench *bench =
		bench_new(&powerpanel_text_fake_kind, "protocol = TEXT");

	(void)state;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0), "\\r\\rP4\\r");
	line_bench_delete(bench);
	bench = bench_new(&powerpanel_text_fake_kind, "protocol = binary");
	assert_true(line_bench_arm(bench) < 0);
	line_bench_delete(bench);
	bench = bench_new(&powerpanel_text_fake_kind, "protocol = morse");
	assert_int_equal(line_bench_arm(bench), -EINVAL);
	assert_string_equal(
		bench->ups.problem,
		"[u] knows the protocols text and binary, and not 'morse'");
	line_bench_delete(bench);
}

static void test_a_delay_that_is_ignored_is_noted(void **state)
{
	struct line_bench *bench =
		bench_new(&powerpanel_binary_fake_kind, "offdelay = 30");

	(void)state;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(bench->note,
			    "[u] goes off at once, whatever offdelay says");
	line_bench_delete(bench);
}

static void test_status_and_cancel(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 5);
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
	line_fake_feel(&bench->fake, false, 5);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_true(status.battery_low);
	line_fake_feel(&bench->fake, false, 50);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_false(status.battery_low);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(line_bench_cancel(bench), 0);
	assert_int_equal(bench->fake.cancels, 1);
}

static void test_a_drill_of_text(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;
	bool armed;

	assert_int_equal(line_bench_rehearse(bench, &cut, &armed), 0);
	assert_false(armed);
	assert_string_equal(cut.how, "Z10");
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(bench->fake.off_at_ms, LINE_FAKE_NEVER);
	((struct powerpanel_fake *)bench->fake.state)->refuses = 'C';
	assert_int_equal(line_bench_rehearse(bench, &cut, &armed), -EPROTO);
	assert_true(armed);
}

/* It has no delay. */
static void test_a_drill_leaves_binary_alone(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;
	bool armed;

	assert_int_equal(line_bench_rehearse(bench, &cut, &armed), -EOPNOTSUPP);
	assert_false(armed);
	assert_int_equal(bench->fake.orders, 0);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("powerpanel", &powerpanel_text_fake_kind, "",
			 LINE_BENCH_ANSWERS);
	line_bench_storm("powerpanel", &powerpanel_binary_fake_kind, "",
			 LINE_BENCH_ANSWERS);
}

int main(void)
{
#define TEXT_TEST(test) \
	cmocka_unit_test_setup_teardown(test, text_start, line_bench_free)
#define BINARY_TEST(test) \
	cmocka_unit_test_setup_teardown(test, binary_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		TEXT_TEST(test_text_returns),
		cmocka_unit_test(test_text_has_three_forms),
		TEXT_TEST(test_text_without_return_is_cycled_or_stays_off),
		TEXT_TEST(test_text_refusal_is_one),
		BINARY_TEST(test_binary_on_battery_returns),
		BINARY_TEST(test_binary_on_battery_cannot_stay_off),
		BINARY_TEST(test_binary_on_line_is_cycled),
		BINARY_TEST(test_binary_on_line_stays_off),
		BINARY_TEST(test_binary_silence_is_no_consent),
		cmocka_unit_test(test_the_section_may_name_the_protocol),
		cmocka_unit_test(test_a_delay_that_is_ignored_is_noted),
		TEXT_TEST(test_status_and_cancel),
		BINARY_TEST(test_status_and_cancel),
		TEXT_TEST(test_a_drill_of_text),
		BINARY_TEST(test_a_drill_leaves_binary_alone),
		TEXT_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
