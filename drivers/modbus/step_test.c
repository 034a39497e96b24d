// SPDX-License-Identifier: MIT
/* The steps of a command, and what is none. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "modbus/map.h"

static const struct modbus_delays delays = { .off_s = 65, .on_s = 185 };

static void test_what_is_written(void **state)
{
	static const struct {
		const char *line;
		enum modbus_step_kind kind;
		enum registers_table table;
		int address, value, off_s, on_s;
	} cases[] = {
		{ "h11044=1", MODBUS_WRITE, REGISTERS_HOLDING, 11044, 1, -1, -1 },
		{ "c0x20b=0", MODBUS_WRITE, REGISTERS_COILS, 0x20b, 0, -1, -1 },
		{ "H32002=7", MODBUS_WRITE_BLOCK, REGISTERS_HOLDING, 32002, 7,
		  -1, -1 },
		{ "h1=off", MODBUS_WRITE, REGISTERS_HOLDING, 1, 65, 65, -1 },
		{ "h1=off/6", MODBUS_WRITE, REGISTERS_HOLDING, 1, 10, 60, -1 },
		{ "h1=off*10/60", MODBUS_WRITE, REGISTERS_HOLDING, 1, 10, 60,
		  -1 },
		{ "h1=on/60", MODBUS_WRITE, REGISTERS_HOLDING, 1, 3, -1, 180 },
		{ "h1=0xffff", MODBUS_WRITE, REGISTERS_HOLDING, 1, 0xffff, -1,
		  -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *line = cases[i].line;
		struct modbus_step step;

		assert_int_equal(modbus_next_step(&line, &delays, &step), 1);
		assert_int_equal(step.kind, cases[i].kind);
		assert_int_equal(step.table, cases[i].table);
		assert_int_equal(step.address, cases[i].address);
		assert_int_equal(step.count, 1);
		assert_int_equal(step.value[0], cases[i].value);
		assert_int_equal(step.off_s, cases[i].off_s);
		assert_int_equal(step.on_s, cases[i].on_s);
		assert_int_equal(modbus_next_step(&line, &delays, &step), 0);
	}
}

static void test_one_after_another(void **state)
{
	const char *line = " H1538=0,0x4388\t150ms d3&2~1-off ";
	struct modbus_step step;

	(void)state;
	assert_int_equal(modbus_next_step(&line, &delays, &step), 1);
	assert_int_equal(step.count, 2);
	assert_int_equal(step.value[1], 0x4388);
	assert_int_equal(modbus_next_step(&line, &delays, &step), 1);
	assert_int_equal(step.kind, MODBUS_WAIT);
	assert_int_equal(step.ms, 150);
	assert_int_equal(modbus_next_step(&line, &delays, &step), 1);
	assert_int_equal(step.kind, MODBUS_TEST);
	assert_int_equal(step.table, REGISTERS_BITS);
	assert_int_equal(step.mask, 2);
	assert_int_equal(step.low, 1);
	assert_int_equal(step.high, 65);
	assert_true(step.is_lenient);
	assert_int_equal(modbus_next_step(&line, &delays, &step), 0);
}

static void test_what_is_none(void **state)
{
	static const char *const cases[] = {
		"x1=1",         "h=1",
		"h1",           "h1=",
		"h1=1,2",       "h1=65536",
		"h65536=1",     "h1=-1",
		"d1=1",         "i1=1",
		"h1=off/0",     "h1=off*0",
		"h1=offer",     "h1?",
		"h1&?1",        "h1=1h2=2",
		"10001ms",      "5s",
		"h1?1-",        "h1&65536?1",
		"H1=1,2,3,4,5", "h99999999999999999999=1",
		"h1 =1",        "ms",
		"h1=0x",        "h1=1;",
		"\x80",         "h1=1*/2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *line = cases[i];
		struct modbus_step step;

		if (modbus_next_step(&line, &delays, &step) != -EINVAL)
			fail_msg("%s is taken", cases[i]);
	}
}

static void test_a_delay_beyond_a_register(void **state)
{
	const struct modbus_delays long_ones = { 65535, 65535 };
	const char *line = "h1=off*10";
	struct modbus_step step;

	(void)state;
	assert_int_equal(modbus_next_step(&line, &long_ones, &step), 1);
	assert_int_equal(step.value[0], 0xffff);
	assert_int_equal(step.off_s, 6553);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_written),
		cmocka_unit_test(test_one_after_another),
		cmocka_unit_test(test_what_is_none),
		cmocka_unit_test(test_a_delay_beyond_a_register),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
