/* SPDX-License-Identifier: MIT */
/* A PowerES and a Zinto D in memory. */
#ifndef OPTIUPS_OPTIUPS_FAKE_H
#define OPTIUPS_OPTIUPS_FAKE_H

#include "link/line_fake.h"

struct optiups_fake {
	char word[16];
	size_t len;
	int mode;     /* of Ct */
	int on_s;     /* of Cu; 0: not told */
	char refuses; /* the C command of this letter */
};

extern const struct line_fake_kind optiups_fake_kind;
extern const struct line_fake_kind optiups_zinto_fake_kind;

#endif
