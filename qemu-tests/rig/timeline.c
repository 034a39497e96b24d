/* SPDX-License-Identifier: MIT */
/* The timeline: events as JSON lines, and patterns that look for them. */
#include "timeline.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void timeline_show(struct shown *shown, const uint8_t *bytes, size_t len)
{
	size_t i;

	shown->data[0] = '\0';
	for (i = 0; i < len && i < SHOWN_BYTES_MAX; i++) {
		snprintf(shown->data + 3 * i, 4, "%02x ", bytes[i]);
		shown->text[i] = '.';
		if (bytes[i] >= 0x20 && bytes[i] < 0x7f)
			shown->text[i] = (char)bytes[i];
	}
	shown->text[i] = '\0';
	if (i)
		shown->data[3 * i - 1] = '\0';
}

static void timeline_write_text(FILE *file, const char *text)
{
	const unsigned char *at;

	fputc('"', file);
	for (at = (const unsigned char *)text; *at; at++) {
		if (*at == '"' || *at == '\\')
			fprintf(file, "\\%c", *at);
		else if (*at < 0x20 || *at >= 0x7f)
			fprintf(file, "\\u%04x", *at);
		else
			fputc(*at, file);
	}
	fputc('"', file);
}

static void timeline_write(struct timeline *timeline, const struct event *event)
{
	FILE *file = timeline->file;
	int i;

	fprintf(file, "{\"ms\": %lld, \"event\": \"%s\"",
		(long long)(now_ms() - timeline->start_ms), event->name);
	for (i = 0; i < event->fields; i++) {
		fprintf(file, ", \"%s\": ", event->field[i].key);
		if (event->field[i].number)
			fputs(event->field[i].text, file);
		else
			timeline_write_text(file, event->field[i].text);
	}
	fputs("}\n", file);
	fflush(file);
}

void timeline_say(struct timeline *timeline, const char *name, ...)
{
	struct event event = { .name = name };
	const char *key, *format;
	va_list args;
	int i;

	va_start(args, name);
	while ((key = va_arg(args, const char *)) &&
	       event.fields < EVENT_FIELDS_MAX) {
		i = event.fields++;
		event.field[i].key = key;
		format = va_arg(args, const char *);
		event.field[i].number = !strcmp(format, "%d");
		if (event.field[i].number)
			snprintf(event.field[i].text, EVENT_TEXT_MAX, "%d",
				 va_arg(args, int));
		else
			snprintf(event.field[i].text, EVENT_TEXT_MAX, "%s",
				 va_arg(args, const char *));
	}
	va_end(args);
	timeline_write(timeline, &event);
	if (timeline->heard)
		timeline->heard(timeline->arg, &event);
}

void pattern_take(struct pattern *pattern, const struct words *words, int from,
		  int to)
{
	const char *word, *equals;
	int i;

	if (from >= to)
		words_die(words->file, "the name of an event is missing");
	memset(pattern, 0, sizeof(*pattern));
	snprintf(pattern->name, sizeof(pattern->name), "%s", words->word[from]);
	for (from++; from < to; from++) {
		if (pattern->words == EVENT_FIELDS_MAX)
			words_die(words->file, "too many words for an event");
		i = pattern->words++;
		word = words->word[from];
		equals = words->quoted[from] ? NULL : strchr(word, '=');
		if (words->quoted[from])
			strcpy(pattern->word[i].key, "~");
		if (equals) {
			snprintf(pattern->word[i].key,
				 sizeof(pattern->word[i].key), "%.*s",
				 (int)(equals - word), word);
			word = equals + 1;
		}
		snprintf(pattern->word[i].value, sizeof(pattern->word[i].value),
			 "%s", word);
	}
}

static bool pattern_finds(const char *key, const char *value,
			  const struct event *event)
{
	bool inside = !strcmp(key, "~");
	int i;

	for (i = 0; i < event->fields; i++) {
		if (inside) {
			if (!strcmp(event->field[i].key, "text") &&
			    strstr(event->field[i].text, value))
				return true;
			continue;
		}
		if (*key && strcmp(event->field[i].key, key))
			continue;
		if (!strcmp(event->field[i].text, value))
			return true;
	}
	return false;
}

bool pattern_matches(const struct pattern *pattern, const struct event *event)
{
	int i;

	if (strcmp(pattern->name, event->name))
		return false;
	for (i = 0; i < pattern->words; i++)
		if (!pattern_finds(pattern->word[i].key, pattern->word[i].value,
				   event))
			return false;
	return true;
}
