// SPDX-License-Identifier: MIT
/* The list of sdcommands, as people write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/sdcommands.h"

static void expect(const char **list, const char *name, bool known, bool exact,
		   enum ups_command command)
{
	struct sdcommand item;

	assert_true(sdcommands_next(list, &item));
	assert_string_equal(item.name, name);
	assert_int_equal(item.known, known);
	assert_int_equal(item.exact, exact);
	assert_int_equal(item.command, command);
}

static void test_items(void **state)
{
	const char *list = "shutdown.stayoff, LOAD.OFF ,,shutdown.default"
			   ",beeper.toggle,shutdown.reboot , shutdown.return";
	struct sdcommand item;

	(void)state;
	expect(&list, "shutdown.stayoff", true, true, UPS_STAYOFF);
	expect(&list, "LOAD.OFF", true, true, UPS_OFF);
	expect(&list, "shutdown.default", true, false, UPS_RETURN);
	expect(&list, "beeper.toggle", false, false, UPS_RETURN);
	expect(&list, "shutdown.reboot", true, true, UPS_REBOOT);
	expect(&list, "shutdown.return", true, true, UPS_RETURN);
	assert_false(sdcommands_next(&list, &item));
}

static void test_nothing(void **state)
{
	static const char *const nothing[] = { NULL, "", " ", ",", " , ," };
	struct sdcommand item;

	(void)state;
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++) {
		const char *list = nothing[i];

		assert_false(sdcommands_next(&list, &item));
	}
}

static void test_a_long_name_is_unknown(void **state)
{
	const char *list = "shutdown.return.shutdown.return.shutdown.return.x";
	struct sdcommand item;

	(void)state;
	assert_true(sdcommands_next(&list, &item));
	assert_false(item.known);
	assert_false(sdcommands_next(&list, &item));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_a_long_name_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
