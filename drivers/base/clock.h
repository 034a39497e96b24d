/* SPDX-License-Identifier: MIT */
/*
 * Time. Every wait ends at a deadline, a point on CLOCK_MONOTONIC that is
 * handed down from above; nobody starts a timeout of his own. Deadlines mean
 * the same in every process of this boot, so they may travel over a pipe.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/** A point in time: milliseconds of CLOCK_MONOTONIC. */
typedef int64_t deadline_t;

/** Milliseconds of CLOCK_MONOTONIC now. */
int64_t clock_now_ms(void);

/** The point @ms from now; a negative @ms counts as 0. */
deadline_t deadline_in_ms(int64_t ms);

/** The earlier of the two. */
deadline_t deadline_earlier(deadline_t a, deadline_t b);

/** Has @until been reached? */
bool deadline_passed(deadline_t until);

/** Milliseconds left before @until, 0 … INT_MAX: fit for poll(). */
int deadline_left_ms(deadline_t until);

/**
 * Sleep @ms, but not beyond @until. Signals do not shorten the sleep.
 * Returns 0, or -ETIMEDOUT if @until came first.
 */
int clock_sleep_ms(int64_t ms, deadline_t until);

#endif
