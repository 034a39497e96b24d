// SPDX-License-Identifier: MIT
/* An upsd that refuses, fails, goes away or is none at all. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "upsd/upsd_bench.h"

/* Each word of upsd is a sentence, and no secret is in it. */
static void test_refusals_are_sentences(void **state)
{
	static const struct {
		const char *error, *says;
		int ret;
	} cases[] = {
		{ "UNKNOWN-UPS", "knows no UPS of this name", -EINVAL },
		{ "CMD-NOT-SUPPORTED", "no such command", -EOPNOTSUPP },
		{ "TLS-REQUIRED", "wants TLS", -EPROTO },
		{ "SOMETHING-ELSE", "refuses: SOMETHING-ELSE", -EPROTO },
		{ "\x1b[2Jx", "refuses: ", -EPROTO },
		{ "DATA-STALE", "has heard nothing", -ENODEV },
		{ "DRIVER-NOT-CONNECTED", "no running driver", -ENODEV },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct upsd_bench *bench;

		(void)upsd_bench_start((void **)&bench);
		bench->fake->error = cases[i].error;
		/* Who may come back is looked for until the end. */
		if (cases[i].ret == -ENODEV)
			bench->patience_ms = 5 * UPSD_BENCH_SHORTLY_MS;
		assert_int_equal(upsd_bench_arm(bench), cases[i].ret);
		assert_non_null(strstr(bench->ups.problem, cases[i].says));
		assert_null(strchr(bench->ups.problem, '\x1b'));
		(void)upsd_bench_end((void **)&bench);
	}
}

