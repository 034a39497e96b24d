/* SPDX-License-Identifier: MIT */
/* An Oneac UPS in memory. */
#ifndef ONEAC_ONEAC_FAKE_H
#define ONEAC_ONEAC_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"

struct oneac_fake {
	const char *family; /* EG, ON, OZ, OB; ON */
	char command[32];
	size_t len;
	bool is_manual;
	bool refuses; /* does not understand Z */
	bool forgets; /* takes Z, and counts nothing */
};

extern const struct line_fake_kind oneac_fake_kind;

#endif
