// SPDX-License-Identifier: MIT
/*
 * Reads nut.conf. It is a shell script of assignments, and also systemd's
 * EnvironmentFile; distributions write "MODE = x" too, which is neither. What
 * a shell would run or expand is not run, and not expanded.
 */
#include <string.h>
#include <strings.h>

#include "handover_parts.h"

#define NUTCONF_LINE_MAX 512
#define NUTCONF_SPLIT    " \t\n" /* where a shell splits words */
#define NUTCONF_NAME                 \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz0123456789_"

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
	size_t len = strspn(at, NUTCONF_NAME);

	memcpy(name, at, len);
	name[len] = '\0';
	return at + len;
}

/** What stands between quotes; @at is behind the opening one. */
static const char *nutconf_take_quoted(const char *at, char quote, char **out,
				       struct nutconf_line *line)
{
	for (; *at && *at != quote; at++) {
		bool escaped = quote == '"' && *at == '\\' && at[1] &&
			       strchr("$`\"\\\n", at[1]);

		at += escaped;
		if (!escaped || *at != '\n')
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
		if (*at == '\\' && at[1] && *++at == '\n')
			at++;
		else
			*(*out)++ = *at++;
	}
	return at;
}

/** Does another assignment begin here? */
static bool nutconf_is_assignment(const char *at)
{
	return *at != '=' && at[strspn(at, NUTCONF_NAME)] == '=';
}

/**
 * Take the value, which never gets longer than what it is read from; returns
 * where it ends.
 */
static const char *nutconf_take_value(const char *at, struct nutconf_line *line)
{
	char *out = line->value;

	at = nutconf_take_word(at, &out, line);
	for (;;) {
		at = nutconf_skip_blanks(at);
		if (!*at || *at == '#' || *at == ';' ||
		    nutconf_is_assignment(at))
			break;
		line->many = true;
		*out++ = ' ';
		at = nutconf_take_word(at, &out, line);
	}
	*out = '\0';
	return at;
}

/** Take one assignment apart; returns where it ends, or NULL if it is none. */
static const char *nutconf_take_assignment(const char *at,
					   struct nutconf_line *line)
{
	const char *equals;

	if (!strncmp(at, "export", 6) && nutconf_is_blank(at[6]))
		at = nutconf_skip_blanks(at + 6);
	at = nutconf_take_name(at, line->name);
	equals = nutconf_skip_blanks(at);
	if (!*line->name || *equals != '=')
		return NULL;
	line->blanks = equals != at;
	at = nutconf_skip_blanks(equals + 1);
	if (!*at || *at == '#' || *at == ';' ||
	    (at != equals + 1 && nutconf_is_assignment(at))) {
		*line->value = '\0';
		return at;
	}
	line->blanks |= at != equals + 1;
	return nutconf_take_value(at, line);
}

/** Digits of @base, which add to *@number; returns where they end. */
static const char *nutconf_take_digits(const char *at, int base, double scale,
				       double *number)
{
	const double step = scale;

	for (;; at++) {
		int digit = *at >= '0' && *at <= '9' ? *at - '0'
						     : (*at | 0x20) - 'a' + 10;

		if (digit < 0 || digit >= base ||
		    (digit > 9 && (*at | 0x20) < 'a'))
			return at;
		if (step == 1) {
			*number = *number * base + digit;
			continue;
		}
		*number += digit * scale;
		scale *= step;
	}
}

/** "e-3" of a decimal number, "p4" of a hexadecimal one, if it is there. */
static const char *nutconf_take_exponent(const char *at, int base,
					 double *number)
{
	const char *sign = at + 1;
	const char *end;
	double exponent = 0;
	double step = base == 16 ? 2 : 10;

	if ((*at | 0x20) != (base == 16 ? 'p' : 'e'))
		return at;
	if (*sign == '-')
		step = 1 / step;
	end = nutconf_take_digits(sign + (*sign == '-' || *sign == '+'), 10, 1,
				  &exponent);
	if (end == sign || end[-1] < '0')
		return at;
	/* After 1000 of them it is nothing, or for ever. */
	for (int i = 0; i < exponent && i < 1000; i++)
		*number *= step;
	return end;
}

