// SPDX-License-Identifier: MIT
/* Names of what a device on a serial line does and suffers. */
#include "line_words.h"

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
	int i;

	for (i = 0; i < LINE_FAKE_WAYS; i++)
		if (!strcmp(name, names[i]))
			return i;
	return -1;
}
