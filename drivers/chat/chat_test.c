// SPDX-License-Identifier: MIT
/* The table of exchanges: the driver, whole, on emulated UPSes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "chat/chat_fake.h"
#include "link/line_bench.h"

#define RHINO_FRAME                                                        \
	"<01><04><00><00><00><00><00><00><00><00><00><00><00><00><00><00>" \
	"<00><00><fb>"
#define RESTART    "p999=2639\\rp1=1\\rp999=\\r"
#define NO_RESTART "p999=2639\\rp1=0\\rp999=\\r"

/** What a driver is told to do, and what has to become of it. */
static const struct chat_case {
	const char *driver, *keys;
	const struct line_fake_kind *kind;
	enum ups_command wanted, given;
	const char *sent;
	int off_s, on_s; /* granted */
	int left_s;      /* of the device; 0: it is off */
	enum line_fake_back back;
} cases[] = {
	{ "etapro", "", &chat_fake_etapro, UPS_RETURN, UPS_RETURN,
	  "RN0019\\rRO000A\\r", 10, 15, 10, LINE_FAKE_WITH_MAINS },
	{ "etapro", "", &chat_fake_etapro, UPS_STAYOFF, UPS_STAYOFF,
	  "RS\\rRO000A\\r", 10, -1, 10, LINE_FAKE_STAYS_OFF },
	{ "etapro", "", &chat_fake_etapro, UPS_OFF, UPS_STAYOFF,
	  "RS\\rRO0001\\r", 1, -1, 1, LINE_FAKE_STAYS_OFF },
	{ "etapro", "", &chat_fake_etapro, UPS_REBOOT, UPS_RETURN,
	  "RN0019\\rRO000A\\r", 10, 15, 10, LINE_FAKE_WITH_MAINS },
	{ "everups", "", &chat_fake_everups, UPS_RETURN, UPS_OFF,
	  "<d0><1c><01><d0>\\r<08>", 2, -1, 2, LINE_FAKE_STAYS_OFF },
	{ "bestfcom", "", &chat_fake_best, UPS_RETURN, UPS_RETURN,
	  "pw377\\ro 10 a\\r", 10, -1, 10, LINE_FAKE_WITH_MAINS },
	{ "bestfcom", "", &chat_fake_best, UPS_STAYOFF, UPS_STAYOFF,
	  "pw377\\ro 10\\r", 10, -1, 10, LINE_FAKE_STAYS_OFF },
	{ "bestuferrups", "", &chat_fake_best, UPS_RETURN, UPS_RETURN,
	  "pw377\\roff 1 a\\r", 1, -1, 1, LINE_FAKE_WITH_MAINS },
	{ "bestuferrups", "", &chat_fake_best, UPS_STAYOFF, UPS_STAYOFF,
	  "pw377\\roff 1\\r", 1, -1, 1, LINE_FAKE_STAYS_OFF },
	{ "bestfortress", "", &chat_fake_fortress, UPS_RETURN, UPS_RETURN,
	  RESTART "OFF20\\r", 20, -1, 20, LINE_FAKE_WITH_MAINS },
	{ "bestfortress", "override.ups.delay.shutdown = 25",
	  &chat_fake_fortress, UPS_RETURN, UPS_RETURN, RESTART "OFF25\\r", 25,
	  -1, 25, LINE_FAKE_WITH_MAINS },
	{ "bestfortress", "", &chat_fake_fortress, UPS_STAYOFF, UPS_STAYOFF,
	  NO_RESTART "OFF20\\r", 20, -1, 20, LINE_FAKE_STAYS_OFF },
	{ "bestfortress", "", &chat_fake_fortress, UPS_OFF, UPS_STAYOFF,
	  NO_RESTART "OFF1\\r", 1, -1, 1, LINE_FAKE_STAYS_OFF },
	{ "nutdrv_siemens_sitop", "", &chat_fake_sitop, UPS_RETURN, UPS_RETURN,
	  "\\n\\nR\\n\\nR\\n\\n", -1, -1, 10, LINE_FAKE_WITH_MAINS },
	{ "nutdrv_siemens-sitop", "", &chat_fake_sitop, UPS_STAYOFF,
	  UPS_STAYOFF, "\\n\\nS\\n\\nS\\n\\n", -1, -1, 10, LINE_FAKE_STAYS_OFF },
	{ "rhino", "", &chat_fake_rhino, UPS_RETURN, UPS_STAYOFF,
	  RHINO_FRAME RHINO_FRAME RHINO_FRAME RHINO_FRAME RHINO_FRAME, 0, -1, 0,
	  LINE_FAKE_STAYS_OFF },
	{ "victronups", "", &chat_fake_victron, UPS_RETURN, UPS_OFF,
	  "vCc0!\\rvCb0!\\r", 0, -1, 0, LINE_FAKE_STAYS_OFF },
	{ "victronups", "usd = 30", &chat_fake_victron, UPS_RETURN, UPS_OFF,
	  "vCc0!\\rvCb30!\\r", 30, -1, 30, LINE_FAKE_STAYS_OFF },
	{ "isbmex", "", &chat_fake_isbmex, UPS_RETURN, UPS_OFF, "######", -1,
	  -1, 0, LINE_FAKE_STAYS_OFF },
};

