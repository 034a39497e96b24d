/* SPDX-License-Identifier: MIT */
/* Reads the mains script and tells which of its lines is due. */
#include "script.h"

#include <string.h>

#include "ups.h"

struct verb {
	const char *name;
	enum action_kind kind;
	/* What follows: n number, s seconds, t time, u a UPS, U a UPS or
	 * nothing, w words of a fault, l those of a line,
	 * d those of a device, e those of a network, o on or off, x a text,
	 * f the name of a file. */
	const char *operands;
};

static const struct verb verbs[] = {
	{ "charge", ACTION_CHARGE, "nU" },
	{ "runtime", ACTION_RUNTIME, "nU" },
	{ "plug", ACTION_PLUG, "u" },
	{ "unplug", ACTION_UNPLUG, "u" },
	{ "reenumerate", ACTION_REENUMERATE, "ut" },
	{ "stall", ACTION_FAULT, "uw" },
	{ "hang", ACTION_FAULT, "uw" },
	{ "ignore", ACTION_FAULT, "uw" },
	{ "busy", ACTION_FAULT, "uw" },
	{ "latency", ACTION_LATENCY, "ut" },
	{ "line", ACTION_LINE, "ul" },
	{ "usb", ACTION_DEVICE, "ud" },
	{ "network", ACTION_NETWORK, "ue" },
	{ "carrier", ACTION_CARRIER, "o" },
	{ "cut", ACTION_CUT, "" },
	{ "type", ACTION_TYPE, "x" },
	{ "button", ACTION_BUTTON, "" },
	{ "screen", ACTION_SCREEN, "f" },
	{ "ctrl-alt-del", ACTION_KEYS, "" },
	{ "kill", ACTION_KILL, "" },
};

static int script_find_ups(const struct words *words, int i,
			   struct ups *const ups[], int upses)
{
	const char *name = words_need(words, i, "the name of a UPS");
	int n;

	for (n = 0; n < upses; n++)
		if (!strcmp(ups[n]->name, name))
			return n;
	words_die(words->file, "there is no UPS \"%s\"", name);
}

/* One that is safe in a path and in JSON. */
static const char *script_take_name(const struct words *words, int at)
{
	const char *name = words_need(words, at, "a name");

	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")])
		words_die(words->file,
			  "\"%s\" has more than a-z, 0-9 and \"-\" in it", name);
	return name;
}

static bool script_take_switch(const struct words *words, int at)
{
	const char *word = words_need(words, at, "on or off");

	if (strcmp(word, "on") && strcmp(word, "off"))
		words_die(words->file, "\"%s\" is neither on nor off", word);
	return !strcmp(word, "on");
}

static void script_take_operands(struct action *action,
				 const struct words *words, int at,
				 const char *operands, struct ups *const ups[],
				 int upses)
{
	struct ups probe;

	for (; *operands; operands++, at++) {
		if (*operands == 'U' && at >= words->count)
			continue;
		switch (*operands) {
		case 'n':
			action->number = words_number(words, at, 10, 0, 1000000);
			break;
		case 't':
			action->time_ms = words_time_ms(words, at);
			break;
		case 'u':
		case 'U':
			action->ups = script_find_ups(words, at, ups, upses);
			break;
		case 'l':
			action->trouble = line_take_trouble(words, at);
			at = words->count;
			break;
		case 'd':
			action->device_trouble = device_take_trouble(words, at);
			at = words->count;
			break;
		case 'e':
			action->net_trouble = net_take_trouble(words, at);
			at = words->count;
			break;
		case 'o':
			action->number = script_take_switch(words, at);
			break;
		case 'x':
			snprintf(action->text, sizeof(action->text), "%s",
				 words_need(words, at, "the text"));
			break;
		case 'f':
			snprintf(action->text, sizeof(action->text), "%s",
				 script_take_name(words, at));
			break;
		default: /* tried out now, used when due */
			memset(&probe, 0, sizeof(probe));
			ups_add_fault(&probe, words, at, action->text);
			action->words_from = at;
			at = words->count;
			break;
		}
	}
	if (at < words->count)
		words_die(words->file, "\"%s\" is one word too many",
			  words->word[at]);
}

/* A copy whose strings lie in itself. */
static void script_keep_words(struct words *to, const struct words *from)
{
	int i;

	*to = *from;
	for (i = 0; i < from->count; i++)
		to->word[i] = to->text + (from->word[i] - from->text);
}

static void script_take_action(struct action *action, const struct words *words,
			       int at, struct ups *const ups[], int upses)
{
	const char *name = words_need(words, at, "what is to happen");
	size_t i;

	action->ups = -1;
	if (!strcmp(name, "mains")) {
		action->kind = ACTION_MAINS;
		action->number = script_take_switch(words, at + 1);
		if (at + 2 < words->count)
			words_die(words->file, "\"%s\" is one word too many",
				  words->word[at + 2]);
		return;
	}
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(name, verbs[i].name))
			continue;
		action->kind = verbs[i].kind;
		strcpy(action->text, name);
		script_take_operands(action, words, at + 1, verbs[i].operands,
				     ups, upses);
		script_keep_words(&action->words, words);
		return;
	}
	words_die(words->file, "there is no action \"%s\"", name);
}

static void script_take_line(struct script *script, const struct words *words,
			     struct ups *const ups[], int upses)
{
	struct script_line *line = &script->line[script->lines++];
	int colon, end;

	for (colon = 0; colon < words->count; colon++)
		if (!words->quoted[colon] && !strcmp(words->word[colon], ":"))
			break;
	if (colon == words->count)
		words_die(words->file, "there is no colon after the time");
	if (!strcmp(words->word[0], "at")) {
		line->due = true;
		line->due_ms = now_ms() + words_time_ms(words, 1);
		if (colon != 2)
			words_die(words->file, "\"at\" takes one time");
	} else if (!strcmp(words->word[0], "on")) {
		end = colon;
		if (colon > 3 && !strcmp(words->word[colon - 2], "after")) {
			line->after_ms = words_time_ms(words, colon - 1);
			end = colon - 2;
		}
		line->waits = true;
		pattern_take(&line->pattern, words, 1, end);
	} else {
		words_die(words->file, "a line begins with \"at\" or \"on\"");
	}
	script_take_action(&line->action, words, colon + 1, ups, upses);
}

void script_load(struct script *script, const char *path,
		 struct ups *const ups[], int upses)
{
	struct words_file file;
	struct words words;

	words_open(&file, path);
	while (words_next(&file, &words)) {
		if (script->lines == SCRIPT_LINES_MAX)
			words_die(&file, "too many lines");
		script_take_line(script, &words, ups, upses);
	}
	words_close(&file);
}

void script_hear(struct script *script, const struct event *event)
{
	struct script_line *line;
	int i;

	for (i = 0; i < script->lines; i++) {
		line = &script->line[i];
		if (!line->waits || !pattern_matches(&line->pattern, event))
			continue;
		line->waits = false;
		line->due = true;
		line->due_ms = now_ms() + line->after_ms;
	}
}

const struct action *script_take(struct script *script)
{
	struct script_line *line;
	int i;

	for (i = 0; i < script->lines; i++) {
		line = &script->line[i];
		if (!line->due || line->due_ms > now_ms())
			continue;
		line->due = false;
		return &line->action;
	}
	return NULL;
}

int64_t script_next_ms(const struct script *script)
{
	int64_t next = INT64_MAX;
	int i;

	for (i = 0; i < script->lines; i++)
		if (script->line[i].due && script->line[i].due_ms < next)
			next = script->line[i].due_ms;
	return next;
}
