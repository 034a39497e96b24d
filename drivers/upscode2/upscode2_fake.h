/* SPDX-License-Identifier: MIT */
/* A UPScode II UPS in memory. */
#ifndef UPSCODE2_UPSCODE2_FAKE_H
#define UPSCODE2_UPSCODE2_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"

struct upscode2_fake {
	char line[32], command[32]; /* what comes, and the line before it */
	size_t len;
	const char *orders; /* the letters after UPP; "FCDU" */
	bool is_silent_on_state;
};

extern const struct line_fake_kind upscode2_fake_kind;

#endif
