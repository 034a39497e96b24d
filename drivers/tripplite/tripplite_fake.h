/* SPDX-License-Identifier: MIT */
/* A Tripp Lite UPS in memory. */
#ifndef TRIPPLITE_TRIPPLITE_FAKE_H
#define TRIPPLITE_TRIPPLITE_FAKE_H

#include "link/line_fake.h"

struct tripplite_fake {
	char line[32];
	size_t len;
	int delay_s;
	char deaf_to; /* neither says back nor does the command */
};

extern const struct line_fake_kind tripplite_fake_kind;

#endif
