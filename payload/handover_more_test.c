// SPDX-License-Identifier: MIT
/* UPSes that hang on other machines, and lastwatt.conf, which makes them ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/said_fake.h"
#include "handover.h"
#include "handover_fake.h"
#include "plan.h"

/** A root with NUT's configuration in it. */
struct fixture {
	char root[HANDOVER_FAKE_ROOT_MAX];
	struct plan plan;
	struct said said;
};

static void put_file(const struct fixture *fixture, const char *path,
		     const char *text, mode_t mode)
{
	char full[HANDOVER_FAKE_PATH_MAX];

	handover_fake_put(fixture->root, path, text);
	handover_fake_path(fixture->root, path, full);
	assert_int_equal(chmod(full, mode), 0);
}

/* As Debian's nut-client leaves it: no ups.conf. */
static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	*state = fixture;
	handover_fake_make(fixture->root);
	handover_fake_put_dir(fixture->root, "/run");
	handover_fake_put_dir(fixture->root, "/run/nut");
	put_file(fixture, "/etc/nut/upsmon.conf",
		 "MONITOR far@192.0.2.9:3493 1 u secret1 secondary\n"
		 "POWERDOWNFLAG /run/nut/killpower\n",
		 0640);
	put_file(fixture, "/etc/nut/nut.conf", "MODE=netclient\n", 0640);
	put_file(fixture, "/run/nut/killpower", HANDOVER_FAKE_MAGIC, 0644);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	handover_fake_remove(fixture->root);
	free(fixture);
	return 0;
}

static void decide(struct fixture *fixture, enum verb verb)
{
	const struct conf_report report = { .say = said_hear,
					    .arg = &fixture->said };

	memset(&fixture->said, 0, sizeof(fixture->said));
	assert_int_equal(handover_collect(&fixture->plan.handover,
					  fixture->root, &report),
			 0);
	plan_decide(&fixture->plan, verb);
}

static void a_plain_secondary_powers_off(void **state)
{
	struct fixture *fixture = *state;

	decide(fixture, VERB_POWEROFF);
	said_check(&fixture->said, NULL);
	assert_int_equal(fixture->plan.handover.flag, FLAG_VALID);
	assert_int_equal(fixture->plan.handover.primaries, 0);
	assert_int_equal(fixture->plan.handover.others, 1);
	assert_false(fixture->plan.cut);
	assert_int_equal(fixture->plan.after, AFTER_VERB);
}

static void a_secondary_that_shall_wait_waits_and_reboots(void **state)
{
	struct fixture *fixture = *state;

	put_file(fixture, "/etc/nut/nut.conf",
		 "MODE=netclient\nPOWEROFF_WAIT=5m\n", 0640);
	for (int verb = VERB_POWEROFF; verb <= VERB_HALT; verb++) {
		decide(fixture, (enum verb)verb);
		assert_false(fixture->plan.cut);
		assert_int_equal(fixture->plan.after, AFTER_WAIT_THEN_REBOOT);
		assert_int_equal(fixture->plan.wait_ms, 300000);
	}
}

static void a_secondary_waits_only_if_upsmon_asked(void **state)
{
	struct fixture *fixture = *state;

	put_file(fixture, "/etc/nut/nut.conf",
		 "MODE=netclient\nPOWEROFF_WAIT=5m\n", 0640);
	put_file(fixture, "/run/nut/killpower", "", 0644);
	decide(fixture, VERB_POWEROFF);
	assert_int_equal(fixture->plan.after, AFTER_VERB);
}

static void a_primary_of_anothers_ups_is_told(void **state)
{
	struct fixture *fixture = *state;

	put_file(fixture, "/etc/nut/upsmon.conf",
		 "MONITOR far@192.0.2.9 1 u secret1 primary\n"
		 "POWERDOWNFLAG /run/nut/killpower\n",
		 0640);
	decide(fixture, VERB_POWEROFF);
	assert_false(fixture->plan.cut);
	assert_non_null(strstr(
		fixture->said.text,
		"is on another machine, and ours to cut only by a section of lastwatt.conf"));
}

static const char far[] = "[far]\ndriver = lastwatt-fake\n"
			  "port = far@192.0.2.9\nusername = boss\n"
			  "password = \"hush \\\" \\#\"\n";

