// SPDX-License-Identifier: MIT
/*
 * The real program as PID 1 of a namespace, when the child that unmounts hangs:
 * PID 1 goes on hearing its keepers, and the policy decides in the end. What
 * the kernel does then at the last resort is in the scenario storage/hang.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pid1/expect_fake.h"

#define HANGS "the child that unmounts hangs or died"

#define BUDGET_S      20
#define LONG_BUDGET_S 40

static struct world hanging_world(const char *ups_conf)
{
	struct world world = expect_world(expect_poweroff, ups_conf);

	world.storage_hangs = true;
	world.data_below_oldroot = true;
	world.budget_s = BUDGET_S;
	return world;
}

/* Whatever hangs: over, powered off, and in time. */
static void run_hanging(struct world *world)
{
	expect_run(world);
	assert_int_equal(world->signal, POWERED_OFF);
	expect_said(world->console, HANGS);
	assert_true(world->took_ms < (world->budget_s + 2) * 1000);
}

/* When PID 1 said @what, in milliseconds since its entry. */
static long said_at_ms(const struct world *world, const char *what)
{
	const char *at = strstr(world->console, what);

	expect_said(world->console, what);
	while (at > world->console && at[-1] != '\n')
		at--;
	at = strchr(at, '[');
	assert_non_null(at);
	return strtol(at + 1, NULL, 10);
}

/* When line number @count with @what was written to the journal. */
static long long journal_ms(const struct world *world, const char *what,
			    int count)
{
	const char *at = strstr(world->journal, what);

	while (at && --count > 0)
		at = strstr(at + 1, what);
	if (!at)
		fail_msg("«%s» is missing in:\n%s", what, world->journal);
	while (at && at > world->journal && at[-1] != '\n')
		at--;
	return at ? strtoll(at, NULL, 10) : 0;
}

static void test_what_is_not_safe_is_named_and_cut(void **state)
{
	struct world world = hanging_world(FAKE_UPS);

	(void)state;
	run_hanging(&world);
	expect_said(world.console, "the kernel's emergency remount hangs");
	/* That a busy machine's sync is late may stand between these. */
	expect_said(world.kmsg, "storage: NOT SAFE: ");
	expect_said(world.kmsg,
		    "still mounted: /oldroot/data (overlay, writable)");
	expect_said(world.kmsg, "about to command 1 UPS, storage NOT SAFE");
	expect_said(world.journal, "rack1 return\n");
}

static void test_what_is_not_safe_may_forbid_the_cut(void **state)
{
	struct world world = hanging_world(FAKE_UPS);

	(void)state;
	world.word = "LASTWATT_CUT_IF_UNSAFE=no";
	run_hanging(&world);
	expect_said(world.kmsg, "no UPS is commanded: storage is not safe");
	expect_said(world.kmsg, "rack1: NOT commanded: storage is not safe");
	expect_not_said(world.journal, "rack1 cut");
	expect_not_said(world.journal, "return");

	/* It forbids nothing when all is well. */
	world = expect_world(expect_poweroff, FAKE_UPS);
	world.word = "LASTWATT_CUT_IF_UNSAFE=no";
	expect_run(&world);
	expect_cut(&world);
}

/* Keepers die and hang, and signals come: PID 1 answers, and says so at once. */
static void test_pid1_answers_while_storage_hangs(void **state)
{
	struct world world = hanging_world(
		FAKE_UPS " open = crash\n"
			 " times = 1\n"
			 "[rack2]\n driver = lastwatt-fake\n open = hang\n"
			 " journal = /run/journal\n times = 1\n");
	long died_ms, late_ms, hangs_ms;

	(void)state;
	world.budget_s = LONG_BUDGET_S;
	world.other_primary = "rack2";
	world.signals_rain = true;
	run_hanging(&world);
	died_ms = said_at_ms(&world, "rack1: its keeper died (signal ");
	late_ms = said_at_ms(&world, "rack2: not ready in time");
	hangs_ms = said_at_ms(&world, HANGS);
	assert_true(died_ms < hangs_ms);
	assert_true(said_at_ms(&world, "rack1: ready") < hangs_ms);
	/* It had half of its time, and was looked at when that was over. */
	assert_in_range(late_ms, CONFIG_BUDGET_ARM_S * 500,
			CONFIG_BUDGET_ARM_S * 500 + 3000);
	assert_true(late_ms < hangs_ms);
	/* From the death of one to the birth of the next. */
	assert_true(journal_ms(&world, "rack1 open\n", 2) -
			    journal_ms(&world, "rack1 open\n", 1) <
		    1500);
	expect_said(world.journal, "rack1 return\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_not_safe_is_named_and_cut),
		cmocka_unit_test(test_what_is_not_safe_may_forbid_the_cut),
		cmocka_unit_test(test_pid1_answers_while_storage_hangs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
