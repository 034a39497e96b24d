/* SPDX-License-Identifier: MIT */
/* Lines of words, for the rig's small text files. */
#include "words.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void words_die(const struct words_file *file, const char *format, ...)
{
	va_list args;

	if (file)
		fprintf(stderr, "%s:%d: ", file->path, file->line);
	else
		fputs("rig: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

void words_open(struct words_file *file, const char *path)
{
	file->path = path;
	file->line = 0;
	file->stream = fopen(path, "re");
	if (!file->stream)
		words_die(NULL, "%s: %s", path, strerror(errno));
}

void words_close(struct words_file *file)
{
	fclose(file->stream);
}

static bool words_end(const char *at)
{
	return isspace((unsigned char)*at) ||
	       (*at == ':' && (!at[1] || isspace((unsigned char)at[1])));
}

/* Cut the next word out of @in into @out. Returns where the rest begins. */
static char *words_cut(struct words *words, char *in, char **out)
{
	int i = words->count++;

	if (i == WORDS_MAX)
		words_die(words->file, "too many words");
	words->word[i] = *out;
	words->quoted[i] = *in == '"';
	if (words->quoted[i]) {
		for (in++; *in != '"'; *(*out)++ = *in++)
			if (!*in)
				words_die(words->file,
					  "a quote is never closed");
		in++;
	} else {
		/* In key="a value" the quotes hold the blanks together. */
		bool inside = false;

		for (; *in && (inside || !words_end(in)); in++) {
			inside ^= *in == '"';
			if (*in != '"')
				*(*out)++ = *in;
		}
		if (inside)
			words_die(words->file, "a quote is never closed");
		if (*out == words->word[i]) /* the colon itself */
			*(*out)++ = *in++;
	}
	*(*out)++ = '\0';
	return in;
}

bool words_next(struct words_file *file, struct words *words)
{
	char line[WORDS_LINE_MAX];
	char *in, *out;

	words->file = file;
	words->count = 0;
	while (!words->count && fgets(line, sizeof(line), file->stream)) {
		file->line++;
		if (strlen(line) == sizeof(line) - 1)
			words_die(file, "this line is too long");
		in = line;
		out = words->text;
		for (;;) {
			while (isspace((unsigned char)*in))
				in++;
			if (!*in || *in == '#')
				break;
			in = words_cut(words, in, &out);
		}
	}
	return words->count > 0;
}

const char *words_need(const struct words *words, int i, const char *what)
{
	if (i >= words->count)
		words_die(words->file, "%s is missing", what);
	return words->word[i];
}

int words_find(const char *const names[], int count, const char *name)
{
	int i;

	for (i = 0; i < count; i++)
		if (!strcmp(name, names[i]))
			return i;
	return -1;
}

int64_t words_time_ms(const struct words *words, int i)
{
	const char *word = words_need(words, i, "a time like 5s or 800ms");
	char *end;
	long number = strtol(word, &end, 10);

	if (end != word && number >= 0 && number <= 86400000) {
		if (!strcmp(end, "ms"))
			return number;
		if (!strcmp(end, "s"))
			return (int64_t)number * 1000;
	}
	words_die(words->file, "\"%s\" is no time like 5s or 800ms", word);
}

long words_number(const struct words *words, int i, int base, long min, long max)
{
	const char *word = words_need(words, i, "a number");
	char *end;
	long number = strtol(word, &end, base);

	if (end == word || *end || number < min || number > max)
		words_die(words->file, "\"%s\" is no number from %ld to %ld",
			  word, min, max);
	return number;
}

void words_take_span(const struct words *words, int i, int *from, int *times)
{
	for (; i < words->count; i += 2) {
		int number = (int)words_number(words, i + 1, 10, 0, INT_MAX);

		if (!strcmp(words->word[i], "from"))
			*from = number;
		else if (!strcmp(words->word[i], "times"))
			*times = number;
		else
			words_die(words->file, "\"%s\" is one word too many",
				  words->word[i]);
	}
}

size_t words_hex_file(const char *path, uint8_t *bytes, size_t max)
{
	struct words_file file;
	struct words words;
	size_t len = 0;
	int i;

	words_open(&file, path);
	while (words_next(&file, &words)) {
		for (i = 0; i < words.count; i++) {
			if (len == max)
				words_die(&file, "more than %zu bytes", max);
			bytes[len++] =
				(uint8_t)words_number(&words, i, 16, 0, 255);
		}
	}
	words_close(&file);
	return len;
}
