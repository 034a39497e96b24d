// SPDX-License-Identifier: MIT
/* The driver, whole, and an emulated upsd on the loopback interface. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "upsd/upsd_bench.h"

static void test_return_is_tracked_and_read_back(void **state)
{
	struct upsd_bench *bench = *state;
	const struct line_fake *ups = &bench->serve->ups;
	struct ups_cut cut;

	bench->fake->pending = 2;
	assert_int_equal(upsd_bench_arm(bench), 0);
	assert_int_equal(ups->orders, 0);
	assert_null(strstr(bench->fake->heard, "USERNAME"));
	assert_int_equal(upsd_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(ups->orders, 1);
	assert_int_equal(ups->back, LINE_FAKE_WITH_MAINS);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_in_range(cut.off_after_s, 15, 20);
	assert_int_equal(cut.on_after_s, 60);
	assert_string_equal(cut.how, "upsd, shutdown.return");
	/* LOGIN would make the other machine wait for this one. */
	assert_null(strstr(bench->fake->heard, "LOGIN"));
}

static void test_it_hears_what_it_should(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_cut cut;

	bench->fake->has_timer = false;
	assert_int_equal(upsd_bench_arm(bench), 0);
	assert_int_equal(upsd_bench_cut(bench, UPS_RETURN, &cut), 0);
	fleet_release(&bench->ups);
	for (int i = 0; i < 100 && !strstr(bench->fake->heard, "LOGOUT"); i++)
		(void)clock_sleep_ms(50, deadline_in_ms(UPSD_BENCH_LONG_MS));
	assert_string_equal(bench->fake->heard,
			    "GET VAR far ups.status\n"
			    "LIST CMD far\n"
			    "GET VAR far ups.delay.shutdown\n"
			    "GET VAR far ups.delay.start\n"
			    "USERNAME boss\n"
			    "PASSWORD \"a \\\"b\\\\\\#\"\n"
			    "SET TRACKING ON\n"
			    "GET VAR far ups.timer.shutdown\n"
			    "INSTCMD far shutdown.return\n"
			    "GET TRACKING 1BD31808-CB49-4AEC-9D75-D056E6F018D2\n"
			    "GET VAR far ups.timer.shutdown\n"
			    "GET VAR far ups.status\n"
			    "LOGOUT\n");
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 20);
}

