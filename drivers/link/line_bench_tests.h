/* SPDX-License-Identifier: MIT */
/* Tests that hold for every driver on a bench; state is the bench. */
#ifndef LINK_LINE_BENCH_TESTS_H
#define LINK_LINE_BENCH_TESTS_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* That one wants those before it. */
#include <cmocka.h>

#include "link/line_bench.h"

static inline void test_silence_is_said(void **state)
{
	struct line_bench *bench = *state;

	bench->fake.way = LINE_FAKE_DEAF;
	bench->usb.way = USB_FAKE_TIMEOUT;
	assert_int_equal(line_bench_arm(bench), -ETIMEDOUT);
	assert_string_equal(bench->ups.problem, "[u] does not answer");
}

static inline void test_status_is_read(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;

	line_fake_feel(&bench->fake, false, 5);
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_true(status.battery_low);
	line_fake_feel(&bench->fake, true, 50);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
	assert_false(status.battery_low);
}

static inline void test_a_cancel_is_obeyed(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(line_bench_cancel(bench), 0);
	assert_int_equal(bench->fake.off_at_ms, LINE_FAKE_NEVER);
}

/* For those that show how long they still count. */
static inline void test_cancel_stops_the_countdown(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, false, 5);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_true(status.battery_low);
	assert_in_range(status.off_after_s, cut.off_after_s - 5,
			cut.off_after_s);
	assert_int_equal(line_bench_cancel(bench), 0);
	assert_int_equal(bench->fake.off_at_ms, LINE_FAKE_NEVER);
	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
	assert_false(status.battery_low);
	assert_int_equal(status.off_after_s, UPS_UNKNOWN_S);
}

/* On the USB, with a question as the second transfer. */
static inline void test_a_stall_is_cleared_and_asked_again(void **state)
{
	struct line_bench *bench = *state;

	bench->usb.way = USB_FAKE_STALL;
	bench->usb.way_from = 1;
	bench->usb.way_times = 1;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->usb.clears, 1);
}

#endif
