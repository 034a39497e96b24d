// SPDX-License-Identifier: MIT
/* Q* on a serial line: the driver, whole, on emulated UPSes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench.h"
#include "link/serial.h"
#include "qx/qx_fake.h"

/** A bench that each test starts for itself, and that ends by itself. */
static int bench_make(void **state)
{
	*state = calloc(1, sizeof(struct line_bench));
	return *state ? 0 : -1;
}

static struct line_bench *bench_start(void **state, const char *driver,
				      const struct line_fake_kind *kind,
				      const char *keys)
{
	struct line_bench *bench = *state;

	line_bench_start(bench, driver, kind, keys);
	return bench;
}

/** What is said to a @kind that is cut, from the first order on. */
static const char *cut_sent(const char *driver,
			    const struct line_fake_kind *kind, const char *keys,
			    enum ups_command wanted)
{
	static char sent[256];
	struct line_bench *bench = calloc(1, sizeof(*bench));
	struct ups_cut cut;

	assert_non_null(bench);
	line_bench_start(bench, driver, kind, keys);
	assert_int_equal(line_bench_cut(bench, wanted, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(cut.given, wanted);
	assert_int_equal(bench->fake.back == LINE_FAKE_WITH_MAINS,
			 wanted == UPS_RETURN);
	(void)snprintf(sent, sizeof(sent), "%s",
		       line_bench_sent(bench, bench->armed_at));
	line_bench_end(bench);
	free(bench);
	return sent;
}

static void test_each_dialect_is_found_and_cut(void **state)
{
	static const struct {
		const struct line_fake_kind *kind;
		const char *sent, *stays;
	} cases[] = {
		{ &qx_fake_megatec, "S.5R0003\\rQ1\\r", "S.5R0000\\rQ1\\r" },
		{ &qx_fake_mecer, "S.5R0003\\rQ1\\r", "S.5R0000\\rQ1\\r" },
		{ &qx_fake_voltronic, "S.5R0003\\rQGS\\r", "S.5R0000\\rQGS\\r" },
		{ &qx_fake_voltronic_qs, "S.5R0003\\rQS\\r", "S.5R0000\\rQS\\r" },
		{ &qx_fake_voltronic_qs_hex, "S.5R0003\\rQS\\r",
		  "S.5R0000\\rQS\\r" },
		{ &qx_fake_mustek, "S.5R0003\\rQS\\r", "S.5R0000\\rQS\\r" },
		{ &qx_fake_megatec_old, "S.5R0003\\rD\\r", "S.5R0000\\rD\\r" },
		{ &qx_fake_bestups, "S.5R0003\\rQ1\\r", "S.5\\rQ1\\r" },
		{ &qx_fake_masterguard, "S.5R0003\\rQ1\\r", "S.5\\rQ1\\r" },
		{ &qx_fake_gtec, "S.5R0003\\rQ4\\r", "S.5R0000\\rQ4\\r" },
	};

	*state = NULL;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(
			cut_sent("nutdrv_qx", cases[i].kind, "", UPS_RETURN),
			cases[i].sent);
		assert_string_equal(
			cut_sent("nutdrv_qx", cases[i].kind, "", UPS_STAYOFF),
			cases[i].stays);
	}
}

static void test_nothing_is_changed_before_the_cut(void **state)
{
	struct line_bench *bench =
		bench_start(state, "nutdrv_qx", &qx_fake_megatec, "");
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0), "QGS\\rQ1\\rID\\rWH\\r");
	assert_int_equal(bench->fake.orders + bench->fake.cancels, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->fake.cancels, 0);
	assert_int_equal(cut.off_after_s, 30);
	assert_int_equal(cut.on_after_s, 180);
	assert_string_equal(cut.how, "S.5R0003, megatec");
	assert_int_equal(bench->notes, 0);
}

