// SPDX-License-Identifier: MIT
/* Answers of Smart-UPSes, recorded ones first. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apcsmart/apcsmart_fake.h"
#include "link/line_bench.h"
#include "link/serial.h"

#define RECORDING "drivers/apcsmart/testdata/su420inet.txt"

/** "SM\r\n" with the escapes of C; without NULs and the end of the line. */
static void unquote(const char *from, char *to)
{
	for (; *from && *from != '"'; from++) {
		char byte = *from;

		if (byte == '\\') {
			byte = *++from;
			if (byte == 'r' || byte == 'n')
				continue;
		}
		if (byte == 'x' && from[-1] == '\\') {
			char hex[3] = { from[1], from[2], 0 };

			byte = (char)strtoul(hex, NULL, 16);
			from += 2;
		}
		if (byte)
			*to++ = byte;
	}
	*to = '\0';
}

/*
 * Every question that was put to a real one, by our own way of asking, and
 * the emulated one answers what the real one did.
 */
static void test_the_recording_of_a_su420(void **state)
{
	struct line_bench *bench =
		line_bench_new("apcsmart", &apcsmart_fake_kind, "");
	struct serial_settings settings = { .speed = 2400 };
	FILE *file = fopen(RECORDING, "re");
	char line[256], recorded[256];
	struct serial_link serial;
	int answers = 0;
	char question = 0;

	(void)state;
	assert_non_null(file);
	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(serial_open(&serial, &bench->ups, &settings,
				     deadline_in_ms(1000)),
			 0);
	while (fgets(line, sizeof(line), file)) {
		char answer[APCSMART_ANSWER_MAX];

		if (strncmp(line, "> \"", 3) == 0)
			question = line[3];
		if (strncmp(line, "< \"", 3) != 0)
			continue;
		unquote(line + 3, recorded);
		assert_true(apcsmart_ask(&serial.link, question,
					 question == 'a' ? APCSMART_LIST
							 : APCSMART_TEXT,
					 answer, deadline_in_ms(5000)) > 0);
		assert_string_equal(answer, recorded);
		answers++;
	}
	assert_int_equal(answers, 37);
	fclose(file);
	line_bench_delete(bench);
}

static void test_words(void **state)
{
	char list[] = "2).?=*%+#!$.98~\\`^Aynba@YXUSQKGA";
	char none[] = "NA", more[] = "3.!.KS.x";

	(void)state;
	assert_string_equal(apcsmart_commands(list), "98~\\`^Aynba@YXUSQKGA");
	assert_null(apcsmart_commands(none));
	assert_string_equal(apcsmart_commands(more), "KS");
	assert_int_equal(apcsmart_bits("5a"), 0x5a);
	assert_int_equal(apcsmart_bits("SM"), -EPROTO);
	assert_int_equal(apcsmart_bits("8"), -EPROTO);
	assert_int_equal(apcsmart_number("180"), 180);
	assert_int_equal(apcsmart_number("NA"), -EPROTO);
	assert_int_equal(apcsmart_number(""), -EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_recording_of_a_su420),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
