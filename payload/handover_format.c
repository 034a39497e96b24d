// SPDX-License-Identifier: MIT
/* Turns a handover into the text of its two files and back. */
#include "handover_format.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT_VERSION "1"

/* A trailer is "END 123 89abcdef" and a newline. */
#define FORMAT_TRAILER_MAX 64

uint32_t handover_crc32(const char *text, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= (unsigned char)text[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void format_put(struct handover_file *file, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** What does not fit makes the file full, and a full file is an error. */
static void format_put(struct handover_file *file, const char *format, ...)
{
	size_t left = sizeof(file->text) - file->len;
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vsnprintf(file->text + file->len, left, format, arguments);
	va_end(arguments);
	file->len += len < 0 || (size_t)len >= left ? left : (size_t)len;
}

static bool format_is_full(const struct handover_file *file)
{
	return file->len == sizeof(file->text);
}

/** @word as conf_next_line() reads it back. */
static void format_put_word(struct handover_file *file, const char *word)
{
	if (*word && !word[strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"abcdefghijklmnopqrstuvwxyz"
					"0123456789_./:@,+-[]")]) {
		format_put(file, "%s", word);
		return;
	}
	format_put(file, "\"");
	for (; *word; word++) {
		unsigned char c = (unsigned char)*word;

		if (c < 0x20 || c > 0x7f)
			c = '?';
		format_put(file, "%s%c", strchr("\"\\#", c) ? "\\" : "", c);
	}
	format_put(file, "\"");
}

static void format_put_setting(struct handover_file *file, const char *keyword,
			       const char *word)
{
	format_put(file, "%s ", keyword);
	format_put_word(file, word);
	format_put(file, "\n");
}

/** ups.conf in the making: settings stay on the lines where they were. */
struct format_conf {
	struct handover_file *file;
	int line;    /* that is written next */
	int section; /* that the file is in */
};

static void format_go_to_line(struct format_conf *out, int line)
{
	for (; out->line < line; out->line++)
		format_put(out->file, "\n");
}

static void format_put_header(struct format_conf *out, const struct conf *conf,
			      int section, int line)
{
	char word[CONF_WORD_MAX + 1];

	format_go_to_line(out, line);
	(void)snprintf(word, sizeof(word), "[%s]",
		       conf_section_name(conf, section)); /* it was a word */
	format_put_word(out->file, word);
	format_put(out->file, "\n");
	out->line++;
	out->section = section;
}

static void format_put_entry(struct format_conf *out, const struct conf *conf,
			     const struct conf_entry *entry)
{
	/* Where a section is continued, its header stood somewhere above. */
	if (entry->section != out->section)
		format_put_header(out, conf, entry->section, entry->line - 1);
	format_go_to_line(out, entry->line);
	format_put_word(out->file, conf->text + entry->key);
	if (entry->value != CONF_NO_VALUE) {
		format_put(out->file, " = ");
		format_put_word(out->file, conf->text + entry->value);
	}
	format_put(out->file, "\n");
	out->line++;
}

/** The global part is everybody's; a section is ours if we are its primary. */
static bool format_is_ours(const struct handover *handover, int section)
{
	return !section ||
	       handover_is_primary_of(
		       handover, conf_section_name(&handover->conf, section));
}

int handover_format_conf(const struct handover *handover,
			 struct handover_file *file)
{
	const struct conf *conf = &handover->conf;
	struct format_conf out = { .file = file, .line = 1 };
	int section = 1;

	file->len = 0;
	for (int i = 0; i <= conf->entries; i++) {
		const struct conf_entry *entry =
			i < conf->entries ? &conf->entry[i] : NULL;

		for (; section < conf->sections; section++) {
			int line = conf->section_line[section];

			if (entry && line > entry->line)
				break;
			if (format_is_ours(handover, section))
				format_put_header(&out, conf, section, line);
		}
		if (entry && format_is_ours(handover, entry->section))
			format_put_entry(&out, conf, entry);
	}
	return format_is_full(file) ? -E2BIG : 0;
}

int handover_format_facts(const struct handover *handover,
			  const struct handover_file *conf,
			  struct handover_file *file)
{
	file->len = 0;
	format_put_setting(file, "LASTWATT", FORMAT_VERSION);
	format_put_setting(file, "BOOT_ID", handover->boot_id);
	format_put_setting(file, "FLAG", handover_flag_name(handover->flag));
	format_put_setting(file, "FLAG_PATH", handover->flag_path);
	if (handover->from_apcupsd)
		format_put_setting(file, "SOURCE", "apcupsd");
	if (handover->drill)
		format_put_setting(file, "DRILL",
				   handover_drill_name(handover->drill));
	format_put(file, "POWEROFF_WAIT_MS %lld\n",
		   (long long)handover->poweroff_wait_ms);
	for (int i = 0; i < handover->primaries; i++)
		format_put_setting(file, "PRIMARY", handover->primary[i]);
	for (int i = 0; i < handover->notes; i++)
		format_put_setting(file, "NOTE", handover->note[i]);
	format_put(file, "UPS_CONF %zu %08x\n", conf->len,
		   handover_crc32(conf->text, conf->len));
	format_put(file, "END %zu %08x\n", file->len,
		   handover_crc32(file->text, file->len));
	return format_is_full(file) ? -E2BIG : 0;
}

/** Store @word at @to; false if it does not fit. */
static bool format_take_word(char *to, size_t size, const char *word)
{
	if (strlen(word) >= size)
		return false;
	strcpy(to, word);
	return true;
}

static bool format_take_flag(struct handover *handover, const char *word)
{
	for (int i = FLAG_UNKNOWN; i <= FLAG_VALID; i++) {
		handover->flag = (enum handover_flag)i;
		if (!strcmp(handover_flag_name(handover->flag), word))
			return true;
	}
	return false;
}

const char *handover_drill_name(enum handover_drill drill)
{
	return drill == DRILL_ARM ? "arm" : "look";
}

bool handover_parse_drill(const char *word, enum handover_drill *drill)
{
	for (*drill = DRILL_LOOK; *drill <= DRILL_ARM; ++*drill) {
		if (!strcmp(word, handover_drill_name(*drill)))
			return true;
	}
	*drill = DRILL_NONE;
	return false;
}

static bool format_take_wait(struct handover *handover, const char *word)
{
	char *end;

	errno = 0;
	handover->poweroff_wait_ms = strtoll(word, &end, 10);
	return *word && !*end && !errno && handover->poweroff_wait_ms >= -1 &&
	       handover->poweroff_wait_ms <= HANDOVER_WAIT_MAX_MS;
}

/** The length and sum of ups.conf, exactly as we write them. */
static bool format_take_conf(const struct conf_line *line,
			     const struct handover_file *conf)
{
	char len[24];
	char sum[24];

	(void)snprintf(len, sizeof(len), "%zu", conf->len); /* it fits */
	(void)snprintf(sum, sizeof(sum), "%08x",
		       handover_crc32(conf->text, conf->len)); /* so does it */
	return line->words == 3 && !strcmp(line->word[1], len) &&
	       !strcmp(line->word[2], sum);
}

/** One line of the facts; false if it is none of ours. */
static bool format_take_line(struct handover *handover,
			     const struct conf_line *line)
{
	const char *keyword = line->word[0];
	const char *word = line->word[1];

	if (line->words != 2)
		return false;
	if (!strcmp(keyword, "BOOT_ID"))
		return format_take_word(handover->boot_id,
					sizeof(handover->boot_id), word);
	if (!strcmp(keyword, "FLAG"))
		return format_take_flag(handover, word);
	if (!strcmp(keyword, "DRILL"))
		return handover_parse_drill(word, &handover->drill);
	if (!strcmp(keyword, "FLAG_PATH"))
		return format_take_word(handover->flag_path,
					sizeof(handover->flag_path), word);
	if (!strcmp(keyword, "SOURCE")) {
		handover->from_apcupsd = !strcmp(word, "apcupsd");
		return handover->from_apcupsd;
	}
	if (!strcmp(keyword, "POWEROFF_WAIT_MS"))
		return format_take_wait(handover, word);
	if (!strcmp(keyword, "PRIMARY"))
		return handover->primaries < HANDOVER_UPS_MAX &&
		       format_take_word(handover->primary[handover->primaries++],
					UPS_NAME_MAX, word);
	if (!strcmp(keyword, "NOTE"))
		return handover->notes < HANDOVER_NOTES_MAX &&
		       format_take_word(handover->note[handover->notes++],
					UPS_SENTENCE_MAX, word);
	return false;
}

/**
 * The last line vouches for all before it. Returns their length, or 0 if it
 * is not exactly the line that belongs there.
 */
static size_t format_check_trailer(const struct handover_file *file)
{
	char trailer[FORMAT_TRAILER_MAX];
	size_t body = file->len;
	int len;

	if (!body || file->text[body - 1] != '\n')
		return 0;
	for (body--; body && file->text[body - 1] != '\n'; body--)
		;
	len = snprintf(trailer, sizeof(trailer), "END %zu %08x\n", body,
		       handover_crc32(file->text, body));
	if (len < 0 || (size_t)len != file->len - body ||
	    memcmp(trailer, file->text + body, (size_t)len))
		return 0;
	return body;
}

int handover_parse(struct handover *handover, const struct handover_file *facts,
		   const struct handover_file *conf)
{
	size_t body = format_check_trailer(facts);
	struct conf_reader reader;
	struct conf_line line;

	memset(handover, 0, sizeof(*handover));
	conf_reader_start(&reader, "handover", facts->text, body, NULL);
	if (!conf_next_line(&reader, &line) || line.words != 2 ||
	    strcmp(line.word[0], "LASTWATT") ||
	    strcmp(line.word[1], FORMAT_VERSION))
		return -EBADMSG;
	while (conf_next_line(&reader, &line)) {
		if (!strcmp(line.word[0], "UPS_CONF"))
			break;
		if (!format_take_line(handover, &line))
			return -EBADMSG;
	}
	if (strcmp(line.word[0], "UPS_CONF") ||
	    !format_take_conf(&line, conf) || conf_next_line(&reader, &line))
		return -EBADMSG;
	/* What did not fit was left out when it was written, too. */
	(void)conf_parse(&handover->conf, "ups.conf", conf->text, conf->len,
			 NULL);
	return 0;
}
