// SPDX-License-Identifier: MIT
/* Parses ups.conf into one flat struct and finds keys in it. */
#include "base/conf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define CONF_NOWHERE   (-1) /* entries here are left out */
#define CONF_LINES_MAX 65535

/** A parse under way. */
struct conf_parser {
	struct conf *conf;
	const char *file;
	const struct conf_report *report;
	int section; /* the current one, or CONF_NOWHERE */
	bool full;   /* something did not fit */
	/* Of conf_parse_more(): the lines before it, and where we stand. */
	int lines;
	bool is_above;
};

/** Store @text; returns its offset, or -E2BIG. */
static int conf_add_text(struct conf *conf, const char *text)
{
	size_t size = strlen(text) + 1;
	int offset = conf->text_len;

	if (size > sizeof(conf->text) - conf->text_len)
		return -E2BIG;
	memcpy(conf->text + offset, text, size);
	conf->text_len = (uint16_t)(conf->text_len + size);
	return offset;
}

/** For messages: "" if it does not fit. */
static uint16_t conf_add_name(struct conf *conf, const char *file)
{
	int offset = conf_add_text(conf, file);

	return offset < 0 ? 0 : (uint16_t)offset;
}

static void conf_overflow(struct conf_parser *parser, int line)
{
	if (!parser->full)
		conf_say(parser->report, parser->file, line,
			 "the file is too big: what follows may be left out");
	parser->full = true;
}

/** The section named @name, made if it is new; or CONF_NOWHERE. */
static int conf_enter_section(struct conf_parser *parser, const char *name,
			      int line)
{
	struct conf *conf = parser->conf;
	int section = conf_find_section(conf, name);
	int offset;

	if (section >= 0)
		return section;
	offset = conf->sections < CONF_SECTIONS_MAX ? conf_add_text(conf, name)
						    : -E2BIG;
	if (offset < 0) {
		conf_overflow(parser, line);
		return CONF_NOWHERE;
	}
	section = conf->sections++;
	conf->section_name[section] = (uint16_t)offset;
	conf->section_line[section] = (uint16_t)(parser->lines + line);
	return section;
}

/** "[name]", as the first word of a line? Cuts the brackets off. */
static bool conf_take_header(char *word)
{
	size_t len = strlen(word);

	if (len < 2 || word[0] != '[' || word[len - 1] != ']')
		return false;
	memmove(word, word + 1, len - 2);
	word[len - 2] = '\0';
	return true;
}

static void conf_parse_header(struct conf_parser *parser,
			      const struct conf_line *line, const char *name)
{
	parser->is_above = false;
	if (!*name) {
		conf_say(parser->report, parser->file, line->number,
			 "a section without a name is ignored");
		parser->section = CONF_NOWHERE;
		return;
	}
	if (!strcmp(name, "default"))
		conf_say(parser->report, parser->file, line->number,
			 "NUT does not allow a UPS named \"default\"");
	if (line->words > 1)
		conf_say(parser->report, parser->file, line->number,
			 "what follows [%.60s] on its line is ignored", name);
	parser->section = conf_enter_section(parser, name, line->number);
}

/** -E2BIG when it does not fit; then nothing has changed. */
static int conf_put_entry(struct conf *conf, int section, int line,
			  const char *key, const char *value)
{
	uint16_t text_len = conf->text_len;
	int key_at = conf_add_text(conf, key);
	int value_at = value ? conf_add_text(conf, value) : CONF_NO_VALUE;

	if (conf->entries == CONF_ENTRIES_MAX || key_at < 0 || value_at < 0) {
		conf->text_len = text_len;
		return -E2BIG;
	}
	conf->entry[conf->entries++] = (struct conf_entry){
		.section = (uint16_t)section,
		.key = (uint16_t)key_at,
		.value = (uint16_t)value_at,
		.line = (uint16_t)line,
	};
	return 0;
}

static void conf_add_entry(struct conf_parser *parser, int line,
			   const char *key, const char *value)
{
	if (conf_put_entry(parser->conf, parser->section, parser->lines + line,
			   key, value) < 0)
		conf_overflow(parser, line);
}

/** Keys of a UPS that people put above the first section (nut#1890). */
static bool conf_is_misplaced(const struct conf_parser *parser, const char *key)
{
	static const char *const keys[] = { "offdelay", "ondelay", "driver",
					    "port", "sdorder" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (parser->section == 0 && !strcasecmp(keys[i], key))
			return true;
	}
	return false;
}

static void conf_parse_entry(struct conf_parser *parser,
			     const struct conf_line *line)
{
	const char *key = line->word[0];
	bool assigned = line->words > 1 && !strcmp(line->word[1], "=");

	if (line->words > 1 && !assigned) {
		conf_say(parser->report, parser->file, line->number,
			 "\"%.60s\" is ignored: there is no = behind it", key);
		return;
	}
	if (line->words == 2) {
		conf_say(parser->report, parser->file, line->number,
			 "\"%.60s\" is ignored: there is no value behind the =",
			 key);
		return;
	}
	if (line->words > 3)
		conf_say(parser->report, parser->file, line->number,
			 "\"%.60s\" gets the first word only: a value with spaces needs quotes",
			 key);
	if (conf_is_misplaced(parser, key))
		conf_say(parser->report, parser->file, line->number,
			 "\"%.60s\" does nothing above the first [section]",
			 key);
	conf_add_entry(parser, line->number, key,
		       assigned ? line->word[2] : NULL);
}

