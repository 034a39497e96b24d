/* SPDX-License-Identifier: MIT */
/* How much of NUT's hardware list is spoken to. */
#ifndef CMD_COVERAGE_H
#define CMD_COVERAGE_H

#include <stddef.h>

struct coverage {
	int rows;
	int native;    /* rows that a driver of this build serves */
	int nut;       /* rows that NUT can switch off at all */
	int both;      /* rows that are both */
	int malformed; /* lines that are neither rows nor comments */
};

/**
 * Count a list of @len bytes as NUT's driver.list has it: six fields in double
 * quotes with tabs between them, of which the last names the drivers. Whatever
 * stands there, it ends and stays inside @text.
 */
void coverage_count(struct coverage *coverage, const char *text, size_t len);

#endif
