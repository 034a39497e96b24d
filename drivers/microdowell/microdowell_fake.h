/* SPDX-License-Identifier: MIT */
/* A Microdowell UPS in memory. */
#ifndef MICRODOWELL_MICRODOWELL_FAKE_H
#define MICRODOWELL_MICRODOWELL_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"

struct microdowell_fake {
	uint8_t frame[40];
	size_t len;
	bool refuses; /* to be shut down */
	int deaf;     /* to so many frames */
};

extern const struct line_fake_kind microdowell_fake_kind;

#endif
