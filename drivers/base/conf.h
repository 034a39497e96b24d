/* SPDX-License-Identifier: MIT */
/*
 * The grammar of ups.conf and upsmon.conf, as NUT reads it, and the parsed
 * ups.conf as one flat struct without pointers: it can be handed to another
 * process by writing its bytes.
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NUT's own limits: words of a line, characters of a word; the rest is cut. */
#define CONF_WORDS_MAX 32
#define CONF_WORD_MAX  512

/* Ours. A file that needs more is reported, and what fits is kept. */
#define CONF_ENTRIES_MAX  512
#define CONF_TEXT_MAX     32768
#define CONF_SECTIONS_MAX 64
#define CONF_SENTENCE_MAX 200

/** Told once for everything wrong in a file, in the order of its lines. */
struct conf_report {
	/** @sentence names @file and @line already, and has no newline. */
	void (*say)(void *arg, const char *file, int line, const char *sentence);
	void *arg;
};

/**
 * Tell @report (which may be NULL) a sentence. It gets "FILE:LINE: " in
 * front, or "FILE: " when @line is 0. Words of the file belong into it only
 * if they cannot be secrets.
 */
void conf_say(const struct conf_report *report, const char *file, int line,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

/** One logical line, cut into words. */
struct conf_line {
	int number;      /* of the physical line it starts on */
	int last_number; /* ... and ends on */
	int words;
	char word[CONF_WORDS_MAX][CONF_WORD_MAX + 1];
};

/** Where a reader stands in a file that lies in memory. */
struct conf_reader {
	const char *file; /* its name, for messages */
	const char *text;
	size_t len;
	size_t at;
	int line;
	const struct conf_report *report; /* may be NULL: nobody listens */
};

/** Start to read @len bytes at @text, which stay the caller's. */
void conf_reader_start(struct conf_reader *reader, const char *file,
		       const char *text, size_t len,
		       const struct conf_report *report);

/**
 * The next logical line that has at least one word. Lines with an error are
 * reported and treated as NUT treats them. Returns false at the end.
 */
bool conf_next_line(struct conf_reader *reader, struct conf_line *line);

#define CONF_NO_VALUE 0xffff

/** "key = value" or a bare flag. All offsets point into conf.text. */
struct conf_entry {
	uint16_t section; /* number of the section, 0 = global */
	uint16_t key;
	uint16_t value; /* CONF_NO_VALUE for a flag */
	uint16_t line;
};

/** ups.conf. Section 0 is the global part and has the name "". */
struct conf {
	uint16_t file;      /* its name, as conf_parse() was told */
	uint16_t more_file; /* ... and that of lastwatt.conf */
	uint16_t more_from; /* lines from here on are of that; or 0 */
	uint16_t sections;  /* how many, the global part included */
	uint16_t entries;
	uint16_t text_len;
	uint16_t section_name[CONF_SECTIONS_MAX];
	uint16_t section_line[CONF_SECTIONS_MAX];
	struct conf_entry entry[CONF_ENTRIES_MAX];
	char text[CONF_TEXT_MAX];
};

/**
 * Parse ups.conf as NUT does: a repeated section continues the first, the last
 * definition of a key wins (of an "override.VARIABLE" the first). Never fails
 * as a whole: what cannot be used is reported and left out. Returns 0, or
 * -E2BIG when something did not fit.
 */
int conf_parse(struct conf *conf, const char *file, const char *text,
	       size_t len, const struct conf_report *report);

/**
 * Add the sections of lastwatt.conf, called @file in messages, to those of
 * ups.conf. Keys of one that is there already count before those of ups.conf;
 * what stands above the first section is reported and left out. Returns 0, or
 * -E2BIG when something did not fit.
 */
int conf_parse_more(struct conf *conf, const char *file, const char *text,
		    size_t len, const struct conf_report *report);

/** Where a line of an entry or a section stands: "/etc/nut/ups.conf:12". */
struct conf_place {
	char text[CONF_SENTENCE_MAX];
};

struct conf_place conf_place(const struct conf *conf, int line);

/** Does @line, of an entry or a section, stand in lastwatt.conf? */
bool conf_is_more(const struct conf *conf, int line);

/**
 * Add "key = value" to @section, on a line behind all others: what the running
 * system finds out and no file of NUT's says. Returns 0 or -E2BIG.
 */
int conf_add(struct conf *conf, int section, const char *key, const char *value);

/** The number of section @name (case matters), or -ENOENT. */
int conf_find_section(const struct conf *conf, const char *name);

/** The name of section @section; "" for the global part. */
const char *conf_section_name(const struct conf *conf, int section);

/**
 * The value of @key (case does not matter) in @section: "" for a flag, NULL if
 * it is not there. The last definition wins, of an override the first.
 */
const char *conf_value(const struct conf *conf, int section, const char *key);

/** The line of that definition, for messages; 0 if it is not there. */
int conf_value_line(const struct conf *conf, int section, const char *key);

/** Is every offset of a conf that came from elsewhere inside its bounds? */
bool conf_is_sound(const struct conf *conf);

#endif
