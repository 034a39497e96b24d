// SPDX-License-Identifier: MIT
/* SNMP: the driver, whole, on emulated cards. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench.h"
#include "snmp/mibs.h"
#include "snmp/snmp_fake.h"

/** A card, and what it is to be told. */
struct trial {
	const struct net_fake_kind *kind;
	const char *keys;
	enum ups_command wanted;
	bool mains;
	/* What has to come out. */
	enum ups_command given;
	enum ups_proof proof;
	int off_after_s, on_after_s;
	enum line_fake_back back;
	const char *written;
};

static struct line_bench bench;

static int bench_end(void **state)
{
	(void)state;
	line_bench_end(&bench);
	return 0;
}

static struct snmp_fake *start(const struct net_fake_kind *kind,
			       const char *keys)
{
	line_bench_start_net(&bench, "snmp-ups", kind, keys);
	return bench.net.state;
}

static void try(const struct trial *trial)
{
	const struct snmp_fake *fake = start(trial->kind, trial->keys);
	struct ups_cut cut;

	line_fake_feel(&bench.fake, trial->mains, 90);
	assert_int_equal(line_bench_arm(&bench), 0);
	assert_string_equal(fake->written, "");
	assert_int_equal(line_bench_cut(&bench, trial->wanted, &cut), 0);
	assert_string_equal(fake->written, trial->written);
	assert_int_equal(cut.given, trial->given);
	assert_int_equal(cut.proof, trial->proof);
	assert_int_equal(cut.off_after_s, trial->off_after_s);
	assert_int_equal(cut.on_after_s, trial->on_after_s);
	assert_int_equal(bench.fake.back, trial->back);
	assert_true(bench.fake.orders > 0);
	line_bench_end(&bench);
}

#define BACK  LINE_FAKE_WITH_MAINS
#define STAYS LINE_FAKE_STAYS_OFF

