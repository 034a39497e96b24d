/* SPDX-License-Identifier: MIT */
/*
 * How a line looks on the console. A screen whose width is known gets long
 * lines folded below their own text; a serial line gets them whole, for its
 * terminal folds them, and logs of it stay easy to search. Colours only on a
 * virtual terminal of the kernel, which is known to understand them.
 */
#ifndef PID1_PAINT_H
#define PID1_PAINT_H

#include <stdbool.h>
#include <stddef.h>

#define PAINT_LINE_MAX 240

/* What a line looks like at most: folded often, and coloured. */
#define PAINT_OUT_MAX (4 * PAINT_LINE_MAX)

/** The first byte of what the painter is told. */
enum paint_tone {
	PAINT_PLAIN = '.',
	PAINT_GOOD = '+',
	PAINT_BAD = '!',
	PAINT_TICK = '~', /* a countdown: the next line takes its place */
};

struct paint {
	int width;    /* columns, 0 if nobody knows */
	bool colours; /* SGR sequences are understood */
	bool is_open; /* the last line was a tick: the cursor is on it */
};

/** Is /dev/console, the last of the kernel's, a virtual terminal? */
bool paint_console_is_virtual(void);

/** What the terminal that is open as @fd, a virtual one or not, can do. */
void paint_look(struct paint *paint, int fd, bool is_virtual);

/**
 * Make of @message (a tone, then @len - 1 bytes of text) what is written to
 * the console. What folds goes on below column @indent, of a line without a
 * time right below its text. Returns how many bytes of @out are to be written.
 */
size_t paint_line(struct paint *paint, const char *message, size_t len,
		  int indent, char out[PAINT_OUT_MAX]);

#endif
