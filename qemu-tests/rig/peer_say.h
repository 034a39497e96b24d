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
};

void peer_say(const struct peer_say *say, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** @what, and the bytes in hexadecimal; of many the first. */
void peer_say_bytes(const struct peer_say *say, const char *what,
		    const uint8_t *bytes, size_t len);

/** The order or the cancel that @fake has just been given. */
void peer_say_told(struct peer_say *say, const struct line_fake *fake);

#endif
