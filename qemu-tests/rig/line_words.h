/* SPDX-License-Identifier: MIT */
/* What is said of a device on a serial line, in words. */
#ifndef RIG_LINE_WORDS_H
#define RIG_LINE_WORDS_H

#include "link/line_fake.h"
#include "link/serial_line.h"

/** "never", "mains" or "clock": when its load comes on again. */
const char *line_back_name(enum line_fake_back back);

/** What ails it, or -1: there is no such ailment. */
int line_way_find(const char *name);

#endif
