// SPDX-License-Identifier: MIT
/*
 * Modbus over TCP and on a pseudo-terminal, real ones: what libmodbus makes of
 * a device that is slow, silent, a liar about frames, or gone. With the
 * registers of an emulated APC UPS.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "link/registers.h"
#include "link/serve_fake.h"
#include "modbus/modbus_fake.h"

#define LONG_MS    30000
#define SHORTLY_MS 300
/* Beyond a deadline, on a busy machine. */
#define GRACE_MS   2000

struct fixture {
	struct serve_fake *serve;
	struct registers *registers;
	struct conf conf;
	struct ups ups;
};

static const struct registers_settings settings = {
	.serial = { .speed = 9600 },
	.unit = 1,
	.answer_ms = 3000,
	.gap_ms = 10,
};

static void section(struct fixture *fixture, const char *port)
{
	char text[128];
	int len = snprintf(text, sizeof(text), "[u]\nport = %s\n", port);

	(void)conf_parse(&fixture->conf, "ups.conf", text, (size_t)len, NULL);
	fixture->ups = (struct ups){
		.conf = &fixture->conf,
		.section = 1,
		.name = "u",
	};
}

static int start_net(void **state)
{
	static struct fixture fixture;
	char port[64];

	fixture = (struct fixture){
		.serve = serve_fake_net(modbus_fake_net("modbus-apc")),
	};
	(void)snprintf(port, sizeof(port), "127.0.0.1:%d", fixture.serve->port);
	section(&fixture, port);
	serve_fake_go(fixture.serve);
	*state = &fixture;
	return registers_open(&fixture.registers, &fixture.ups, &settings,
			      deadline_in_ms(LONG_MS));
}

static int start_line(void **state)
{
	static struct fixture fixture;

	fixture = (struct fixture){
		.serve = serve_fake_line(modbus_fake_line("modbus-apc")),
	};
	section(&fixture, fixture.serve->path);
	serve_fake_go(fixture.serve);
	*state = &fixture;
	return registers_open(&fixture.registers, &fixture.ups, &settings,
			      deadline_in_ms(LONG_MS));
}

static int stop(void **state)
{
	struct fixture *fixture = *state;

	registers_close(fixture->registers);
	serve_fake_end(fixture->serve);
	return 0;
}

static int read_text(struct fixture *fixture, int64_t ms)
{
	uint16_t words[4] = { 0 };
	int ret = registers_read(fixture->registers, REGISTERS_HOLDING, 2050, 4,
				 words, deadline_in_ms(ms));

	if (ret == 0) {
		assert_int_equal(words[0], 0x3132);
		assert_int_equal(words[3], 0x3738);
	}
	return ret;
}

static void test_read_and_write(void **state)
{
	static const uint16_t cut[] = { 0, 0x4388 };
	struct fixture *fixture = *state;
	const struct modbus_fake *fake = fixture->serve->net.kind
						 ? fixture->serve->net.state
						 : fixture->serve->ups.state;

	assert_int_equal(read_text(fixture, LONG_MS), 0);
	assert_int_equal(registers_write_block(fixture->registers, 1538, 2, cut,
					       deadline_in_ms(LONG_MS)),
			 0);
	assert_int_equal(fixture->serve->ups.orders, 1);
	assert_int_equal(registers_write(fixture->registers, REGISTERS_HOLDING,
					 1540, 1, deadline_in_ms(LONG_MS)),
			 0);
	assert_int_equal(fixture->serve->ups.orders, 2);
	assert_int_equal(fake->writes, 2);
	assert_int_equal(fake->write[1].function, 6);
}

static void test_a_refusal_has_its_number(void **state)
{
	struct fixture *fixture = *state;
	uint16_t word;

	assert_int_equal(registers_read(fixture->registers, REGISTERS_HOLDING,
					4000, 1, &word, deadline_in_ms(LONG_MS)),
			 -EPROTO);
	assert_int_equal(registers_refusal(fixture->registers),
			 REGISTERS_BAD_ADDRESS);
	assert_int_equal(registers_read(fixture->registers, REGISTERS_BITS, 0,
					1, &word, deadline_in_ms(LONG_MS)),
			 -EPROTO);
	assert_int_equal(registers_refusal(fixture->registers),
			 REGISTERS_BAD_FUNCTION);
	assert_int_equal(registers_fail(fixture->registers, -EPROTO), -EPROTO);
	assert_string_equal(fixture->ups.problem,
			    "[u] refused with Modbus exception 1");
	assert_int_equal(read_text(fixture, LONG_MS), 0);
	assert_int_equal(registers_refusal(fixture->registers),
			 REGISTERS_ANSWERED);
}

static void test_silence_ends_at_the_deadline(void **state)
{
	struct fixture *fixture = *state;
	int64_t start_ms = clock_now_ms();

	fixture->serve->net.way = NET_FAKE_DEAF;
	fixture->serve->ups.way = LINE_FAKE_DEAF;
	assert_int_equal(read_text(fixture, SHORTLY_MS), -ETIMEDOUT);
	assert_true(clock_now_ms() - start_ms < SHORTLY_MS + GRACE_MS);
	assert_int_equal(registers_fail(fixture->registers, -ETIMEDOUT),
			 -ETIMEDOUT);
	assert_string_equal(fixture->ups.problem, "[u] does not answer");
}

