// SPDX-License-Identifier: MIT
/* From a section to a commanded UPS, with the fake driver as the device. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fleet.h"
#include "base/unspoken.h"

struct bench {
	struct conf conf;
	struct ups ups;
	char journal[64];
	char notes[512];
};

static void bench_note(void *arg, const char *sentence)
{
	struct bench *bench = arg;
	size_t len = strlen(bench->notes);

	(void)snprintf(bench->notes + len, sizeof(bench->notes) - len, "%s\n",
		       sentence);
}

/* [rack1] with the fake driver and @keys. */
static void bench_start(struct bench *bench, const char *keys)
{
	char text[512];
	int fd;

	memset(bench, 0, sizeof(*bench));
	(void)strcpy(bench->journal, "/tmp/lastwatt-fleet-XXXXXX");
	fd = mkstemp(bench->journal);
	assert_true(fd >= 0);
	(void)close(fd);
	(void)snprintf(text, sizeof(text),
		       "[rack1]\ndriver = lastwatt-fake\njournal = %s\n%s",
		       bench->journal, keys);
	assert_int_equal(
		conf_parse(&bench->conf, "ups.conf", text, strlen(text), NULL),
		0);
	bench->ups.note = bench_note;
	bench->ups.note_arg = bench;
}

static int bench_arm(struct bench *bench, int ms)
{
	return fleet_arm(&bench->ups, &bench->conf, 1, deadline_in_ms(ms));
}

static void bench_end(struct bench *bench)
{
	fleet_release(&bench->ups);
	(void)unlink(bench->journal);
}

static void test_drivers_are_registered_and_sorted(void **state)
{
	const struct ups_driver *list[64];
	size_t count = fleet_drivers(list, 64), i;

	(void)state;
	assert_true(count >= 1);
	for (i = 1; i < count; i++)
		assert_true(strcmp(list[i - 1]->name, list[i]->name) < 0);
	assert_non_null(fleet_find_driver("lastwatt-fake"));
	assert_null(fleet_find_driver("nosuchdriver"));
	assert_null(fleet_find_driver(""));
}

static void test_arm_and_cut(void **state)
{
	struct bench bench;
	struct ups_cut cut = { .wanted = UPS_STAYOFF };

	(void)state;
	bench_start(&bench, "offdelay = 7\nondelay = 8\n");
	assert_int_equal(bench_arm(&bench, 1000), 0);
	assert_string_equal(bench.ups.name, "rack1");
	assert_int_equal(fleet_cut(&bench.ups, &cut, deadline_in_ms(1000)), 0);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 7);
	assert_int_equal(cut.on_after_s, 8);
	bench_end(&bench);
}

static int bench_cut(struct bench *bench, struct ups_cut *cut)
{
	*cut = (struct ups_cut){ .by_section = true };
	assert_int_equal(bench_arm(bench, 1000), 0);
	return fleet_cut(&bench->ups, cut, deadline_in_ms(1000));
}

static void test_sdcommands_go_first(void **state)
{
	struct bench bench;
	struct ups_cut cut;

	(void)state;
	bench_start(&bench, "sdcommands = shutdown.stayoff,load.off\n");
	assert_int_equal(bench_cut(&bench, &cut), 0);
	assert_int_equal(cut.given, UPS_STAYOFF);
	/* Not for somebody who says what he wants. */
	cut = (struct ups_cut){ .wanted = UPS_REBOOT };
	assert_int_equal(fleet_cut(&bench.ups, &cut, deadline_in_ms(1000)), 0);
	assert_int_equal(cut.given, UPS_REBOOT);
	bench_end(&bench);
}

static void test_sdcommands_are_tried_in_turn(void **state)
{
	struct bench bench;
	struct ups_cut cut;

	(void)state;
	bench_start(&bench,
		    "only = off\nsdcommands = \"beeper.off, load.off\"\n");
	assert_int_equal(bench_cut(&bench, &cut), 0);
	assert_int_equal(cut.given, UPS_OFF);
	assert_non_null(strstr(bench.notes, "beeper.off of sdcommands"));
	bench_end(&bench);
}

