// SPDX-License-Identifier: MIT
/* apc_modbus: the driver, whole, on an emulated UPS on a serial line. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench.h"
#include "modbus/modbus_fake.h"

#define KEYS "porttype = serial"

static int bench_start(void **state)
{
	*state = line_bench_new("apc_modbus", modbus_fake_line("modbus-apc"),
				KEYS);
	return 0;
}

static struct modbus_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

static void assert_write(struct line_bench *bench, int i, int function,
			 int address, int value)
{
	const struct modbus_fake *fake = fake_of(bench);

	assert_true(i < fake->writes);
	assert_int_equal(fake->write[i].function, function);
	assert_int_equal(fake->write[i].address, address);
	assert_int_equal(fake->write[i].value, value);
}

static void test_return_is_one_command_and_its_countdown(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(fake_of(bench)->writes, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	/* What it shows, then shutdown of both groups with the off delay, as
	 * somebody on the serial port; then what it shows again. */
	assert_string_equal(line_bench_sent(bench, bench->armed_at),
			    "<01><03><00><00><00><1b><05><c1>"
			    "<01><03><00><9b><00><04>5<e6>"
			    "<01><10><06><02><00><02><04><00><00>C<88>h<80>"
			    "<01><03><00><00><00><1b><05><c1>"
			    "<01><03><00><9b><00><04>5<e6>");
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_in_range(cut.off_after_s, 18, 20);
	assert_string_equal(cut.how, "outlet command");
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	assert_int_equal(bench->fake.orders, 1);
}

static void test_each_command_is_its_own(void **state)
{
	static const struct {
		enum ups_command wanted;
		int value;
		enum line_fake_back back;
	} cases[] = {
		{ UPS_STAYOFF, 0x4384, LINE_FAKE_STAYS_OFF },
		{ UPS_OFF, 0x4304, LINE_FAKE_STAYS_OFF },
		{ UPS_REBOOT, 0x4390, LINE_FAKE_BY_CLOCK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line_bench *bench = line_bench_new(
			"apc_modbus", modbus_fake_line("modbus-apc"), KEYS);
		struct ups_cut cut;

		assert_int_equal(line_bench_cut(bench, cases[i].wanted, &cut),
				 0);
		assert_int_equal(cut.given, cases[i].wanted);
		assert_int_equal(bench->fake.back, cases[i].back);
		assert_int_equal(fake_of(bench)->writes, 1);
		assert_int_equal(fake_of(bench)->cell[0].value, 0);
		assert_int_equal(*modbus_fake_at(fake_of(bench),
						 REGISTERS_HOLDING, 1539),
				 cases[i].value);
		line_bench_free((void **)&bench);
	}
}

/* SMT1500RMI2U with firmware 15.1 wants the words the other way round. */
static void test_a_refusal_leads_to_simple_signalling(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->is_swapped = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_write(bench, 0, 16, 1538, 0);
	assert_write(bench, 1, 6, 1540, 1);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_string_equal(cut.how, "simple signalling");
}

static void test_exception_3_does_too(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->refusal = 3;
	fake_of(bench)->refused = 1538;
	assert_int_equal(line_bench_cut(bench, UPS_STAYOFF, &cut), 0);
	assert_write(bench, 1, 6, 1540, 2);
	assert_int_equal(cut.given, UPS_OFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
}

static void test_nothing_else_when_it_must_be_exact(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut = { .wanted = UPS_REBOOT, .exact = true };

	fake_of(bench)->refusal = 4;
	fake_of(bench)->refused = 1538;
	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(fleet_cut(&bench->ups, &cut, deadline_in_ms(30000)),
			 -EOPNOTSUPP);
	assert_int_equal(fake_of(bench)->writes, 1);
	assert_int_equal(bench->fake.orders, 0);
}

static void test_all_is_refused(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->refusal = 4;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] refused with Modbus exception 4");
	assert_int_equal(bench->fake.orders, 0);
}

/* An SMT750IC did: it answers, and nothing comes of it. */
static void test_a_lie_is_not_believed(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->forgets = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_write(bench, 0, 16, 1538, 0);
	assert_write(bench, 1, 6, 1540, 1);
	assert_int_equal(cut.proof, UPS_SENT);
	assert_int_equal(bench->fake.orders, 0);
}

static void test_what_is_pending_is_cancelled_first(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->stays = true;
	line_fake_order(&bench->fake, 500, LINE_FAKE_STAYS_OFF, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(fake_of(bench)->writes, 2);
	assert_int_equal(bench->fake.cancels, 1);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_in_range(cut.off_after_s, 18, 20);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
}

static void test_safe_to_repeat(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->stays = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(bench->fake.orders, 2);
}

/* Bit 9 is set by itself on a bad input; it proves nothing then. */
static void test_a_countdown_that_was_there_proves_nothing(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_fake_order(&bench->fake, 500, LINE_FAKE_STAYS_OFF, 0);
	fake_of(bench)->forgets = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_SENT);
}

static void test_only_groups_that_there_are(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	*modbus_fake_at(fake_of(bench), REGISTERS_HOLDING, 590) = 0x12;
	assert_int_equal(line_bench_arm(bench), 0);
	/* The second switched group and the last one; this UPS has others. */
	(void)line_bench_cut(bench, UPS_RETURN, &cut);
	assert_write(bench, 0, 16, 1538, 0x0008);
	assert_non_null(strstr(line_bench_sent(bench, bench->armed_at),
			       "<04><00><08>B<88>"));
}

static void test_no_groups_no_outlet_command(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	*modbus_fake_at(fake_of(bench), REGISTERS_HOLDING, 590) = 0;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(fake_of(bench)->writes, 1);
	assert_write(bench, 0, 6, 1540, 1);
	assert_int_equal(line_bench_cancel(bench), -EOPNOTSUPP);
}

static void test_another_map_is_left_alone(void **state)
{
	struct line_bench *bench = *state;

	*modbus_fake_at(fake_of(bench), REGISTERS_HOLDING, 2051) = 7;
	assert_int_equal(line_bench_arm(bench), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] has not the registers of an APC UPS");
}

static void test_a_lost_question_is_asked_again(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->drops = 2;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	fake_of(bench)->drops = 3;
	assert_int_equal(
		bench->ups.driver->cancel(&bench->ups, deadline_in_ms(30000)),
		-ETIMEDOUT);
	assert_string_equal(bench->ups.problem, "[u] does not answer");
}

/*
 * One answer behind, as in a report of 2024: an answer to another question is
 * not taken, and what is asked again gets the one to the same question.
 */
static void test_late_answers_are_not_taken(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->is_stale = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_in_range(cut.off_after_s, 10, 20);
	assert_true(bench->fake.orders >= 1);
}

static void test_another_unit_is_not_it(void **state)
{
	struct line_bench *bench = *state;

	fake_of(bench)->other_unit = 32;
	assert_int_equal(line_bench_arm(bench), -EPROTO);
	assert_string_equal(bench->ups.problem,
			    "[u] answers something else than it was asked");
}

static void test_busy_is_asked_again(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->refusal = 6;
	fake_of(bench)->refusals = 1;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(cut.how, "outlet command");
	fake_of(bench)->refusal = 6;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), -EPROTO);
}