/* clang-format off */
static void test_what_is_written(void **state)
{
	static const struct trial trials[] = {
		{ &snmp_fake_ietf, "", UPS_RETURN, false, UPS_RETURN, UPS_VERIFIED,
		  20, -1, BACK, "8.1.0=1 8.5.0=1 8.2.0=20" },
		{ &snmp_fake_ietf, "snmp_version = v2c", UPS_RETURN, true,
		  UPS_RETURN, UPS_VERIFIED, 20, 30, BACK,
		  "8.1.0=1 8.5.0=1 8.3.0=50 8.2.0=20" },
		{ &snmp_fake_ietf, "offdelay = 60\nondelay = 90", UPS_RETURN,
		  false, UPS_RETURN, UPS_VERIFIED, 60, 90, BACK,
		  "8.1.0=1 8.5.0=1 8.3.0=150 8.2.0=60" },
		{ &snmp_fake_ietf, "", UPS_STAYOFF, false, UPS_STAYOFF,
		  UPS_VERIFIED, 20, -1, STAYS, "8.1.0=1 8.5.0=2 8.2.0=20" },
		{ &snmp_fake_ietf, "", UPS_OFF, false, UPS_OFF, UPS_VERIFIED, 5, -1,
		  STAYS, "8.1.0=1 8.5.0=2 8.2.0=5" },
		{ &snmp_fake_ietf, "", UPS_REBOOT, false, UPS_RETURN, UPS_VERIFIED,
		  20, -1, BACK, "8.1.0=1 8.5.0=1 8.2.0=20" },
		{ &snmp_fake_mge, "", UPS_RETURN, false, UPS_RETURN, UPS_VERIFIED,
		  20, -1, BACK, "8.1.0=1 8.5.0=1 8.2.0=20" },
		{ &snmp_fake_tripplite, "", UPS_RETURN, false, UPS_RETURN,
		  UPS_VERIFIED, 20, -1, BACK, "8.1.0=1 8.5.0=1 8.2.0=20" },
		{ &snmp_fake_tripplite_old, "", UPS_RETURN, false, UPS_RETURN,
		  UPS_VERIFIED, 20, -1, BACK, "1.0=1 5.0=1 2.0=20" },
		{ &snmp_fake_tripplite_old, "", UPS_STAYOFF, false, UPS_STAYOFF,
		  UPS_VERIFIED, 20, -1, STAYS, "1.0=1 5.0=2 2.0=20" },
		{ &snmp_fake_tripplite_products, "", UPS_RETURN, false, UPS_RETURN,
		  UPS_SENT, 0, -1, BACK, "1.5.1.1.7.1=1 1.4.1.1.5.1=1" },
		/* The device's own delays, and the section's. */
		{ &snmp_fake_powernet, "", UPS_RETURN, false, UPS_RETURN, UPS_SENT,
		  180, 60, BACK, "6.2.2.0=3" },
		{ &snmp_fake_powernet, "offdelay = 20\nondelay = 300", UPS_RETURN,
		  true, UPS_RETURN, UPS_SENT, 20, 300, BACK,
		  "5.2.9.0=30000 5.2.10.0=2000 6.2.2.0=3" },
		{ &snmp_fake_powernet, "offdelay = 180", UPS_STAYOFF, true,
		  UPS_STAYOFF, UPS_SENT, 180, -1, STAYS, "6.2.1.0=3" },
		{ &snmp_fake_powernet, "", UPS_OFF, true, UPS_OFF, UPS_VERIFIED,
		  0, -1, STAYS, "6.2.1.0=2" },
		{ &snmp_fake_powernet, "", UPS_REBOOT, true, UPS_REBOOT, UPS_SENT,
		  180, -1, LINE_FAKE_BY_CLOCK, "6.2.8.0=3" },
		{ &snmp_fake_cyberpower, "", UPS_RETURN, false, UPS_RETURN,
		  UPS_SENT, 90, 0, BACK, "6.2.3.0=3" },
		{ &snmp_fake_cyberpower, "offdelay = 120", UPS_RETURN, false,
		  UPS_RETURN, UPS_SENT, 120, 0, BACK, "5.2.11.0=12000 6.2.3.0=3" },
		{ &snmp_fake_cyberpower, "", UPS_STAYOFF, false, UPS_STAYOFF,
		  UPS_SENT, 60, -1, STAYS, "6.2.1.0=3" },
		{ &snmp_fake_xups, "", UPS_RETURN, false, UPS_RETURN, UPS_VERIFIED,
		  20, -1, BACK, "9.6.0=20" },
		{ &snmp_fake_xups, "", UPS_STAYOFF, false, UPS_STAYOFF,
		  UPS_VERIFIED, 20, -1, STAYS, "9.1.0=20" },
		{ &snmp_fake_xups, "", UPS_OFF, false, UPS_OFF, UPS_VERIFIED, 5, -1,
		  STAYS, "9.1.0=5" },
		{ &snmp_fake_cpqpower, "", UPS_RETURN, false, UPS_RETURN,
		  UPS_VERIFIED, 20, -1, BACK, "8.6.0=20" },
		{ &snmp_fake_cpqpower, "", UPS_STAYOFF, false, UPS_STAYOFF,
		  UPS_VERIFIED, 20, -1, STAYS, "8.1.0=20" },
		{ &snmp_fake_delta, "ondelay = 90", UPS_RETURN, false, UPS_RETURN,
		  UPS_VERIFIED, 20, -1, BACK, "2.1.0=1 2.2.0=1 2.4.0=2 2.3.0=20" },
		{ &snmp_fake_delta, "", UPS_STAYOFF, false, UPS_STAYOFF,
		  UPS_VERIFIED, 20, -1, STAYS, "2.1.0=1 2.2.0=2 2.3.0=20" },
		{ &snmp_fake_xppc, "", UPS_RETURN, false, UPS_RETURN, UPS_VERIFIED,
		  0, -1, BACK, "6.1.1.0=2" },
		{ &snmp_fake_xppc, "", UPS_RETURN, true, UPS_REBOOT, UPS_VERIFIED,
		  0, -1, LINE_FAKE_BY_CLOCK, "6.2.3.0=2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++)
		try(&trials[i]);
}
/* clang-format on */

static void test_a_foreign_name_does_not_matter(void **state)
{
	struct ups_cut cut;

	(void)state;
	start(&snmp_fake_xups, "")->is_foreign = true;
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void test_the_section_names_the_mib(void **state)
{
	struct ups_cut cut;

	(void)state;
	(void)start(&snmp_fake_xups, "mibs = pxgx_ups");
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	line_bench_end(&bench);
	(void)start(&snmp_fake_xups, "mibs = cyberpower");
	assert_int_equal(line_bench_arm(&bench), -EOPNOTSUPP);
	assert_non_null(strstr(bench.ups.problem, "has none of the objects"));
	line_bench_end(&bench);
	(void)start(&snmp_fake_xups, "mibs = baytech");
	assert_int_equal(line_bench_arm(&bench), -EOPNOTSUPP);
	assert_string_equal(
		bench.ups.problem,
		"[u] mibs = baytech: no way is known to switch these off");
}

static void test_a_reader_must_not_write(void **state)
{
	struct snmp_fake *fake = start(&snmp_fake_ietf, "snmp_version = v2c");
	struct ups_cut cut;

	(void)state;
	fake->is_read_only = true;
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(
		bench.ups.problem,
		"[u] refuses to be written (notWritable): has this community or user the right to?");
	assert_int_equal(bench.fake.orders, 0);
}

static void test_a_setting_that_is_right_may_be_refused(void **state)
{
	struct snmp_fake *fake = start(&snmp_fake_ietf, "");
	struct ups_cut cut;

	(void)state;
	fake->fixed = "8.5.0";
	fake->value[11] = 1; /* its row: on already */
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	assert_string_equal(fake->written, "8.1.0=1 8.2.0=20");
	assert_int_equal(cut.proof, UPS_VERIFIED);
	line_bench_end(&bench);
	/* And one that is not there matters only to who needs it. */
	fake = start(&snmp_fake_ietf, "");
	fake->absent = "8.5.0";
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	assert_string_equal(fake->written, "8.1.0=1 8.2.0=20");
	line_bench_end(&bench);
	fake = start(&snmp_fake_ietf, "");
	fake->absent = "8.5.0";
	assert_int_equal(line_bench_cut(&bench, UPS_STAYOFF, &cut), 0);
	assert_int_equal(cut.given, UPS_OFF);
}

static void test_the_other_mib_is_the_last_rung(void **state)
{
	struct snmp_fake *fake = start(&snmp_fake_powernet, "");
	struct ups_cut cut;

	(void)state;
	fake->fixed = "6.2.2.0";
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	assert_string_equal(fake->written, "6.1.1.0=2");
	assert_int_equal(cut.off_after_s, 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	line_bench_end(&bench);
	/* With mains that is not to be had, but a cycle is. */
	fake = start(&snmp_fake_powernet, "");
	fake->fixed = "6.2.2.0";
	line_fake_feel(&bench.fake, true, 90);
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	assert_string_equal(fake->written, "6.2.8.0=3");
	assert_int_equal(cut.given, UPS_REBOOT);
}

static void test_an_alarm_is_a_proof(void **state)
{
	struct snmp_fake *fake = start(&snmp_fake_ietf, "");
	struct ups_cut cut;

	(void)state;
	fake->shows_nothing = true;
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
	line_bench_end(&bench);
	fake = start(&snmp_fake_ietf, "snmp_version = v2c");
	fake->shows_nothing = true;
	fake->has_alarm = true;
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 20);
}

static void test_an_empty_promise_is_not_believed(void **state)
{
	struct ups_cut cut;

	(void)state;
	start(&snmp_fake_xups, "")->forgets = true;
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void test_who_obeys_and_falls_silent_has_obeyed(void **state)
{
	struct ups_cut cut;

	(void)state;
	(void)start(&snmp_fake_ietf, "snmp_retries = 0");
	assert_int_equal(line_bench_arm(&bench), 0);
	bench.net.way = NET_FAKE_SILENT;
	bench.net.way_from = bench.armed_at + 3; /* its order */
	bench.net.way_times = 1;
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void test_status_and_cancel(void **state)
{
	const struct ups_driver *driver;
	struct ups_status status = { 0 };
	struct ups_cut cut;

	(void)state;
	(void)start(&snmp_fake_ietf, "");
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	driver = bench.ups.driver;
	assert_int_equal(
		driver->status(&bench.ups, &status, deadline_in_ms(9000)), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_true(status.battery_low);
	assert_in_range(status.off_after_s, 15, 20);
	assert_int_equal(driver->cancel(&bench.ups, deadline_in_ms(9000)), 0);
	assert_int_equal(bench.fake.off_at_ms, LINE_FAKE_NEVER);
	line_fake_feel(&bench.fake, true, 90);
	assert_int_equal(
		driver->status(&bench.ups, &status, deadline_in_ms(9000)), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
	assert_false(status.battery_low);
	assert_int_equal(status.off_after_s, UPS_UNKNOWN_S);
	line_bench_end(&bench);
	(void)start(&snmp_fake_powernet, "");
	assert_int_equal(line_bench_arm(&bench), 0);
	driver = bench.ups.driver;
	assert_int_equal(driver->cancel(&bench.ups, deadline_in_ms(9000)),
			 -EOPNOTSUPP);
}

static void test_the_host_is_what_the_port_says(void **state)
{
	static const char *const cases[][2] = {
		{ "port = card.example:1161", "card.example" },
		{ "port = udp6:[fd00::7]:161", "fd00::7" },
	};
	char host[256];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		(void)start(&snmp_fake_ietf, cases[i][0]);
		assert_int_equal(line_bench_arm(&bench), 0);
		assert_int_equal(bench.ups.driver->find_host(&bench.ups, host,
							     sizeof(host)),
				 0);
		assert_string_equal(host, cases[i][1]);
		line_bench_end(&bench);
	}
}

static void test_sections_that_mean_nothing(void **state)
{
	static const struct {
		const char *keys, *problem;
	} cases[] = {
		{ "port = :5", "[u] port is no host, or none with a port" },
		{ "snmp_version = v4",
		  "[u] snmp_version is neither v1 nor v2c nor v3" },
		{ "snmp_version = v3",
		  "[u] secName is missing, or longer than 32" },
		{ "snmp_version = v3\nsecName = a\nsecLevel = all",
		  "[u] secLevel is neither noAuthNoPriv nor authNoPriv nor authPriv" },
		{ "snmp_version = v3\nsecName = a\nsecLevel = authNoPriv",
		  "[u] authPassword is missing, and secLevel demands it" },
		{ "snmp_version = v3\nsecName = a\nsecLevel = authPriv\nauthPassword = 12345678\nprivPassword = 1234567",
		  "[u] privPassword is shorter than the 8 characters that SNMPv3 demands" },
		{ "snmp_version = v3\nsecName = a\nsecLevel = authNoPriv\nauthPassword = 12345678\nauthProtocol = ROT13",
		  "[u] authProtocol = ROT13: no such protocol is known" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)start(&snmp_fake_ietf, cases[i].keys);
		assert_int_equal(line_bench_arm(&bench), -EINVAL);
		assert_string_equal(bench.ups.problem, cases[i].problem);
		line_bench_end(&bench);
	}
}

static void test_silence_is_said(void **state)
{
	struct snmp_fake *fake = start(&snmp_fake_ietf, "community = wrong");

	(void)state;
	fake->community = "right";
	assert_int_equal(line_bench_arm(&bench), -ETIMEDOUT);
	assert_string_equal(
		bench.ups.problem,
		"[u] does not answer; a wrong community looks like that, too");
}

static void test_whatever_ails_the_network(void **state)
{
	size_t count;
	const struct net_fake_kind *const *kinds = net_fake_kinds(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		if (strncmp(kinds[i]->name, "snmp-", 5) != 0)
			continue;
		line_bench_storm_net("snmp-ups", kinds[i], "",
				     LINE_BENCH_ANSWERS);
		line_bench_storm_net("snmp-ups", kinds[i],
				     "snmp_version = v2c\noffdelay = 60",
				     LINE_BENCH_ANSWERS);
	}
	assert_true(count >= 11);
}

int main(void)
{
#define BENCH_TEST(test) cmocka_unit_test_teardown(test, bench_end)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_written),
		BENCH_TEST(test_a_foreign_name_does_not_matter),
		BENCH_TEST(test_the_section_names_the_mib),
		BENCH_TEST(test_a_reader_must_not_write),
		BENCH_TEST(test_a_setting_that_is_right_may_be_refused),
		BENCH_TEST(test_the_other_mib_is_the_last_rung),
		BENCH_TEST(test_an_alarm_is_a_proof),
		BENCH_TEST(test_an_empty_promise_is_not_believed),
		BENCH_TEST(test_who_obeys_and_falls_silent_has_obeyed),
		BENCH_TEST(test_status_and_cancel),
		cmocka_unit_test(test_the_host_is_what_the_port_says),
		cmocka_unit_test(test_sections_that_mean_nothing),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
