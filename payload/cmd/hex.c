// SPDX-License-Identifier: MIT
/* From hexadecimal text to bytes. */
#include "cmd/hex.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct hex_reader {
	const char *text;
	size_t len;
	size_t at;
	uint8_t *bytes;
	size_t size;
	size_t count;
	struct hex_problem *problem;
};

static bool hex_separates(char c)
{
	return c == ',' || isspace((unsigned char)c);
}

static bool hex_is_comment(const struct hex_reader *reader, size_t from)
{
	const char *at = reader->text + from;

	return *at == '#' || *at == ';' ||
	       (*at == '/' && reader->len - from > 1 && at[1] == '/');
}

/** To the next word; false when there is none. */
static bool hex_skip(struct hex_reader *reader)
{
	bool in_comment = false;

	for (; reader->at < reader->len; reader->at++) {
		char c = reader->text[reader->at];

		if (c == '\n') {
			reader->problem->line++;
			in_comment = false;
		} else if (!in_comment && !hex_separates(c)) {
			if (!hex_is_comment(reader, reader->at))
				return true;
			in_comment = true;
		}
	}
	return false;
}

/** Of a hexadecimal digit. */
static unsigned int hex_value(char digit)
{
	if (isdigit((unsigned char)digit))
		return (unsigned int)(digit - '0');
	return (unsigned int)(tolower((unsigned char)digit) - 'a' + 10);
}

static size_t hex_count_digits(const struct hex_reader *reader)
{
	size_t count = 0;

	while (reader->at + count < reader->len &&
	       isxdigit((unsigned char)reader->text[reader->at + count]))
		count++;
	return count;
}

static int hex_fail(const struct hex_reader *reader, const char *sentence)
{
	(void)snprintf(reader->problem->sentence, HEX_PROBLEM_MAX, "%s",
		       sentence);
	return -EINVAL;
}

static bool hex_ends_word(const struct hex_reader *reader, size_t at)
{
	return at == reader->len || hex_separates(reader->text[at]) ||
	       hex_is_comment(reader, at);
}

static int hex_read_word(struct hex_reader *reader)
{
	size_t digits;

	if (reader->len - reader->at > 2 && reader->text[reader->at] == '0' &&
	    tolower((unsigned char)reader->text[reader->at + 1]) == 'x')
		reader->at += 2;
	digits = hex_count_digits(reader);
	if (digits == 0 || !hex_ends_word(reader, reader->at + digits))
		return hex_fail(reader,
				"here is something that is not hexadecimal");
	if (digits > 1 && digits % 2)
		return hex_fail(reader, "here is half a byte too much");

	while (digits > 0) {
		unsigned int value = hex_value(reader->text[reader->at++]);

		if (digits-- > 1) {
			value = value << 4 |
				hex_value(reader->text[reader->at++]);
			digits--;
		}
		if (reader->count == reader->size)
			return hex_fail(reader, "this is too long");
		reader->bytes[reader->count++] = (uint8_t)value;
	}
	return 0;
}

int hex_parse(const char *text, size_t len, uint8_t *bytes, size_t size,
	      struct hex_problem *problem)
{
	struct hex_reader reader = {
		.text = text,
		.len = len,
		.bytes = bytes,
		.size = size,
		.problem = problem,
	};

	problem->line = 1;
	while (hex_skip(&reader)) {
		int ret = hex_read_word(&reader);

		if (ret < 0)
			return ret;
	}
	if (reader.count == 0)
		return hex_fail(&reader, "there is no byte in it");
	return (int)reader.count;
}

bool hex_is_raw(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < ' ' && (c < '\t' || c > '\r'))
			return true;
	}
	return false;
}
