// SPDX-License-Identifier: MIT
/*
 * Reads nut.conf. It is a shell script of assignments, and also systemd's
 * EnvironmentFile; distributions write "MODE = x" too, which is neither.
 */
#include <string.h>
#include <strings.h>

#include "handover_parts.h"

#define NUTCONF_LINE_MAX 512

/** One assignment, taken apart. */
struct nutconf_line {
	int number;
	char name[NUTCONF_LINE_MAX];
	char value[NUTCONF_LINE_MAX];
	bool blanks; /* round the "=": a shell does not take it */
	bool many;   /* several words without quotes */
	bool open;   /* a quote was not closed */
};

static bool nutconf_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static const char *nutconf_skip_blanks(const char *at)
{
	while (nutconf_is_blank(*at))
		at++;
	return at;
}

/** A name as a shell has it; returns where it ends. */
static const char *nutconf_take_name(const char *at, char *name)
{
	size_t len = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"abcdefghijklmnopqrstuvwxyz0123456789_");

	memcpy(name, at, len);
	name[len] = '\0';
	return at + len;
}

/** What stands between quotes; @at is behind the opening one. */
static const char *nutconf_take_quoted(const char *at, char quote, char **out,
				       struct nutconf_line *line)
{
	for (; *at && *at != quote; at++) {
		if (quote == '"' && *at == '\\' && at[1] &&
		    strchr("$`\"\\", at[1]))
			at++;
		*(*out)++ = *at;
	}
	line->open |= !*at;
	return *at ? at + 1 : at;
}

/** One word, which may have quoted parts; returns where it ends. */
static const char *nutconf_take_word(const char *at, char **out,
				     struct nutconf_line *line)
{
	while (*at && *at != ';' && !nutconf_is_blank(*at)) {
		if (*at == '"' || *at == '\'') {
			at = nutconf_take_quoted(at + 1, *at, out, line);
			continue;
		}
		if (*at == '\\' && at[1])
			at++;
		*(*out)++ = *at++;
	}
	return at;
}

/** The value never gets longer than what it is read from. */
static void nutconf_take_value(const char *at, struct nutconf_line *line)
{
	char *out = line->value;

	at = nutconf_take_word(at, &out, line);
	for (;;) {
		at = nutconf_skip_blanks(at);
		if (!*at || *at == '#' || *at == ';')
			break;
		line->many = true;
		*out++ = ' ';
		at = nutconf_take_word(at, &out, line);
	}
	*out = '\0';
}

/** Take @text apart; returns false if it is no assignment. */
static bool nutconf_take_line(const char *text, struct nutconf_line *line)
{
	const char *at = nutconf_skip_blanks(text);
	const char *equals;

	if (!strncmp(at, "export", 6) && nutconf_is_blank(at[6]))
		at = nutconf_skip_blanks(at + 6);
	at = nutconf_take_name(at, line->name);
	equals = nutconf_skip_blanks(at);
	if (!*line->name || *equals != '=')
		return false;
	line->blanks = equals != at;
	at = nutconf_skip_blanks(equals + 1);
	if (*at && *at != '#' && *at != ';')
		line->blanks |= at != equals + 1;
	else
		at += strlen(at);
	nutconf_take_value(at, line);
	return true;
}

/** A decimal number as sleep takes it; returns where it ends, or NULL. */
static const char *nutconf_take_number(const char *at, double *number)
{
	const char *start = at;
	double scale = 1;

	*number = 0;
	for (; *at >= '0' && *at <= '9'; at++)
		*number = *number * 10 + (*at - '0');
	if (at == start && (*at != '.' || at[1] < '0' || at[1] > '9'))
		return NULL;
	if (*at == '.')
		at++;
	else
		return at;
	for (; *at >= '0' && *at <= '9'; at++) {
		scale /= 10;
		*number += (*at - '0') * scale;
	}
	return at;
}

