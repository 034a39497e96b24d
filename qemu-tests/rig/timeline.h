/* SPDX-License-Identifier: MIT */
/*
 * Everything that happens is one event: a name and a few named values. It is
 * written to timeline.jsonl and then told to whoever listens (the script).
 */
#ifndef RIG_TIMELINE_H
#define RIG_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "words.h"

#define EVENT_FIELDS_MAX 8
#define EVENT_TEXT_MAX   600

struct event {
	const char *name;
	int fields;
	struct {
		const char *key;
		bool number;
		char text[EVENT_TEXT_MAX];
	} field[EVENT_FIELDS_MAX];
};

struct timeline {
	FILE *file;
	int64_t start_ms;
	void (*heard)(void *arg, const struct event *event);
	void *arg;
};

/** What an event has to look like. */
struct pattern {
	char name[32];
	int words;
	struct {
		char key[32]; /* "" any value, "~" text */
		char value[EVENT_TEXT_MAX];
	} word[EVENT_FIELDS_MAX];
};

/** Bytes as an event shows them: in hexadecimal, and as text with dots. */
#define SHOWN_BYTES_MAX 190
struct shown {
	char data[3 * SHOWN_BYTES_MAX + 1];
	char text[SHOWN_BYTES_MAX + 1];
};

int64_t now_ms(void);

/** Of many bytes the first. */
void timeline_show(struct shown *shown, const uint8_t *bytes, size_t len);

/**
 * Tell that @name happened. Then follow triples key, format, value up to NULL;
 * the format is "%s" or "%d".
 */
void timeline_say(struct timeline *timeline, const char *name, ...);

/** Take a pattern from words[@from … @to[. Dies on nonsense. */
void pattern_take(struct pattern *pattern, const struct words *words, int from,
		  int to);

bool pattern_matches(const struct pattern *pattern, const struct event *event);

#endif
