/* SPDX-License-Identifier: MIT */
/* A Belkin Universal UPS in memory. */
#ifndef BELKINUNV_BELKINUNV_FAKE_H
#define BELKINUNV_BELKINUNV_FAKE_H

#include <stdbool.h>

#include "belkinunv/belkinunv.h"
#include "link/line_fake.h"

struct belkinunv_fake {
	uint8_t frame[4 + BELKINUNV_DATA_MAX + 1];
	size_t len;
	unsigned int lines;
	int on_minutes;
	int refuses; /* this register, and 0 none */
	bool hides;  /* says 0 of its timer at all times */
};

extern const struct line_fake_kind belkinunv_fake_kind;

#endif
