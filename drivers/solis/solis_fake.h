/* SPDX-License-Identifier: MIT */
/* A Solis, and an APC of the same make, in memory. */
#ifndef SOLIS_SOLIS_FAKE_H
#define SOLIS_SOLIS_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"

struct solis_fake {
	bool asked; /* the byte before was CC */
	int damage; /* so many packets with a wrong sum */
};

extern const struct line_fake_kind solis_fake_kind;
extern const struct line_fake_kind solis_apc_fake_kind;

#endif
