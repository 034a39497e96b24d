// SPDX-License-Identifier: MIT
/* The small change of a UPS: its keys, its sentences, its names. */
#include "base/ups.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *ups_value(const struct ups *ups, const char *key)
{
	return conf_value(ups->conf, ups->section, key);
}

int ups_number(struct ups *ups, const char *key, int missing, int min, int max)
{
	const char *value = ups_value(ups, key);
	long number;

	if (!value)
		return missing;

	number = strtol(value, NULL, 10); /* atoi, but defined on overflow */
	if (number >= min && number <= max)
		return (int)number;

	number = number < min ? min : max;
	ups_note(ups, "[%s] %s = %s (line %d): out of range, %ld is used",
		 ups->name, key, value,
		 conf_value_line(ups->conf, ups->section, key), number);
	return (int)number;
}

int ups_fail(struct ups *ups, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(ups->problem, sizeof(ups->problem), format, args);
	va_end(args);
	return error;
}

const char *ups_why(const struct ups *ups)
{
	size_t len = strlen(ups->name);
	const char *why = ups->problem;

	if (why[0] == '[' && !strncmp(why + 1, ups->name, len) &&
	    !strncmp(why + 1 + len, "] ", 2))
		why += len + 3;
	return why;
}

int ups_give(struct ups *ups, struct ups_cut *cut, enum ups_command given)
{
	cut->given = given;
	if (!cut->exact || given == cut->wanted)
		return 0;
	return ups_fail(ups, -EOPNOTSUPP,
			"[%s] would do \"%s\" when told \"%s\"", ups->name,
			ups_command_name(given), ups_command_name(cut->wanted));
}

int ups_spare(struct ups *ups, const struct ups_cut *cut)
{
	return ups_fail(
		ups, -EOPNOTSUPP,
		"[%s] has no order that waits %d s and is known to be taken back",
		ups->name, cut->least_s);
}

int ups_give_after(struct ups *ups, struct ups_cut *cut, enum ups_command given,
		   int off_s)
{
	if (off_s < cut->least_s && cut->least_s > 0)
		return ups_spare(ups, cut);
	return ups_give(ups, cut, given);
}

void ups_note(struct ups *ups, const char *format, ...)
{
	char sentence[UPS_SENTENCE_MAX];
	va_list args;

	if (!ups->note)
		return;
	va_start(args, format);
	(void)vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	ups->note(ups->note_arg, sentence);
}

const char *ups_command_name(enum ups_command command)
{
	switch (command) {
	case UPS_RETURN:
		return "return";
	case UPS_STAYOFF:
		return "stayoff";
	case UPS_OFF:
		return "off";
	case UPS_REBOOT:
		return "reboot";
	}
	return "unknown";
}
