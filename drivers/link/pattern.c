// SPDX-License-Identifier: MIT
/* Compiles an expression: recursive descent, one step for each character. */
#include "link/pattern.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* "((((" costs stack; real expressions have one or two. */
#define DEPTH_MAX   16
#define REPEATS_MAX 255
#define UNLIMITED   (-1)

struct pattern_parser {
	struct pattern *out;
	const char *at;
	int depth;
};

static int pattern_parse_choice(struct pattern_parser *parser);

/** Put a step in at @where; what comes after it moves. */
static int pattern_insert(struct pattern *out, int where,
			  struct pattern_step step)
{
	if (out->steps == PATTERN_STEPS_MAX)
		return -E2BIG;
	memmove(&out->step[where + 1], &out->step[where],
		sizeof(step) * (size_t)(out->steps - where));
	out->step[where] = step;
	out->steps++;
	return 0;
}

static int pattern_append(struct pattern *out, enum pattern_kind kind,
			  int value, int next, int other)
{
	return pattern_insert(
		out, out->steps,
		(struct pattern_step){ (uint8_t)kind, (uint8_t)value,
				       (int16_t)next, (int16_t)other });
}

static void pattern_add_to_set(uint8_t *set, int c)
{
	const int both[] = { tolower(c), toupper(c) };

	for (int i = 0; i < 2; i++)
		set[both[i] / 8] |= (uint8_t)(1 << both[i] % 8);
}

struct pattern_class {
	const char *name;
	int (*contains)(int c);
};

static int pattern_is_word(int c)
{
	return isalnum(c) || c == '_';
}

/** "[:digit:]"; -EINVAL for a name that is none. */
static int pattern_add_class(uint8_t *set, const char *name, size_t len)
{
	static const struct pattern_class classes[] = {
		{ "alpha", isalpha },        { "digit", isdigit },
		{ "alnum", isalnum },        { "upper", isalpha },
		{ "lower", isalpha },        { "space", isspace },
		{ "blank", isblank },        { "punct", ispunct },
		{ "print", isprint },        { "graph", isgraph },
		{ "cntrl", iscntrl },        { "xdigit", isxdigit },
		{ "word", pattern_is_word },
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strlen(classes[i].name) != len ||
		    memcmp(classes[i].name, name, len) != 0)
			continue;
		for (int c = 1; c < 256; c++) {
			if (classes[i].contains(c))
				pattern_add_to_set(set, c);
		}
		return 0;
	}
	return -EINVAL;
}

/** One entry of a set: a class, a range or a character. */
static int pattern_parse_entry(struct pattern_parser *parser, uint8_t *set)
{
	const char *at = parser->at;
	int first = (unsigned char)at[0];
	int last = first;

	if (first == '[' && at[1] == ':') {
		const char *end = strstr(at + 2, ":]");

		if (!end)
			return -EINVAL;
		parser->at = end + 2;
		return pattern_add_class(set, at + 2, (size_t)(end - at - 2));
	}
	if (first == '[' && (at[1] == '.' || at[1] == '='))
		return -EINVAL; /* collation is nothing for device names */

	parser->at++;
	if (at[1] == '-' && at[2] && at[2] != ']') {
		last = (unsigned char)at[2];
		parser->at += 2;
	}
	if (last < first)
		return -EINVAL;
	for (int c = first; c <= last; c++)
		pattern_add_to_set(set, c);
	return 0;
}

static int pattern_new_set(struct pattern *out, uint8_t **set)
{
	if (out->sets == PATTERN_SETS_MAX)
		return -E2BIG;
	*set = out->set[out->sets];
	memset(*set, 0, sizeof(out->set[0]));
	return pattern_append(out, STEP_SET, out->sets++, 1, 0);
}

static void pattern_invert(uint8_t *set)
{
	for (int i = 0; i < 256 / 8; i++)
		set[i] = (uint8_t)~set[i];
}

/** The part of "[...]" after the first bracket. */
static int pattern_parse_set(struct pattern_parser *parser)
{
	bool inverted = *parser->at == '^';
	uint8_t *set;
	bool first = true;
	int ret = pattern_new_set(parser->out, &set);

	if (ret < 0)
		return ret;
	parser->at += inverted;
	for (; first || *parser->at != ']'; first = false) {
		if (!*parser->at)
			return -EINVAL;
		ret = pattern_parse_entry(parser, set);
		if (ret < 0)
			return ret;
	}
	parser->at++;
	if (inverted)
		pattern_invert(set);
	return 0;
}

/** What a backslash makes special, or not. */
static int pattern_parse_escape(struct pattern_parser *parser)
{
	int c = (unsigned char)*parser->at;
	uint8_t *set;
	int ret;

	if (!c || isdigit(c))
		return -EINVAL;
	parser->at++;
	if (!strchr("wWsS", c))
		return pattern_append(parser->out, STEP_CHAR, tolower(c), 1, 0);

	ret = pattern_new_set(parser->out, &set);
	if (ret < 0)
		return ret;
	ret = pattern_add_class(set, tolower(c) == 'w' ? "word" : "space",
				tolower(c) == 'w' ? 4 : 5);
	if (isupper(c))
		pattern_invert(set);
	return ret;
}

