// SPDX-License-Identifier: MIT
/* ups.conf as NUT understands it, and as nobody should write it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/said_fake.h"

static void hear(void *arg, const char *file, int line, const char *sentence)
{
	assert_string_equal(file, "ups.conf");
	assert_true(line > 0);
	said_hear(arg, file, line, sentence);
}

static int parse(struct conf *conf, const char *text, struct said *said)
{
	struct conf_report report = { hear, said };
	int ret;

	memset(said, 0, sizeof(*said));
	ret = conf_parse(conf, "ups.conf", text, strlen(text), &report);
	assert_true(conf_is_sound(conf));
	return ret;
}

/** Parse @text, which says nothing, and look up @key in @section. */
static const char *value_in(struct conf *conf, const char *text,
			    const char *section, const char *key)
{
	struct said said;

	assert_int_equal(parse(conf, text, &said), 0);
	said_check(&said, NULL);
	return conf_value(conf, conf_find_section(conf, section), key);
}

static void conf_reads_sections_and_keys(void **state)
{
	static const char text[] = "maxstartdelay = 20\n"
				   "nowait\n"
				   "[eaton]\n"
				   "\tdriver = usbhid-ups\n"
				   "\tport=auto\n"
				   "  desc = \"Rack 3 \\#1\"\n"
				   "[other]\n"
				   "driver = blazer_usb\n"
				   "[eaton]\n"
				   "DESC = second\n"
				   "serial = \"\"\n";
	struct conf conf;
	int eaton;

	(void)state;
	assert_string_equal(value_in(&conf, text, "", "maxstartdelay"), "20");
	assert_int_equal(conf.sections, 3);
	assert_string_equal(conf_value(&conf, 0, "nowait"), "");
	eaton = conf_find_section(&conf, "eaton");
	assert_int_equal(eaton, 1);
	assert_string_equal(conf_section_name(&conf, eaton), "eaton");
	assert_string_equal(conf_section_name(&conf, 0), "");
	assert_string_equal(conf_value(&conf, eaton, "Driver"), "usbhid-ups");
	assert_string_equal(conf_value(&conf, eaton, "desc"), "second");
	assert_int_equal(conf_value_line(&conf, eaton, "desc"), 10);
	assert_string_equal(conf_value(&conf, eaton, "serial"), "");
	assert_null(conf_value(&conf, eaton, "vendorid"));
	assert_int_equal(conf_value_line(&conf, eaton, "vendorid"), 0);
	assert_int_equal(conf_find_section(&conf, "Eaton"), -ENOENT);
	assert_int_equal(conf.section_line[eaton], 3);
}

static void conf_reads_odd_headers(void **state)
{
	struct conf conf;

	(void)state;
	assert_string_equal(
		value_in(&conf, "\"[my ups]\"\na=b\n", "my ups", "a"), "b");
	assert_string_equal(value_in(&conf, "[[x]]\na=b\n", "[x]", "a"), "b");
	assert_string_equal(value_in(&conf, "[\na=b\n", "", "a"), "b");
	assert_string_equal(value_in(&conf, "[\na=b\n", "", "["), "");
}

/* NUT sets the variable at once, and lets nothing change it any more. */
static void conf_takes_the_first_override(void **state)
{
	static const char text[] = "[u]\n"
				   "override.ups.delay.shutdown = 20\n"
				   "Override.UPS.delay.shutdown = 30\n"
				   "default.ups.delay.start = 1\n"
				   "default.ups.delay.start = 2\n";
	struct conf conf;

	(void)state;
	assert_string_equal(
		value_in(&conf, text, "u", "override.ups.delay.shutdown"), "20");
	assert_int_equal(
		conf_value_line(&conf, 1, "override.ups.delay.shutdown"), 2);
	assert_string_equal(conf_value(&conf, 1, "default.ups.delay.start"),
			    "2");
}

