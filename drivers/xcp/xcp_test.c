// SPDX-License-Identifier: MIT
/* XCP: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench_tests.h"
#include "xcp/xcp_fake.h"

#define AUTHORISE "<ab><04><cf>i<e8><d5>\\"
#define STATUS    "<ab><01>3!"

static struct line_bench *bench_new(const char *keys)
{
	return line_bench_new("bcmxcp", &xcp_fake_kind, keys);
}

static int bench_start(void **state)
{
	*state = bench_new("");
	return 0;
}

/** The same bench with other keys. */
static struct line_bench *bench_again(void **state, const char *keys)
{
	(void)line_bench_free(state);
	*state = bench_new(keys);
	return *state;
}

static struct xcp_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void test_return_is_authorised_and_read_back(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    AUTHORISE "<ab><03><8a>x<00>P" STATUS);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 120);
	assert_int_equal(cut.on_after_s, UPS_UNKNOWN_S);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	assert_string_equal(bench->ups.identity, "9600 baud");
}

/* The frames of the protocol's own document: 300 s, and accepted. */
static void test_the_document_has_the_same_bytes(void **state)
{
	static const uint8_t command[] = { 0x8a, 0x2c, 0x01 };
	static const uint8_t verdict[] = { 0xab, 0x09, 0x04, 0x81, 0x31,
					   0x8a, 0x2c, 0x01, 0xdf };
	struct line_bench *bench = *state;
	uint8_t frame[XCP_FRAME_MAX], answer[XCP_COMMAND_MAX];
	struct byte_link *link;

	assert_int_equal(xcp_build(frame, command, sizeof(command)), 6);
	assert_memory_equal(frame, "\xab\x03\x8a\x2c\x01\x9b", 6);
	assert_int_equal(line_bench_arm(bench), 0);
	link = ((struct xcp *)bench->ups.state)->link;
	line_fake_send(&bench->fake, verdict, sizeof(verdict));
	assert_int_equal(xcp_read(link, XCP_BLOCK_CONTROL, answer,
				  sizeof(answer), deadline_in_ms(1000)),
			 4);
	assert_int_equal(answer[0], XCP_ACCEPTED);
	assert_memory_equal(answer + 1, command, sizeof(command));
}

static void test_the_section_says_how_long_and_how_fast(void **state)
{
	struct line_bench *bench =
		bench_again(state, "shutdown_delay = 300\nbaud_rate = 9600");
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	/* No other speed was tried. */
	assert_string_equal(line_bench_sent(bench, 0), "<1b><1d>" STATUS);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_non_null(strstr(line_bench_sent(bench, bench->armed_at),
			       "<ab><03><8a>,<01><9b>"));
	assert_int_equal(cut.off_after_s, 300);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void test_a_wrong_speed_is_not_the_end(void **state)
{
	struct line_bench *bench = bench_again(state, "baud_rate = 2400");

	assert_int_equal(line_bench_arm(bench), 0);
	assert_string_equal(bench->ups.identity, "9600 baud");
}

static void test_one_load_segment(void **state)
{
	struct line_bench *bench =
		bench_again(state, "sdcommands = outlet.2.shutdown.return");
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_non_null(strstr(line_bench_sent(bench, bench->armed_at),
			       "<ab><04><8a>x<00><02>M"));
	assert_int_equal(fake_of(bench)->outlet, 2);
}

static void test_a_second_cut_does_not_start_anew(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	(void)clock_sleep_ms(50000, deadline_in_ms(60000));
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_in_range(cut.off_after_s, 60, 70);
}

static void test_stayoff_is_at_once(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_non_null(strstr(line_bench_sent(bench, bench->armed_at),
			       AUTHORISE "<ab><01><8b><c9>"));
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(cut.off_after_s, 0);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_a_long_delay_is_adjusted(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->most_s = 90;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.off_after_s, 90);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void test_the_short_form_serves_old_units(void **state)
{
	struct line_bench *bench = bench_again(state, "shutdown_delay = 400");
	struct ups_cut cut;

	fake_of(bench)->is_short = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_non_null(strstr(line_bench_sent(bench, bench->armed_at),
			       "<ab><02><8a><ff><ca>"));
	assert_int_equal(cut.off_after_s, 255);
	assert_int_equal(cut.given, UPS_RETURN);
}

static void test_old_units_give_no_verdict(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->is_curt = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void test_the_oldest_show_no_countdown_either(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->is_old = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_true(bench->fake.orders > 0);
}

static void test_no_verdict_and_no_countdown_is_no_cut(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->is_curt = true;
	fake_of(bench)->forgets = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -ETIMEDOUT);
	assert_string_equal(bench->ups.problem, "[u] does not answer");
}

static void test_a_promise_alone_proves_nothing(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->forgets = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void test_busy_is_asked_again(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->busy = 2;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(bench->fake.orders, 1);
}

static void test_a_refusal_says_why(void **state)
{
	static const struct {
		uint8_t verdict;
		const char *sentence;
	} refusals[] = {
		{ XCP_NOT_IMPLEMENTED, "[u] refuses the cut: it cannot do that" },
		{ XCP_BUSY,
		  "[u] refuses the cut: it is busy, or its front panel forbids it" },
		{ XCP_UNRECOGNISED,
		  "[u] refuses the cut: it does not know the command" },
		{ XCP_OUT_OF_RANGE,
		  "[u] refuses the cut: the delay is out of its range" },
		{ XCP_INVALID,
		  "[u] refuses the cut: it calls the parameters invalid" },
		{ 0x42, "[u] answers the cut with 42, which nobody knows" },
	};
	struct ups_cut cut;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct line_bench *bench = bench_again(state, "");

		fake_of(bench)->verdict = refusals[i].verdict;
		assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut),
				 -EPROTO);
		assert_string_equal(bench->ups.problem, refusals[i].sentence);
		assert_int_equal(bench->fake.orders, 0);
	}
}

