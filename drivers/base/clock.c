// SPDX-License-Identifier: MIT
/* Deadlines on CLOCK_MONOTONIC. */
#include "base/clock.h"

#include <errno.h>
#include <limits.h>
#include <time.h>

int64_t clock_now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail on Linux */
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

deadline_t deadline_in_ms(int64_t ms)
{
	if (ms < 0)
		ms = 0;
	if (ms > INT64_MAX / 2) /* for ever, without an overflow */
		ms = INT64_MAX / 2;
	return clock_now_ms() + ms;
}

deadline_t deadline_earlier(deadline_t a, deadline_t b)
{
	return a < b ? a : b;
}

bool deadline_passed(deadline_t until)
{
	return clock_now_ms() >= until;
}

int deadline_left_ms(deadline_t until)
{
	int64_t left = until - clock_now_ms();

	if (left < 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

int clock_sleep_ms(int64_t ms, deadline_t until)
{
	deadline_t wake = deadline_in_ms(ms);
	deadline_t end = deadline_earlier(wake, until);
	struct timespec at = {
		.tv_sec = (time_t)(end / 1000),
		.tv_nsec = (long)(end % 1000) * 1000000,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) ==
	       EINTR)
		;
	return wake <= until ? 0 : -ETIMEDOUT;
}