static void test_status_and_cancel(void **state)
{
	struct line_bench *bench = *state;
	const struct ups_driver *driver;
	struct ups_status status;
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	driver = bench->ups.driver;
	assert_int_equal(
		driver->status(&bench->ups, &status, deadline_in_ms(5000)), 0);
	assert_int_equal(status.mains, UPS_MAINS_ABSENT);
	assert_in_range(status.off_after_s, 15, 20);
	assert_int_equal(driver->cancel(&bench->ups, deadline_in_ms(5000)), 0);
	line_fake_feel(&bench->fake, true, 90);
	assert_int_equal(
		driver->status(&bench->ups, &status, deadline_in_ms(5000)), 0);
	assert_int_equal(status.mains, UPS_MAINS_PRESENT);
	assert_int_equal(status.off_after_s, UPS_UNKNOWN_S);
}

static void test_its_own_settings_of_the_line(void **state)
{
	struct line_bench *bench = line_bench_new(
		"apc_modbus", modbus_fake_line("modbus-apc"),
		KEYS "\nslaveid = 7\nbaudrate = 19200\nparity = e");

	(void)state;
	assert_int_not_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.speed, 19200);
	assert_int_equal(bench->fake.in[0].byte, 7);
	line_bench_free((void **)&bench);
}

static void test_silence_ends_at_the_deadline(void **state)
{
	struct line_bench *bench = *state;
	int64_t start_ms = clock_now_ms();

	bench->fake.way = LINE_FAKE_DEAF;
	bench->patience_ms = 700;
	assert_int_equal(line_bench_arm(bench), -ETIMEDOUT);
	assert_true(clock_now_ms() - start_ms <= 750);
	assert_string_equal(bench->ups.problem, "[u] does not answer");
}

static void test_whatever_ails_the_line(void **state)
{
	(void)state;
	line_bench_storm("apc_modbus", modbus_fake_line("modbus-apc"), KEYS,
			 LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_return_is_one_command_and_its_countdown),
		cmocka_unit_test(test_each_command_is_its_own),
		BENCH_TEST(test_a_refusal_leads_to_simple_signalling),
		BENCH_TEST(test_exception_3_does_too),
		BENCH_TEST(test_nothing_else_when_it_must_be_exact),
		BENCH_TEST(test_all_is_refused),
		BENCH_TEST(test_a_lie_is_not_believed),
		BENCH_TEST(test_what_is_pending_is_cancelled_first),
		BENCH_TEST(test_safe_to_repeat),
		BENCH_TEST(test_a_countdown_that_was_there_proves_nothing),
		BENCH_TEST(test_only_groups_that_there_are),
		BENCH_TEST(test_no_groups_no_outlet_command),
		BENCH_TEST(test_another_map_is_left_alone),
		BENCH_TEST(test_a_lost_question_is_asked_again),
		BENCH_TEST(test_late_answers_are_not_taken),
		BENCH_TEST(test_another_unit_is_not_it),
		BENCH_TEST(test_busy_is_asked_again),
		BENCH_TEST(test_status_and_cancel),
		cmocka_unit_test(test_its_own_settings_of_the_line),
		BENCH_TEST(test_silence_ends_at_the_deadline),
		cmocka_unit_test(test_whatever_ails_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