#define CASES (sizeof(cases) / sizeof(cases[0]))

static void test_each_is_told_its_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		struct line_bench *bench = line_bench_new(
			cases[i].driver, cases[i].kind, cases[i].keys);
		struct ups_cut cut;

		assert_int_equal(line_bench_arm(bench), 0);
		assert_int_equal(bench->fake.orders, 0);
		assert_int_equal(line_bench_cut(bench, cases[i].wanted, &cut),
				 0);
		assert_string_equal(line_bench_sent(bench, bench->armed_at),
				    cases[i].sent);
		assert_int_equal(cut.given, cases[i].given);
		assert_int_equal(cut.proof, UPS_SENT);
		assert_int_equal(cut.off_after_s, cases[i].off_s);
		assert_int_equal(cut.on_after_s, cases[i].on_s);
		assert_int_not_equal(bench->fake.orders, 0);
		assert_int_equal(line_fake_left_s(&bench->fake),
				 cases[i].left_s);
		assert_int_equal(bench->fake.back, cases[i].back);
		line_bench_delete(bench);
	}
}

/** Those whose state is read differently. */
static const struct {
	const char *driver;
	const struct line_fake_kind *kind;
	bool has_low;
	enum line_bench_answer answer;
} devices[] = {
	{ "etapro", &chat_fake_etapro, true, LINE_BENCH_ANSWERS },
	{ "everups", &chat_fake_everups, false, LINE_BENCH_SILENT },
	{ "bestfcom", &chat_fake_best, true, LINE_BENCH_ANSWERS },
	{ "bestfortress", &chat_fake_fortress, true, LINE_BENCH_SILENT },
	{ "nutdrv_siemens_sitop", &chat_fake_sitop, true, LINE_BENCH_SILENT },
	{ "rhino", &chat_fake_rhino, true, LINE_BENCH_SILENT },
	{ "victronups", &chat_fake_victron, true, LINE_BENCH_SILENT },
	{ "isbmex", &chat_fake_isbmex, true, LINE_BENCH_SILENT },
};

#define DEVICES (sizeof(devices) / sizeof(devices[0]))

