// SPDX-License-Identifier: MIT
/*
 * Reads generated files with NUT's own tokeniser (parseconf of its client
 * library) and with ours, and compares line by line and word by word.
 *
 *	words SEED COUNT    so many files; the first that differs is shown
 *	words - FILE        what we make of a file: "section TAB key TAB value",
 *	                    a value once for each time that its key is there
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <parseconf.h>

#include "base/conf.h"

#define FILE_MAX (CONF_WORD_MAX * 40)

struct generated {
	uint64_t seed;
	size_t len;
	char text[FILE_MAX];
};

/** A number below @limit (xorshift64*). */
static unsigned int next_number(struct generated *file, unsigned int limit)
{
	file->seed ^= file->seed >> 12;
	file->seed ^= file->seed << 25;
	file->seed ^= file->seed >> 27;
	return (unsigned int)((file->seed * 2685821657736338717ULL) >> 33) %
	       limit;
}

static void put(struct generated *file, const char *text, size_t len)
{
	if (len > sizeof(file->text) - file->len)
		return;
	memcpy(file->text + file->len, text, len);
	file->len += len;
}

static void put_run(struct generated *file, char c, unsigned int len)
{
	while (len--)
		put(file, &c, 1);
}

/** What files are made of, and what a grammar stumbles over. */
static void put_piece(struct generated *file)
{
	static const char *const pieces[] = {
		"driver",
		"port",
		"[ups]",
		"[",
		"]",
		"=",
		" = ",
		"=",
		" ",
		"  ",
		"\t",
		"\n",
		"\n",
		"\n",
		"\r\n",
		"\r",
		"\"",
		"\"",
		"\"\"",
		"\\",
		"\\\\",
		"\\\"",
		"\\#",
		"\\\n",
		"#",
		"# x",
		"a#b",
		"a",
		"\v",
		"\f",
		"\\ ",
		"\\=",
		"\"a b\"",
		"\"[b c]\"",
		"[a b]",
		"MONITOR",
		"POWERDOWNFLAG",
		"\"a # b\"",
		"\"a \\# b\"",
		"'q r'",
		"\xc3\xa4",
		"\x7f",
		"\x01",
		"\x80",
		"\xff",
		"$HOME",
		"`x`",
		";",
		"\\\x01",
		"\\\r\n",
	};
	unsigned int at = next_number(file, 200);

	if (at < sizeof(pieces) / sizeof(pieces[0]))
		put(file, pieces[at], strlen(pieces[at]));
	else if (at == 199)
		put_run(file, 'w', CONF_WORD_MAX - 3 + next_number(file, 6));
	else if (at == 198)
		for (unsigned int i = 28 + next_number(file, 8); i; i--)
			put(file, i % 3 ? "v " : "=", 2 - !(i % 3));
	else if (at == 197)
		put(file, "\0", 1);
	else if (at == 196)
		put_run(file, (char)next_number(file, 256), 1);
	else if (at < 120)
		put(file, pieces[at % 32], strlen(pieces[at % 32]));
	else
		put_run(file, (char)('a' + next_number(file, 26)),
			1 + next_number(file, 4));
}

static void generate(struct generated *file)
{
	unsigned int pieces = 1 + next_number(file, 60);

	file->len = 0;
	while (pieces--)
		put_piece(file);
}

static void show_text(const char *who, const char *text, size_t len)
{
	printf("%s\"", who);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c >= ' ' && c < 0x7f)
			putchar(c);
		else
			printf("\\%03o", c);
	}
	printf("\"\n");
}

/** The next line of NUT's that has words; false at the end. */
static bool next_of_nut(PCONF_CTX_t *nut)
{
	while (pconf_file_next(nut)) {
		/* On an error all programs of NUT drop what was read. */
		if (!pconf_parse_error(nut) && nut->numargs)
			return true;
	}
	return false;
}

static bool same_line(const PCONF_CTX_t *nut, const struct conf_line *line)
{
	if (nut->numargs != (size_t)line->words)
		return false;
	for (int i = 0; i < line->words; i++) {
		if (strcmp(nut->arglist[i], line->word[i]))
			return false;
	}
	return true;
}

static void show_difference(const PCONF_CTX_t *nut, const struct conf_line *line)
{
	for (size_t i = 0; nut && i < nut->numargs; i++)
		show_text("# NUT's word ", nut->arglist[i],
			  strlen(nut->arglist[i]));
	for (int i = 0; line && i < line->words; i++)
		show_text("# our word   ", line->word[i], strlen(line->word[i]));
}

static bool compare(const struct generated *file, const char *path)
{
	struct conf_reader reader;
	struct conf_line line;
	bool is_same = true;
	PCONF_CTX_t nut;

	pconf_init(&nut, NULL);
	if (!pconf_file_begin(&nut, path))
		return false;
	conf_reader_start(&reader, "", file->text, file->len, NULL);
	while (is_same) {
		bool theirs = next_of_nut(&nut);
		bool ours = conf_next_line(&reader, &line);

		is_same = theirs == ours && (!ours || same_line(&nut, &line));
		if (!is_same)
			show_difference(theirs ? &nut : NULL,
					ours ? &line : NULL);
		if (!theirs || !ours)
			break;
	}
	pconf_finish(&nut);
	return is_same;
}

static int compare_many(uint64_t seed, int count)
{
	static struct generated file;
	int fd = memfd_create("words", 0);
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (int i = 0; i < count; i++) {
		/* Each has a seed of its own, to be looked at alone. */
		file.seed = seed + (uint64_t)i * 0x9e3779b97f4a7c15;
		generate(&file);
		if (ftruncate(fd, 0) ||
		    pwrite(fd, file.text, file.len, 0) != (ssize_t)file.len)
			return 2;
		if (compare(&file, path))
			continue;
		printf("# file %d\n", i);
		show_text("# ", file.text, file.len);
		return 1;
	}
	return 0;
}

static int show_conf(const char *path)
{
	static char text[1 << 20];
	static struct conf conf;
	FILE *file = fopen(path, "re");
	size_t len;

	if (!file)
		return 2;
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	conf_parse(&conf, path, text, len, NULL);
	for (int i = 0; i < conf.entries; i++) {
		const struct conf_entry *entry = &conf.entry[i];

		const char *key = conf.text + entry->key;

		printf("%s\t%s\t%s\n", conf_section_name(&conf, entry->section),
		       key, conf_value(&conf, entry->section, key));
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	if (!strcmp(argv[1], "-"))
		return show_conf(argv[2]);
	return compare_many(strtoull(argv[1], NULL, 0), atoi(argv[2]));
}
