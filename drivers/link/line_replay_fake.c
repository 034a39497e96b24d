// SPDX-License-Identifier: MIT
/* Reads recorded dialogues, and plays the part of the device. */
#include "link/line_replay_fake.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_LEN 2048

/** One escape of C, @text behind its backslash; returns where it ends. */
static const char *line_replay_escape(const char *text, uint8_t *byte)
{
	static const char names[] = "rnt0";
	static const char means[] = "\r\n\t";
	const char *name = strchr(names, *text);
	char *end;

	if (*text == 'x') {
		*byte = (uint8_t)strtoul(text + 1, &end, 16);
		return end;
	}
	if (isdigit((unsigned char)*text)) {
		char octal[4] = "";

		for (int i = 0; i < 3 && isdigit((unsigned char)text[i]); i++)
			octal[i] = text[i];
		*byte = (uint8_t)strtoul(octal, NULL, 8);
		return text + strlen(octal);
	}
	*byte = (uint8_t)(name && *text ? means[name - names] : *text);
	return text + 1;
}

static int line_replay_read_text(struct line_replay_entry *entry,
				 const char *text)
{
	while (*text != '"') {
		uint8_t byte = (uint8_t)*text;

		if (!*text || entry->len == sizeof(entry->bytes))
			return -EINVAL;
		text = byte == '\\' ? line_replay_escape(text + 1, &byte)
				    : text + 1;
		entry->bytes[entry->len++] = byte;
	}
	return 0;
}

static int line_replay_read_hex(struct line_replay_entry *entry,
				const char *text)
{
	for (;;) {
		char *end;
		unsigned long byte;

		text += strspn(text, " \t");
		if (!*text || *text == '#')
			return 0;
		byte = strtoul(text, &end, 16);
		if (end == text || byte > 0xff ||
		    entry->len == sizeof(entry->bytes))
			return -EINVAL;
		entry->bytes[entry->len++] = (uint8_t)byte;
		text = end;
	}
}

static int line_replay_read_line(struct line_replay *replay, const char *line,
				 int *pause_ms)
{
	struct line_replay_entry *entry = &replay->entry[replay->count];
	const char *index, *text = line + 1 + strspn(line + 1, " \t");

	if (!strncmp(line, "# pause ", 8))
		*pause_ms = (int)(1000 * strtod(line + 8, NULL));
	if (*line != '>' && *line != '<')
		return *line && *line != '#' ? -EINVAL : 0;
	if (replay->count == LINE_REPLAY_MAX)
		return -EINVAL;
	memset(entry, 0, sizeof(*entry));
	entry->from_host = *line == '>';
	entry->pause_ms = entry->from_host ? 0 : *pause_ms;
	*pause_ms = 0;
	replay->count++;
	if (*text == '"')
		return line_replay_read_text(entry, text + 1);
	index = strstr(text, "string-index=");
	if (!index)
		return line_replay_read_hex(entry, text);
	entry->bytes[entry->len++] = (uint8_t)strtoul(index + 13, NULL, 16);
	return 0;
}

int line_replay_read(struct line_replay *replay, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[LINE_MAX_LEN];
	int ret = 0, pause_ms = 0;

	if (!file)
		return -ENOENT;
	memset(replay, 0, sizeof(*replay));
	while (ret == 0 && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		ret = line_replay_read_line(replay, line, &pause_ms);
	}
	fclose(file);
	return ret < 0 || replay->count == 0 ? -EINVAL : 0;
}

/** Is it that, whatever either is filled up with? */
static bool line_replay_is(const struct line_replay_entry *entry,
			   const uint8_t *bytes, size_t len)
{
	size_t wanted = entry->len;

	while (wanted > 0 && entry->bytes[wanted - 1] == 0)
		wanted--;
	while (len > 0 && bytes[len - 1] == 0)
		len--;
	return entry->from_host && len == wanted &&
	       memcmp(entry->bytes, bytes, len) == 0;
}

bool line_replay_hear(struct line_replay *replay, const uint8_t *bytes,
		      size_t len)
{
	for (size_t i = 0; i < replay->count; i++) {
		size_t which = (replay->at + i) % replay->count;

		if (!line_replay_is(&replay->entry[which], bytes, len))
			continue;
		replay->at = which + 1;
		replay->answered++;
		return true;
	}
	return false;
}

const struct line_replay_entry *line_replay_next(struct line_replay *replay)
{
	if (replay->at >= replay->count || replay->entry[replay->at].from_host)
		return NULL;
	return &replay->entry[replay->at++];
}

/** May what was heard become something that is in the dialogue? */
static bool line_replay_may_come(const struct line_replay *replay)
{
	for (size_t i = 0; i < replay->count; i++) {
		const struct line_replay_entry *entry = &replay->entry[i];

		if (entry->from_host && entry->len > replay->heard_len &&
		    memcmp(entry->bytes, replay->heard, replay->heard_len) == 0)
			return true;
	}
	return false;
}

static void line_replay_receive(struct line_fake *fake, uint8_t byte)
{
	struct line_replay *replay = fake->state;
	const struct line_replay_entry *entry;

	replay->heard[replay->heard_len++] = byte;
	if (line_replay_hear(replay, replay->heard, replay->heard_len)) {
		replay->heard_len = 0;
		while ((entry = line_replay_next(replay)))
			line_fake_send_after(fake, entry->pause_ms,
					     entry->bytes, entry->len);
		return;
	}
	/* Something else: what it ends with may begin what is known. */
	while (replay->heard_len > 0 && !line_replay_may_come(replay)) {
		replay->heard_len--;
		replay->unknown += replay->heard_len == 0;
		memmove(replay->heard, replay->heard + 1, replay->heard_len);
	}
}

const struct line_fake_kind line_replay_kind = {
	.name = "replay",
	.state_size = sizeof(struct line_replay),
	.receive = line_replay_receive,
};