static void test_mains_and_battery_show(void **state)
{
	(void)state;
	for (size_t i = 0; i < DEVICES; i++) {
		struct line_bench *bench =
			line_bench_new(devices[i].driver, devices[i].kind, "");
		struct ups_status status;

		line_fake_feel(&bench->fake, false, 5);
		assert_int_equal(line_bench_arm(bench), 0);
		assert_int_equal(line_bench_status(bench, &status), 0);
		assert_int_equal(status.mains, UPS_MAINS_ABSENT);
		assert_int_equal(status.battery_low, devices[i].has_low);
		assert_int_equal(status.off_after_s, UPS_UNKNOWN_S);
		line_fake_feel(&bench->fake, true, 90);
		assert_int_equal(line_bench_status(bench, &status), 0);
		assert_int_equal(status.mains, UPS_MAINS_PRESENT);
		assert_false(status.battery_low);
		line_bench_delete(bench);
	}
}

static void test_silence_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < DEVICES; i++) {
		struct line_bench *bench =
			line_bench_new(devices[i].driver, devices[i].kind, "");

		bench->fake.way = LINE_FAKE_DEAF;
		bench->fake.waiting = 0;
		assert_int_equal(line_bench_arm(bench), -ETIMEDOUT);
		assert_string_equal(bench->ups.problem, "[u] does not answer");
		line_bench_delete(bench);
	}
}

static void test_a_refusal_is_one(void **state)
{
	static const size_t refusing[] = { 0, 2 }; /* of devices */

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t device = refusing[i];
		struct line_bench *bench = line_bench_new(
			devices[device].driver, devices[device].kind, "");
		struct ups_cut cut;

		((struct chat_fake *)bench->fake.state)->refuses = true;
		assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut),
				 -EPROTO);
		assert_string_equal(bench->ups.problem,
				    "[u] refused the command");
		assert_int_equal(bench->fake.orders, 0);
		line_bench_delete(bench);
	}
}

static void test_a_fortress_without_a_restart_is_noted(void **state)
{
	struct line_bench *bench =
		line_bench_new("bestfortress", &chat_fake_fortress, "");
	struct ups_cut cut;

	(void)state;
	((struct chat_fake *)bench->fake.state)->refuses = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(bench->note, "[u] does not say whether it restarts");
	assert_int_equal(bench->fake.orders, 1);
	line_bench_delete(bench);
}

static void test_a_fortress_has_its_own_speed(void **state)
{
	struct line_bench *bench = line_bench_new(
		"bestfortress", &chat_fake_fortress, "baudrate = 2400");

	(void)state;
	assert_int_equal(line_bench_arm(bench), -ETIMEDOUT);
	assert_int_equal(bench->fake.speed, 2400);
	line_bench_delete(bench);
}

static void test_bytes_are_given_time(void **state)
{
	struct line_bench *bench =
		line_bench_new("nutdrv_siemens_sitop", &chat_fake_sitop, "");
	const struct line_fake_byte *in = bench->fake.in;
	struct ups_cut cut;

	(void)state;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(in[7].at_ms - in[0].at_ms, 7 * 200);
	line_bench_delete(bench);
}

static void test_some_can_be_stopped(void **state)
{
	static const int results[DEVICES] = {
		[1] = -EOPNOTSUPP, [3] = -EOPNOTSUPP
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct line_bench *bench =
			line_bench_new(devices[i].driver, devices[i].kind, "");

		assert_int_equal(line_bench_arm(bench), 0);
		line_fake_order(&bench->fake, 60, LINE_FAKE_WITH_MAINS, 0);
		assert_int_equal(line_bench_cancel(bench), results[i]);
		assert_int_equal(bench->fake.cancels, results[i] == 0);
		line_bench_delete(bench);
	}
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < DEVICES; i++)
		line_bench_storm(devices[i].driver, devices[i].kind, "",
				 devices[i].answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_is_told_its_words),
		cmocka_unit_test(test_mains_and_battery_show),
		cmocka_unit_test(test_silence_is_said),
		cmocka_unit_test(test_a_refusal_is_one),
		cmocka_unit_test(test_a_fortress_without_a_restart_is_noted),
		cmocka_unit_test(test_a_fortress_has_its_own_speed),
		cmocka_unit_test(test_bytes_are_given_time),
		cmocka_unit_test(test_some_can_be_stopped),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