static void conf_tells_what_it_leaves_out(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		const char *sentence;
	} table[] = {
		{ "[u]\nport /dev/x\n", "ups.conf:2: \"port\" is ignored: there is no =" },
		{ "[u]\nport =\n", "ups.conf:2: \"port\" is ignored: there is no value" },
		{ "[u]\ndesc = two words\n", "ups.conf:2: \"desc\" gets the first word" },
		{ "offdelay = 3\n[u]\n", "ups.conf:1: \"offdelay\" does nothing above" },
		{ "[]\na = b\n", "ups.conf:1: a section without a name" },
		{ "[u] a = b\n", "ups.conf:1: what follows [u]" },
		{ "[default]\n", "ups.conf:1: NUT does not allow" },
		{ "[u]\ndesc = \"UPS #1\"\n", "ups.conf:2: a # inside quotes" },
	};
	/* clang-format on */
	struct conf conf;
	struct said said;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(parse(&conf, table[i].text, &said), 0);
		assert_int_equal(said.count, 1);
		said_check(&said, table[i].sentence);
	}
	parse(&conf, "[u]\ndesc = two words\n", &said);
	assert_string_equal(conf_value(&conf, 1, "desc"), "two");
	parse(&conf, "[]\na = b\n[u]\nc = d\n", &said);
	assert_null(conf_value(&conf, 0, "a"));
	assert_string_equal(conf_value(&conf, 1, "c"), "d");
}

static void conf_keeps_what_fits(void **state)
{
	static char text[200000];
	struct conf conf;
	struct said said;
	size_t len = 0;

	(void)state;
	for (int i = 0; i < CONF_SECTIONS_MAX + 5; i++)
		len += (size_t)sprintf(text + len, "[s%d]\nk = %d\n", i, i);
	assert_int_equal(parse(&conf, text, &said), -E2BIG);
	assert_int_equal(said.count, 1);
	assert_int_equal(conf.sections, CONF_SECTIONS_MAX);
	assert_string_equal(conf_value(&conf, CONF_SECTIONS_MAX - 1, "k"), "62");

	len = (size_t)sprintf(text, "[s]\nfirst = 1\n");
	for (int i = 0; i < CONF_ENTRIES_MAX + 5; i++)
		len += (size_t)sprintf(text + len, "k%d = %d\n", i, i);
	assert_int_equal(parse(&conf, text, &said), -E2BIG);
	assert_int_equal(conf.entries, CONF_ENTRIES_MAX);
	assert_string_equal(conf_value(&conf, 1, "first"), "1");

	len = (size_t)sprintf(text, "[s]\n");
	for (int i = 0; i < 100; i++)
		len += (size_t)sprintf(text + len, "k%d = %0500d\n", i, i);
	assert_int_equal(parse(&conf, text, &said), -E2BIG);
	assert_int_equal(said.count, 1);
	assert_non_null(conf_value(&conf, 1, "k0"));

	memset(text, '\n', 70000);
	strcpy(text + 70000, "[late]\n");
	assert_int_equal(parse(&conf, text, &said), -E2BIG);
	assert_int_equal(conf.sections, 1);
}

static void conf_distrusts_foreign_offsets(void **state)
{
	struct conf good;
	struct conf bad;
	struct said said;

	(void)state;
	parse(&good, "[u]\na = b\n", &said);
	bad = good;
	bad.entry[0].key = bad.text_len;
	assert_false(conf_is_sound(&bad));
	bad = good;
	bad.entry[0].section = bad.sections;
	assert_false(conf_is_sound(&bad));
	bad = good;
	bad.entry[0].value = CONF_NO_VALUE - 1;
	assert_false(conf_is_sound(&bad));
	bad = good;
	bad.section_name[1] = 0xffff;
	assert_false(conf_is_sound(&bad));
	bad = good;
	bad.file = bad.text_len;
	assert_false(conf_is_sound(&bad));
	bad = good;
	bad.more_file = 0xffff;
	assert_false(conf_is_sound(&bad));
	bad = good;
	bad.text[bad.text_len - 1] = 'x';
	assert_false(conf_is_sound(&bad));
	bad = good;
	bad.text_len = CONF_TEXT_MAX + 1;
	assert_false(conf_is_sound(&bad));
	bad = good;
	bad.entries = CONF_ENTRIES_MAX + 1;
	assert_false(conf_is_sound(&bad));
	memset(&bad, 0, sizeof(bad));
	assert_false(conf_is_sound(&bad));
}