/** One word of sleep's: "1.5m", "90", "infinity". Returns its end or NULL. */
static const char *nutconf_take_duration(const char *at, double *ms)
{
	static const char suffixes[] = "smhd";
	static const int seconds[] = { 1, 60, 3600, 86400 };
	const char *suffix;

	if (!strncasecmp(at, "infinity", 8)) {
		*ms = HANDOVER_WAIT_MAX_MS;
		return at + 8;
	}
	if (!strncasecmp(at, "inf", 3)) {
		*ms = HANDOVER_WAIT_MAX_MS;
		return at + 3;
	}
	at = nutconf_take_number(at, ms);
	if (!at)
		return NULL;
	*ms *= 1000;
	suffix = *at ? strchr(suffixes, *at) : NULL;
	if (!suffix)
		return at;
	*ms *= seconds[suffix - suffixes];
	return at + 1;
}

/** The words of @text summed up; -1 if sleep would refuse one of them. */
static int64_t nutconf_sum_durations(const char *text)
{
	double sum = 0;
	double ms;

	for (;;) {
		text += strspn(text, " \t");
		if (!*text)
			break;
		text = nutconf_take_duration(text, &ms);
		if (!text || (*text && *text != ' ' && *text != '\t'))
			return -1;
		sum += ms;
	}
	return sum < HANDOVER_WAIT_MAX_MS ? (int64_t)(sum + 0.5)
					  : HANDOVER_WAIT_MAX_MS;
}

static void nutconf_take_wait(struct handover *handover, const char *name,
			      const struct nutconf_line *line,
			      const struct conf_report *report)
{
	handover->poweroff_wait_ms = -1;
	if (line->value[strspn(line->value, " \t")] == '\0')
		return;
	handover->poweroff_wait_ms = nutconf_sum_durations(line->value);
	if (handover->poweroff_wait_ms < 0)
		conf_say(report, name, line->number,
			 "POWEROFF_WAIT is not a time as sleep takes it; there will be no wait");
}

static void nutconf_tell(const char *name, const struct nutconf_line *line,
			 const struct conf_report *report)
{
	if (line->blanks)
		conf_say(report, name, line->number,
			 "%.40s is understood, but NUT's own scripts need it without blanks around the =",
			 line->name);
	else if (line->many)
		conf_say(report, name, line->number,
			 "%.40s is understood, but NUT's own scripts need quotes around several words",
			 line->name);
	if (line->open)
		conf_say(report, name, line->number,
			 "a quote is opened and not closed");
}

static void nutconf_read_line(struct handover *handover, const char *name,
			      const char *text, int number,
			      const struct conf_report *report,
			      bool *switched_off)
{
	struct nutconf_line line = { .number = number };
	const char *start = nutconf_skip_blanks(text);

	if (!*start || *start == '#')
		return;
	if (!nutconf_take_line(text, &line)) {
		conf_say(report, name, number,
			 "this is not an assignment, and is ignored");
		return;
	}
	if (!strcmp(line.name, "POWEROFF_WAIT"))
		nutconf_take_wait(handover, name, &line, report);
	else if (!strcmp(line.name, "MODE"))
		*switched_off = !strcmp(line.value, "none");
	else
		return;
	nutconf_tell(name, &line, report);
}

void handover_read_nut_conf(struct handover *handover, const char *name,
			    const struct handover_file *file,
			    const struct conf_report *report, bool *switched_off)
{
	char text[NUTCONF_LINE_MAX];
	size_t start = 0;

	*switched_off = false;
	for (int number = 1; start < file->len; number++) {
		const char *at = file->text + start;
		const char *end = memchr(at, '\n', file->len - start);
		size_t len = end ? (size_t)(end - at) : file->len - start;

		start += len + 1;
		if (len >= sizeof(text)) {
			conf_say(report, name, number,
				 "this line is too long, and is ignored");
			continue;
		}
		memcpy(text, at, len);
		text[len] = '\0';
		nutconf_read_line(handover, name, text, number, report,
				  switched_off);
	}
}
