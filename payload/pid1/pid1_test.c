// SPDX-License-Identifier: MIT
/*
 * The real program as PID 1 of a namespace: every verb, every decision, and
 * keepers that die, hang or lie.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pid1/world_fake.h"

/* In a process namespace reboot() ends PID 1 with one of these. */
#define POWERED_OFF SIGINT /* halt, too */
#define RESTARTED   SIGHUP

#define MAGIC "upsmon-shutdown-file"
#define FAKE \
	"[rack1]\n driver = lastwatt-fake\n port = auto\n journal = /run/journal\n"

static const char *const poweroff[] = { "/shutdown", "poweroff",
					"--timeout=90000000us", "--log-level=6",
					NULL };
static const char *const reboot_257[] = {
	"/shutdown",     "reboot", "--timeout=1us", "--log-level", "info",
	"--exit-code=0", NULL
};
static const char *const halt[] = { "/shutdown", "halt", NULL };
static const char *const kexec[] = { "/shutdown", "kexec", NULL };
static const char *const exit_verb[] = { "/shutdown", "exit", "--exit-code=3",
					 NULL };
static const char *const strange[] = { "/shutdown", "dance", NULL };
static const char *const nothing[] = { "/shutdown", NULL };
static const char *const only_options[] = { "/shutdown", "--log-level", "info",
					    NULL };

/* A flag that is valid and a UPS that is ours: what most tests start from. */
static struct world world_with(const char *const *argv, const char *ups_conf)
{
	struct world world = {
		.argv = argv,
		.ups_conf = ups_conf,
		.primary = "rack1",
		.flag_is_valid = true,
		.poweroff_wait_ms = -1,
	};

	return world;
}

static void run(struct world *world)
{
	world_run(world);
	if (world->skip) {
		print_message("no world: %s\n", world->skip);
		skip();
	}
}

static void assert_said(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("«%s» is missing in:\n%s", what, text);
}

static void assert_not_said(const char *text, const char *what)
{
	if (strstr(text, what))
		fail_msg("«%s» must not be in:\n%s", what, text);
}

/* The UPS was commanded once, and only after storage was safe. */
static void assert_cut(const struct world *world)
{
	const char *safe = strstr(world->console, "storage   safe");
	const char *cut = strstr(world->console, "about to command");

	assert_said(world->journal, "rack1 return\n");
	assert_non_null(safe);
	assert_non_null(cut);
	assert_true(safe < cut);
}

static void assert_untouched(const struct world *world)
{
	assert_string_equal(world->journal, "");
}

static void test_poweroff_cuts(void **state)
{
	struct world world = world_with(poweroff, FAKE);

	(void)state;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_cut(&world);
	assert_said(world.console, "rack1: return verified, load off in 20 s");
	assert_said(world.kmsg, "rack1: return verified");
}

static void test_halt_and_exit_cut(void **state)
{
	struct world world = world_with(halt, FAKE);

	(void)state;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_cut(&world);

	world = world_with(exit_verb, FAKE);
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_cut(&world);
}

static void test_reboot_cuts_and_stays(void **state)
{
	struct world world = world_with(reboot_257, FAKE " offdelay = 0\n");

	(void)state;
	run(&world);
	assert_int_equal(world.signal, RESTARTED);
	assert_cut(&world);
	assert_said(world.console, "staying until the load goes off");
	assert_true(world.took_ms >= 15000);
}

static void test_kexec_never_cuts(void **state)
{
	struct world world = world_with(kexec, FAKE);

	(void)state;
	run(&world);
	/* A namespace knows no kexec: the nearest call that works. */
	assert_int_equal(world.signal, RESTARTED);
	assert_untouched(&world);
}

static void test_strange_verbs_never_cut(void **state)
{
	static const char *const *const list[] = { strange, nothing,
						   only_options };
	struct world world;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(list) / sizeof(*list); i++) {
		world = world_with(list[i], FAKE);
		run(&world);
		assert_int_equal(world.signal, POWERED_OFF);
		assert_untouched(&world);
	}
}

static void test_no_flag_no_cut(void **state)
{
	struct world world = world_with(poweroff, FAKE);

	(void)state;
	world.flag_is_valid = false;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_untouched(&world);

	world = world_with(reboot_257, FAKE);
	world.flag_is_valid = false;
	run(&world);
	assert_int_equal(world.signal, RESTARTED);
	assert_untouched(&world);
	assert_not_said(world.console, "staying");
}

static void test_secondary_is_untouched(void **state)
{
	struct world world = world_with(poweroff, FAKE);

	(void)state;
	world.primary = NULL;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_untouched(&world);
}

static void test_poweroff_wait_reboots(void **state)
{
	struct world world = world_with(poweroff, FAKE);

	(void)state;
	world.primary = NULL; /* of none: only the wait is left */
	world.poweroff_wait_ms = 1000;
	run(&world);
	assert_int_equal(world.signal, RESTARTED);
	assert_untouched(&world);
	assert_said(world.console, "POWEROFF_WAIT");
}