static void test_a_wrong_password(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(upsd_bench_arm_as(bench, "far",
					   "username = boss\npassword = wrong!"),
			 0);
	assert_int_equal(upsd_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(
		bench->ups.problem,
		"[u] upsd denies it: a wrong password, or no right to? (ACCESS-DENIED)");
	assert_int_equal(bench->serve->ups.orders, 0);
}

static void test_the_section_is_looked_at_first(void **state)
{
	struct upsd_bench *bench = *state;

	assert_int_equal(upsd_bench_arm_as(bench, "far", "password = x"),
			 -EINVAL);
	assert_non_null(strstr(bench->ups.problem, "username"));
	assert_int_equal(upsd_bench_arm_as(bench, "", UPSD_BENCH_USER), -EINVAL);
	assert_non_null(strstr(bench->ups.problem, "UPS@HOST"));
	assert_int_equal(upsd_bench_arm_as(bench, "other", UPSD_BENCH_USER),
			 -EINVAL);
	assert_non_null(strstr(bench->ups.problem, "UNKNOWN-UPS"));
}

static void test_a_driver_that_fails(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_cut cut;

	bench->fake->result = "ERR FAILED";
	assert_int_equal(upsd_bench_arm(bench), 0);
	assert_int_equal(upsd_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_non_null(strstr(bench->ups.problem, "failed to do it"));
	assert_int_equal(bench->serve->ups.orders, 0);
}

static void test_a_driver_that_says_nothing(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_cut cut;

	bench->fake->pending = 1000000;
	assert_int_equal(upsd_bench_arm(bench), 0);
	bench->patience_ms = 5 * UPSD_BENCH_SHORTLY_MS;
	assert_int_equal(upsd_bench_cut(bench, UPS_RETURN, &cut), -ETIMEDOUT);
	assert_non_null(strstr(bench->ups.problem, "[u] upsd "));
}

/* upsd drops a client that says nothing for a minute. */
static void test_a_connection_that_is_lost_is_made_again(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_cut cut;

	bench->serve->net.way = NET_FAKE_GONE;
	bench->serve->net.way_from = 4;
	bench->serve->net.way_times = 1;
	assert_int_equal(upsd_bench_arm(bench), 0);
	assert_int_equal(bench->serve->net.received, 4);
	(void)clock_sleep_ms(UPSD_BENCH_SHORTLY_MS,
			     deadline_in_ms(UPSD_BENCH_LONG_MS));
	bench->serve->net.way = NET_FAKE_HEALTHY;
	assert_int_equal(upsd_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->serve->ups.orders, 1);
	assert_non_null(strstr(bench->note, "upsd has hung up"));
}

static void test_manners(void **state)
{
	static const struct {
		enum upsd_fake_manner manner;
		int ret;
	} cases[] = {
		{ UPSD_FAKE_ENDLESS, -EPROTO },
		{ UPSD_FAKE_LONG, -EPROTO },
		{ UPSD_FAKE_CHATTER, -EPROTO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct upsd_bench *bench;

		(void)upsd_bench_start((void **)&bench);
		bench->fake->manner = cases[i].manner;
		assert_int_equal(upsd_bench_arm(bench), cases[i].ret);
		assert_string_equal(
			bench->ups.problem,
			"[u] this is not what upsd says: is it upsd at all?");
		(void)upsd_bench_end((void **)&bench);
	}
}

/** Whatever goes wrong: in time, with a sentence, and no word untrue. */
static int storm(enum net_fake_way way, int from, int patience_ms)
{
	struct upsd_bench *bench;
	struct ups_cut cut;
	int64_t took_ms = clock_now_ms();
	int ret, seen;

	(void)upsd_bench_start((void **)&bench);
	bench->serve->net.way = way;
	bench->serve->net.way_from = from;
	bench->patience_ms = patience_ms;
	ret = upsd_bench_arm(bench);
	if (ret == 0)
		ret = upsd_bench_cut(bench, UPS_RETURN, &cut);
	took_ms = clock_now_ms() - took_ms;
	assert_true(took_ms < UPSD_BENCH_LONG_MS);
	if (ret == 0) {
		assert_int_equal(bench->serve->ups.orders, 1);
	} else {
		assert_int_equal(strncmp(bench->ups.problem, "[u] ", 4), 0);
		assert_null(strstr(bench->ups.problem, "\\#"));
	}
	seen = bench->serve->net.received;
	(void)upsd_bench_end((void **)&bench);
	return seen;
}

static void test_storm(void **state)
{
	int lines = storm(NET_FAKE_HEALTHY, 0, UPSD_BENCH_LONG_MS);

	(void)state;
	assert_in_range(lines, 10, 40);
	for (int from = 0; from < lines; from++) {
		(void)storm(NET_FAKE_SILENT, from, UPSD_BENCH_SHORTLY_MS);
		(void)storm(NET_FAKE_DEAF, from, UPSD_BENCH_SHORTLY_MS);
		(void)storm(NET_FAKE_GARBAGE, from, UPSD_BENCH_SHORTLY_MS);
		(void)storm(NET_FAKE_SHORT, from, UPSD_BENCH_SHORTLY_MS);
		(void)storm(NET_FAKE_GONE, from, UPSD_BENCH_SHORTLY_MS);
	}
}

/** What a fault makes of a drill: its result, 1 if the load may go off. */
static int rehearse(struct upsd_bench *bench)
{
	struct ups_cut cut;
	bool armed = false;
	int ret = upsd_bench_arm_as(bench, "far",
				    UPSD_BENCH_USER "offdelay = 600");

	bench->serve->ups.mains = true;
	if (ret == 0)
		ret = rehearse_arm(&bench->ups, &cut, &armed,
				   deadline_in_ms(bench->patience_ms));
	if (!armed)
		assert_int_equal(bench->serve->ups.off_at_ms, LINE_FAKE_NEVER);
	if (ret == 0)
		assert_in_range(cut.off_after_s, 300, 600);
	return armed ? 1 : ret;
}

static void test_a_drill_leaves_nothing_behind(void **state)
{
	struct upsd_bench *bench = *state;

	assert_int_equal(rehearse(bench), 0);
	assert_int_equal(bench->serve->ups.orders, 1);
	/* The delay that NUT there goes by is what it was. */
	assert_int_equal(bench->fake->delay_s, 20);
}

static void test_a_drill_that_could_not_be_taken_back(void **state)
{
	static const struct {
		const char *offers, *allows;
		bool fixed, no_timer;
		const char *why;
	} cases[] = {
		{ "shutdown.return", "shutdown.return", false, false,
		  "[u] has no order" },
		{ "shutdown.return shutdown.stop", "shutdown.return", false,
		  false, "denies it" },
		{ "shutdown.reboot shutdown.stop",
		  "shutdown.reboot shutdown.stop", false, false,
		  "[u] has no order" },
		{ "shutdown.return shutdown.stop",
		  "shutdown.return shutdown.stop", true, false,
		  "[u] has no order" },
		{ "shutdown.return shutdown.stop",
		  "shutdown.return shutdown.stop", false, true,
		  "[u] has no order" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct upsd_bench *bench;

		(void)upsd_bench_start((void **)&bench);
		bench->fake->offers = cases[i].offers;
		bench->fake->allows = cases[i].allows;
		bench->fake->fixed = cases[i].fixed;
		bench->fake->has_timer = !cases[i].no_timer;
		assert_int_equal(rehearse(bench), -EOPNOTSUPP);
		assert_int_equal(bench->serve->ups.orders, 0);
		assert_non_null(strstr(bench->ups.problem, "it was left alone"));
		assert_non_null(strstr(bench->ups.problem, cases[i].why));
		(void)upsd_bench_end((void **)&bench);
	}
}

static void test_a_drill_that_counts_on_is_said(void **state)
{
	struct upsd_bench *bench = *state;

	bench->fake->counts_on = true;
	bench->patience_ms = 6000;
	assert_int_equal(rehearse(bench), 1);
}

static void test_a_drill_in_a_storm(void **state)
{
	int lines = 60;

	(void)state;
	/* From the order on; before it nothing can be left behind. */
	for (int from = 11; from < lines; from++) {
		struct upsd_bench *bench;

		(void)upsd_bench_start((void **)&bench);
		bench->serve->net.way = NET_FAKE_GONE;
		bench->serve->net.way_from = from;
		bench->serve->net.way_times = 1;
		bench->patience_ms = 3000;
		(void)rehearse(bench);
		if (bench->serve->net.received <= from)
			lines = 0; /* it was over before */
		(void)upsd_bench_end((void **)&bench);
	}
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, upsd_bench_start, upsd_bench_end)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals_are_sentences),
		BENCH_TEST(test_a_wrong_password),
		BENCH_TEST(test_the_section_is_looked_at_first),
		BENCH_TEST(test_a_driver_that_fails),
		BENCH_TEST(test_a_driver_that_says_nothing),
		BENCH_TEST(test_a_connection_that_is_lost_is_made_again),
		cmocka_unit_test(test_manners),
		cmocka_unit_test(test_storm),
		BENCH_TEST(test_a_drill_leaves_nothing_behind),
		cmocka_unit_test(test_a_drill_that_could_not_be_taken_back),
		BENCH_TEST(test_a_drill_that_counts_on_is_said),
		cmocka_unit_test(test_a_drill_in_a_storm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
