// SPDX-License-Identifier: MIT
/* Q*: what answers mean, and what delays become. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "qx/qx.h"

/** The status as three characters: battery, low, active; or "-". */
static const char *read_status(enum qx_columns columns, const char *answer,
			       size_t len)
{
	static char text[4];
	struct qx_status status;

	if (qx_parse_status(columns, answer, len, &status) < 0)
		return "-";
	text[0] = status.on_battery ? 'B' : '.';
	text[1] = status.battery_low ? 'L' : '.';
	text[2] = status.is_active ? 'A' : '.';
	return text;
}

#define READ(columns, answer) read_status(columns, answer, sizeof(answer) - 1)

static void test_q1(void **state)
{
	(void)state;
	assert_string_equal(
		READ(QX_BITS, "(208.4 140.0 208.4 034 59.9 2.05 35.0 00110000"),
		"...");
	assert_string_equal(
		READ(QX_BITS, "(000.0 140.0 230.0 034 59.9 1.85 35.0 11000001"),
		"BL.");
	assert_string_equal(
		READ(QX_BITS, "(000.0 140.0 230.0 034 59.9 1.85 35.0 10000010"),
		"B.A");
	/* No thermometer; fields filled up; nothing known. */
	assert_string_equal(
		READ(QX_BITS, "(227.5 227.5 226.6 020 50.0 27.0 --.- 00001001"),
		"...");
	assert_string_equal(
		READ(QX_BITS, "(##0.0 @@@.@ 230.0 0## 50.0 24.0 @@.@ 10001001"),
		"B..");
}

static void test_q1_of_careless_units(void **state)
{
	(void)state;
	/* The first one after connecting. */
	assert_string_equal(
		READ(QX_BITS, "*237.1 237.1 237.1 018 50.0 27.1 25.0 00001001"),
		"...");
	/* Without the last bit. */
	assert_string_equal(
		READ(QX_BITS, "(000.0 140.0 230.0 034 59.9 1.85 35.0 1000001"),
		"B.A");
	/* NUL for '0'. */
	assert_string_equal(
		READ(QX_BITS,
		     "(000.0 140.0 230.0 034 59.9 1.85 35.0 1\0\0\0\0\0001\0"),
		"B.A");
	/* Fields of other widths, a space at the end, more behind it. */
	assert_string_equal(
		READ(QX_BITS, "(0.0 140.0 230.0 34 59.9 1.85 35.0 11000001 "),
		"BL.");
	assert_string_equal(
		READ(QX_BITS,
		     "(000.0 140.0 230.0 034 59.9 1.85 35.0 11000001 7 ABC"),
		"BL.");
}

static void test_what_is_no_q1(void **state)
{
	(void)state;
	assert_string_equal(READ(QX_BITS, ""), "-");
	assert_string_equal(READ(QX_BITS, "Q1"), "-");
	assert_string_equal(READ(QX_BITS, "(NAK"), "-");
	assert_string_equal(READ(QX_BITS, "(ACK"), "-");
	assert_string_equal(READ(QX_BITS, "UPS No Ack"), "-");
	assert_string_equal(
		READ(QX_BITS, "(208.4 140.0 208.4 034 59.9 2.05 35.0 001"), "-");
	assert_string_equal(
		READ(QX_BITS, "(208.4 140.0 208.4 034 59.9 2.05 35.0 0011x000"),
		"-");
	assert_string_equal(READ(QX_BITS, "#230.0 000 024.0 50.0"), "-");
	/* Voltronic's has more of them. */
	assert_string_equal(
		READ(QX_BITS,
		     "(234.9 50.0 229.8 50.0 000.0 000 369.1 ---.- 026.5 ---.- 018.8 100000000001"),
		"-");
}

static void test_qgs(void **state)
{
	(void)state;
	assert_string_equal(
		READ(QX_QGS,
		     "(234.9 50.0 229.8 50.0 000.0 000 369.1 ---.- 026.5 ---.- 018.8 100000000001"),
		"...");
	assert_string_equal(
		READ(QX_QGS,
		     "(000.0 00.0 229.8 50.0 000.0 000 369.1 ---.- 026.5 ---.- 018.8 101100001001"),
		"BLA");
	assert_string_equal(
		READ(QX_QGS, "(234.9 140.0 208.4 034 59.9 2.05 35.0 00110000"),
		"-");
	assert_string_equal(READ(QX_QGS, "QGS"), "-");
}

