// SPDX-License-Identifier: MIT
/* UPSes whose registers are data, each on an emulated device. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench.h"
#include "modbus/modbus_fake.h"

#define PATIENCE_MS 30000

static struct modbus_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static struct line_bench *bench_of(const char *driver, const char *kind,
				   const char *keys)
{
	return line_bench_new(driver, modbus_fake_line(kind), keys);
}

/** What was written, as "06:11044=1 06:…". */
static const char *written(struct line_bench *bench)
{
	static char text[512]; /* of the last one that asked */
	const struct modbus_fake *fake = fake_of(bench);
	size_t at = 0;

	text[0] = '\0';
	for (int i = 0; i < fake->writes; i++)
		at += (size_t)snprintf(
			text + at, sizeof(text) - at, "%s%02d:%d=%d",
			i ? " " : "", fake->write[i].function,
			fake->write[i].address, fake->write[i].value);
	return text;
}

/* What each of them is told, and what it does then. */
static void test_each_device_and_command(void **state)
{
	static const struct {
		const char *driver, *kind, *keys;
		enum ups_command wanted, given;
		const char *written;
		enum ups_proof proof;
		int off_s, on_s; /* granted */
		enum line_fake_back back;
		int back_s;
	} cases[] = {
		{ "huawei-ups2000", "modbus-huawei", "", UPS_RETURN, UPS_RETURN,
		  "06:11044=1 06:11048=1 06:11047=10", UPS_VERIFIED, 60, 60,
		  LINE_FAKE_WITH_MAINS, 60 },
		{ "huawei-ups2000", "modbus-huawei",
		  "offdelay = 95\nondelay = 150", UPS_RETURN, UPS_RETURN,
		  "06:11044=1 06:11048=2 06:11047=15", UPS_VERIFIED, 90, 120,
		  LINE_FAKE_WITH_MAINS, 120 },
		{ "huawei-ups2000", "modbus-huawei", "offdelay = 9999",
		  UPS_STAYOFF, UPS_STAYOFF, "06:11044=0 06:11049=990",
		  UPS_VERIFIED, 5940, -1, LINE_FAKE_STAYS_OFF, 0 },
		{ "huawei-ups2000", "modbus-huawei", "", UPS_REBOOT, UPS_RETURN,
		  "06:11044=1 06:11048=1 06:11047=10", UPS_VERIFIED, 60, 60,
		  LINE_FAKE_WITH_MAINS, 60 },
		{ "huawei-ups2000", "modbus-huawei", "", UPS_OFF, UPS_OFF,
		  "06:11030=1", UPS_SENT, -1, -1, LINE_FAKE_STAYS_OFF, 0 },
		{ "adelsystem_cbi", "modbus-adelsystem", "", UPS_RETURN,
		  UPS_STAYOFF, "06:40=1", UPS_VERIFIED, -1, -1,
		  LINE_FAKE_STAYS_OFF, 0 },
		{ "must_ep2000pro", "modbus-must", "", UPS_RETURN, UPS_RETURN,
		  "16:32002=1", UPS_SENT, -1, -1, LINE_FAKE_WITH_MAINS, 0 },
		{ "generic_modbus", "modbus-rio", "FSD_addr = 0x0", UPS_RETURN,
		  UPS_STAYOFF, "05:0=65280", UPS_SENT, -1, -1,
		  LINE_FAKE_STAYS_OFF, 0 },
		{ "generic_modbus", "modbus-rio",
		  "FSD_addr = 7\nFSD_regtype = 3\nFSD_pulse_duration = 150",
		  UPS_STAYOFF, UPS_STAYOFF, "06:7=1 06:7=0", UPS_SENT, -1, -1,
		  LINE_FAKE_STAYS_OFF, 0 },
		{ "modbus", "modbus-netman", "model = riello-netman",
		  UPS_RETURN, UPS_RETURN, "06:113=30 06:114=1 06:112=2",
		  UPS_VERIFIED, 30, 60, LINE_FAKE_WITH_MAINS, 60 },
		{ "modbus", "modbus-netman", "model = riello-netman",
		  UPS_STAYOFF, UPS_STAYOFF, "06:113=30 06:112=1", UPS_VERIFIED,
		  30, -1, LINE_FAKE_STAYS_OFF, 0 },
		{ "modbus", "modbus-tripplite", "model = tripplite-modbuscard",
		  UPS_RETURN, UPS_RETURN,
		  "05:513=0 05:516=65280 06:769=1 06:768=30", UPS_VERIFIED, 30,
		  60, LINE_FAKE_WITH_MAINS, 60 },
		{ "modbus", "modbus-tripplite", "model = tripplite-modbuscard",
		  UPS_OFF, UPS_OFF, "05:523=0", UPS_SENT, -1, -1,
		  LINE_FAKE_STAYS_OFF, 0 },
		{ "modbus", "modbus-apc",
		  "return = \"H1538=0,0x4388 h155?1-600\"\noffdelay = 9",
		  UPS_RETURN, UPS_RETURN, "16:1538=0", UPS_VERIFIED, -1, -1,
		  LINE_FAKE_WITH_MAINS, 30 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line_bench *bench =
			bench_of(cases[i].driver, cases[i].kind, cases[i].keys);
		struct ups_cut cut = { 0 };
		int ret = line_bench_arm(bench);

		if (ret == 0)
			assert_int_equal(fake_of(bench)->writes, 0);
		if (ret == 0)
			ret = line_bench_cut(bench, cases[i].wanted, &cut);
		if (ret < 0)
			fail_msg("%zu: %s", i, bench->ups.problem);
		assert_string_equal(written(bench), cases[i].written);
		assert_int_equal(cut.given, cases[i].given);
		assert_int_equal(cut.proof, cases[i].proof);
		assert_int_equal(cut.off_after_s, cases[i].off_s);
		assert_int_equal(cut.on_after_s, cases[i].on_s);
		assert_int_equal(bench->fake.orders, 1);
		assert_int_equal(bench->fake.back, cases[i].back);
		assert_int_equal(bench->fake.back_after_s, cases[i].back_s);
		line_bench_free((void **)&bench);
	}
}

/* The larger ones have another map: nothing must be written there. */
static void test_a_larger_huawei_is_left_alone(void **state)
{
	struct line_bench *bench =
		bench_of("huawei-ups2000", "modbus-huawei", "");
	uint16_t *power =
		modbus_fake_at(fake_of(bench), REGISTERS_HOLDING, 19009);

	(void)state;
	*power = 60;
	assert_int_equal(line_bench_arm(bench), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] is another device: its register 19009 has 60");
	*power = 0;
	assert_int_equal(line_bench_arm(bench), -EPROTO);
	fake_of(bench)->cell[fake_of(bench)->cells - 1].address = 1;
	assert_int_equal(line_bench_arm(bench), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] refused with Modbus exception 2");
	line_bench_free((void **)&bench);
}

static void test_a_promise_that_does_not_show(void **state)
{
	struct line_bench *bench =
		bench_of("huawei-ups2000", "modbus-huawei", "");
	struct ups_cut cut;

	(void)state;
	fake_of(bench)->forgets = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(
		bench->ups.problem,
		"[u] acknowledged the command, but its register 11047 has 0");
	line_bench_free((void **)&bench);
}

static void test_a_refusal_is_one(void **state)
{
	struct line_bench *bench =
		bench_of("modbus", "modbus-netman", "model = riello-netman");
	struct ups_cut cut;

	(void)state;
	fake_of(bench)->refusal = 4;
	fake_of(bench)->refused = 112;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] refused with Modbus exception 4");
	assert_int_equal(bench->fake.orders, 0);
	line_bench_free((void **)&bench);
}

