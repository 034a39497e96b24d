/* SPDX-License-Identifier: MIT */
/* What is said of a device on a serial line, in words. */
#ifndef RIG_LINE_WORDS_H
#define RIG_LINE_WORDS_H

#include "link/line_fake.h"
#include "link/serial_line.h"
#include "words.h"

/** What is wrong with the device or its line, and since when. */
struct line_trouble {
	enum line_fake_way way;
	int from; /* so many bytes have come from the host */
	int ms;   /* of LINE_FAKE_SLOW */
};

/** "never", "mains" or "clock": when its load comes on again. */
const char *line_back_name(enum line_fake_back back);

/** What ails it, or -1: there is no such ailment. */
int line_way_find(const char *name);

/** Take "silent", "slow 700ms" or "noise from 12". Dies on nonsense. */
struct line_trouble line_take_trouble(const struct words *words, int from);

#endif