static void test_letters(void **state)
{
	(void)state;
	assert_string_equal(
		READ(QX_LETTERS,
		     "(236.7 243.2 212.1 220.1 230.4 002 001 50.0 371 372 041.3 22.9 IM"),
		"...");
	assert_string_equal(
		READ(QX_LETTERS,
		     "(000.0 243.2 212.1 220.1 230.4 002 001 50.0 371 372 041.3 22.9 ABFL"),
		"BLA");
	assert_string_equal(READ(QX_LETTERS, "(NAK"), "-");
	assert_string_equal(READ(QX_LETTERS, "(230 50.0 I1"), "-");
}

static void test_binary(void **state)
{
	(void)state;
	/* Both worked examples of Voltronic's QS 2.0, and their like. */
	assert_string_equal(
		READ(QX_BINARY,
		     "#\x6c\x01 \x35 \x6c\x01 \x35 \x03 \x51\x9a \x28\x02\x12\xd0 \xe6 \x1e \x09"),
		"...");
	assert_string_equal(
		READ(QX_BINARY,
		     "#\x69\x01 \x6c \x68\x02 \x6c \x00 \x5f\xd7 \x12\xc0\x00 \xe4 \x1e \x8b \x02"),
		"B.A");
	/* A load of 13 % and a boost that is nothing but a space. */
	assert_string_equal(
		READ(QX_BINARY,
		     "#\x6c\x01 \x35 \x6c\x01 \x35 \x28\x00 \x51\x9a \x28\x02\x12\xd0 \xe6 \x1e \x28\x04"),
		"...");
	/* It ends where an escape begins, or before the tenth field. */
	assert_string_equal(READ(QX_BINARY, "# 1 2 3 4 5 6 7 8 \x28"), "...");
	assert_string_equal(READ(QX_BINARY, "# 1 2 3 4 5 6 7 8 "), "-");
	assert_string_equal(READ(QX_BINARY, "(230 50.0"), "-");
}

static void test_yes_and_no(void **state)
{
	static const struct {
		const char *answer;
		enum qx_verdict verdict;
	} cases[] = {
		{ "", QX_SILENT },
		{ " ", QX_SILENT },
		{ "ACK", QX_ACCEPTED },
		{ "(ACK", QX_ACCEPTED },
		{ "(ACK9 ", QX_ACCEPTED },
		{ "OK", QX_ACCEPTED },
		{ "OKn", QX_ACCEPTED },
		{ "(SOFF ", QX_ACCEPTED },
		{ "UPS No Ack", QX_ACCEPTED },
		{ "S.5R0003", QX_REFUSED },
		{ "S.5R0003 ", QX_REFUSED },
		{ "NAK", QX_REFUSED },
		{ "(NAK", QX_REFUSED },
		{ "(NAKss", QX_REFUSED },
		{ "N", QX_REFUSED },
		{ "*", QX_REFUSED },
		{ "S.5", QX_UNSURE },
		{ "(", QX_UNSURE },
		{ "(230.0", QX_UNSURE },
		{ "NO", QX_UNSURE },
		{ "AC", QX_UNSURE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(qx_judge("S.5R0003", cases[i].answer,
					  strlen(cases[i].answer)),
				 cases[i].verdict);
}

static void test_delays_are_rounded_up(void **state)
{
	static const struct {
		int off_s, minutes;
		const char *n;
		int granted_s;
	} cases[] = {
		{ 0, 10, ".2", 12 },       { 12, 10, ".2", 12 },
		{ 13, 10, ".3", 18 },      { 30, 10, ".5", 30 },
		{ 54, 10, ".9", 54 },      { 55, 10, "01", 60 },
		{ 60, 10, "01", 60 },      { 61, 10, "02", 120 },
		{ 600, 10, "10", 600 },    { 601, 10, "10", 600 },
		{ 541, 9, "09", 540 },     { 5940, 99, "99", 5940 },
		{ 99999, 99, "99", 5940 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char n[3];

		assert_int_equal(
			qx_encode_off(cases[i].off_s, cases[i].minutes, n),
			cases[i].granted_s);
		assert_string_equal(n, cases[i].n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_q1),
		cmocka_unit_test(test_q1_of_careless_units),
		cmocka_unit_test(test_what_is_no_q1),
		cmocka_unit_test(test_qgs),
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_binary),
		cmocka_unit_test(test_yes_and_no),
		cmocka_unit_test(test_delays_are_rounded_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
