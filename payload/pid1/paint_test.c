// SPDX-License-Identifier: MIT
/* How lines look on a screen of 80 columns, on a serial line, in colours. */
#include "pid1/paint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define INDENT 32
#define HEAD   "lastwatt: [   410 ms] record    "

static void expect_painted(struct paint *paint, const char *message,
			   const char *wanted)
{
	char out[PAINT_OUT_MAX + 1];

	out[paint_line(paint, message, strlen(message), INDENT, out)] = '\0';
	assert_string_equal(out, wanted);
}

static void test_serial_lines_stay_whole(void **state)
{
	struct paint paint = { 0 };

	(void)state;
	expect_painted(
		&paint,
		"." HEAD
		"rack1: return verified, load off in 20 s, on after 30 s, by PowerSummary delays",
		HEAD
		"rack1: return verified, load off in 20 s, on after 30 s, by PowerSummary delays\r\n");
	expect_painted(&paint, "!short", "short\r\n");
	assert_int_equal(paint_line(&paint, "", 0, INDENT, NULL), 0);
}

static void test_screens_are_folded_below_the_text(void **state)
{
	struct paint paint = { .width = 80 };

	(void)state;
	expect_painted(
		&paint,
		"." HEAD
		"rack1: return verified, load off in 20 s, on after 30 s, by PowerSummary delays, report 0x09",
		HEAD "rack1: return verified, load off in 20 s, on\r\n"
		     "                                "
		     "after 30 s, by PowerSummary delays, report 0x09\r\n");
	/* Exactly as long as the screen is wide: nothing to fold. */
	expect_painted(
		&paint,
		"." HEAD "123456789 123456789 123456789 123456789 12345678",
		HEAD "123456789 123456789 123456789 123456789 12345678\r\n");
	/* A word that no line can hold is cut where the line ends. */
	expect_painted(
		&paint,
		"." HEAD
		"/dev/disk/by-id/ata-123456789-123456789-123456789-123456789",
		HEAD "/dev/disk/by-id/ata-123456789-123456789-12345678\r\n"
		     "                                9-123456789\r\n");
}

static void test_last_words_are_folded_below_their_own(void **state)
{
	struct paint paint = { .width = 80 };

	(void)state;
	expect_painted(
		&paint,
		"!lastwatt: UPS rack1: load should go off in 20 s, returns with mains (it did not show it). Powering off.",
		"lastwatt: UPS rack1: load should go off in 20 s, returns with mains (it did not\r\n"
		"          show it). Powering off.\r\n");
}

static void test_colours_only_where_they_are_understood(void **state)
{
	struct paint paint = { .width = 80, .colours = true };

	(void)state;
	expect_painted(&paint, "+good", "\033[1;32mgood\033[0m\r\n");
	expect_painted(&paint, "!bad", "\033[1;31mbad\033[0m\r\n");
	expect_painted(&paint, ".plain", "plain\r\n");
	paint.colours = false;
	expect_painted(&paint, "+good", "good\r\n");
	expect_painted(&paint, "!bad", "bad\r\n");
}

static void test_a_countdown_has_one_line(void **state)
{
	struct paint paint = { .width = 80 };

	(void)state;
	expect_painted(&paint, "~  2 s left", "  2 s left");
	expect_painted(&paint, "~  1 s left", "\r  1 s left");
	expect_painted(&paint, ".done", "\r\ndone\r\n");
	expect_painted(&paint, ".more", "more\r\n");
}

/* Whatever comes, it stays inside of its bounds. */
static void test_the_worst_line_fits(void **state)
{
	struct paint paint = { .width = 60, .colours = true };
	char message[PAINT_LINE_MAX + 1], out[PAINT_OUT_MAX];

	(void)state;
	memset(message, 'x', sizeof(message));
	message[0] = PAINT_BAD;
	assert_in_range(paint_line(&paint, message, sizeof(message), INDENT, out),
			sizeof(message), sizeof(out) - 1);
	memset(message + 1, ' ', sizeof(message) - 1);
	assert_in_range(paint_line(&paint, message, sizeof(message), INDENT, out),
			1, sizeof(out) - 1);
}

static void test_a_file_is_no_screen(void **state)
{
	struct paint paint;
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	assert_int_equal(setenv("NO_COLOR", "1", 1), 0);
	paint_look(&paint, fileno(file), true);
	assert_int_equal(paint.width, 0);
	assert_false(paint.colours);
	assert_int_equal(unsetenv("NO_COLOR"), 0);
	assert_int_equal(setenv("TERM", "linux", 1), 0);
	paint_look(&paint, fileno(file), true);
	assert_true(paint.colours);
	paint_look(&paint, fileno(file), false);
	assert_false(paint.colours);
	(void)fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_serial_lines_stay_whole),
		cmocka_unit_test(test_screens_are_folded_below_the_text),
		cmocka_unit_test(test_last_words_are_folded_below_their_own),
		cmocka_unit_test(test_colours_only_where_they_are_understood),
		cmocka_unit_test(test_a_countdown_has_one_line),
		cmocka_unit_test(test_the_worst_line_fits),
		cmocka_unit_test(test_a_file_is_no_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
