/* SPDX-License-Identifier: MIT */
/*
 * The common ground of the rig's small text files: lines of words, quotes,
 * comments, times. A mistake ends the rig with one sentence that names the
 * file and the line, for a test bench must not guess.
 */
#ifndef RIG_WORDS_H
#define RIG_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORDS_MAX      80
#define WORDS_LINE_MAX 1024

struct words_file {
	const char *path;
	void *stream;
	int line;
};

/** The words of one line; the strings live until the next line is read. */
struct words {
	const struct words_file *file;
	int count;
	char *word[WORDS_MAX];
	bool quoted[WORDS_MAX];
	char text[WORDS_LINE_MAX + WORDS_MAX];
};

/** Say what is wrong and end. @file may be NULL. */
_Noreturn void words_die(const struct words_file *file, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void words_open(struct words_file *file, const char *path);
void words_close(struct words_file *file);

/**
 * The next line with at least one word. A colon at the end of a word is a word
 * of its own, and so is `=` between blanks. Returns false at the end.
 */
bool words_next(struct words_file *file, struct words *words);

/** Word @i, or die saying that @what is missing. */
const char *words_need(const struct words *words, int i, const char *what);

/** The number of @name among @count @names, or -1. */
int words_find(const char *const names[], int count, const char *name);

/** "5s" or "800ms" as milliseconds. */
int64_t words_time_ms(const struct words *words, int i);

/** A whole number, decimal or 0x…, between @min and @max. */
long words_number(const struct words *words, int i, int base, long min,
		  long max);

/** "from 12" and "times 2" are left of the line. Dies on any other word. */
void words_take_span(const struct words *words, int i, int *from, int *times);

/** Bytes of hex from a file, white space ignored. Returns how many. */
size_t words_hex_file(const char *path, uint8_t *bytes, size_t max);

#endif
