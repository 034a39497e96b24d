/* SPDX-License-Identifier: MIT */
/* A Powervar UPS in memory. */
#ifndef POWERVAR_POWERVAR_FAKE_H
#define POWERVAR_POWERVAR_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"

struct powervar_fake {
	char line[32];
	size_t len;
	bool restarts;
	const char *refuses; /* a command, or NULL */
	bool forgets;        /* accepts a cut, and counts nothing */
};

extern const struct line_fake_kind powervar_fake_kind;

#endif