static void test_must_needs_its_battery(void **state)
{
	struct line_bench *bench = bench_of("must_ep2000pro", "modbus-must", "");
	struct ups_cut cut;

	(void)state;
	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EOPNOTSUPP);
	assert_string_equal(bench->ups.problem,
			    "[u] takes no command now: its register 30002 has 4");
	assert_int_equal(fake_of(bench)->writes, 0);
	line_bench_free((void **)&bench);
}

static void test_mains_of_each(void **state)
{
	static const struct {
		const char *driver, *kind, *keys;
		bool has_low;
	} cases[] = {
		{ "huawei-ups2000", "modbus-huawei", "", true },
		{ "adelsystem_cbi", "modbus-adelsystem", "", false },
		{ "must_ep2000pro", "modbus-must", "", false },
		{ "generic_modbus", "modbus-rio",
		  "FSD_addr = 0\nOB_addr = 0x0\nOB_regtype = 1\nOB_noro = 0",
		  false },
		{ "generic_modbus", "modbus-rio",
		  "FSD_addr = 0\nOL_addr = 0\nOL_noro = 1", false },
		{ "modbus", "modbus-rio",
		  "slaveid = 5\nstayoff = \"c0=1\"\nonbattery = d0?1\nlowbattery = \"d1?1\"",
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line_bench *bench =
			bench_of(cases[i].driver, cases[i].kind, cases[i].keys);
		struct ups_status status;

		if (line_bench_arm(bench) < 0)
			fail_msg("%zu: %s", i, bench->ups.problem);
		assert_int_equal(
			bench->ups.driver->status(&bench->ups, &status,
						  deadline_in_ms(PATIENCE_MS)),
			0);
		assert_int_equal(status.mains, UPS_MAINS_ABSENT);
		assert_int_equal(status.battery_low, cases[i].has_low);
		line_fake_feel(&bench->fake, true, 90);
		assert_int_equal(
			bench->ups.driver->status(&bench->ups, &status,
						  deadline_in_ms(PATIENCE_MS)),
			0);
		assert_int_equal(status.mains, UPS_MAINS_PRESENT);
		assert_false(status.battery_low);
		line_bench_free((void **)&bench);
	}
}

static void test_cancel(void **state)
{
	static const struct {
		const char *driver, *kind, *keys;
		int ret;
	} cases[] = {
		{ "huawei-ups2000", "modbus-huawei", "", 0 },
		{ "modbus", "modbus-netman", "model = riello-netman", 0 },
		{ "modbus", "modbus-tripplite", "model = tripplite-modbuscard",
		  0 },
		{ "adelsystem_cbi", "modbus-adelsystem", "", -EOPNOTSUPP },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line_bench *bench =
			bench_of(cases[i].driver, cases[i].kind, cases[i].keys);
		struct ups_cut cut;

		assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
		assert_int_equal(line_bench_cancel(bench), cases[i].ret);
		assert_int_equal(bench->fake.cancels, cases[i].ret == 0);
		line_bench_free((void **)&bench);
	}
}

/* Only who is told the delay, and shows that it was cancelled. */
static void test_a_drill(void **state)
{
	static const struct {
		const char *driver, *kind, *keys;
		int ret, orders;
	} cases[] = {
		{ "modbus", "modbus-netman", "model = riello-netman", 0, 1 },
		{ "modbus", "modbus-tripplite", "model = tripplite-modbuscard",
		  0, 1 },
		{ "modbus", "modbus-netman",
		  "model = riello-netman\ncancel = \"h112=3\"", -EOPNOTSUPP, 0 },
		{ "huawei-ups2000", "modbus-huawei", "", -EOPNOTSUPP, 0 },
		{ "adelsystem_cbi", "modbus-adelsystem", "", -EOPNOTSUPP, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line_bench *bench =
			bench_of(cases[i].driver, cases[i].kind, cases[i].keys);
		struct ups_cut cut;
		bool armed;

		assert_int_equal(line_bench_rehearse(bench, &cut, &armed),
				 cases[i].ret);
		assert_false(armed);
		assert_int_equal(bench->fake.orders, cases[i].orders);
		assert_int_equal(bench->fake.off_at_ms, LINE_FAKE_NEVER);
		line_bench_free((void **)&bench);
	}
}

static void test_sections_that_say_nothing_sensible(void **state)
{
	static const struct {
		const char *driver, *keys, *problem;
		int ret;
	} cases[] = {
		{ "generic_modbus", "",
		  "[u] has no FSD_addr of a coil or a holding register",
		  -EOPNOTSUPP },
		{ "generic_modbus", "FSD_addr = 1\nFSD_regtype = 1",
		  "[u] has no FSD_addr of a coil or a holding register",
		  -EOPNOTSUPP },
		{ "modbus", "", "[u] names no model and no command",
		  -EOPNOTSUPP },
		{ "modbus", "model = teapot", "[u] model = teapot is not known",
		  -EINVAL },
		{ "modbus", "return = \"h1=1 h2\"",
		  "[u] return = … ends too early: the whole of it belongs in quotes",
		  -EINVAL },
		{ "modbus", "return = \"h1=1 hello=2 h3=3\"",
		  "[u] return = … cannot be read at \"ello=2 h3=3\"", -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line_bench *bench =
			bench_of(cases[i].driver, "modbus-rio", cases[i].keys);

		assert_int_equal(line_bench_arm(bench), cases[i].ret);
		assert_string_equal(bench->ups.problem, cases[i].problem);
		assert_int_equal(bench->fake.received, 0);
		line_bench_free((void **)&bench);
	}
}

/* A section may take a model and say one thing otherwise. */
static void test_a_line_of_the_section_replaces_the_model(void **state)
{
	struct line_bench *bench = bench_of(
		"modbus", "modbus-netman",
		"model = riello-netman\nreturn = \"H113=off,on/60 h112=2 h116?2\"\n"
		"offdelay = 45\nondelay = 240");
	struct ups_cut cut;

	(void)state;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(written(bench), "16:113=45 06:112=2");
	assert_int_equal(cut.off_after_s, 45);
	assert_int_equal(cut.on_after_s, 240);
	line_bench_free((void **)&bench);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("huawei-ups2000", modbus_fake_line("modbus-huawei"),
			 "", LINE_BENCH_ANSWERS);
	line_bench_storm("adelsystem_cbi", modbus_fake_line("modbus-adelsystem"),
			 "", LINE_BENCH_ANSWERS);
	line_bench_storm("must_ep2000pro", modbus_fake_line("modbus-must"), "",
			 LINE_BENCH_ANSWERS);
	line_bench_storm("generic_modbus", modbus_fake_line("modbus-rio"),
			 "FSD_addr = 0", LINE_BENCH_ANSWERS);
	line_bench_storm("modbus", modbus_fake_line("modbus-netman"),
			 "model = riello-netman", LINE_BENCH_ANSWERS);
	line_bench_storm("modbus", modbus_fake_line("modbus-tripplite"),
			 "model = tripplite-modbuscard", LINE_BENCH_ANSWERS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_device_and_command),
		cmocka_unit_test(test_a_larger_huawei_is_left_alone),
		cmocka_unit_test(test_a_promise_that_does_not_show),
		cmocka_unit_test(test_a_refusal_is_one),
		cmocka_unit_test(test_must_needs_its_battery),
		cmocka_unit_test(test_mains_of_each),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_a_drill),
		cmocka_unit_test(test_sections_that_say_nothing_sensible),
		cmocka_unit_test(test_a_line_of_the_section_replaces_the_model),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