/** Bytes that a grammar stumbles over, in an order that only looks random. */
static void conf_survives_noise(void **state)
{
	static const char alphabet[] = "[]=\"\\#\n\n \tab\r\001\377z0";
	char text[300];
	struct conf conf;
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t len = 0;

		while (len < sizeof(text)) {
			seed = seed * 1664525 + 1013904223;
			if (len && seed >> 24 == 0)
				break;
			text[len++] =
				alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		assert_int_equal(conf_parse(&conf, "f", text, len, NULL), 0);
		assert_true(conf_is_sound(&conf));
	}
}

static void test_what_is_added_is_there(void **state)
{
	static const char text[] = "[a]\nx = 1\n\n[b]\n";
	struct conf conf;

	(void)state;
	assert_int_equal(conf_parse(&conf, "f", text, strlen(text), NULL), 0);
	assert_int_equal(conf_add(&conf, 2, "route", "here and there"), 0);
	assert_int_equal(conf_add(&conf, 1, "x", "2"), 0);
	assert_string_equal(conf_value(&conf, 2, "route"), "here and there");
	assert_string_equal(conf_value(&conf, 1, "x"), "2");
	assert_int_equal(conf_value_line(&conf, 2, "route"), 6);
	assert_int_equal(conf_value_line(&conf, 1, "x"), 8);
	assert_true(conf_is_sound(&conf));
	while (conf_add(&conf, 1, "key", "value") == 0)
		;
	assert_true(conf_is_sound(&conf));
}

static void conf_takes_sections_of_another_file(void **state)
{
	static const char text[] = "[a]\ndriver = x\n[b]\n\n";
	static const char more[] = "offdelay = 1\n[c]\nport = p\n[a]\n"
				   "driver = y\n[d]\nflag\n[c]\nz = 1\n";
	struct said said = { .count = 0 };
	struct conf_report report = { said_hear, &said };
	struct conf conf;

	(void)state;
	assert_int_equal(conf_parse(&conf, "f", text, strlen(text), NULL), 0);
	assert_int_equal(
		conf_parse_more(&conf, "m", more, strlen(more), &report), 0);
	assert_true(conf_is_sound(&conf));
	assert_int_equal(conf.sections, 5);
	assert_string_equal(conf_value(&conf, 1, "driver"), "y");
	assert_string_equal(conf_value(&conf, 3, "port"), "p");
	assert_string_equal(conf_value(&conf, 3, "z"), "1");
	assert_string_equal(conf_value(&conf, 4, "flag"), "");
	assert_null(conf_value(&conf, 0, "offdelay"));
	assert_string_equal(
		said.text,
		"m:1: \"offdelay\" does nothing above the first [section]\n");
	assert_false(conf_is_more(&conf, conf.section_line[2]));
	assert_true(conf_is_more(&conf, conf.section_line[3]));
	assert_string_equal(
		conf_place(&conf, conf_value_line(&conf, 1, "driver")).text,
		"m:5");
	assert_string_equal(conf_place(&conf, conf.section_line[1]).text, "f:1");
	assert_string_equal(
		conf_place(&conf, conf_value_line(&conf, 3, "port")).text,
		"m:3");
	assert_string_equal(conf_place(&conf, conf.section_line[4]).text, "m:6");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conf_reads_sections_and_keys),
		cmocka_unit_test(conf_reads_odd_headers),
		cmocka_unit_test(conf_takes_the_first_override),
		cmocka_unit_test(conf_tells_what_it_leaves_out),
		cmocka_unit_test(conf_keeps_what_fits),
		cmocka_unit_test(conf_distrusts_foreign_offsets),
		cmocka_unit_test(conf_survives_noise),
		cmocka_unit_test(test_what_is_added_is_there),
		cmocka_unit_test(conf_takes_sections_of_another_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
