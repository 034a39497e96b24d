// SPDX-License-Identifier: MIT
/* The corners of NUT's tokeniser, one line for each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/said_fake.h"

/** Lines as "number:word|word|;", words in the order of the file. */
static void render(char *out, size_t size, const char *text, size_t len,
		   struct said *said)
{
	struct conf_report report = { said_hear, said };
	struct conf_reader reader;
	struct conf_line line;
	size_t at = 0;

	out[0] = '\0';
	conf_reader_start(&reader, "f", text, len, &report);
	while (conf_next_line(&reader, &line)) {
		at += (size_t)snprintf(out + at, size - at, "%d:", line.number);
		for (int i = 0; i < line.words && at < size; i++)
			at += (size_t)snprintf(out + at, size - at, "%s|",
					       line.word[i]);
		at += (size_t)snprintf(out + at, size - at, ";");
		assert_true(at < size);
	}
}

static void words_are_cut_as_nut_does(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		const char *lines;
		const char *sentence;   /* part of what is said, NULL: silence */
	} table[] = {
		{ "", "", NULL },
		{ "\n\n  \t\n", "", NULL },
		{ "a b  c\n", "1:a|b|c|;", NULL },
		{ "\n\na\n", "3:a|;", NULL },
		{ "a\vb\fc\rd\n", "1:a|b|c|d|;", NULL },
		{ "a = b\r\nc = d\r\n", "1:a|=|b|;2:c|=|d|;", NULL },
		{ "a=b\n", "1:a|=|b|;", NULL },
		{ "a= b\n", "1:a|=|b|;", NULL },
		{ "a ==b\n", "1:a|=|=|b|;", NULL },
		{ "a=\"b=c\"\n", "1:a|=|b=c|;", NULL },
		{ "# all\na # rest\n", "2:a|;", NULL },
		{ "a#c\n", "1:a|;", NULL },
		{ "\"x\"#c\nb\n", "1:x|;2:b|;", NULL },
		{ "a\\#c\n", "1:a#c|;", NULL },
		{ "\"a\\#c\"\n", "1:a#c|;", NULL },
		{ "a \"b #c\" d\ne\n", "1:c\"|d|;2:e|;", "f:1: a # inside quotes" },
		{ "a = \"b#\" c\"\nd\"\n", "1: c|;2:d\"|;", "f:1: a # inside" },
		{ "a\"b\n", "1:a\"b|;", NULL },
		{ "[\"g 2\"]\n", "1:[\"g|2\"]|;", NULL },
		{ "\"[my ups]\"\n", "1:[my ups]|;", NULL },
		{ "\"a\"\"b\"c\n", "1:a|b|c|;", NULL },
		{ "\"\" x\n", "1:|x|;", NULL },
		{ "\"a b\nc\" d\ne\n", "1:a bc|d|;3:e|;", "over the end of the line" },
		{ "\"a\tb\"\n", "1:ab|;", "control or non-ASCII" },
		{ "a\001b\xc3\xa4" "c\n", "1:abc|;", "control or non-ASCII" },
		{ "\001\n", "1:|;", "control or non-ASCII" },
		{ "a\177b\n", "1:a\177b|;", NULL },
		{ "a\\ b\n", "1:a b|;", NULL },
		{ "a \\\nb\n", "1:a|b|;", NULL },
		{ "a \\\n b\n", "1:a||b|;", NULL },
		{ "a\\\nb\nc\n", "1:ab|;3:c|;", NULL },
		{ "\"a\\\nb\"\n", "1:ab|;", NULL },
		{ "\"\\\\\\\\.\\\\COM1\" \"\\\"\"\n", "1:\\\\.\\COM1|\"|;", NULL },
		{ "a\\=b\n", "1:a=b|;", NULL },
		{ "a = b", "1:a|=|b|;", NULL },
		{ "a b\nlost", "1:a|b|;", "f:2: the last line has one word" },
		{ "kept ", "1:kept|;", NULL },
		{ "a \"b", "1:a|b|;", "before it is closed" },
		{ "\"b", "", "before it is closed" },
		{ "a \\", "1:a|;", NULL },
	};
	/* clang-format on */
	char out[512];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct said said = { 0 };

		render(out, sizeof(out), table[i].text, strlen(table[i].text),
		       &said);
		assert_string_equal(out, table[i].lines);
		said_check(&said, table[i].sentence);
	}
}

static void words_stop_at_nuts_limits(void **state)
{
	static char text[CONF_WORDS_MAX * 2 + 1000];
	struct said said = { 0 };
	struct conf_report report = { said_hear, &said };
	struct conf_reader reader;
	struct conf_line line;

	(void)state;
	memset(text, 'a', 600);
	for (int i = 0; i < CONF_WORDS_MAX; i++)
		memcpy(text + 600 + 2 * i, " b", 2);
	strcpy(text + 600 + 2 * CONF_WORDS_MAX, "\nnext\n");
	conf_reader_start(&reader, "f", text, strlen(text), &report);
	assert_true(conf_next_line(&reader, &line));
	assert_int_equal(line.words, CONF_WORDS_MAX);
	assert_int_equal(strlen(line.word[0]), CONF_WORD_MAX);
	assert_string_equal(line.word[CONF_WORDS_MAX - 1], "b");
	assert_true(conf_next_line(&reader, &line));
	assert_string_equal(line.word[0], "next");
	assert_false(conf_next_line(&reader, &line));
	assert_int_equal(said.count, 2);
}

static void words_take_bytes_that_are_zero(void **state)
{
	struct said said = { 0 };
	char out[64];

	(void)state;
	render(out, sizeof(out), "a\0b c\n", 6, &said);
	assert_string_equal(out, "1:ab|c|;");
	assert_int_equal(said.count, 1);
}

static void words_tell_the_last_line_too(void **state)
{
	struct conf_reader reader;
	struct conf_line line;
	const char *text = "a \"b\nc\"\nd\n";

	(void)state;
	conf_reader_start(&reader, "f", text, strlen(text), NULL);
	assert_true(conf_next_line(&reader, &line));
	assert_int_equal(line.number, 1);
	assert_int_equal(line.last_number, 2);
	assert_true(conf_next_line(&reader, &line));
	assert_int_equal(line.number, 3);
	assert_int_equal(line.last_number, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_cut_as_nut_does),
		cmocka_unit_test(words_stop_at_nuts_limits),
		cmocka_unit_test(words_take_bytes_that_are_zero),
		cmocka_unit_test(words_tell_the_last_line_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
