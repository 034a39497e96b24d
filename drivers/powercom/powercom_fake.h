/* SPDX-License-Identifier: MIT */
/* Powercom UPSes in memory: a Trust, and a Black Knight with minutes. */
#ifndef POWERCOM_POWERCOM_FAKE_H
#define POWERCOM_POWERCOM_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"

struct powercom_fake {
	uint8_t command[4];
	size_t len;
	bool shows; /* a countdown, in its status */
	unsigned int lines;
};

extern const struct line_fake_kind powercom_trust_fake_kind;
extern const struct line_fake_kind powercom_bnt_fake_kind;

#endif
