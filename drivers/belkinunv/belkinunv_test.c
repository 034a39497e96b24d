// SPDX-License-Identifier: MIT
/* Belkin's Universal UPS: the driver, whole, on an emulated one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "belkinunv/belkinunv_fake.h"
#include "link/line_bench_tests.h"
#include "link/serial.h"

static int bench_start(void **state)
{
	*state = line_bench_new("belkinunv", &belkinunv_fake_kind, "");
	return 0;
}

static struct belkinunv_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_on_battery_it_is_off_for_long(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(fake_of(bench)->lines, SERIAL_RTS);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	/* How are the mains? On after 10 min, off after 1 s; and, off yet? */
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "~<03><02>\"<00><a5>"
			    "~<04><03><16>\\n<00><a5>"
			    "~<04><03><15><01><00><9b>"
			    "~<03><02><15><00><98>");
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 1);
	assert_int_equal(cut.on_after_s, 600);
	assert_string_equal(
		bench->note,
		"[u] switches on after 10 minutes, with mains or without");
	assert_int_equal(bench->fake.back, LINE_FAKE_BY_CLOCK);
	assert_int_equal(bench->fake.back_after_s, 600);
}

static void test_with_mains_it_is_cycled(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.given, UPS_REBOOT);
	assert_int_equal(cut.on_after_s, 120);
}

static void test_stayoff_has_no_restart(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "~<04><03><16><00><00><9b>"
			    "~<04><03><15><01><00><9b>"
			    "~<03><02><15><00><98>");
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->notes, 0);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_a_hidden_timer_proves_nothing(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->hides = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void test_a_refusal_is_one(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->refuses = BELKINUNV_OFF_S;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] answers something else than it was asked");
	assert_int_equal(bench->fake.orders, 0);
}

/* The dialogue of the maker's own document. */
static void test_the_document_is_understood(void **state)
{
	static const struct {
		enum belkinunv_what what;
		uint8_t number;
		int value;
		const char *ask, *answer;
		size_t answer_len;
		int answers, first;
	} document[] = {
		{ BELKINUNV_READ, 0x01, 0, "\x7e\x03\x02\x01\x00\x84",
		  "\x7e\x05\x02\x01\x78\xfe", 6, BELKINUNV_VALUE, 0x78 },
		{ BELKINUNV_READ, 0x20, 0, "\x7e\x03\x02\x20\x00\xa3",
		  "\x7e\x05\x03\x20\x0e\x01\xb5", 7, BELKINUNV_VALUE, 0x0e },
		{ BELKINUNV_READ, 0x0d, 0, "\x7e\x03\x02\x0d\x00\x90",
		  "\x7e\x05\x0e\x0d\x46\x36\x43\x38\x30\x30\x2d\x55\x4e\x56\x20\x20\x20\x7b",
		  18, BELKINUNV_VALUE, 'F' },
		{ BELKINUNV_READ, 0x1a, 0, "\x7e\x03\x02\x1a\x00\x9d",
		  "\x7e\x01\x02\x1a\x00\x9b", 6, BELKINUNV_ERROR, 0 },
		{ BELKINUNV_WRITE, 0x0c, 2, "\x7e\x04\x03\x0c\x02\x00\x93",
		  "\x7e\x02\x03\x0c\x02\x00\x91", 7, BELKINUNV_WRITTEN, 2 },
		{ BELKINUNV_WRITE, 0x00, 0, "\x7e\x04\x03\x00\x00\x00\x85",
		  "\x7e\x01\x03\x00\x00\x00\x82", 7, BELKINUNV_ERROR, 0 },
	};
	struct line_bench *bench = *state;
	struct serial_link *serial;

	assert_int_equal(line_bench_arm(bench), 0);
	serial = bench->ups.state; /* its first member */
	for (size_t i = 0; i < sizeof(document) / sizeof(document[0]); i++) {
		uint8_t bytes[BELKINUNV_FRAME_MAX];
		struct belkinunv_frame frame;
		size_t len =
			belkinunv_build(bytes, document[i].what,
					document[i].number, document[i].value);

		assert_memory_equal(bytes, document[i].ask, len);
		line_fake_send(&bench->fake, document[i].answer,
			       document[i].answer_len);
		assert_int_equal(belkinunv_read(&serial->link, &frame,
						deadline_in_ms(1000)),
				 0);
		assert_int_equal(frame.what, document[i].answers);
		assert_int_equal(frame.number, document[i].number);
		assert_int_equal(frame.len, document[i].answer_len - 5);
		assert_int_equal(frame.data[0], document[i].first);
	}
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("belkinunv", &belkinunv_fake_kind, "",
			 LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_on_battery_it_is_off_for_long),
		BENCH_TEST(test_with_mains_it_is_cycled),
		BENCH_TEST(test_stayoff_has_no_restart),
		BENCH_TEST(test_a_hidden_timer_proves_nothing),
		BENCH_TEST(test_a_refusal_is_one),
		BENCH_TEST(test_the_document_is_understood),
		BENCH_TEST(test_status_is_read),
		BENCH_TEST(test_silence_is_said),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
