// SPDX-License-Identifier: MIT
/*
 * The kernel's own memory of its log (pstore: ERST, the firmware's variables),
 * still in place or put away by systemd-pstore. A dump comes in parts, in any
 * order; the time in front of each line says what was last.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/report_parts.h"

#define REPORT_DUMP_MAX  65536
#define REPORT_FILES_MAX 256
#define REPORT_DEPTH_MAX 3
#define REPORT_PATH_MAX  512
#define REPORT_OURS      "lastwatt: "

static void report_add_line(struct report_log *log, int64_t at,
			    const char *text, size_t len)
{
	int place = log->lines;

	while (place > 0 && log->at[place - 1] > at)
		place--;
	if (log->lines == REPORT_LINES_MAX) {
		if (place == 0)
			return; /* older than all that are kept */
		memmove(log->line, log->line + 1,
			(size_t)(place - 1) * sizeof(*log->line));
		memmove(log->at, log->at + 1,
			(size_t)(place - 1) * sizeof(*log->at));
		place--;
	} else {
		memmove(log->line + place + 1, log->line + place,
			(size_t)(log->lines - place) * sizeof(*log->line));
		memmove(log->at + place + 1, log->at + place,
			(size_t)(log->lines - place) * sizeof(*log->at));
		log->lines++;
	}
	if (len >= REPORT_LINE_MAX)
		len = REPORT_LINE_MAX - 1;
	for (size_t i = 0; i < len; i++)
		log->line[place][i] =
			(char)(text[i] < ' ' || text[i] > '~' ? '?' : text[i]);
	log->line[place][len] = '\0';
	log->at[place] = at;
	log->found = true;
}

/** "[   12.345678] " in front of a line: microseconds, or -1. */
static int64_t report_line_time(const char *text, size_t len)
{
	const char *at = memchr(text, '[', len);
	const char *end = text + len;
	int64_t time = 0;
	int decimals = -1;

	if (!at)
		return -1;
	for (at++; at < end && *at != ']'; at++) {
		if (*at == '.' && decimals < 0)
			decimals = 0;
		else if (*at >= '0' && *at <= '9' && decimals < 6 &&
			 time < INT64_MAX / 100) {
			time = time * 10 + (*at - '0');
			decimals += decimals >= 0;
		} else if (*at != ' ') {
			return -1;
		}
	}
	return decimals == 6 ? time : -1;
}

static void report_read_line(struct report_log *log, const char *text,
			     size_t len)
{
	const char *ours = memmem(text, len, REPORT_OURS, strlen(REPORT_OURS));
	int64_t at;

	if (len > 6 && !memcmp(text, "Panic#", 6))
		log->has_panic = true;
	if (!ours)
		return;
	at = report_line_time(text, (size_t)(ours - text));
	ours += strlen(REPORT_OURS);
	if (at >= 0)
		report_add_line(log, at, ours, len - (size_t)(ours - text));
}

void report_read_dump(struct report_log *log, const char *text, size_t len)
{
	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t line = end ? (size_t)(end - text) : len;

		report_read_line(log, text, line);
		text += line + (end != NULL);
		len -= line + (end != NULL);
	}
}

static void report_read_file(struct report_log *log, int fd)
{
	char *text = malloc(REPORT_DUMP_MAX);
	size_t len = 0;
	ssize_t got;

	while (text && len < REPORT_DUMP_MAX &&
	       (got = read(fd, text + len, REPORT_DUMP_MAX - len)) > 0)
		len += (size_t)got;
	if (text)
		report_read_dump(log, text, len);
	free(text);
}

static void report_walk(struct report_log *log, const char *path,
			int64_t since_s, int depth, int *files)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat stat;
	DIR *dir;

	if (fd < 0 || fstat(fd, &stat) < 0 || ++*files > REPORT_FILES_MAX) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	if (!S_ISDIR(stat.st_mode)) {
		if (S_ISREG(stat.st_mode) && stat.st_mtime >= since_s)
			report_read_file(log, fd);
		(void)close(fd);
		return;
	}
	dir = fdopendir(fd);
	if (!dir) {
		(void)close(fd);
		return;
	}
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		char below[REPORT_PATH_MAX];
		int len = snprintf(below, sizeof(below), "%s/%s", path,
				   entry->d_name);

		if (entry->d_name[0] != '.' && depth < REPORT_DEPTH_MAX &&
		    len > 0 && len < REPORT_PATH_MAX)
			report_walk(log, below, since_s, depth + 1, files);
	}
	(void)closedir(dir);
}

void report_find_dumps(struct report_log *log, const char *root, int64_t since_s)
{
	static const char *const places[] = { "/sys/fs/pstore",
					      "/var/lib/systemd/pstore" };
	char path[REPORT_PATH_MAX];

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int files = 0;

		(void)snprintf(path, sizeof(path), "%s%s", root, places[i]);
		report_walk(log, path, since_s, 0, &files);
	}
}
