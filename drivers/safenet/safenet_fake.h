/* SPDX-License-Identifier: MIT */
/* A SafeNet UPS in memory. */
#ifndef SAFENET_SAFENET_FAKE_H
#define SAFENET_SAFENET_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"

struct safenet_fake {
	char command[16];
	size_t len;
	unsigned int lines;
	bool is_awake;       /* was told the magic word */
	bool obeys_silently; /* does not answer a cut */
};

extern const struct line_fake_kind safenet_fake_kind;

#endif