static void conf_parse_line(struct conf_parser *parser, struct conf_line *line)
{
	if (conf_take_header(line->word[0]))
		conf_parse_header(parser, line, line->word[0]);
	else if (parser->section != CONF_NOWHERE)
		conf_parse_entry(parser, line);
	else if (parser->is_above)
		conf_say(parser->report, parser->file, line->number,
			 "\"%.60s\" does nothing above the first [section]",
			 line->word[0]);
}

static int conf_parse_file(struct conf_parser *parser, const char *text,
			   size_t len)
{
	struct conf_reader reader;
	struct conf_line line;

	conf_reader_start(&reader, parser->file, text, len, parser->report);
	while (conf_next_line(&reader, &line)) {
		if (parser->lines + line.number > CONF_LINES_MAX) {
			conf_overflow(parser, line.number);
			break;
		}
		conf_parse_line(parser, &line);
	}
	explicit_bzero(&line, sizeof(line)); /* there are passwords in some */
	return parser->full ? -E2BIG : 0;
}

int conf_parse(struct conf *conf, const char *file, const char *text,
	       size_t len, const struct conf_report *report)
{
	struct conf_parser parser = {
		.conf = conf,
		.file = file,
		.report = report,
	};

	memset(conf, 0, sizeof(*conf));
	conf->sections = 1;
	conf->text_len = 1; /* the global part's name, "" */
	conf->file = conf_add_name(conf, file);
	return conf_parse_file(&parser, text, len);
}

/** The last that something stands on. */
static int conf_last_line(const struct conf *conf)
{
	int line = 0;

	for (int i = 0; i < conf->sections; i++) {
		if (conf->section_line[i] > line)
			line = conf->section_line[i];
	}
	for (int i = 0; i < conf->entries; i++) {
		if (conf->entry[i].line > line)
			line = conf->entry[i].line;
	}
	return line;
}

int conf_parse_more(struct conf *conf, const char *file, const char *text,
		    size_t len, const struct conf_report *report)
{
	struct conf_parser parser = {
		.conf = conf,
		.file = file,
		.report = report,
		.section = CONF_NOWHERE,
		.lines = conf_last_line(conf),
		.is_above = true,
	};

	conf->more_file = conf_add_name(conf, file);
	if (parser.lines < CONF_LINES_MAX)
		conf->more_from = (uint16_t)(parser.lines + 1);
	return conf_parse_file(&parser, text, len);
}

struct conf_place conf_place(const struct conf *conf, int line)
{
	struct conf_place place;
	bool is_more = conf_is_more(conf, line);

	(void)snprintf(place.text, sizeof(place.text), "%.180s:%d",
		       conf->text + (is_more ? conf->more_file : conf->file),
		       is_more ? line - conf->more_from + 1 : line); /* fits */
	return place;
}

bool conf_is_more(const struct conf *conf, int line)
{
	return conf->more_from && line >= conf->more_from;
}

int conf_add(struct conf *conf, int section, const char *key, const char *value)
{
	int line = conf_last_line(conf);

	/* A line is left for a header. */
	return line + 2 > CONF_LINES_MAX
		       ? -E2BIG
		       : conf_put_entry(conf, section, line + 2, key, value);
}

int conf_find_section(const struct conf *conf, const char *name)
{
	for (int i = 0; i < conf->sections; i++) {
		if (!strcmp(conf_section_name(conf, i), name))
			return i;
	}
	return -ENOENT;
}

const char *conf_section_name(const struct conf *conf, int section)
{
	return conf->text + conf->section_name[section];
}

static const struct conf_entry *conf_find_entry(const struct conf *conf,
						int section, const char *key)
{
	const struct conf_entry *found = NULL;

	for (int i = 0; i < conf->entries; i++) {
		const struct conf_entry *entry = &conf->entry[i];

		if (entry->section != section ||
		    strcasecmp(conf->text + entry->key, key) != 0)
			continue;
		found = entry;
		if (!strncasecmp(key, "override.", 9))
			break; /* nothing changes it any more, says NUT */
	}
	return found;
}

const char *conf_value(const struct conf *conf, int section, const char *key)
{
	const struct conf_entry *entry = conf_find_entry(conf, section, key);

	if (!entry)
		return NULL;
	return entry->value == CONF_NO_VALUE ? "" : conf->text + entry->value;
}

int conf_value_line(const struct conf *conf, int section, const char *key)
{
	const struct conf_entry *entry = conf_find_entry(conf, section, key);

	return entry ? entry->line : 0;
}

static bool conf_is_sound_entry(const struct conf *conf,
				const struct conf_entry *entry)
{
	return entry->section < conf->sections && entry->key < conf->text_len &&
	       (entry->value == CONF_NO_VALUE || entry->value < conf->text_len);
}

bool conf_is_sound(const struct conf *conf)
{
	if (!conf->sections || conf->sections > CONF_SECTIONS_MAX ||
	    conf->entries > CONF_ENTRIES_MAX || !conf->text_len ||
	    conf->text_len > CONF_TEXT_MAX)
		return false;
	/* With a NUL at the very end every offset is a string. */
	if (conf->text[0] || conf->text[conf->text_len - 1] ||
	    conf->section_name[0] || conf->file >= conf->text_len ||
	    conf->more_file >= conf->text_len)
		return false;
	for (int i = 0; i < conf->sections; i++) {
		if (conf->section_name[i] >= conf->text_len)
			return false;
	}
	for (int i = 0; i < conf->entries; i++) {
		if (!conf_is_sound_entry(conf, &conf->entry[i]))
			return false;
	}
	return true;
}
