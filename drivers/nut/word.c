// SPDX-License-Identifier: MIT
/*
 * What a driver of NUT says, and what that is worth. Its exit status is worth
 * nothing: see nut.h.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>

#include "nut/nut.h"

/* In every version, once the device is open and before it is commanded. */
#define NUT_BEGINS "Initiating UPS shutdown"

#define NUT_SAYS_NOTHING "unusable configuration"

/* A driver says one of these if something is wrong, in whatever words. */
static const char *const nut_complaints[] = {
	"fail",       "error",       "not supported", "unsupported",
	"can't",      "cannot",      "can not",       "could not",
	"unable",     "not found",   "no matching",   "not implemented",
	"not respon", "no response", "no reply",      "time out",
	"timed out",  "timeout",     "unknown",       "invalid",
	"reject",     "refuse",      "lost",          "not connected",
	"no such",    "not a valid", "unrecognized",  "denied",
	"abort",      "ignored",     "unexpected",    "not shut",
};

/* These say after it that it went well all the same. */
static const char *const nut_comforts[] = {
	"shutting down in ", /* blazer and nutdrv_qx, which try three times */
};

struct nut_meaning {
	const char *word;
	int error;
};

/* What a complaint means, the first that fits. */
static const struct nut_meaning nut_meanings[] = {
	{ "shared librar", -EOPNOTSUPP }, /* it was packed without one */
	{ "cannot be run", -EOPNOTSUPP }, { "not supported", -EOPNOTSUPP },
	{ "unsupported", -EOPNOTSUPP },   { "not implemented", -EOPNOTSUPP },
	{ "valid variable", -EINVAL },    { "unknown option", -EINVAL },
	{ "getpwnam", -EOPNOTSUPP },      { "busy", -EBUSY },
	{ "no matching", -ENODEV },       { "unable to open", -ENODEV },
	{ "no such", -ENODEV },           { "not connected", -ENODEV },
	{ "not found", -ENODEV },
};

static bool nut_has_any(const char *line, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcasestr(line, words[i]))
			return true;
	}
	return false;
}

/*
 * The cancel that comes before a command: who has nothing running refuses. The
 * banner, which comes last where the output is no terminal.
 */
static bool nut_is_of_no_matter(const char *line)
{
	return !strncmp(line, "Network UPS Tools", 17) ||
	       strcasestr(line, "shutdown.stop") ||
	       strcasestr(line, "deprecated");
}

/* "   0.000084\t[D1] text": what is before the text is of no interest. */
static const char *nut_skip_stamp(const char *line)
{
	line += strspn(line, " ");
	if (line[strspn(line, "0123456789.")] == ' ')
		line += strspn(line, "0123456789.");
	line += strspn(line, " ");
	if (line[0] == '[' && line[1] == 'D' && strchr(line, ']'))
		line = strchr(line, ']') + 1;
	return line + strspn(line, " ");
}

static void nut_keep(char to[NUT_LINE_MAX], const char *line)
{
	(void)snprintf(to, NUT_LINE_MAX, "%s", line); /* a long one is cut */
}

void nut_word_hear(void *arg, const char *line)
{
	struct nut_word *word = arg;

	line = nut_skip_stamp(line);
	if (!*line || nut_is_of_no_matter(line))
		return;
	nut_keep(word->last, line);
	if (strcasestr(line, NUT_BEGINS)) {
		word->began = true;
		word->complained = false;
		return;
	}
	if (nut_has_any(line, nut_comforts,
			sizeof(nut_comforts) / sizeof(*nut_comforts))) {
		word->complained = false;
		nut_keep(word->usual, line);
	} else if (nut_has_any(line, nut_complaints,
			       sizeof(nut_complaints) / sizeof(*nut_complaints))) {
		/* The last is the sum of all, but for one that says nothing. */
		if (!word->complained || !strcasestr(line, NUT_SAYS_NOTHING))
			nut_keep(word->bad, line);
		word->complained = true;
	}
}

static int nut_meaning_of(const char *line)
{
	for (size_t i = 0; i < sizeof(nut_meanings) / sizeof(*nut_meanings);
	     i++) {
		if (strcasestr(line, nut_meanings[i].word))
			return nut_meanings[i].error;
	}
	return -EPROTO;
}

/* Before it began nothing was commanded; after that nobody knows. */
static int nut_judge_complaint(struct ups *ups, const struct nut_word *word,
			       const char *driver)
{
	int error = nut_meaning_of(word->bad);

	if (word->began && error != -EOPNOTSUPP && error != -ENODEV)
		error = -EIO;
	return ups_fail(ups, error, "[%.40s] NUT's driver %s says: %.100s",
			ups->name, driver, word->bad);
}

int nut_word_judge(struct ups *ups, const struct nut_word *word,
		   const char *driver, int result)
{
	if (result == -ETIMEDOUT)
		return ups_fail(
			ups, -ETIMEDOUT,
			"[%.40s] NUT's driver %s did not end in time%s%.80s",
			ups->name, driver, *word->last ? ": " : "", word->last);
	if (result < 0)
		return ups_fail(ups, result,
				"[%.40s] NUT's driver %s cannot be run: %s",
				ups->name, driver, strerror(-result));
	if (WIFSIGNALED(result))
		return ups_fail(ups, -EIO,
				"[%.40s] NUT's driver %s crashed (signal %d)",
				ups->name, driver, WTERMSIG(result));
	if (word->complained)
		return nut_judge_complaint(ups, word, driver);
	if (!word->began)
		return ups_fail(
			ups, -EPROTO,
			"[%.40s] NUT's driver %s ended with %d and says nothing of a shutdown: %.80s",
			ups->name, driver, WEXITSTATUS(result), word->last);
	if (WEXITSTATUS(result) != 0)
		return ups_fail(ups, -EIO,
				"[%.40s] NUT's driver %s ended with %d: %.80s",
				ups->name, driver, WEXITSTATUS(result),
				word->last);
	return 0;
}