/** A number as sleep takes it; returns where it ends, or NULL. */
static const char *nutconf_take_number(const char *at, double *number)
{
	int base = at[0] == '0' && (at[1] | 0x20) == 'x' ? 16 : 10;
	const char *start = at += base == 16 ? 2 : 0;

	*number = 0;
	at = nutconf_take_digits(at, base, 1, number);
	if (*at == '.') {
		start++; /* a point alone is no number */
		at = nutconf_take_digits(at + 1, base, 1.0 / base, number);
	}
	return at > start ? nutconf_take_exponent(at, base, number) : NULL;
}

/** One word of sleep's: "1.5m", "90", "infinity". Returns its end or NULL. */
static const char *nutconf_take_duration(const char *at, double *ms)
{
	static const char suffixes[] = "smhd";
	static const int seconds[] = { 1, 60, 3600, 86400 };
	const char *suffix;

	at += *at == '+';
	if (!strncasecmp(at, "inf", 3)) {
		*ms = HANDOVER_WAIT_MAX_MS;
		at += strncasecmp(at, "infinity", 8) ? 3 : 8;
	} else {
		at = nutconf_take_number(at, ms);
		if (!at)
			return NULL;
		*ms *= 1000;
	}
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
		text += strspn(text, NUTCONF_SPLIT);
		if (!*text)
			break;
		text = nutconf_take_duration(text, &ms);
		if (!text || (*text && !strchr(NUTCONF_SPLIT, *text)))
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
	if (line->value[strspn(line->value, NUTCONF_SPLIT)] == '\0')
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

/** Use one assignment, or tell that it is none; returns where it ends. */
static const char *nutconf_read_one(struct handover *handover, const char *name,
				    const char *at, int number,
				    const struct conf_report *report,
				    bool *switched_off)
{
	struct nutconf_line line = { .number = number };
	const char *end = nutconf_take_assignment(at, &line);

	if (!strcmp(at, HANDOVER_HOOK_LEAVES))
		return at + sizeof(HANDOVER_HOOK_LEAVES) - 1;
	if (!end) {
		conf_say(report, name, number,
			 "this is not an assignment, and is ignored");
		return at + strcspn(at, ";");
	}
	if (!strcmp(line.name, "POWEROFF_WAIT"))
		nutconf_take_wait(handover, name, &line, report);
	else if (!strcmp(line.name, "MODE"))
		*switched_off = !strcmp(line.value, "none");
	else
		return end;
	nutconf_tell(name, &line, report);
	return end;
}

/**
 * How long the line at @at is: a quote may go on over its end, and a backslash
 * joins two. A quote that is never closed counts for its own line only.
 */
static size_t nutconf_line_len(const char *at, size_t len)
{
	const char *end = memchr(at, '\n', len);
	char quote = '\0';

	for (size_t i = 0; i < len; i++) {
		if (at[i] == '\\' && quote != '\'')
			i++;
		else if (quote)
			quote = at[i] == quote ? '\0' : quote;
		else if (at[i] == '\n')
			return i;
		else if (at[i] == '"' || at[i] == '\'')
			quote = at[i];
		else if (at[i] == '#' && (!i || at[i - 1] == ';' ||
					  nutconf_is_blank(at[i - 1])))
			while (i + 1 < len && at[i + 1] != '\n')
				i++;
	}
	return quote && end ? (size_t)(end - at) : len;
}

void handover_read_nut_conf(struct handover *handover, const char *name,
			    const struct handover_file *file,
			    const struct conf_report *report, bool *switched_off)
{
	char text[NUTCONF_LINE_MAX];
	size_t start = 0, len;
	int number = 1;

	*switched_off = false;
	for (; start < file->len; start += len + 1) {
		const char *at = file->text + start;
		int first = number++;

		len = nutconf_line_len(at, file->len - start);
		for (size_t i = 0; i < len; i++)
			number += at[i] == '\n';
		if (len >= sizeof(text)) {
			conf_say(report, name, first,
				 "this line is too long, and is ignored");
			continue;
		}
		memcpy(text, at, len);
		text[len] = '\0';
		at = nutconf_skip_blanks(text);
		while (*at && *at != '#') {
			at = nutconf_read_one(handover, name, at, first, report,
					      switched_off);
			while (*at == ';' || nutconf_is_blank(*at))
				at++;
		}
	}
}
