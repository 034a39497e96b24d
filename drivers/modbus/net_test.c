// SPDX-License-Identifier: MIT
/* Modbus drivers over TCP, to emulated UPSes on the loopback interface. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/fleet.h"
#include "link/serve_fake.h"
#include "modbus/modbus_fake.h"

#define LONG_MS     30000
#define PATIENCE_MS 500
/* Beyond a deadline, on a busy machine. */
#define GRACE_MS    3000

struct fixture {
	struct serve_fake *serve;
	struct conf conf;
	struct ups ups;
};

static struct modbus_fake *fake_of(struct fixture *fixture)
{
	return fixture->serve->net.state;
}

static void start(struct fixture *fixture, const char *kind, const char *keys)
{
	char text[256];
	int len;

	memset(fixture, 0, sizeof(*fixture));
	fixture->serve = serve_fake_net(modbus_fake_net(kind));
	len = snprintf(text, sizeof(text), "[u]\nport = 127.0.0.1:%d\n%s\n",
		       fixture->serve->port, keys);
	(void)conf_parse(&fixture->conf, "ups.conf", text, (size_t)len, NULL);
}

static int arm(struct fixture *fixture, int64_t ms)
{
	return fleet_arm(&fixture->ups, &fixture->conf,
			 conf_find_section(&fixture->conf, "u"),
			 deadline_in_ms(ms));
}

static void end(struct fixture *fixture)
{
	fleet_release(&fixture->ups);
	serve_fake_end(fixture->serve);
}

#define APC "driver = apc_modbus\nporttype = tcp"

static struct fixture it;

static void test_return_comes_from_the_card(void **state)
{
	struct ups_cut cut = { .wanted = UPS_RETURN };
	char host[64];

	(void)state;
	start(&it, "modbus-apc", APC);
	serve_fake_go(it.serve);
	assert_int_equal(arm(&it, LONG_MS), 0);
	assert_int_equal(it.ups.driver->find_host(&it.ups, host, sizeof(host)),
			 0);
	assert_string_equal(host, "127.0.0.1");
	assert_int_equal(fleet_cut(&it.ups, &cut, deadline_in_ms(LONG_MS)), 0);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(fake_of(&it)->writes, 1);
	assert_int_equal(*modbus_fake_at(fake_of(&it), REGISTERS_HOLDING, 1539),
			 0x8388);
	assert_int_equal(it.serve->ups.back, LINE_FAKE_WITH_MAINS);
	end(&it);
}

static void test_a_section_of_registers(void **state)
{
	struct ups_cut cut = { .wanted = UPS_STAYOFF };

	(void)state;
	start(&it, "modbus-netman", "driver = modbus\nmodel = riello-netman");
	serve_fake_go(it.serve);
	assert_int_equal(arm(&it, LONG_MS), 0);
	assert_int_equal(fleet_cut(&it.ups, &cut, deadline_in_ms(LONG_MS)), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(it.serve->ups.back, LINE_FAKE_STAYS_OFF);
	end(&it);
}

/* A card gives up a connection on which nothing was said for long. */
static void test_a_connection_that_was_given_up(void **state)
{
	struct ups_cut cut = { .wanted = UPS_RETURN };
	struct ups other = { 0 };

	(void)state;
	start(&it, "modbus-apc", APC);
	serve_fake_go(it.serve);
	assert_int_equal(arm(&it, LONG_MS), 0);
	/* Who comes later pushes it out. */
	assert_int_equal(
		fleet_arm(&other, &it.conf, 1, deadline_in_ms(LONG_MS)), 0);
	fleet_release(&other);
	assert_int_equal(fleet_cut(&it.ups, &cut, deadline_in_ms(LONG_MS)), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	end(&it);
}

static void test_nobody_listens(void **state)
{
	(void)state;
	start(&it, "modbus-apc", APC);
	/* It is not served yet. */
	assert_int_equal(arm(&it, PATIENCE_MS), -ENODEV);
	assert_string_equal(it.ups.problem, "[u] there is no way to 127.0.0.1");
	end(&it);
}

static void test_one(enum net_fake_way way, int from)
{
	struct ups_cut cut = { .wanted = UPS_RETURN };
	int64_t start_ms;
	int ret;

	start(&it, "modbus-apc", APC "\nresponse_timeout_ms = 100");
	it.serve->net.way = way;
	it.serve->net.way_from = from;
	it.serve->net.trouble_ms = 200;
	serve_fake_go(it.serve);
	start_ms = clock_now_ms();
	ret = arm(&it, PATIENCE_MS);
	if (ret == 0)
		ret = fleet_cut(&it.ups, &cut, deadline_in_ms(PATIENCE_MS));
	if (clock_now_ms() - start_ms > 2 * PATIENCE_MS + GRACE_MS)
		fail_msg("way %d from %d: too late", way, from);
	if (ret < 0 && strncmp(it.ups.problem, "[u] ", 4) != 0)
		fail_msg("way %d from %d: no sentence", way, from);
	if (ret == 0 && it.serve->ups.orders == 0)
		fail_msg("way %d from %d: done, and it is not true", way, from);
	end(&it);
}

static void test_whatever_ails_the_network(void **state)
{
	(void)state;
	for (int way = NET_FAKE_SILENT; way < NET_FAKE_WAYS; way++) {
		for (int from = 0; from < 7; from += 2)
			test_one((enum net_fake_way)way, from);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_return_comes_from_the_card),
		cmocka_unit_test(test_a_section_of_registers),
		cmocka_unit_test(test_a_connection_that_was_given_up),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_whatever_ails_the_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