static void test_garbage_is_no_answer(void **state)
{
	struct fixture *fixture = *state;

	fixture->serve->net.way = NET_FAKE_GARBAGE;
	fixture->serve->ups.way = LINE_FAKE_GARBAGE;
	assert_true(read_text(fixture, 2000) < 0);
	fixture->serve->net.way = NET_FAKE_HEALTHY;
	fixture->serve->ups.way = LINE_FAKE_HEALTHY;
	/* And it goes on where the connection was given up. */
	assert_int_equal(read_text(fixture, LONG_MS), 0);
}

/* Each answer is the one before: none has the transaction that is waited for. */
static void test_another_transaction_is_read_past(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(read_text(fixture, LONG_MS), 0);
	fixture->serve->net.way = NET_FAKE_STALE;
	assert_int_equal(read_text(fixture, SHORTLY_MS), -ETIMEDOUT);
	/* From now on they are on time, but a late one is still there. */
	fixture->serve->net.way = NET_FAKE_SLOW;
	fixture->serve->net.trouble_ms = 500;
	assert_int_equal(read_text(fixture, SHORTLY_MS), -ETIMEDOUT);
	fixture->serve->net.way = NET_FAKE_HEALTHY;
	assert_int_equal(read_text(fixture, LONG_MS), 0);
}

static void test_half_an_answer_is_none(void **state)
{
	struct fixture *fixture = *state;

	fixture->serve->net.way = NET_FAKE_SHORT;
	assert_int_equal(read_text(fixture, SHORTLY_MS), -ETIMEDOUT);
	fixture->serve->net.way = NET_FAKE_HEALTHY;
	assert_true(read_text(fixture, LONG_MS) <= 0);
}

static void wait_until_gone(struct fixture *fixture)
{
	struct registers *other;

	fixture->serve->net.way = NET_FAKE_GONE;
	for (int i = 0; i < 200; i++) {
		if (registers_open(&other, &fixture->ups, &settings,
				   deadline_in_ms(LONG_MS)) < 0)
			return;
		registers_close(other);
		(void)clock_sleep_ms(50, deadline_in_ms(LONG_MS));
	}
	fail();
}

static void test_a_closed_connection_is_made_again(void **state)
{
	struct fixture *fixture = *state;
	struct registers *other;

	/* A second one pushes the first one out. */
	assert_int_equal(registers_open(&other, &fixture->ups, &settings,
					deadline_in_ms(LONG_MS)),
			 0);
	assert_int_equal(read_text(fixture, LONG_MS), 0);
	registers_close(other);
	assert_int_equal(read_text(fixture, LONG_MS), 0);
}

static void test_nobody_listens_any_more(void **state)
{
	struct fixture *fixture = *state;

	wait_until_gone(fixture);
	assert_string_equal(fixture->ups.problem,
			    "[u] there is no way to 127.0.0.1");
	assert_int_equal(read_text(fixture, LONG_MS), -ENODEV);
	assert_int_equal(registers_fail(fixture->registers, -ENODEV), -ENODEV);
	assert_string_equal(fixture->ups.problem,
			    "[u] there is no way to 127.0.0.1");
	assert_int_equal(read_text(fixture, LONG_MS), -ENODEV);
}

static void test_a_port_that_goes(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(read_text(fixture, LONG_MS), 0);
	fixture->serve->ups.way = LINE_FAKE_GONE;
	assert_int_equal(read_text(fixture, LONG_MS), -ENODEV);
}

static void test_what_a_port_means(void **state)
{
	static const struct {
		const char *port, *host;
	} cases[] = {
		{ "/dev/ttyS0", NULL },
		{ "ups.lan", "ups.lan" },
		{ "10.0.0.7:1502", "10.0.0.7" },
		{ "[fd00::1]:502", "fd00::1" },
		{ ":502", NULL },
	};
	struct fixture fixture;
	char host[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		section(&fixture, cases[i].port);
		assert_int_equal(
			registers_find_host(&fixture.ups, host, sizeof(host)),
			cases[i].host ? 0 : -ENOENT);
		if (cases[i].host)
			assert_string_equal(host, cases[i].host);
	}
	section(&fixture, "10.0.0.7:0");
	assert_int_equal(registers_open(&fixture.registers, &fixture.ups,
					&settings, deadline_in_ms(LONG_MS)),
			 -EINVAL);
	assert_null(fixture.registers);
	assert_string_equal(fixture.ups.problem,
			    "[u] port = 10.0.0.7:0 is no host, and no path");
}

int main(void)
{
#define NET_TEST(test)  cmocka_unit_test_setup_teardown(test, start_net, stop)
#define LINE_TEST(test) cmocka_unit_test_setup_teardown(test, start_line, stop)
	const struct CMUnitTest tests[] = {
		NET_TEST(test_read_and_write),
		NET_TEST(test_a_refusal_has_its_number),
		NET_TEST(test_silence_ends_at_the_deadline),
		NET_TEST(test_garbage_is_no_answer),
		NET_TEST(test_another_transaction_is_read_past),
		NET_TEST(test_half_an_answer_is_none),
		NET_TEST(test_a_closed_connection_is_made_again),
		NET_TEST(test_nobody_listens_any_more),
		LINE_TEST(test_read_and_write),
		LINE_TEST(test_a_refusal_has_its_number),
		LINE_TEST(test_silence_ends_at_the_deadline),
		LINE_TEST(test_garbage_is_no_answer),
		LINE_TEST(test_a_port_that_goes),
		cmocka_unit_test(test_what_a_port_means),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
