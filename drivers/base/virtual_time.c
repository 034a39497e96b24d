// SPDX-License-Identifier: MIT
/*
 * Time for the fuzzers: it passes when somebody sleeps, and a little whenever
 * somebody looks, so that no loop goes on for ever. clock.c is compiled for
 * them with these in place of the C library's.
 */
#include <time.h>

#define NS_PER_S    1000000000L
#define NS_PER_LOOK 10000L

int virtual_gettime(clockid_t clock, struct timespec *now);
int virtual_nanosleep(clockid_t clock, int flags, const struct timespec *until,
		      struct timespec *left);

/* As a clock, it belongs to the whole program. */
static struct timespec virtual_now = { .tv_sec = 1000 };

int virtual_gettime(clockid_t clock, struct timespec *now)
{
	(void)clock;
	virtual_now.tv_nsec += NS_PER_LOOK;
	if (virtual_now.tv_nsec >= NS_PER_S) {
		virtual_now.tv_nsec -= NS_PER_S;
		virtual_now.tv_sec++;
	}
	*now = virtual_now;
	return 0;
}

int virtual_nanosleep(clockid_t clock, int flags, const struct timespec *until,
		      struct timespec *left)
{
	(void)clock;
	(void)flags; /* always TIMER_ABSTIME */
	(void)left;
	if (until->tv_sec > virtual_now.tv_sec ||
	    (until->tv_sec == virtual_now.tv_sec &&
	     until->tv_nsec > virtual_now.tv_nsec))
		virtual_now = *until;
	return 0;
}