static void a_section_of_ours_is_cut(void **state)
{
	struct fixture *fixture = *state;
	const struct handover *handover = &fixture->plan.handover;
	char dir[100], why[UPS_SENTENCE_MAX], boot_id[HANDOVER_BOOT_ID_MAX];
	static struct handover back;
	struct stat stat_buffer;

	put_file(fixture, "/etc/nut/lastwatt.conf", far, 0600);
	decide(fixture, VERB_POWEROFF);
	said_check(&fixture->said, NULL);
	assert_true(fixture->plan.cut);
	assert_int_equal(fixture->plan.ups_count, 1);
	assert_string_equal(fixture->plan.ups[0].name, "far");
	assert_true(fixture->plan.ups[0].speakable);

	/* It goes with the handover, where nobody else can read it. */
	(void)snprintf(dir, sizeof(dir), "%s/run/lastwatt", fixture->root);
	(void)strcpy(boot_id, handover->boot_id);
	assert_int_equal(handover_write(handover, dir), 0);
	assert_int_equal(handover_read(&back, dir, boot_id, why), 0);
	assert_true(handover_is_primary_of(&back, "far"));
	assert_string_equal(conf_value(&back.conf, 1, "password"), "hush \" #");
	(void)strcat(dir, "/ups.conf");
	assert_int_equal(stat(dir, &stat_buffer), 0);
	assert_int_equal(stat_buffer.st_mode & 07777, 0600);
}

static void ours_stands_beside_those_of_nut(void **state)
{
	struct fixture *fixture = *state;
	char dir[100], why[UPS_SENTENCE_MAX], boot_id[HANDOVER_BOOT_ID_MAX];
	static struct handover back;

	put_file(fixture, "/etc/nut/upsmon.conf",
		 "MONITOR near@localhost 1 u secret1 primary\n"
		 "POWERDOWNFLAG /run/nut/killpower\n",
		 0640);
	put_file(fixture, "/etc/nut/ups.conf",
		 "[near]\ndriver = lastwatt-fake\nport = auto\n", 0640);
	put_file(fixture, "/etc/nut/lastwatt.conf",
		 "sdorder = 1\n[far]\ndriver = lastwatt-fake\n"
		 "[near]\nsdcommands = load.off\n[far]\nsdorder = x\n",
		 0600);
	decide(fixture, VERB_POWEROFF);
	assert_int_equal(fixture->plan.ups_count, 2);
	assert_string_equal(fixture->plan.ups[0].name, "near");
	assert_string_equal(fixture->plan.ups[0].driver, "lastwatt-fake");
	assert_string_equal(fixture->plan.ups[1].name, "far");
	said_check(&fixture->said, "lastwatt.conf:1: \"sdorder\"");
	assert_string_equal(
		conf_value(&fixture->plan.handover.conf, 1, "sdcommands"),
		"load.off");
	assert_string_equal(
		fixture->plan.handover.note[fixture->plan.handover.notes - 1],
		"/etc/nut/lastwatt.conf:7: sdorder is not a whole number "
		"and counts as 0");

	/* The handover has both, each where it belongs. */
	(void)snprintf(dir, sizeof(dir), "%s/run/lastwatt", fixture->root);
	(void)strcpy(boot_id, fixture->plan.handover.boot_id);
	assert_int_equal(handover_write(&fixture->plan.handover, dir), 0);
	assert_int_equal(handover_read(&back, dir, boot_id, why), 0);
	assert_string_equal(conf_value(&back.conf, 1, "sdcommands"), "load.off");
	assert_string_equal(conf_value(&back.conf, 2, "sdorder"), "x");
}

static void one_that_everybody_can_read_is_told(void **state)
{
	struct fixture *fixture = *state;

	put_file(fixture, "/etc/nut/lastwatt.conf", far, 0644);
	decide(fixture, VERB_POWEROFF);
	said_check(&fixture->said, "lastwatt.conf: is open to everybody");
	assert_null(strstr(fixture->said.text, "hush"));
	assert_true(fixture->plan.cut);
}

static void mode_none_holds_for_ours_too(void **state)
{
	struct fixture *fixture = *state;

	put_file(fixture, "/etc/nut/nut.conf", "MODE=none\n", 0640);
	put_file(fixture, "/etc/nut/lastwatt.conf", far, 0600);
	decide(fixture, VERB_POWEROFF);
	assert_false(fixture->plan.cut);
}

static void without_upsmon_nothing_is_asked_for(void **state)
{
	struct fixture *fixture = *state;
	char command[120];

	put_file(fixture, "/etc/nut/lastwatt.conf", far, 0600);
	(void)snprintf(command, sizeof(command), "rm %s/run/nut/killpower",
		       fixture->root);
	assert_int_equal(system(command), 0);
	decide(fixture, VERB_POWEROFF);
	assert_false(fixture->plan.cut);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_plain_secondary_powers_off),
		TEST(a_secondary_that_shall_wait_waits_and_reboots),
		TEST(a_secondary_waits_only_if_upsmon_asked),
		TEST(a_primary_of_anothers_ups_is_told),
		TEST(a_section_of_ours_is_cut),
		TEST(ours_stands_beside_those_of_nut),
		TEST(one_that_everybody_can_read_is_told),
		TEST(mode_none_holds_for_ours_too),
		TEST(without_upsmon_nothing_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