/* An Ippon Innova RT's words (networkupstools/nut, pull request 2712). */
static void test_not_all_that_answer_wh_are_a_masterguard(void **state)
{
	static const char innova[] =
		"(00 00.00 00.00 INN3T20K                 2 3/1 6 230 50.00 024 02.00 005.00 015.00 005 00 40 110 276 45.00 55.00";
	struct line_bench *bench =
		bench_start(state, "nutdrv_qx", &qx_fake_megatec, "");
	struct qx_fake *ups = bench->fake.state;
	struct ups_cut cut;

	ups->model = innova;
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(cut.how, "S.5R0000, megatec");
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_a_protocol_that_is_named_is_not_looked_for(void **state)
{
	struct line_bench *bench = bench_start(
		state, "nutdrv_qx", &qx_fake_megatec, "protocol = Q1");

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(line_bench_sent(bench, 0), "Q1\\r");
}

static void test_a_protocol_that_nobody_speaks(void **state)
{
	struct line_bench *bench =
		bench_start(state, "blazer_ser", &qx_fake_voltronic,
			    "protocol = voltronic");

	assert_int_equal(line_bench_arm(bench), -EINVAL);
	assert_string_equal(
		bench->ups.problem,
		"[u] protocol = voltronic (line 4) is none that blazer_ser speaks");
}

static void test_a_protocol_that_it_does_not_speak(void **state)
{
	struct line_bench *bench = bench_start(
		state, "nutdrv_qx", &qx_fake_voltronic, "protocol = megatec");

	assert_int_equal(line_bench_arm(bench), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] answers something else than it was asked");
}

static void test_inverters_cannot_be_cut(void **state)
{
	struct line_bench *bench =
		bench_start(state, "nutdrv_qx", &qx_fake_axpert, "");

	assert_int_equal(line_bench_arm(bench), -EOPNOTSUPP);
	assert_string_equal(
		bench->ups.problem,
		"[u] speaks axpert, which has no command that switches the load off and on again");
	assert_string_equal(line_bench_sent(bench, 0), "QGS\\r");
}

static void test_delays_of_each_driver(void **state)
{
	static const struct {
		const char *driver, *keys, *sent;
	} cases[] = {
		{ "nutdrv_qx", "offdelay = 40\nondelay = 190",
		  "S.7R0004\\rQ1\\r" },
		{ "nutdrv_qx", "offdelay = 61", "S02R0003\\rQ1\\r" },
		{ "nutdrv_qx", "offdelay = 9999\nondelay = 30",
		  "S10R0003\\rQ1\\r" },
		{ "nutdrv_qx", "ondelay = 0", "S.5\\rQ1\\r" },
		{ "nutdrv_qx", "ondelay = 9999999", "S.5R9999\\rQ1\\r" },
		{ "nutdrv_qx",
		  "offdelay = 60\noverride.ups.delay.shutdown = 24\n"
		  "override.ups.delay.start = 300",
		  "S.4R0005\\rQ1\\r" },
		{ "nutdrv_qx", "protocol = hunnox", "S01\\rQ1\\r" },
		{ "blazer_ser", "", "S.5R0003\\rQ1\\r" },
		{ "blazer_ser", "offdelay = 60\nondelay = 10",
		  "S01R0010\\rQ1\\r" },
		{ "blazer_ser", "ondelay = 0", "S.5\\rQ1\\r" },
	};

	*state = NULL;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(cut_sent(cases[i].driver, &qx_fake_megatec,
					     cases[i].keys, UPS_RETURN),
				    cases[i].sent);
	/* These have no keys, and never had. */
	assert_string_equal(cut_sent("bestups", &qx_fake_bestups,
				     "offdelay = 5", UPS_RETURN),
			    "S01R0001\\rQ1\\r");
	assert_string_equal(
		cut_sent("masterguard", &qx_fake_masterguard, "", UPS_RETURN),
		"S.2R0001\\rQ1\\r");
}

static void test_too_short_an_absence_is_noted(void **state)
{
	struct line_bench *bench = bench_start(
		state, "nutdrv_qx", &qx_fake_megatec, "ondelay = 60");

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(
		bench->note,
		"[u] ondelay: units are known that never return before 3 minutes; 3 are used");
}

static void test_too_short_a_delay_is_noted(void **state)
{
	struct line_bench *bench = bench_start(
		state, "nutdrv_qx", &qx_fake_megatec, "offdelay = 5");

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(bench->note,
			    "[u] offdelay: 12 s is the least that is safe");
}

static void test_stayoff_is_a_flag_too(void **state)
{
	struct line_bench *bench =
		bench_start(state, "nutdrv_qx", &qx_fake_megatec, "stayoff");
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
	assert_int_equal(cut.on_after_s, UPS_UNKNOWN_S);
}

/* An order of sdcommands stands above the flag. */
static void test_stayoff_is_not_for_who_wants_just_a_return(void **state)
{
	struct line_bench *bench =
		bench_start(state, "nutdrv_qx", &qx_fake_megatec, "stayoff");
	struct ups_cut cut = { .wanted = UPS_RETURN, .exact = true };

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(fleet_cut(&bench->ups, &cut, deadline_in_ms(30000)), 0);
	assert_int_equal(cut.given, UPS_RETURN);
}

static void test_off_now(void **state)
{
	struct line_bench *bench =
		bench_start(state, "nutdrv_qx", &qx_fake_voltronic, "");
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_int_equal(cut.given, UPS_OFF);
	assert_int_equal(cut.off_after_s, 0);
	/* It is off, and so is its port. */
	assert_int_equal(cut.proof, UPS_SENT);
	assert_true(line_fake_is_off(&bench->fake));
}

static void test_reboot_is_a_return(void **state)
{
	struct line_bench *bench =
		bench_start(state, "nutdrv_qx", &qx_fake_megatec, "");
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_REBOOT, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
}

static void test_omron_is_told_how_to_start(void **state)
{
	struct line_bench *bench = bench_start(
		state, "nutdrv_qx", &qx_fake_omron, "protocol = omron");
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "An\\rS.5\\rQ1\\r");
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
	assert_non_null(strstr(line_bench_sent(bench, 0), "Af\\rSf.5\\r"));
}