static void test_status_shows_mains_and_countdown(void **state)
{
	struct line_bench *bench = *state;
	struct ups_status status;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	line_fake_feel(&bench->fake, false, 5);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_true(status.battery_low);
	assert_in_range(status.off_after_s, 110, 120);
	line_fake_feel(&bench->fake, true, 5);
	assert_int_equal(line_bench_status(bench, &status), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
	assert_false(status.battery_low);
}

static void test_a_gone_port_is_said(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	bench->fake.way = LINE_FAKE_GONE;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -ENODEV);
	assert_string_equal(bench->ups.problem,
			    "[u] there is no port /dev/ttyS0");
}

/** Blocks come in several frames, unasked ones between them. */
static void test_long_blocks_are_put_together(void **state)
{
	static const uint8_t ask[] = { 0xab, 0x01, 0x31, 0x23 };
	struct line_bench *bench = *state;
	struct byte_link *link;
	uint8_t id[200];

	assert_int_equal(line_bench_arm(bench), 0);
	link = ((struct xcp *)bench->ups.state)->link;
	assert_int_equal(
		link->ops->write(link, ask, sizeof(ask), deadline_in_ms(1000)),
		0);
	assert_int_equal(xcp_read(link, XCP_BLOCK_ID, id, sizeof(id),
				  deadline_in_ms(1000)),
			 100);
	assert_memory_equal(id + 7, "Powerware 5115", 14);
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("bcmxcp", &xcp_fake_kind, "", LINE_BENCH_ANSWERS);
	line_bench_storm("bcmxcp", &xcp_fake_kind, "baud_rate = 9600",
			 LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_return_is_authorised_and_read_back),
		BENCH_TEST(test_the_document_has_the_same_bytes),
		BENCH_TEST(test_the_section_says_how_long_and_how_fast),
		BENCH_TEST(test_a_wrong_speed_is_not_the_end),
		BENCH_TEST(test_one_load_segment),
		BENCH_TEST(test_a_second_cut_does_not_start_anew),
		BENCH_TEST(test_stayoff_is_at_once),
		BENCH_TEST(test_a_long_delay_is_adjusted),
		BENCH_TEST(test_the_short_form_serves_old_units),
		BENCH_TEST(test_old_units_give_no_verdict),
		BENCH_TEST(test_the_oldest_show_no_countdown_either),
		BENCH_TEST(test_no_verdict_and_no_countdown_is_no_cut),
		BENCH_TEST(test_a_promise_alone_proves_nothing),
		BENCH_TEST(test_busy_is_asked_again),
		BENCH_TEST(test_a_refusal_says_why),
		BENCH_TEST(test_status_shows_mains_and_countdown),
		BENCH_TEST(test_silence_is_said),
		BENCH_TEST(test_a_gone_port_is_said),
		BENCH_TEST(test_long_blocks_are_put_together),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
