// SPDX-License-Identifier: MIT
/* Our expressions, against the build machine's regcomp(). */
#include <errno.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/pattern.h"

static struct pattern pattern;

/** What NUT does: compile, and the match has to be the whole text. */
static int reference(const char *expression, const char *text)
{
	regmatch_t at;
	regex_t regex;
	int ret;

	if (regcomp(&regex, expression, REG_EXTENDED | REG_ICASE) != 0)
		return -EINVAL;
	ret = regexec(&regex, text, 1, &at, 0) == 0 && at.rm_so == 0 &&
	      (size_t)at.rm_eo == strlen(text);
	regfree(&regex);
	return ret;
}

static int ours(const char *expression, const char *text)
{
	int ret = pattern_compile(&pattern, expression);

	return ret < 0 ? ret : pattern_matches(&pattern, text);
}

static const char *const expressions[] = {
	"",
	"0463",
	"051D",
	"Eaton 3S 700",
	"Eaton.*",
	"eaton",
	"(Eaton|MGE) .*",
	"(a|b)*c",
	"[0-9]{4}",
	"[[:digit:]]+",
	"[^[:alpha:]]*",
	"[]a]+",
	"[^]a]+",
	"a{2}",
	"a{2,}",
	"a{2,3}",
	"(ab){0,2}",
	"a?b+c*",
	"^a.c$",
	"a|bc|",
	"a\\.c",
	"a.c",
	"\\[a\\]",
	"0{0,2}1",
	"((a|b)c)+",
	"x*",
	"()",
	"a)",
	"[a-c-]+",
	"\\w+",
	"\\W*",
	"a\\s\\S",
	"[A-F]+",
	"*a",
	"(a",
	"[a",
	"a{x",
	"a{3,2}",
	"\\",
	"a**",
	"(a+)+b",
};

static const char *const texts[] = {
	"",         "0463",
	"051d",     "463",
	"04630",    "Eaton 3S 700",
	"eaton",    "a",
	"aa",       "aaa",
	"aaaa",     "ab",
	"abab",     "ababab",
	"c",        "ac",
	"abc",      "abbc",
	"bc",       "acbc",
	"a.c",      "A.C",
	"[a]",      "]",
	"-",        "1234",
	"12345",    "ABC",
	"001",      "1",
	"00001",    "MGE x",
	"x",        "xxxx",
	"b",        "a b",
	"a_1",      "!",
	"\xc3\xa4", "aaaaaaaaaaaaaaaaaaaaaaaaaaaac",
	"a)",
};

static void agrees_with_regcomp(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(expressions) / sizeof(*expressions); i++) {
		for (size_t j = 0; j < sizeof(texts) / sizeof(*texts); j++) {
			int expected = reference(expressions[i], texts[j]);
			int got = ours(expressions[i], texts[j]);

			if (got != expected)
				fail_msg("\"%s\" on \"%s\": %d, not %d",
					 expressions[i], texts[j], got,
					 expected);
		}
	}
}

/** Random expressions of what users write; invalid ones among them. */
static void agrees_on_random_ones(void **state)
{
	static const char *const parts[] = { "a",     "b",    ".",    "*",
					     "+",     "?",    "(",    ")",
					     "|",     "[ab]", "[^a]", "{2}",
					     "{1,2}", "c" };
	int compared = 0;

	(void)state;
	srand(3);
	for (int round = 0; round < 20000; round++) {
		char expression[64] = "", text[8] = "";
		int expected, got;

		for (int i = rand() % 8; i >= 0; i--)
			strcat(expression,
			       parts[(size_t)rand() %
				     (sizeof(parts) / sizeof(*parts))]);
		for (int i = rand() % 7; i > 0; i--)
			strcat(text,
			       (const char *[]){ "a", "b", "c" }[rand() % 3]);
		expected = reference(expression, text);
		got = ours(expression, text);
		/* The other one takes "(*a)" and "a|*b", by accident. */
		if (got == -EINVAL || expected < 0)
			continue;
		if (got != expected)
			fail_msg("\"%s\" on \"%s\": %d, not %d", expression,
				 text, got, expected);
		compared++;
	}
	assert_true(compared > 5000);
}

static void is_bounded(void **state)
{
	char expression[600];
	char text[128];

	(void)state;
	assert_int_equal(pattern_compile(&pattern, "\\1"), -EINVAL);
	assert_int_equal(pattern_compile(&pattern, "[[.a.]]"), -EINVAL);
	assert_int_equal(pattern_compile(&pattern, "a{256}"), -EINVAL);
	assert_int_equal(pattern_compile(&pattern, "(a{16}){17}"), -E2BIG);
	assert_int_equal(pattern_compile(&pattern, "a{99999999999}"), -EINVAL);
	memset(expression, '(', sizeof(expression));
	expression[sizeof(expression) - 1] = '\0';
	assert_int_equal(pattern_compile(&pattern, expression), -E2BIG);
	memset(expression, 'a', sizeof(expression) - 1);
	assert_int_equal(pattern_compile(&pattern, expression), -E2BIG);

	/* What takes others for ever. */
	assert_int_equal(pattern_compile(&pattern, "((a*)*)*b"), 0);
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_false(pattern_matches(&pattern, text));
}

static void survives_random_bytes(void **state)
{
	(void)state;
	srand(4);
	for (int round = 0; round < 20000; round++) {
		char *expression = malloc(24);
		int len = rand() % 23;

		for (int i = 0; i < len; i++)
			expression[i] =
				(char)(rand() % 3
					       ? "()[]{}|*+?^$\\:-,09"[rand() % 18]
					       : 1 + rand() % 255);
		expression[len] = '\0';
		if (pattern_compile(&pattern, expression) == 0)
			(void)pattern_matches(&pattern, "Eaton 3S 700");
		free(expression);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_regcomp),
		cmocka_unit_test(agrees_on_random_ones),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(survives_random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
