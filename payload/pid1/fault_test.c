// SPDX-License-Identifier: MIT
/*
 * The real program as PID 1 of a namespace, when things go wrong: keepers that
 * die or hang, a UPS that is gone, a root that is pinned, a console that blocks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pid1/expect_fake.h"

static void test_keeper_crashes(void **state)
{
	struct world world =
		expect_world(expect_poweroff, FAKE_UPS " cut = crash\n"
						       " times = 1\n");

	(void)state;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world); /* by its successor */
	expect_said(world.console, "its keeper died (signal 4); trying again");

	/* The word was given, and nobody knows what came of it. */
	world = expect_world(expect_poweroff, FAKE_UPS " cut = crash\n");
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_said(world.console,
		    "perhaps commanded, not verified: its keeper died");

	world = expect_world(expect_poweroff, FAKE_UPS " open = crash\n");
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_said(world.console, "NOT commanded: its keeper died");
	expect_said(world.kmsg, "NOT commanded");
	expect_not_said(world.journal, "return");
}

static void test_keeper_hangs(void **state)
{
	struct world world =
		expect_world(expect_poweroff, FAKE_UPS " cut = hang\n"
						       " times = 1\n");

	(void)state;
	world.budget_s = 12;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
	expect_said(world.console, "its keeper hangs; trying again");

	world = expect_world(expect_poweroff, FAKE_UPS " open = hang\n");
	world.budget_s = 12;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_said(world.console, "NOT commanded");
	assert_true(world.took_ms < 14000);
}

static void test_ups_is_gone(void **state)
{
	struct world world =
		expect_world(expect_poweroff, FAKE_UPS " open = absent\n");

	(void)state;
	world.budget_s = 10;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_said(world.console, "NOT commanded: the fake is not there");
	assert_true(world.took_ms < 12000);

	/* The sentence does not name it a second time. */
	world = expect_world(expect_poweroff, "[rack1]\n driver = nosuch\n");
	expect_run(&world);
	expect_said(world.console, "rack1: NOT commanded: driver nosuch is");
	expect_said(
		world.console,
		"cut       failed, so: record the failure and carry the verb out");

	/* Lost in the middle and found again. */
	world = expect_world(expect_poweroff,
			     FAKE_UPS " cut = lost\n times = 1\n");
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
}

static void test_one_dead_ups_does_not_stop_the_other(void **state)
{
	struct world world =
		expect_world(expect_poweroff,
			     "[rack1]\n driver = lastwatt-fake\n port = auto\n"
			     " journal = /run/journal\n"
			     "[rack2]\n driver = nosuchdriver\n port = auto\n");

	(void)state;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
}

static void test_data_is_unmounted(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.data_below_oldroot = true;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_said(world.console, "unmounted 1 in");
	expect_cut(&world);
}

static void test_pinning_process_is_killed(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.data_below_oldroot = true;
	world.pinned = true;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_said(world.console, "it held /oldroot/data/deleted");
	expect_cut(&world);
}

/* Nobody can be killed for it: then it stays, read-only, and says so. */
static void test_what_stays_is_made_read_only(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.data_below_oldroot = true;
	world.held_from_outside = true;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_said(
		world.console,
		"read-only: still mounted: /oldroot/data (overlay, read-only)");
	expect_said(world.console, "about to command 1 UPS, storage read-only");
	expect_said(world.journal, "rack1 return\n");
}

/* A daemon of the storage has its device open on the old /dev. */
static void test_what_is_busy_without_data_is_moved_aside(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.data_below_oldroot = true;
	world.held_from_outside = true;
	world.held_beside_data = true;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_said(world.console, "unmounted 1 in");
	expect_cut(&world);
}

static void test_blocked_console_stops_nothing(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.console_blocks = true;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_said(world.journal, "rack1 return\n");
	expect_said(world.kmsg, "rack1: return verified");
	/* Who stands before the screen still reads it. */
	expect_said(world.screen, "load goes off in 20 s");
	expect_said(world.screen, "Powering off.");
}

/* Mains is back, and the UPS says no more than that it has heard. */
static void test_mains_is_back_and_the_load_may_not_cycle(void **state)
{
	struct world world =
		expect_world(expect_poweroff, FAKE_UPS " cut = sent\n"
						       " mains = present\n"
						       " offdelay = 0\n");

	(void)state;
	expect_run(&world);
	assert_int_equal(world.signal, RESTARTED);
	expect_said(world.console, "sent, not verified");
	expect_said(world.console, "reboot instead");

	/* It cannot be commanded at all. */
	world = expect_world(expect_poweroff,
			     FAKE_UPS " cut = refuse\n mains = present\n");
	expect_run(&world);
	assert_int_equal(world.signal, RESTARTED);
	expect_said(world.console, "NOT commanded");

	/* On battery that is as it should be: the battery decides. */
	world = expect_world(expect_poweroff,
			     FAKE_UPS " cut = sent\n mains = absent\n");
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
}

/* The other one hangs, but the machine has to be off before it is dark. */
static void test_a_hanging_ups_does_not_hold_up_the_dark(void **state)
{
	struct world world =
		expect_world(expect_poweroff, FAKE_UPS
			     " offdelay = 5\n"
			     "[rack2]\n driver = lastwatt-fake\n cut = hang\n");

	(void)state;
	world.other_primary = "rack2";
	world.budget_s = 60;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
	expect_said(world.console,
		    "rack2: perhaps commanded, not verified: no answer in time");
	assert_true(world.took_ms < 5000);
}

static void test_nothing_to_read_is_said_so(void **state)
{
	struct world world = { .argv = expect_poweroff, .poweroff_wait_ms = -1 };

	(void)state;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_not_said(world.console, "in time");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeper_crashes),
		cmocka_unit_test(test_keeper_hangs),
		cmocka_unit_test(test_ups_is_gone),
		cmocka_unit_test(test_one_dead_ups_does_not_stop_the_other),
		cmocka_unit_test(test_data_is_unmounted),
		cmocka_unit_test(test_pinning_process_is_killed),
		cmocka_unit_test(test_what_stays_is_made_read_only),
		cmocka_unit_test(test_what_is_busy_without_data_is_moved_aside),
		cmocka_unit_test(test_blocked_console_stops_nothing),
		cmocka_unit_test(test_mains_is_back_and_the_load_may_not_cycle),
		cmocka_unit_test(test_a_hanging_ups_does_not_hold_up_the_dark),
		cmocka_unit_test(test_nothing_to_read_is_said_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
