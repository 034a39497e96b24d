// SPDX-License-Identifier: MIT
/* Rows of a hardware list, as NUT writes them and as nobody should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/coverage.h"

#define ROW(drivers) "\"Maker\"\t\"ups\"\t\"3\"\t\"A\"\t\"\"\t\"" drivers "\"\n"

static const struct {
	const char *text;
	struct coverage counted;
} cases[] = {
	{ "", { 0 } },
	{ "# a comment\n\n  \t\r\n", { 0 } },
	{ ROW("usbhid-ups"), { 1, 1, 1, 1, 0 } },
	{ ROW("driver=usbhid-ups"), { 1, 1, 1, 1, 0 } },
	{ ROW("usbhid-ups (experimental)"), { 1, 1, 1, 1, 0 } },
	{ ROW("(USB) usbhid-ups"), { 1, 1, 1, 1, 0 } },
	{ ROW("no-such-driver or usbhid-ups vendorid=0463"), { 1, 1, 1, 1, 0 } },
	{ ROW("usbhid-ups or nhs_ser"), { 1, 1, 1, 1, 0 } },
	{ ROW("no-such-driver"), { 1, 0, 1, 0, 0 } },
	{ ROW("nhs_ser"), { 1, 0, 0, 0, 0 } },
	{ ROW("nhs_ser or powerman-pdu"), { 1, 0, 0, 0, 0 } },
	{ ROW("ragtech"), { 1, 0, 1, 0, 0 } },
	{ ROW(""), { 1, 0, 0, 0, 0 } },
	{ ROW("usbhid-ups") ROW("nhs_ser") ROW("other"), { 3, 1, 2, 1, 0 } },
	{ "\"a\"\t\"b\"\t\"3\"\t\"c\"\t\"d\"\t\"usbhid-ups\"",
	  { 1, 1, 1, 1, 0 } },
	{ "\"a\"\t\"b\"\t\"3\"\t\"c\"\t\"d\"\t\"usbhid-ups\"\t# \"x\"\n",
	  { 1, 1, 1, 1, 0 } },
	/* Nonsense is counted, and read no further. */
	{ "\"a\"\t\"b\"\n", { 0, 0, 0, 0, 1 } },
	{ "usbhid-ups\n", { 0, 0, 0, 0, 1 } },
	{ "\"a\"\t\"b\"\t\"3\"\t\"c\"\t\"d\"\t\"usbhid-ups\n",
	  { 0, 0, 0, 0, 1 } },
	{ "\"a\"\t\"b\"\t\"3\"\t\"c\"\t\"d\"\t\"e\"\t\"f\"\n",
	  { 0, 0, 0, 0, 1 } },
	{ ROW("((((usbhid-ups"), { 1, 0, 0, 0, 0 } },
	{ ROW(")usbhid-ups"), { 1, 0, 1, 0, 0 } },
	{ ROW(" or  or driver= or "), { 1, 0, 0, 0, 0 } },
};

static void rows_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct coverage counted;

		coverage_count(&counted, cases[i].text, strlen(cases[i].text));
		if (memcmp(&counted, &cases[i].counted, sizeof(counted)) != 0)
			fail_msg("%s: %d %d %d %d %d", cases[i].text,
				 counted.rows, counted.native, counted.nut,
				 counted.both, counted.malformed);
	}
}

static void contact_closure_needs_a_line(void **state)
{
	static const char *const none[] = { "4", "8", "16", "17", "18", "23" };
	char row[] = ROW("genericups upstype=00");
	struct coverage counted;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		char *at = strstr(row, "upstype=") + 8;

		memset(at, ' ', 2);
		memcpy(at, none[i], strlen(none[i]));
		coverage_count(&counted, row, strlen(row));
		assert_int_equal(counted.nut, 0);
		at[0] = '7';
		at[1] = ' ';
		coverage_count(&counted, row, strlen(row));
		assert_int_equal(counted.nut, 1);
	}
}

static void long_lines_and_zeros_are_survived(void **state)
{
	static char text[5000];
	struct coverage counted;

	(void)state;
	memset(text, '"', sizeof(text));
	coverage_count(&counted, text, sizeof(text));
	assert_int_equal(counted.malformed, 1);
	memset(text, 0, sizeof(text));
	coverage_count(&counted, text, 1000);
	assert_int_equal(counted.rows, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_counted),
		cmocka_unit_test(contact_closure_needs_a_line),
		cmocka_unit_test(long_lines_and_zeros_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
