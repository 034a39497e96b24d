// SPDX-License-Identifier: MIT
/* The console's painter and the lines for /dev/kmsg. */
#include "pid1/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LOG_START_MS 1000

/* The only code of ours that may hang on a terminal; nobody waits for it. */
static int log_paint(int fd, void *arg)
{
	char line[LOG_LINE_MAX + 2];
	int console = open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	ssize_t len;

	(void)arg;
	if (console < 0)
		return 1;
	while ((len = child_listen(fd, line, sizeof(line))) > 0) {
		if (write(console, line, (size_t)len) < 0)
			return 1;
	}
	(void)tcdrain(console); /* or a serial line loses its last words */
	return 0;
}

void log_start(struct log *log, int64_t start_ms)
{
	log->start_ms = start_ms;
	log->kmsg_fd =
		open("/dev/kmsg", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	/* Without a painter the console stays silent; kmsg still has it. */
	(void)child_start(&log->painter, log_paint, NULL,
			  deadline_in_ms(LOG_START_MS));
}

static void __attribute__((format(printf, 3, 0)))
log_paint_line(struct log *log, const char *stage, const char *format,
	       va_list args)
{
	char line[LOG_LINE_MAX + 2];
	size_t len;

	len = (size_t)snprintf(line, LOG_LINE_MAX, "lastwatt: [%6lld ms] %-9s ",
			       (long long)(clock_now_ms() - log->start_ms),
			       stage);
	(void)vsnprintf(line + len, LOG_LINE_MAX - len, format, args);
	len = strlen(line);
	line[len++] = '\r'; /* the console may have lost its output mapping */
	line[len++] = '\n';
	(void)child_send(&log->painter, line, len);
}

void log_say(struct log *log, const char *stage, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_paint_line(log, stage, format, args);
	va_end(args);
}

void log_record(struct log *log, const char *stage, const char *format, ...)
{
	char line[LOG_LINE_MAX];
	va_list args;
	size_t len;

	va_start(args, format);
	log_paint_line(log, stage, format, args);
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
	/* Half a close: it reads what is left, then sees the end. */
	child_finish(&log->painter);
	(void)child_end(&log->painter, until);
}
