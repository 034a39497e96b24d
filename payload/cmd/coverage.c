// SPDX-License-Identifier: MIT
/* Reads NUT's driver.list, the list of the hardware that it supports. */
#include "cmd/coverage.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fleet.h"
#include "base/unspoken.h"

#define COVERAGE_LINE_MAX 1024
#define COVERAGE_FIELDS   6

/** The last of six fields of @line, cut out in place; NULL if it has others. */
static char *coverage_last_field(char *line)
{
	char *field = NULL;

	for (int i = 0; i < COVERAGE_FIELDS; i++) {
		char *end;

		line += strspn(line, " \t");
		end = *line == '"' ? strchr(line + 1, '"') : NULL;
		if (!end)
			return NULL;
		*end = '\0';
		field = line + 1;
		line = end + 1;
	}
	line += strspn(line, " \t\r");
	return *line && *line != '#' ? NULL : field; /* or a comment */
}

/** Take "(all of it)" out of @text, in place. */
static void coverage_strip_notes(char *text)
{
	char *to = text;
	int depth = 0;

	for (; *text; text++) {
		if (*text == '(')
			depth++;
		else if (*text == ')' && depth)
			depth--;
		else if (!depth)
			*to++ = *text;
	}
	*to = '\0';
}

/** One alternative: "driver=NAME upstype=7", or without the first word. */
static void coverage_judge(char *choice, bool *native, bool *nut)
{
	const char *upstype;
	int type = -1;

	choice += strspn(choice, " \t");
	if (!strncmp(choice, "driver=", 7))
		choice += 7;
	upstype = strstr(choice, "upstype=");
	if (upstype)
		type = (int)strtol(upstype + 8, NULL, 10);
	choice[strcspn(choice, " \t,")] = '\0';
	if (!*choice)
		return;
	*native |= fleet_find_ours(choice) != NULL;
	*nut |= unspoken_nut_cuts(choice, type);
}

static void coverage_take_row(struct coverage *coverage, char *drivers)
{
	bool native = false;
	bool nut = false;
	char *next;

	coverage_strip_notes(drivers);
	for (; drivers; drivers = next) {
		next = strstr(drivers, " or ");
		if (next) {
			*next = '\0';
			next += 4;
		}
		coverage_judge(drivers, &native, &nut);
	}
	coverage->rows++;
	coverage->native += native;
	coverage->nut += nut;
	coverage->both += native && nut;
}

static void coverage_take_line(struct coverage *coverage, char *line)
{
	char *drivers;

	line += strspn(line, " \t\r");
	if (!*line || *line == '#')
		return;
	drivers = coverage_last_field(line);
	if (drivers)
		coverage_take_row(coverage, drivers);
	else
		coverage->malformed++;
}

void coverage_count(struct coverage *coverage, const char *text, size_t len)
{
	char line[COVERAGE_LINE_MAX];
	size_t at = 0;

	*coverage = (struct coverage){ .rows = 0 };
	while (at < len) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t size = end ? (size_t)(end - (text + at)) : len - at;

		if (size < sizeof(line)) {
			memcpy(line, text + at, size);
			line[size] = '\0';
			coverage_take_line(coverage, line);
		} else {
			coverage->malformed++;
		}
		at += size + 1;
	}
}
