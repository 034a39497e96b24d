// SPDX-License-Identifier: MIT
/* Deadlines: never negative, never beyond the end of time. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

static void test_deadlines(void **state)
{
	deadline_t soon = deadline_in_ms(50), later = deadline_in_ms(60000);

	(void)state;
	assert_true(deadline_passed(deadline_in_ms(0)));
	assert_true(deadline_passed(deadline_in_ms(-5)));
	assert_false(deadline_passed(later));
	assert_true(deadline_earlier(soon, later) == soon);
	assert_true(deadline_earlier(later, soon) == soon);
	assert_in_range(deadline_left_ms(later), 1, 60000);
	assert_int_equal(deadline_left_ms(0), 0);
}

static void test_for_ever(void **state)
{
	deadline_t never = deadline_in_ms(INT64_MAX);

	(void)state;
	assert_false(deadline_passed(never));
	assert_int_equal(deadline_left_ms(never), INT_MAX);
}

static void test_sleep_ends_at_the_deadline(void **state)
{
	int64_t start_ms = clock_now_ms();

	(void)state;
	assert_int_equal(clock_sleep_ms(1, deadline_in_ms(5000)), 0);
	assert_int_equal(clock_sleep_ms(60000, deadline_in_ms(10)), -ETIMEDOUT);
	assert_true(clock_now_ms() - start_ms < 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deadlines),
		cmocka_unit_test(test_for_ever),
		cmocka_unit_test(test_sleep_ends_at_the_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