/* POWEROFF_WAIT=0 must not boot the machine into its own cut. */
static void test_poweroff_wait_outlasts_the_cut(void **state)
{
	struct world world = world_with(poweroff, FAKE " offdelay = 0\n");

	(void)state;
	world.poweroff_wait_ms = 0;
	run(&world);
	assert_int_equal(world.signal, RESTARTED);
	assert_cut(&world);
	assert_said(world.console, "staying until the load goes off");
	assert_true(world.took_ms >= 15000);
}

static void test_keeper_crashes(void **state)
{
	struct world world = world_with(poweroff, FAKE " cut = crash\n"
						       " times = 1\n");

	(void)state;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_cut(&world); /* by its successor */
	assert_said(world.console, "its keeper died; trying again");

	world = world_with(poweroff, FAKE " open = crash\n");
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_said(world.console, "NOT commanded: its keeper died");
	assert_said(world.kmsg, "NOT commanded");
	assert_not_said(world.journal, "return");
}

static void test_keeper_hangs(void **state)
{
	struct world world = world_with(poweroff, FAKE " cut = hang\n"
						       " times = 1\n");

	(void)state;
	world.budget_s = 12;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_cut(&world);
	assert_said(world.console, "its keeper hangs; trying again");

	world = world_with(poweroff, FAKE " open = hang\n");
	world.budget_s = 12;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_said(world.console, "NOT commanded");
	assert_true(world.took_ms < 14000);
}

static void test_ups_is_gone(void **state)
{
	struct world world = world_with(poweroff, FAKE " open = absent\n");

	(void)state;
	world.budget_s = 10;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_said(world.console, "NOT commanded: the fake is not there");
	assert_true(world.took_ms < 12000);

	/* Lost in the middle and found again. */
	world = world_with(poweroff, FAKE " cut = lost\n times = 1\n");
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_cut(&world);
}

static void test_one_dead_ups_does_not_stop_the_other(void **state)
{
	struct world world = world_with(
		poweroff, "[rack1]\n driver = lastwatt-fake\n port = auto\n"
			  " journal = /run/journal\n"
			  "[rack2]\n driver = nosuchdriver\n port = auto\n");

	(void)state;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_cut(&world);
}

static void test_live_files_below_oldroot(void **state)
{
	struct world world = {
		.argv = poweroff,
		.poweroff_wait_ms = -1,
		.old_ups_conf = FAKE,
		.old_upsmon_conf =
			"POWERDOWNFLAG /etc/killpower\n"
			"MONITOR rack1@localhost 1 user secret primary\n",
		.old_flag = MAGIC,
	};

	(void)state;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_cut(&world);
	assert_not_said(world.console, "secret");

	world.old_flag = "something else";
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_untouched(&world);

	/* A garbled handover is no better than none. */
	world.old_flag = MAGIC;
	world.handover_text = "garbage\n";
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_cut(&world);
}

static void test_nothing_at_all(void **state)
{
	struct world world = { .argv = poweroff, .poweroff_wait_ms = -1 };

	(void)state;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_untouched(&world);
	assert_said(world.console, "off       poweroff");
}

static void test_data_is_unmounted(void **state)
{
	struct world world = world_with(poweroff, FAKE);

	(void)state;
	world.data_below_oldroot = true;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_said(world.console, "unmounted 1 in");
	assert_cut(&world);
}

static void test_pinning_process_is_killed(void **state)
{
	struct world world = world_with(poweroff, FAKE);

	(void)state;
	world.data_below_oldroot = true;
	world.pinned = true;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_said(world.console, "it held /oldroot/data/deleted");
	assert_cut(&world);
}

static void test_blocked_console_stops_nothing(void **state)
{
	struct world world = world_with(poweroff, FAKE);

	(void)state;
	world.console_blocks = true;
	run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_said(world.journal, "rack1 return\n");
	assert_said(world.kmsg, "rack1: return verified");
}

static void test_kmsg_gets_few_lines(void **state)
{
	struct world world = world_with(poweroff, FAKE);
	const char *line;
	int lines = 0;

	(void)state;
	run(&world);
	for (line = world.kmsg; (line = strchr(line, '\n')); line++)
		lines++;
	for (line = world.kmsg; (line = strstr(line, "<6>lastwatt:")); line++)
		lines++;
	assert_in_range(lines, 4, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_poweroff_cuts),
		cmocka_unit_test(test_halt_and_exit_cut),
		cmocka_unit_test(test_reboot_cuts_and_stays),
		cmocka_unit_test(test_kexec_never_cuts),
		cmocka_unit_test(test_strange_verbs_never_cut),
		cmocka_unit_test(test_no_flag_no_cut),
		cmocka_unit_test(test_secondary_is_untouched),
		cmocka_unit_test(test_poweroff_wait_reboots),
		cmocka_unit_test(test_poweroff_wait_outlasts_the_cut),
		cmocka_unit_test(test_keeper_crashes),
		cmocka_unit_test(test_keeper_hangs),
		cmocka_unit_test(test_ups_is_gone),
		cmocka_unit_test(test_one_dead_ups_does_not_stop_the_other),
		cmocka_unit_test(test_live_files_below_oldroot),
		cmocka_unit_test(test_nothing_at_all),
		cmocka_unit_test(test_data_is_unmounted),
		cmocka_unit_test(test_pinning_process_is_killed),
		cmocka_unit_test(test_blocked_console_stops_nothing),
		cmocka_unit_test(test_kmsg_gets_few_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
