// SPDX-License-Identifier: MIT
/*
 * Cuts a file of NUT into logical lines and words, with all the corners of
 * NUT's own tokeniser: both must read the same file in the same way.
 */
#include "base/conf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum words_state {
	WORDS_BETWEEN,        /* no word has begun */
	WORDS_BARE,           /* in a word without quotes */
	WORDS_BARE_LITERAL,   /* ... behind a backslash */
	WORDS_QUOTED,         /* in a word with quotes */
	WORDS_QUOTED_LITERAL, /* ... behind a backslash */
	WORDS_COMMENT,
	WORDS_END,    /* the line is complete */
	WORDS_BROKEN, /* the line has an error and is dropped */
};

/** What is worth a sentence, but only once for each line. */
enum words_fault {
	WORDS_BAD_BYTE = 1 << 0,
	WORDS_LONG_WORD = 1 << 1,
	WORDS_MANY_WORDS = 1 << 2,
	WORDS_WIDE_QUOTE = 1 << 3,
};

/** A line in the making. */
struct words {
	struct conf_reader *reader;
	struct conf_line *line;
	enum words_state state;
	size_t len; /* of the word in the making */
	unsigned int faults;
};

void conf_say(const struct conf_report *report, const char *file, int line,
	      const char *format, ...)
{
	char sentence[CONF_SENTENCE_MAX];
	va_list arguments;
	int len;

	if (!report || !report->say)
		return;
	if (line)
		len = snprintf(sentence, sizeof(sentence), "%s:%d: ", file,
			       line);
	else
		len = snprintf(sentence, sizeof(sentence), "%s: ", file);
	if (len < 0 || (size_t)len >= sizeof(sentence))
		len = 0;
	va_start(arguments, format);
	(void)vsnprintf(sentence + len, sizeof(sentence) - (size_t)len, format,
			arguments); /* a long sentence is cut */
	va_end(arguments);
	report->say(report->arg, file, line, sentence);
}

static bool words_is_space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void words_add_byte(struct words *words, unsigned char c)
{
	struct conf_line *line = words->line;

	if (c < 0x20 || c > 0x7f) {
		words->faults |= WORDS_BAD_BYTE;
		return;
	}
	if (words->len == CONF_WORD_MAX) {
		words->faults |= WORDS_LONG_WORD;
		return;
	}
	if (line->words < CONF_WORDS_MAX)
		line->word[line->words][words->len] = (char)c;
	words->len++;
}

static void words_end_word(struct words *words)
{
	struct conf_line *line = words->line;

	if (line->words < CONF_WORDS_MAX)
		line->word[line->words++][words->len] = '\0';
	else
		words->faults |= WORDS_MANY_WORDS;
	words->len = 0;
}

static enum words_state words_between(struct words *words, unsigned char c)
{
	if (c == '\n')
		return WORDS_END;
	if (c == '#')
		return WORDS_COMMENT;
	if (words_is_space(c))
		return WORDS_BETWEEN;
	if (c == '\\')
		return WORDS_BARE_LITERAL;
	if (c == '"')
		return WORDS_QUOTED;
	words_add_byte(words, c);
	if (c != '=')
		return WORDS_BARE;
	words_end_word(words);
	return WORDS_BETWEEN;
}

static enum words_state words_bare(struct words *words, unsigned char c)
{
	if (c == '\\')
		return WORDS_BARE_LITERAL;
	if (c == '#' || c == '=' || words_is_space(c)) {
		words_end_word(words);
		return words_between(words, c);
	}
	words_add_byte(words, c);
	return WORDS_BARE;
}

static enum words_state words_quoted(struct words *words, unsigned char c)
{
	switch (c) {
	case '#':
		return WORDS_BROKEN;
	case '"':
		words_end_word(words);
		return WORDS_BETWEEN;
	case '\\':
		return WORDS_QUOTED_LITERAL;
	case '\n':
		/* The newline goes like any control byte, the word goes on. */
		words->faults |= WORDS_WIDE_QUOTE;
		return WORDS_QUOTED;
	default:
		words_add_byte(words, c);
		return WORDS_QUOTED;
	}
}

/** A backslash takes any byte as it is, and joins lines. */
static enum words_state words_literal(struct words *words, unsigned char c,
				      enum words_state back)
{
	if (c != '\n')
		words_add_byte(words, c);
	return back;
}

static enum words_state words_step(struct words *words, unsigned char c)
{
	switch (words->state) {
	case WORDS_BETWEEN:
		return words_between(words, c);
	case WORDS_BARE:
		return words_bare(words, c);
	case WORDS_BARE_LITERAL:
		return words_literal(words, c, WORDS_BARE);
	case WORDS_QUOTED:
		return words_quoted(words, c);
	case WORDS_QUOTED_LITERAL:
		return words_literal(words, c, WORDS_QUOTED);
	case WORDS_COMMENT:
		return c == '\n' ? WORDS_END : WORDS_COMMENT;
	default:
		return words->state;
	}
}

/** The file ended before the line did. */
static void words_end_file(struct words *words)
{
	struct conf_reader *reader = words->reader;
	struct conf_line *line = words->line;

	if (words->state == WORDS_QUOTED || words->state == WORDS_QUOTED_LITERAL)
		conf_say(reader->report, reader->file, line->number,
			 "a quote is opened, but the file ends before it is closed");
	if (!words->len)
		return;
	if (line->words) {
		words_end_word(words);
		return;
	}
	conf_say(reader->report, reader->file, line->number,
		 "the last line has one word and no newline, so NUT ignores it");
	words->len = 0;
}

static void words_tell(const struct words *words)
{
	static const struct {
		enum words_fault fault;
		const char *sentence;
	} table[] = {
		{ WORDS_BAD_BYTE, "control or non-ASCII bytes are left out" },
		{ WORDS_LONG_WORD, "a word is cut after 512 characters" },
		{ WORDS_MANY_WORDS, "the words after the 32nd are left out" },
		{ WORDS_WIDE_QUOTE,
		  "a quoted word goes on over the end of the line" },
	};
	const struct conf_reader *reader = words->reader;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (words->faults & table[i].fault)
			conf_say(reader->report, reader->file,
				 words->line->number, "%s", table[i].sentence);
	}
	if (words->state == WORDS_BROKEN)
		conf_say(reader->report, reader->file, words->line->last_number,
			 "a # inside quotes needs a \\ before it; this setting is lost, and NUT reads the rest of the line as a new one");
}

/** One logical line, which may have no words at all. */
static void words_read_line(struct words *words)
{
	struct conf_reader *reader = words->reader;
	struct conf_line *line = words->line;
	unsigned char c;

	line->words = 0;
	line->number = reader->line;
	line->last_number = reader->line;
	while (words->state != WORDS_END && words->state != WORDS_BROKEN) {
		if (reader->at == reader->len) {
			words_end_file(words);
			break;
		}
		c = (unsigned char)reader->text[reader->at++];
		line->last_number = reader->line;
		words->state = words_step(words, c);
		if (c == '\n')
			reader->line++;
	}
	words_tell(words);
	if (words->state == WORDS_BROKEN)
		line->words = 0;
}

void conf_reader_start(struct conf_reader *reader, const char *file,
		       const char *text, size_t len,
		       const struct conf_report *report)
{
	*reader = (struct conf_reader){
		.file = file,
		.text = text,
		.len = len,
		.line = 1,
		.report = report,
	};
}

bool conf_next_line(struct conf_reader *reader, struct conf_line *line)
{
	while (reader->at < reader->len) {
		struct words words = { .reader = reader, .line = line };

		words_read_line(&words);
		if (line->words)
			return true;
	}
	return false;
}