static void test_upsd_before_tracking(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_cut cut;

	bench->fake->is_old = true;
	assert_int_equal(upsd_bench_arm(bench), 0);
	assert_int_equal(upsd_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(bench->serve->ups.orders, 1);
}

/* Some UPSes have a number there whatever happens. */
static void test_a_number_that_stands_proves_nothing(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_cut cut;

	bench->fake->stuck_s = 99;
	assert_int_equal(upsd_bench_arm(bench), 0);
	assert_int_equal(upsd_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(cut.off_after_s, 20);
}

static void test_off_at_once_shows(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_cut cut;

	bench->fake->has_timer = false;
	assert_int_equal(upsd_bench_arm(bench), 0);
	assert_int_equal(upsd_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_int_equal(cut.given, UPS_OFF);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 0);
}

static void test_what_is_offered_decides(void **state)
{
	static const struct {
		const char *offers, *told;
		enum ups_command wanted, given;
		bool exact;
		int ret;
	} cases[] = {
		{ "shutdown.reboot load.off", "shutdown.reboot", UPS_RETURN,
		  UPS_REBOOT, false, 0 },
		{ "load.off load.off.delay", "load.off.delay", UPS_RETURN,
		  UPS_STAYOFF, false, 0 },
		{ "shutdown.stayoff load.off", "shutdown.stayoff", UPS_RETURN,
		  UPS_STAYOFF, false, 0 },
		{ "load.off", "load.off", UPS_RETURN, UPS_OFF, false, 0 },
		{ "load.off", "load.off", UPS_STAYOFF, UPS_OFF, false, 0 },
		{ "load.off.delay", "load.off.delay", UPS_OFF, UPS_STAYOFF,
		  false, 0 },
		{ "shutdown.return", "shutdown.return", UPS_REBOOT, UPS_RETURN,
		  false, 0 },
		{ "load.off", "", UPS_REBOOT, UPS_OFF, false, -EOPNOTSUPP },
		{ "shutdown.reboot load.off", "", UPS_RETURN, UPS_OFF, true,
		  -EOPNOTSUPP },
		{ "load.off.delay", "load.off.delay", UPS_STAYOFF, UPS_STAYOFF,
		  true, 0 },
		{ "beeper.mute", "", UPS_RETURN, UPS_OFF, false, -EOPNOTSUPP },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ups_cut cut = { .wanted = cases[i].wanted,
				       .exact = cases[i].exact };
		struct upsd_bench *bench;
		char line[64];

		(void)upsd_bench_start((void **)&bench);
		bench->fake->offers = bench->fake->allows = cases[i].offers;
		assert_int_equal(upsd_bench_arm(bench), 0);
		assert_int_equal(upsd_bench_cut_at(bench, &cut), cases[i].ret);
		(void)snprintf(line, sizeof(line), "INSTCMD far %s\n",
			       cases[i].told);
		if (cases[i].ret == 0) {
			assert_int_equal(cut.given, cases[i].given);
			assert_non_null(strstr(bench->fake->heard, line));
		} else {
			assert_null(strstr(bench->fake->heard, "INSTCMD"));
			assert_non_null(strstr(bench->ups.problem, "[u] "));
		}
		(void)upsd_bench_end((void **)&bench);
	}
}

static void test_a_refused_one_leads_to_the_next(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_cut cut;

	bench->fake->allows = "shutdown.stayoff";
	assert_int_equal(upsd_bench_arm(bench), 0);
	assert_int_equal(upsd_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->serve->ups.orders, 1);
}

static void test_offdelay_is_set_where_it_can_be(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(upsd_bench_arm_as(bench, "far",
					   UPSD_BENCH_USER "offdelay = 90"),
			 0);
	assert_int_equal(upsd_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_in_range(cut.off_after_s, 80, 90);
	assert_string_equal(bench->note, "");
}

static void test_offdelay_that_cannot_be_set_is_said(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_cut cut;

	bench->fake->fixed = true;
	bench->fake->offers = bench->fake->allows = "load.off.delay";
	assert_int_equal(upsd_bench_arm_as(bench, "far",
					   UPSD_BENCH_USER "offdelay = 90"),
			 0);
	assert_int_equal(upsd_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_non_null(strstr(bench->note, "offdelay stays as it is there"));
	/* This one takes it as its value. */
	assert_in_range(cut.off_after_s, 80, 90);
}

static void test_status_and_cancel(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_status status = { 0 };
	struct ups_cut cut;
	deadline_t until = deadline_in_ms(UPSD_BENCH_LONG_MS);

	assert_int_equal(upsd_bench_arm(bench), 0);
	assert_int_equal(bench->ups.driver->status(&bench->ups, &status, until),
			 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_true(status.battery_low);
	assert_int_equal(status.off_after_s, UPS_UNKNOWN_S);
	assert_int_equal(upsd_bench_cut(bench, UPS_RETURN, &cut), 0);
	bench->serve->ups.mains = true;
	assert_int_equal(bench->ups.driver->status(&bench->ups, &status, until),
			 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
	assert_in_range(status.off_after_s, 10, 20);
	assert_int_equal(bench->ups.driver->cancel(&bench->ups, until), 0);
	assert_int_equal(bench->serve->ups.cancels, 1);
}

static void test_what_a_check_tells(void **state)
{
	struct upsd_bench *bench = *state;
	struct ups_found found = { 0 };
	struct ups_cut cut = { .wanted = UPS_STAYOFF };
	char host[64];

	assert_int_equal(upsd_bench_arm(bench), 0);
	fleet_release(&bench->ups);
	assert_int_equal(
		bench->ups.driver->check(&bench->ups, &found, &cut,
					 deadline_in_ms(UPSD_BENCH_LONG_MS)),
		0);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(cut.off_after_s, 20);
	assert_int_equal(found.mains, UPS_MAINS_ABSENT);
	assert_null(strstr(bench->fake->heard, "INSTCMD"));
	assert_int_equal(
		bench->ups.driver->find_host(&bench->ups, host, sizeof(host)),
		0);
	assert_string_equal(host, "127.0.0.1");
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, upsd_bench_start, upsd_bench_end)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_return_is_tracked_and_read_back),
		BENCH_TEST(test_it_hears_what_it_should),
		BENCH_TEST(test_upsd_before_tracking),
		BENCH_TEST(test_a_number_that_stands_proves_nothing),
		BENCH_TEST(test_off_at_once_shows),
		cmocka_unit_test(test_what_is_offered_decides),
		BENCH_TEST(test_a_refused_one_leads_to_the_next),
		BENCH_TEST(test_offdelay_is_set_where_it_can_be),
		BENCH_TEST(test_offdelay_that_cannot_be_set_is_said),
		BENCH_TEST(test_status_and_cancel),
		BENCH_TEST(test_what_a_check_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
