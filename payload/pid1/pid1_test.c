// SPDX-License-Identifier: MIT
/*
 * The real program as PID 1 of a namespace: every verb and every decision,
 * with a UPS that does as it is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pid1/expect_fake.h"

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

static void test_poweroff_cuts(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
	expect_said(world.console, "rack1: return verified, load off in 20 s");
	expect_said(world.kmsg, "rack1: return verified");
}

static const char *expect_last_line(const char *text)
{
	const char *last = strstr(text, "lastwatt: "), *next;

	while (last && (next = strstr(last + 1, "lastwatt: ")))
		last = next;
	return last ? last : "";
}

static void test_last_words_are_plain(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	expect_run(&world);
	assert_string_equal(
		expect_last_line(world.console),
		"lastwatt: UPS rack1: load goes off in 20 s, returns with mains. Powering off.\r\n");
	expect_not_said(world.console, "\033");

	world.flag_is_valid = false;
	expect_run(&world);
	assert_string_equal(expect_last_line(world.console),
			    "lastwatt: Powering off.\r\n");
}

static void test_splash_is_ended(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	expect_run(&world);
	expect_not_said(world.screen, "splash");
	world.splash = "plymouthd";
	expect_run(&world);
	expect_said(world.screen, "the splash screen was ended");
	world.splash = "plymouthd-fd-escrow"; /* the kernel takes 15 bytes */
	expect_run(&world);
	expect_said(world.screen, "the splash screen was ended");
}

static void test_halt_and_exit_cut(void **state)
{
	struct world world = expect_world(halt, FAKE_UPS);

	(void)state;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);

	world = expect_world(exit_verb, FAKE_UPS);
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
}

static void test_reboot_cuts_and_stays(void **state)
{
	struct world world =
		expect_world(reboot_257, FAKE_UPS " offdelay = 0\n");

	(void)state;
	expect_run(&world);
	assert_int_equal(world.signal, RESTARTED);
	expect_cut(&world);
	expect_said(world.console,
		    "until the load goes off, or reboot in 14 s ");
	expect_said(world.console, "until the load goes off, or reboot in 1 s ");
	expect_said(world.console, "Still on after the wait. Rebooting.");
	assert_true(world.took_ms >= 15000);
}

static void test_kexec_never_cuts(void **state)
{
	struct world world = expect_world(kexec, FAKE_UPS);

	(void)state;
	expect_run(&world);
	/* A namespace knows no kexec: the nearest call that works. */
	assert_int_equal(world.signal, RESTARTED);
	expect_untouched(&world);
}

static void test_strange_verbs_never_cut(void **state)
{
	static const char *const *const list[] = { strange, nothing,
						   only_options };
	struct world world;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(list) / sizeof(*list); i++) {
		world = expect_world(list[i], FAKE_UPS);
		expect_run(&world);
		assert_int_equal(world.signal, POWERED_OFF);
		expect_untouched(&world);
	}
}

static void test_no_flag_no_cut(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.flag_is_valid = false;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_untouched(&world);

	world = expect_world(reboot_257, FAKE_UPS);
	world.flag_is_valid = false;
	expect_run(&world);
	assert_int_equal(world.signal, RESTARTED);
	expect_untouched(&world);
	expect_not_said(world.console, "staying");
}

/* Only when it was asked for, and only once all is safe. */
static void test_disks_are_parked_on_demand(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);
	const char *parked, *safe;

	(void)state;
	expect_run(&world);
	expect_not_said(world.console, "parked");

	world = expect_world(expect_poweroff, FAKE_UPS);
	world.word = "LASTWATT_PARK=yes";
	expect_run(&world);
	expect_cut(&world);
	parked = strstr(world.console, "parked nothing in");
	safe = strstr(world.console, "storage   safe");
	assert_non_null(parked);
	assert_true(parked < safe);

	world = expect_world(expect_poweroff, FAKE_UPS);
	world.word = "LASTWATT_PARK=no";
	expect_run(&world);
	expect_not_said(world.console, "parked");
}

static void test_secondary_is_untouched(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.primary = NULL;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_untouched(&world);
}

static void test_poweroff_wait_reboots(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.primary = NULL; /* of none: only the wait is left */
	world.poweroff_wait_ms = 1000;
	expect_run(&world);
	assert_int_equal(world.signal, RESTARTED);
	expect_untouched(&world);
	expect_said(world.console, "POWEROFF_WAIT");
}

/* POWEROFF_WAIT=0 must not boot the machine into its own cut. */
static void test_poweroff_wait_outlasts_the_cut(void **state)
{
	struct world world =
		expect_world(expect_poweroff, FAKE_UPS " offdelay = 0\n");

	(void)state;
	world.poweroff_wait_ms = 0;
	expect_run(&world);
	assert_int_equal(world.signal, RESTARTED);
	expect_cut(&world);
	expect_said(world.console, "until the load goes off");
	assert_true(world.took_ms >= 15000);
}

/* It does not wait all day for a UPS that did not cut and has mains. */
static void test_poweroff_wait_ends_with_the_mains(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS
					  " offdelay = 0\n mains = present\n");

	(void)state;
	world.poweroff_wait_ms = 3600000;
	expect_run(&world);
	assert_int_equal(world.signal, RESTARTED);
	expect_cut(&world);
	expect_said(world.console, "POWEROFF_WAIT");
	expect_said(world.console, "mains is back and stays: reboot");
	assert_true(world.took_ms >= 25000);
}

static void test_live_files_below_oldroot(void **state)
{
	struct world world = {
		.argv = expect_poweroff,
		.poweroff_wait_ms = -1,
		.old_ups_conf = FAKE_UPS,
		.old_upsmon_conf =
			"POWERDOWNFLAG /etc/killpower\n"
			"MONITOR rack1@localhost 1 user secret primary\n",
		.old_flag = "upsmon-shutdown-file",
	};

	(void)state;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
	expect_not_said(world.console, "secret");

	world.old_flag = "something else";
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_untouched(&world);

	/* A garbled handover is no better than none. */
	world.old_flag = "upsmon-shutdown-file";
	world.handover_text = "garbage\n";
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
}

static void test_nothing_at_all(void **state)
{
	struct world world = { .argv = expect_poweroff, .poweroff_wait_ms = -1 };

	(void)state;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_untouched(&world);
	expect_said(world.console, "off       poweroff");
}

static void test_kmsg_gets_few_lines(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);
	const char *line;
	int lines = 0;

	(void)state;
	expect_run(&world);
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
		cmocka_unit_test(test_last_words_are_plain),
		cmocka_unit_test(test_splash_is_ended),
		cmocka_unit_test(test_halt_and_exit_cut),
		cmocka_unit_test(test_reboot_cuts_and_stays),
		cmocka_unit_test(test_kexec_never_cuts),
		cmocka_unit_test(test_strange_verbs_never_cut),
		cmocka_unit_test(test_no_flag_no_cut),
		cmocka_unit_test(test_disks_are_parked_on_demand),
		cmocka_unit_test(test_secondary_is_untouched),
		cmocka_unit_test(test_poweroff_wait_reboots),
		cmocka_unit_test(test_poweroff_wait_outlasts_the_cut),
		cmocka_unit_test(test_poweroff_wait_ends_with_the_mains),
		cmocka_unit_test(test_live_files_below_oldroot),
		cmocka_unit_test(test_nothing_at_all),
		cmocka_unit_test(test_kmsg_gets_few_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