static int pattern_parse_group(struct pattern_parser *parser)
{
	int ret;

	if (++parser->depth > DEPTH_MAX)
		return -E2BIG;
	ret = pattern_parse_choice(parser);
	if (ret < 0)
		return ret;
	parser->depth--;
	return *parser->at++ == ')' ? 0 : -EINVAL;
}

static int pattern_parse_atom(struct pattern_parser *parser)
{
	int c = (unsigned char)*parser->at++;

	switch (c) {
	case '(':
		return pattern_parse_group(parser);
	case '[':
		return pattern_parse_set(parser);
	case '\\':
		return pattern_parse_escape(parser);
	case '.':
		return pattern_append(parser->out, STEP_ANY, 0, 1, 0);
	case '^':
		return pattern_append(parser->out, STEP_BEGIN, 0, 1, 0);
	case '$':
		return pattern_append(parser->out, STEP_END, 0, 1, 0);
	default:
		return pattern_append(parser->out, STEP_CHAR, tolower(c), 1, 0);
	}
}

/** "{2}", "{2,}", "{2,5}", "{,5}": the part after the brace. */
static int pattern_parse_bounds(struct pattern_parser *parser, int *min,
				int *max)
{
	const char *at = parser->at;
	char *end;

	*min = 0;
	if (isdigit((unsigned char)*at)) {
		*min = (int)strtoul(at, &end, 10);
		at = end;
	}
	*max = *min;
	if (*at == ',') {
		at++;
		*max = UNLIMITED;
		if (isdigit((unsigned char)*at)) {
			*max = (int)strtoul(at, &end, 10);
			at = end;
		}
	} else if (at == parser->at) {
		return -EINVAL;
	}
	if (*at != '}' || *min < 0 || *min > REPEATS_MAX ||
	    *max > REPEATS_MAX || (*max != UNLIMITED && *max < *min))
		return -EINVAL;
	parser->at = at + 1;
	return 0;
}

/** Make the last part, from @from on, one that may be passed by. */
static int pattern_make_optional(struct pattern *out, int from, bool loop)
{
	int len = out->steps - from;
	struct pattern_step split = { STEP_SPLIT, 0, 1,
				      (int16_t)(len + 1 + loop) };
	int ret = pattern_insert(out, from, split);

	if (ret == 0 && loop)
		ret = pattern_append(out, STEP_JUMP, 0, -(len + 1), 0);
	return ret;
}

/** Turn the part from @from on into @min to @max of it. */
static int pattern_repeat(struct pattern *out, int from, int min, int max)
{
	struct pattern_step part[PATTERN_STEPS_MAX];
	int len = out->steps - from;
	int copies = max == UNLIMITED ? min + 1 : max;

	memcpy(part, &out->step[from], sizeof(part[0]) * (size_t)len);
	out->steps = from;
	for (int i = 0; i < copies; i++) {
		int start = out->steps;
		int ret;

		if (start + len > PATTERN_STEPS_MAX)
			return -E2BIG;
		memcpy(&out->step[start], part, sizeof(part[0]) * (size_t)len);
		out->steps += len;
		if (i < min)
			continue;
		ret = pattern_make_optional(out, start, max == UNLIMITED);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/** An atom and what says how often. */
static int pattern_parse_piece(struct pattern_parser *parser)
{
	struct pattern *out = parser->out;
	int from = out->steps;
	int ret;

	if (strchr("*+?{", *parser->at))
		return -EINVAL; /* nothing to repeat */
	ret = pattern_parse_atom(parser);
	while (ret == 0 && *parser->at && strchr("*+?{", *parser->at)) {
		int min = 0, max = UNLIMITED;

		switch (*parser->at++) {
		case '+':
			min = 1;
			break;
		case '?':
			max = 1;
			break;
		case '{':
			ret = pattern_parse_bounds(parser, &min, &max);
			break;
		}
		if (ret == 0)
			ret = pattern_repeat(out, from, min, max);
	}
	return ret;
}

static int pattern_parse_sequence(struct pattern_parser *parser)
{
	while (*parser->at && *parser->at != '|' &&
	       (*parser->at != ')' || parser->depth == 0)) {
		int ret = pattern_parse_piece(parser);

		if (ret < 0)
			return ret;
	}
	return 0;
}

/** "a|b|c": split to the first or to the rest, and jump over the rest. */
static int pattern_parse_choice(struct pattern_parser *parser)
{
	struct pattern *out = parser->out;
	int from = out->steps;
	int ret = pattern_parse_sequence(parser);

	while (ret == 0 && *parser->at == '|') {
		struct pattern_step split = { STEP_SPLIT, 0, 1,
					      (int16_t)(out->steps - from + 2) };
		int jump;

		parser->at++;
		ret = pattern_insert(out, from, split);
		if (ret == 0)
			ret = pattern_append(out, STEP_JUMP, 0, 0, 0);
		if (ret < 0)
			break;
		jump = out->steps - 1;
		ret = pattern_parse_sequence(parser);
		out->step[jump].next = (int16_t)(out->steps - jump);
	}
	return ret;
}

int pattern_compile(struct pattern *pattern, const char *expression)
{
	struct pattern_parser parser = { .out = pattern, .at = expression };

	pattern->steps = 0;
	pattern->sets = 0;
	return pattern_parse_choice(&parser);
}
