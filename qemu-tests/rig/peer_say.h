/* SPDX-License-Identifier: MIT */
/*
 * What the emulated UPSes outside of the rig say on their standard output, a
 * line each: milliseconds since the start, and what happened.
 */
#ifndef RIG_PEER_SAY_H
#define RIG_PEER_SAY_H

#include <stddef.h>
#include <stdint.h>

#include "link/line_fake.h"

struct peer_say {
	int64_t start_ms;
	int cancels; /* that were told of */
	bool is_off; /* so was that */
};

void peer_say(const struct peer_say *say, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** @what, and the bytes in hexadecimal; of many the first. */
void peer_say_bytes(const struct peer_say *say, const char *what,
		    const uint8_t *bytes, size_t len);

/** Of a struct line_fake with @arg a struct peer_say: the order or the cancel. */
void peer_say_told(void *arg, struct line_fake *fake);

/** Once, that its load is off, if it is. */
void peer_say_off(struct peer_say *say, const struct line_fake *fake);

/** The last line: how often it was told something. */
void peer_say_end(const struct peer_say *say, const struct line_fake *fake);

#endif
