// SPDX-License-Identifier: MIT
/* upsmon.conf and nut.conf: directives that nobody knows. */
#include <stdio.h>
#include <string.h>

#include "cmd/check_parts.h"
#include "handover_parts.h"

const char *check_path(const struct check *check, const char *name,
		       char path[CHECK_PATH_MAX])
{
	const char *source = check->plan.handover.source;
	size_t len = strlen(check->root);

	(void)snprintf(path, CHECK_PATH_MAX, "%s/%s",
		       strncmp(source, check->root, len) ? source : source + len,
		       name); /* as long as source is */
	return path;
}

/** Read @name of NUT's again; what is wrong with it has been told. */
static bool check_read(const struct check *check, const char *name,
		       struct handover_file *file)
{
	char path[CHECK_PATH_MAX];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", check->plan.handover.source,
		       name); /* it fits */
	fd = handover_open_file("", path);
	return fd >= 0 && handover_read_fd(fd, file) == 0;
}

/** Of a line that cannot be read nothing is shown: it may be a password. */
static void check_upsmon_word(struct check *check, const char *path, int line,
			      const char *word)
{
	struct check_guess guess = { word, CHECK_KEY_MAX, "" };
	char hint[CHECK_HINT_MAX];

	check_look_in_row(&guess, "(upsmon)");
	/* NUT takes this one in any case. */
	if (!strcmp(guess.meant, word) ||
	    (!guess.slips && !strcmp(guess.meant, "DEBUG_MIN")))
		return;
	if (*check_hint(&guess, hint))
		check_error(check, "%s:%d: %s means nothing to upsmon%s", path,
			    line, word, hint);
	else
		check_error(
			check,
			"%s:%d: this line means nothing to upsmon, which passes it over",
			path, line);
}

static void check_upsmon(struct check *check, struct handover_file *file)
{
	struct conf_reader reader;
	struct conf_line line;
	char path[CHECK_PATH_MAX];

	if (!check_read(check, "upsmon.conf", file))
		return;
	check_path(check, "upsmon.conf", path);
	conf_reader_start(&reader, path, file->text, file->len, NULL);
	while (conf_next_line(&reader, &line))
		check_upsmon_word(check, path, line.number, line.word[0]);
	explicit_bzero(file, sizeof(*file)); /* passwords were in it */
	explicit_bzero(&line, sizeof(line));
}

/** A shell may set what it likes: only what is nearly one of NUT's is told. */
static void check_nut_conf(struct check *check, struct handover_file *file)
{
	char path[CHECK_PATH_MAX], word[CHECK_KEY_MAX], hint[CHECK_HINT_MAX];
	const char *at = file->text, *end;
	int number = 1;

	if (!check_read(check, "nut.conf", file))
		return;
	check_path(check, "nut.conf", path);
	for (; at < file->text + file->len; at = end + 1, number++) {
		struct check_guess guess = { word, CHECK_KEY_MAX, "" };
		size_t len = 0;

		end = memchr(at, '\n', file->len - (size_t)(at - file->text));
		if (!end)
			end = file->text + file->len;
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		while (at + len < end && len < sizeof(word) - 1 &&
		       !strchr(" \t=#", at[len]))
			len++;
		memcpy(word, at, len);
		word[len] = '\0';
		check_look_in_row(&guess, "(nut)");
		if (strcmp(guess.meant, word) != 0 && *check_hint(&guess, hint))
			check_error(check, "%s:%d: %s means nothing to NUT%s",
				    path, number, word, hint);
	}
}

void check_directives(struct check *check)
{
	struct handover_file file;

	check_upsmon(check, &file);
	check_nut_conf(check, &file);
}
