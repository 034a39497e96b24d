// SPDX-License-Identifier: MIT
/* Answers of Smart-UPSes, recorded ones first. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apcsmart/apcsmart_fake.h"
#include "link/line_bench.h"
#include "link/serial.h"

/* Every question that was put to a real one, by our own way of asking. */
static void test_the_recording_of_a_su420(void **state)
{
	static const char *const answers[][2] = {
		{ "Y", "SM" },       { "B", "13.61" },    { "C", "NA" },
		{ "Q", "10" },       { "V", "DWI" },      { "b", "21.3.I" },
		{ "c", "UPS_IDEN" }, { "j", "0042:" },    { "p", "020" },
		{ "r", "000" },      { "y", "(C) APCC" }, { "9", "FF" },
	};
	struct line_bench *bench = calloc(1, sizeof(*bench));
	char answer[APCSMART_ANSWER_MAX];
	struct serial_settings settings = { .speed = 2400 };
	struct serial_link serial;

	(void)state;
	assert_non_null(bench);
	line_bench_start(bench, "apcsmart", &apcsmart_fake_kind, "");
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(serial_open(&serial, &bench->ups, &settings,
				     deadline_in_ms(1000)),
			 0);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		assert_true(apcsmart_ask(&serial.link, answers[i][0][0],
					 APCSMART_TEXT, answer,
					 deadline_in_ms(5000)) > 0);
		assert_string_equal(answer, answers[i][1]);
	}
	assert_true(apcsmart_ask(&serial.link, 'a', APCSMART_LIST, answer,
				 deadline_in_ms(5000)) > 0);
	assert_string_equal(
		apcsmart_commands(answer),
		"\x01\x0e\x1a')+-89@ABDEFGKLMNOPQRSUVWXYZabcdefgjklmnopqrsuxyz~");
	line_bench_end(bench);
	free(bench);
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
