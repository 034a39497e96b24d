/* SPDX-License-Identifier: MIT */
/* Hears what is said of configuration files, for tests. */
#ifndef BASE_SAID_FAKE_H
#define BASE_SAID_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* That one wants those before it. */
#include <cmocka.h>

#include "base/conf.h"

/** The sentences, a line each. Start with zeros. */
struct said {
	char text[4096];
	int count;
};

/** The function of a struct conf_report; @arg is a struct said. */
static inline void said_hear(void *arg, const char *file, int line,
			     const char *sentence)
{
	struct said *said = arg;
	size_t len = strlen(said->text);

	(void)file;
	(void)line;
	assert_null(strchr(sentence, '\n'));
	(void)snprintf(said->text + len, sizeof(said->text) - len, "%s\n",
		       sentence);
	said->count++;
}

/** Asserts that @part was among it; nothing at all if that is NULL. */
static inline void said_check(const struct said *said, const char *part)
{
	if (!part)
		assert_string_equal(said->text, "");
	else if (!strstr(said->text, part))
		fail_msg("not said: \"%s\", but: %s", part, said->text);
}

#endif
