// SPDX-License-Identifier: MIT
/* Names of what a device on a serial line does and suffers. */
#include "line_words.h"

#include <limits.h>
#include <string.h>

const char *line_back_name(enum line_fake_back back)
{
	static const char *const names[] = {
		[LINE_FAKE_STAYS_OFF] = "never",
		[LINE_FAKE_WITH_MAINS] = "mains",
		[LINE_FAKE_BY_CLOCK] = "clock",
	};

	return names[back];
}

int line_way_find(const char *name)
{
	static const char *const names[LINE_FAKE_WAYS] = {
		[LINE_FAKE_HEALTHY] = "healthy",
		[LINE_FAKE_SILENT] = "silent",
		[LINE_FAKE_DEAF] = "deaf",
		[LINE_FAKE_GARBAGE] = "garbage",
		[LINE_FAKE_NOISE] = "noise",
		[LINE_FAKE_SLOW] = "slow",
		[LINE_FAKE_GONE] = "gone",
	};

	return words_find(names, LINE_FAKE_WAYS, name);
}

struct line_trouble line_take_trouble(const struct words *words, int from)
{
	const char *name = words_need(words, from++, "what ails the line");
	int way = line_way_find(name);
	struct line_trouble trouble = { .way = (enum line_fake_way)way };

	if (way < 0)
		words_die(words->file, "\"%s\" is nothing that ails a line",
			  name);
	if (way == LINE_FAKE_SLOW)
		trouble.ms = (int)words_time_ms(words, from++);
	if (from < words->count && !strcmp(words->word[from], "from")) {
		trouble.from =
			(int)words_number(words, from + 1, 10, 0, INT_MAX);
		from += 2;
	}
	if (from < words->count)
		words_die(words->file, "\"%s\" is one word too many",
			  words->word[from]);
	return trouble;
}