static void test_shutdown_default_takes_what_there_is(void **state)
{
	struct bench bench;
	struct ups_cut cut;

	(void)state;
	bench_start(&bench, "only = reboot\n"
			    "sdcommands = shutdown.return,shutdown.default\n");
	assert_int_equal(bench_cut(&bench, &cut), 0);
	assert_int_equal(cut.given, UPS_REBOOT);
	bench_end(&bench);
}

/* For a line that begins with the name. */
static void test_why_does_not_name_it_again(void **state)
{
	struct ups ups = { .name = "rack1" };

	(void)state;
	(void)ups_fail(&ups, -EIO, "[rack1] does not answer");
	assert_string_equal(ups_why(&ups), "does not answer");
	(void)ups_fail(&ups, -EIO, "[rack10] does not answer");
	assert_string_equal(ups_why(&ups), "[rack10] does not answer");
	(void)ups_fail(&ups, -EIO, "no memory");
	assert_string_equal(ups_why(&ups), "no memory");
	ups.problem[0] = '\0';
	assert_string_equal(ups_why(&ups), "");
}

/* Somebody rehearses with a beeper: then nothing may be switched off. */
static void test_nothing_but_sdcommands(void **state)
{
	struct bench bench;
	struct ups_cut cut;

	(void)state;
	bench_start(&bench, "only = off\n"
			    "sdcommands = beeper.toggle,shutdown.return\n");
	assert_int_equal(bench_cut(&bench, &cut), -EOPNOTSUPP);
	assert_string_equal(
		bench.ups.problem,
		"[rack1] none of sdcommands = beeper.toggle,shutdown.return is to be had");
	bench_end(&bench);
}

static void test_an_unknown_driver_is_named(void **state)
{
	static const char text[] = "[a]\ndriver = nosuch\n[b]\nport = auto\n";
	struct conf conf;
	struct ups ups = { 0 };

	(void)state;
	(void)conf_parse(&conf, "ups.conf", text, sizeof(text) - 1, NULL);
	assert_int_equal(fleet_arm(&ups, &conf, 1, deadline_in_ms(100)),
			 -EOPNOTSUPP);
	assert_non_null(strstr(ups.problem, "[a] driver nosuch"));
	assert_int_equal(fleet_arm(&ups, &conf, 2, deadline_in_ms(100)),
			 -EINVAL);
	assert_non_null(strstr(ups.problem, "[b] names no driver"));
	fleet_release(&ups);
}

static void test_an_absent_device_is_looked_for_again(void **state)
{
	struct bench bench;

	(void)state;
	bench_start(&bench, "open = absent\ntimes = 2\n");
	assert_int_equal(bench_arm(&bench, 10000), 0);
	bench_end(&bench);

	bench_start(&bench, "open = absent\n");
	assert_int_equal(bench_arm(&bench, 300), -ENODEV);
	assert_non_null(strstr(bench.ups.problem, "not there"));
	bench_end(&bench);
}

/* It may have obeyed before it was lost, whatever it says when it is back. */
static void test_lost_over_the_cut_and_refused_then(void **state)
{
	struct bench bench;
	struct ups_cut cut = { .wanted = UPS_RETURN };

	(void)state;
	bench_start(&bench, "cut = lost\n");
	assert_int_equal(bench_arm(&bench, 1000), 0);
	assert_int_equal(conf_add(&bench.conf, 1, "open", "refuse"), 0);
	assert_int_equal(fleet_cut(&bench.ups, &cut, deadline_in_ms(3000)),
			 -ENODEV);
	assert_string_equal(bench.ups.problem, "the fake refuses, as told");
	bench_end(&bench);
}

