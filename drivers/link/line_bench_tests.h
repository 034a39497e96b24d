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

#endif
