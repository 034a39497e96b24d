/* SPDX-License-Identifier: MIT */
/* A U-Talk UPS in memory. */
#ifndef UTALK_UTALK_FAKE_H
#define UTALK_UTALK_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"

struct utalk_fake {
	char command[32];
	size_t len;
	bool is_open; /* has heard Ax 1 */
	bool restarts;
	int off_s, on_min;
	const char *unknown; /* beginning of what it does not know, or NULL */
};

extern const struct line_fake_kind utalk_fake_kind;

#endif
