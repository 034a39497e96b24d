// SPDX-License-Identifier: MIT
/* The console's painter and the lines for /dev/kmsg. */
#include "pid1/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "pid1/splash.h"

#define LOG_START_MS 1000

/* "lastwatt: [    36 ms] handover  ": what a folded line goes on below. */
#define LOG_HEAD   "lastwatt: [%6lld ms] %-9s "
#define LOG_INDENT 32

#define LOG_SPLASH "lastwatt: the splash screen was ended\r\n"

/** Paint on @path what @fd hears. */
static int log_paint_on(int fd, const char *path, bool is_virtual)
{
	char line[LOG_LINE_MAX + 1], out[PAINT_OUT_MAX];
	bool had_splash = is_virtual && splash_end();
	int terminal = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	struct paint paint;
	ssize_t len;

	if (terminal < 0)
		return 1;
	/*
	 * A splash screen has what is written to the console sent to itself,
	 * and to /dev/tty0, which ends that as well. A terminal that is neither
	 * would begin it.
	 */
	(void)ioctl(terminal, TIOCCONS);
	if (had_splash && write(terminal, LOG_SPLASH, strlen(LOG_SPLASH)) < 0)
		return 1;
	paint_look(&paint, terminal, is_virtual);
	while ((len = child_listen(fd, line, sizeof(line))) > 0) {
		len = (ssize_t)paint_line(&paint, line, (size_t)len, LOG_INDENT,
					  out);
		if (write(terminal, out, (size_t)len) < 0)
			return 1;
	}
	(void)tcdrain(terminal); /* or a serial line loses its last words */
	return 0;
}

/* The only code of ours that may hang on a terminal; nobody waits for it. */
static int log_paint_console(int fd, void *arg)
{
	(void)arg;
	return log_paint_on(fd, "/dev/console", paint_console_is_virtual());
}

/* With a serial console somebody may stand before the screen all the same. */
static int log_paint_screen(int fd, void *arg)
{
	(void)arg;
	return paint_console_is_virtual()
		       ? 0
		       : log_paint_on(fd, SPLASH_SCREEN, true);
}

void log_start(struct log *log, int64_t start_ms)
{
	log->start_ms = start_ms;
	log->kmsg_fd =
		open("/dev/kmsg", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	/* Without a painter the console stays silent; kmsg still has it. */
	(void)child_start(&log->painter, log_paint_console, NULL,
			  deadline_in_ms(LOG_START_MS));
	(void)child_start(&log->screen, log_paint_screen, NULL,
			  deadline_in_ms(LOG_START_MS));
}

static void log_send(struct log *log, const char *line)
{
	(void)child_send(&log->screen, line, strlen(line));
	(void)child_send(&log->painter, line, strlen(line));
}

static void __attribute__((format(printf, 4, 0)))
log_paint_line(struct log *log, enum paint_tone tone, const char *stage,
	       const char *format, va_list args)
{
	char line[LOG_LINE_MAX + 1];
	size_t len;

	line[0] = (char)tone;
	len = 1 + (size_t)snprintf(line + 1, LOG_LINE_MAX, LOG_HEAD,
				   (long long)(clock_now_ms() - log->start_ms),
				   stage);
	(void)vsnprintf(line + len, sizeof(line) - len, format, args);
	log_send(log, line);
}

void log_say(struct log *log, const char *stage, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_paint_line(log, PAINT_PLAIN, stage, format, args);
	va_end(args);
}

void log_stress(struct log *log, enum paint_tone tone, const char *stage,
		const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_paint_line(log, tone, stage, format, args);
	va_end(args);
}

void log_tick(struct log *log, const char *stage, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_paint_line(log, PAINT_TICK, stage, format, args);
	va_end(args);
}

void log_conclude(struct log *log, enum paint_tone tone, const char *sentence)
{
	char line[LOG_LINE_MAX + 1];

	(void)snprintf(line, sizeof(line), "%clastwatt: %s", (char)tone,
		       sentence); /* a long one is cut */
	log_send(log, line);
}

void log_record(struct log *log, enum paint_tone tone, const char *stage,
		const char *format, ...)
{
	char line[LOG_LINE_MAX];
	va_list args;
	size_t len;

	va_start(args, format);
	log_paint_line(log, tone, stage, format, args);
	va_end(args);

	if (log->kmsg_fd < 0)
		return;
	len = (size_t)snprintf(line, sizeof(line), "<6>lastwatt: %s: ", stage);
	va_start(args, format);
	(void)vsnprintf(line + len, sizeof(line) - len, format, args);
	va_end(args);
	if (write(log->kmsg_fd, line, strlen(line)) < 0)
		return; /* full: the console has the line */
}

void log_finish(struct log *log, deadline_t until)
{
	/* Half a close: they read what is left, then see the end. */
	child_finish(&log->painter);
	child_finish(&log->screen);
	(void)child_end(&log->painter, until);
	(void)child_end(&log->screen, until);
}