static void test_status_and_cancel(void **state)
{
	static const struct line_fake_kind *const kinds[] = {
		&qx_fake_megatec, &qx_fake_voltronic, &qx_fake_voltronic_qs_hex,
		&qx_fake_gtec,    &qx_fake_mecer,
	};

	*state = NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct line_bench *bench = calloc(1, sizeof(*bench));
		struct ups_status status;
		struct ups_cut cut;

		assert_non_null(bench);
		line_bench_start(bench, "nutdrv_qx", kinds[i], "");
		assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
		assert_int_equal(line_bench_status(bench, &status), 0);
		assert_int_equal(status.mains, UPS_MAINS_ABSENT);
		assert_true(status.battery_low);
		assert_int_equal(line_bench_cancel(bench), 0);
		assert_int_equal(bench->fake.cancels, 1);
		line_fake_feel(&bench->fake, true, 90);
		assert_int_equal(line_bench_status(bench, &status), 0);
		assert_int_equal(status.mains, UPS_MAINS_PRESENT);
		assert_false(status.battery_low);
		line_bench_end(bench);
		free(bench);
	}
}

static void test_the_cable_is_powered_as_the_section_says(void **state)
{
	struct line_bench *bench = bench_start(
		state, "nutdrv_qx", &qx_fake_megatec, "cablepower = purple");

	assert_int_equal(line_bench_arm(bench), -EINVAL);
	assert_string_equal(
		bench->ups.problem,
		"[u] cablepower = purple (line 4): it can be normal, reverse, both or none");
}

/* The keys of a USB device stand above a port. */
static void test_a_section_may_mean_the_usb(void **state)
{
	struct line_bench *bench = bench_start(
		state, "nutdrv_qx", &qx_fake_megatec, "vendorid = 0665");

	assert_int_equal(line_bench_arm(bench), -ENODEV);
	assert_string_equal(bench->ups.problem, "[u] no such USB device");
	assert_string_equal(line_bench_sent(bench, 0), "");
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_make, line_bench_free)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_dialect_is_found_and_cut),
		cmocka_unit_test(test_delays_of_each_driver),
		cmocka_unit_test(test_status_and_cancel),
		BENCH_TEST(test_nothing_is_changed_before_the_cut),
		BENCH_TEST(test_not_all_that_answer_wh_are_a_masterguard),
		BENCH_TEST(test_a_protocol_that_is_named_is_not_looked_for),
		BENCH_TEST(test_a_protocol_that_nobody_speaks),
		BENCH_TEST(test_a_protocol_that_it_does_not_speak),
		BENCH_TEST(test_inverters_cannot_be_cut),
		BENCH_TEST(test_too_short_an_absence_is_noted),
		BENCH_TEST(test_too_short_a_delay_is_noted),
		BENCH_TEST(test_stayoff_is_a_flag_too),
		BENCH_TEST(test_stayoff_is_not_for_who_wants_just_a_return),
		BENCH_TEST(test_off_now),
		BENCH_TEST(test_reboot_is_a_return),
		BENCH_TEST(test_omron_is_told_how_to_start),
		BENCH_TEST(test_the_cable_is_powered_as_the_section_says),
		BENCH_TEST(test_a_section_may_mean_the_usb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
