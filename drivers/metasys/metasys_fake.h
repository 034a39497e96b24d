/* SPDX-License-Identifier: MIT */
/* A Meta System UPS in memory. */
#ifndef METASYS_METASYS_FAKE_H
#define METASYS_METASYS_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"
#include "metasys/metasys.h"

struct metasys_fake {
	uint8_t frame[METASYS_FRAME_MAX];
	size_t len;
	uint8_t times[5];
	bool refuses; /* answers a schedule with another command */
	bool forgets; /* acknowledges a schedule, and counts nothing */
	bool rushes;  /* is off at once, whatever it was told */
};

extern const struct line_fake_kind metasys_fake_kind;

#endif
