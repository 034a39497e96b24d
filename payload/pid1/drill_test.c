// SPDX-License-Identifier: MIT
/*
 * The real program as PID 1 of a namespace, in a drill: everything but the cut,
 * and a real outage that is never taken for one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "handover.h"
#include "pid1/expect_fake.h"

static const char *const reboot[] = { "/shutdown", "reboot", NULL };

static struct world drill_world(const char *ups_conf, enum handover_drill drill)
{
	struct world world = expect_world(reboot, ups_conf);

	world.flag_is_valid = false;
	world.drill = drill;
	return world;
}

static void expect_never_cut(const struct world *world)
{
	expect_not_said(world->journal, "rack1 cut\n");
	expect_not_said(world->console, "about to command");
	assert_int_equal(world->signal, RESTARTED);
}

static void test_a_look_writes_nothing(void **state)
{
	struct world world =
		drill_world(FAKE_UPS " mains = present\n", DRILL_LOOK);

	(void)state;
	world.data_below_oldroot = true;
	expect_run(&world);
	expect_never_cut(&world);
	expect_said(world.console, "reboot, a drill: 1 UPS to look at");
	expect_said(world.console, "unmounted 1 in");
	expect_said(world.console,
		    "drill     rack1: could be commanded, has mains");
	expect_said(world.kmsg, "drill: rack1: could be commanded");
	expect_said(world.console,
		    "This was a drill: no load goes off. Rebooting.");
	expect_said(world.journal, "rack1 open\n");
	expect_not_said(world.journal, "cancel");
	assert_true(world.took_ms < 10000);
}

static void test_what_is_not_ready_is_said(void **state)
{
	struct world world = drill_world(FAKE_UPS " open = fail\n", DRILL_LOOK);

	(void)state;
	expect_run(&world);
	expect_never_cut(&world);
	expect_said(world.console,
		    "rack1: NOT ready: the fake fails at open, as told");
}

/* Commanded for ten minutes, and taken back before anything else happens. */
static void test_arming_takes_it_back(void **state)
{
	struct world world = drill_world(FAKE_UPS " offdelay = 5\n", DRILL_ARM);
	const char *armed, *safe;

	(void)state;
	expect_run(&world);
	assert_int_equal(world.signal, RESTARTED);
	expect_said(world.console, "rack1: armed for 600 s and cancelled");
	armed = strstr(world.journal, "rack1 return\n");
	assert_non_null(armed);
	assert_non_null(strstr(armed, "rack1 cancel\n"));
	safe = strstr(world.console, "storage   safe");
	assert_non_null(safe);
	assert_true(safe < strstr(world.console, "armed for"));
}

/* One that would go off too soon, or not as told, is left alone. */
static void test_arming_only_with_time_to_cancel(void **state)
{
	static const char *const spared[] = {
		FAKE_UPS " grants = 60\n",  FAKE_UPS " only = stayoff\n",
		FAKE_UPS " cut = refuse\n", FAKE_UPS " mains = absent\n",
		FAKE_UPS " runs = 500\n",
	};
	struct world world;

	(void)state;
	for (size_t i = 0; i < sizeof(spared) / sizeof(*spared); i++) {
		world = drill_world(spared[i], DRILL_ARM);
		expect_run(&world);
		assert_int_equal(world.signal, RESTARTED);
		expect_said(world.console, "rack1: could be commanded");
		expect_said(world.console, "; it was left alone: ");
		expect_said(world.console, "; level 3 in a test rack");
		expect_not_said(world.journal, "rack1 return\n");
		expect_not_said(world.journal, "rack1 stayoff\n");
		expect_not_said(world.journal, "rack1 cancel\n");
	}
}

static void expect_alarm(const char *ups_conf)
{
	struct world world = drill_world(ups_conf, DRILL_ARM);

	expect_run(&world);
	assert_int_equal(world.signal, RESTARTED);
	expect_said(world.console,
		    "rack1: MAY GO OFF, lastwatt cancel rack1 at the next boot");
	expect_not_said(world.console, "no load goes off");
	expect_said(
		world.console,
		"lastwatt: UPS rack1: its load MAY GO OFF, lastwatt cancel rack1 after the boot.");
}

/* Who ignores the cancel, or never shows what it does. */
static void test_a_cancel_has_to_be_seen(void **state)
{
	struct world world =
		drill_world(FAKE_UPS " cut = sent\n cancel = yes\n", DRILL_ARM);

	(void)state;
	expect_alarm(FAKE_UPS " starts = 500\n");
	expect_alarm(FAKE_UPS " cut = sent\n");
	expect_alarm(FAKE_UPS " cut = fail\n");
	expect_run(&world);
	expect_said(world.console, "rack1: armed for 600 s and cancelled");
}

/* Lost and found again, it is told again. */
static void test_a_cancel_that_is_lost_comes_again(void **state)
{
	struct world world =
		drill_world(FAKE_UPS " cancel = lost\n times = 1\n", DRILL_ARM);

	(void)state;
	expect_run(&world);
	expect_said(world.console, "rack1: armed for 600 s and cancelled");
	expect_said(strstr(world.journal, "rack1 cancel\n"), "rack1 open\n");
}

static void test_a_cancel_that_fails_is_cried_out(void **state)
{
	struct world world = drill_world(FAKE_UPS " cancel = fail\n", DRILL_ARM);

	(void)state;
	expect_run(&world);
	assert_int_equal(world.signal, RESTARTED);
	expect_said(world.console,
		    "rack1: MAY GO OFF, lastwatt cancel rack1 at the next boot");

	/* The same when it dies with the command given; nobody tries again. */
	world = drill_world(FAKE_UPS " cancel = crash\n", DRILL_ARM);
	expect_run(&world);
	assert_int_equal(world.signal, RESTARTED);
	expect_said(world.console, "rack1: MAY GO OFF");
	expect_not_said(strstr(world.journal, "rack1 return\n") + 1,
			"rack1 return\n");
}

/* upsmon means it: the mark does not count. */
static void test_a_real_outage_beats_a_drill(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.drill = DRILL_LOOK;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
	expect_not_said(world.console, "drill");

	world = expect_world(reboot, FAKE_UPS " offdelay = 0\n");
	world.drill = DRILL_ARM;
	expect_run(&world);
	expect_cut(&world);
	expect_not_said(world.console, "drill");
}

static void test_a_power_off_is_no_drill(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.flag_is_valid = false;
	world.drill = DRILL_ARM;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_untouched(&world);
	expect_not_said(world.console, "drill");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_look_writes_nothing),
		cmocka_unit_test(test_what_is_not_ready_is_said),
		cmocka_unit_test(test_arming_takes_it_back),
		cmocka_unit_test(test_arming_only_with_time_to_cancel),
		cmocka_unit_test(test_a_cancel_has_to_be_seen),
		cmocka_unit_test(test_a_cancel_that_is_lost_comes_again),
		cmocka_unit_test(test_a_cancel_that_fails_is_cried_out),
		cmocka_unit_test(test_a_real_outage_beats_a_drill),
		cmocka_unit_test(test_a_power_off_is_no_drill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