static void test_a_lost_device_is_found_again(void **state)
{
	struct bench bench;
	struct ups_cut cut = { .wanted = UPS_RETURN };

	(void)state;
	bench_start(&bench, "cut = lost\ntimes = 1\n");
	assert_int_equal(bench_arm(&bench, 1000), 0);
	(void)strcpy(bench.ups.identity, "what it was");
	assert_int_equal(fleet_cut(&bench.ups, &cut, deadline_in_ms(5000)), 0);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_non_null(strstr(bench.notes, "looking for it again"));
	assert_string_equal(bench.ups.identity, "what it was");
	assert_int_equal(bench.ups.failures, 0);
	fleet_release(&bench.ups);
	assert_int_equal(bench_arm(&bench, 1000), 0);
	assert_string_equal(bench.ups.identity, "");
	bench_end(&bench);

	bench_start(&bench, "cut = fail\n");
	assert_int_equal(bench_arm(&bench, 1000), 0);
	assert_int_equal(fleet_cut(&bench.ups, &cut, deadline_in_ms(400)), -EIO);
	assert_true(bench.ups.failures >= 2);
	bench_end(&bench);
}

static void test_numbers_are_clamped_with_a_note(void **state)
{
	struct bench bench;

	(void)state;
	bench_start(&bench, "a = 12\nb = -3\nc = junk\nd = 99999999999\n");
	assert_int_equal(bench_arm(&bench, 1000), 0);
	assert_int_equal(ups_number(&bench.ups, "a", 1, 0, 100), 12);
	assert_int_equal(ups_number(&bench.ups, "missing", 5, 0, 100), 5);
	assert_string_equal(bench.notes, "");
	assert_int_equal(ups_number(&bench.ups, "b", 1, 0, 100), 0);
	assert_int_equal(ups_number(&bench.ups, "c", 1, 0, 100), 0);
	assert_int_equal(ups_number(&bench.ups, "d", 1, 0, 100), 100);
	assert_non_null(strstr(bench.notes, "[rack1] b = -3 (line 5)"));
	bench_end(&bench);
}

static void left_out_on_purpose_is_explained(void **state)
{
	static const char text[] =
		"[rack1]\ndriver = nhs_ser\n[b]\ndriver = x\n";
	static struct bench bench;

	(void)state;
	memset(&bench, 0, sizeof(bench));
	assert_int_equal(
		conf_parse(&bench.conf, "ups.conf", text, strlen(text), NULL),
		0);
	assert_int_equal(bench_arm(&bench, 10), -EOPNOTSUPP);
	assert_non_null(strstr(bench.ups.problem, "speaks: no command is known"));
	assert_int_equal(
		fleet_arm(&bench.ups, &bench.conf, 2, deadline_in_ms(10)),
		-EOPNOTSUPP);
	assert_non_null(strstr(bench.ups.problem, "lastwatt speaks"));
	assert_null(strchr(bench.ups.problem, ':'));
}

static void what_is_spoken_is_not_left_out(void **state)
{
	const struct ups_driver *list[64];
	size_t count = fleet_drivers(list, 64);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const char *const *name = list[i]->nut_names;

		for (; *name; name++)
			assert_null(unspoken_reason(*name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drivers_are_registered_and_sorted),
		cmocka_unit_test(test_arm_and_cut),
		cmocka_unit_test(test_sdcommands_go_first),
		cmocka_unit_test(test_sdcommands_are_tried_in_turn),
		cmocka_unit_test(test_shutdown_default_takes_what_there_is),
		cmocka_unit_test(test_nothing_but_sdcommands),
		cmocka_unit_test(test_why_does_not_name_it_again),
		cmocka_unit_test(test_an_unknown_driver_is_named),
		cmocka_unit_test(test_an_absent_device_is_looked_for_again),
		cmocka_unit_test(test_a_lost_device_is_found_again),
		cmocka_unit_test(test_lost_over_the_cut_and_refused_then),
		cmocka_unit_test(test_numbers_are_clamped_with_a_note),
		cmocka_unit_test(left_out_on_purpose_is_explained),
		cmocka_unit_test(what_is_spoken_is_not_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
