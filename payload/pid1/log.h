/* SPDX-License-Identifier: MIT */
/*
 * What PID 1 says. It never writes to a terminal, for a console can block for
 * ever: a child paints the console, another one the screen where a serial line
 * is the console, and the few lines that must survive go to /dev/kmsg, from
 * where they reach pstore, serial consoles and netconsole.
 */
#ifndef PID1_LOG_H
#define PID1_LOG_H

#include <stdint.h>

#include "pid1/child.h"
#include "pid1/paint.h"

#define LOG_LINE_MAX PAINT_LINE_MAX

struct log {
	int64_t start_ms;     /* entry of PID 1: the zero of every line */
	int kmsg_fd;          /* -1 if there is none */
	struct child painter; /* of the console */
	struct child screen;  /* of the screen, if that is another one */
};

/** Open /dev/kmsg and start the child that paints the console. */
void log_start(struct log *log, int64_t start_ms);

/** One line for the console. Lost rather than waited for. */
void log_say(struct log *log, const char *stage, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** One line for the console and for /dev/kmsg: at most six in a life. */
void log_record(struct log *log, enum paint_tone tone, const char *stage,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

/** The same of something that failed or succeeded. */
void log_stress(struct log *log, enum paint_tone tone, const char *stage,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

/** A countdown: each of these lines takes the place of the one before. */
void log_tick(struct log *log, const char *stage, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** The last words, for whoever stands before the machine. No stage, no time. */
void log_conclude(struct log *log, enum paint_tone tone, const char *sentence);

/** Let the painter finish, at most until @until. */
void log_finish(struct log *log, deadline_t until);

#endif
