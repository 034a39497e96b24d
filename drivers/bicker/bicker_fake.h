/* SPDX-License-Identifier: MIT */
/* Bicker UPSes in memory: one of today, and one with capacitors. */
#ifndef BICKER_BICKER_FAKE_H
#define BICKER_BICKER_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"

struct bicker_fake {
	uint8_t frame[260];
	size_t len;
	bool refuses; /* to be shut down */
	bool hides;   /* that it was told */
};

extern const struct line_fake_kind bicker_fake_kind;
extern const struct line_fake_kind bicker_upsic_fake_kind;

#endif
