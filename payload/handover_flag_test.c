// SPDX-License-Identifier: MIT
/* The POWERDOWNFLAG: upsmon's word, or somebody else's file. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "handover_fake.h"

enum flag_place {
	FLAG_NOWHERE,
	FLAG_FILE,
	FLAG_FOLDER,
	FLAG_LINK,
	FLAG_LOCKED
};

/** One row of what upsmon -K makes of its flag, and what we make of it. */
struct flag_row {
	const char *name; /* qemu-tests/nut-grammar asks upsmon itself */
	enum handover_flag flag;
	enum flag_place place;
	const char *text; /* of the file, or where the link leads */
	const char *conf; /* upsmon.conf; NULL: the usual one */
	const char *path; /* if it is not /flag */
};

#define FLAG_CONF "MONITOR a@localhost 1 b c primary\nPOWERDOWNFLAG /flag\n"

/* clang-format off */
static const struct flag_row flag_rows[] = {
	{ "absent", FLAG_ABSENT, FLAG_NOWHERE, "", NULL, NULL },
	{ "magic", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC, NULL, NULL },
	{ "magic and newline", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC "\n", NULL, NULL },
	{ "magic and more", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC " x\ny\n", NULL, NULL },
	{ "magic glued to more", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC "s", NULL, NULL },
	{ "empty", FLAG_INVALID, FLAG_FILE, "", NULL, NULL },
	{ "other text", FLAG_INVALID, FLAG_FILE, "something else, longer", NULL, NULL },
	{ "cut magic", FLAG_INVALID, FLAG_FILE, "upsmon-shutdown-fil", NULL, NULL },
	{ "magic in upper case", FLAG_INVALID, FLAG_FILE, "UPSMON-SHUTDOWN-FILE", NULL, NULL },
	{ "magic behind a blank", FLAG_INVALID, FLAG_FILE, " " HANDOVER_FAKE_MAGIC, NULL, NULL },
	{ "magic on line 2", FLAG_INVALID, FLAG_FILE, "\n" HANDOVER_FAKE_MAGIC, NULL, NULL },
	{ "a directory", FLAG_INVALID, FLAG_FOLDER, "", NULL, NULL },
	{ "a link to a good one", FLAG_VALID, FLAG_LINK, "/etc/killpower", NULL, NULL },
	{ "a link to a bad one", FLAG_INVALID, FLAG_LINK, "/etc/nut/nut.conf", NULL, NULL },
	{ "a link to nowhere", FLAG_ABSENT, FLAG_LINK, "/none", NULL, NULL },
	{ "a link to itself", FLAG_INVALID, FLAG_LINK, "/flag", NULL, NULL },
	{ "no permission", FLAG_INVALID, FLAG_LOCKED, HANDOVER_FAKE_MAGIC, NULL, NULL },
	{ "below a file", FLAG_ABSENT, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG /flag/x\n", NULL },
	{ "in no folder", FLAG_ABSENT, FLAG_NOWHERE, "", "POWERDOWNFLAG /flag/x\n", NULL },
	{ "no POWERDOWNFLAG", FLAG_UNSET, FLAG_FILE, HANDOVER_FAKE_MAGIC, "MONITOR a@localhost 1 b c primary\n", NULL },
	{ "no MONITOR", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG /flag\n", NULL },
	{ "an empty upsmon.conf", FLAG_UNSET, FLAG_FILE, HANDOVER_FAKE_MAGIC, "", NULL },
	{ "POWERDOWNFLAG without a path", FLAG_UNSET, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG\n", NULL },
	{ "POWERDOWNFLAG with an =", FLAG_UNSET, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG = /flag\n", NULL },
	{ "POWERDOWNFLAG in lower case", FLAG_UNSET, FLAG_FILE, HANDOVER_FAKE_MAGIC, "powerdownflag /flag\n", NULL },
	{ "a relative path", FLAG_UNSET, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG flag\n", NULL },
	{ "quotes", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG \"/flag\"\n", NULL },
	{ "blanks in quotes", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG \"/the flag\"\n", "/the flag" },
	{ "a quote in its name", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG \"/a\\\"b\"\n", "/a\"b" },
	{ "more words", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG /flag x y\n", NULL },
	{ "a comment at once", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG /flag#x\n", NULL },
	{ "CRLF", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG /flag\r\n", NULL },
	{ "no newline", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG /flag", NULL },
	{ "twice, the last is good", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG /none\nPOWERDOWNFLAG /flag\n", NULL },
	{ "twice, the first is good", FLAG_ABSENT, FLAG_FILE, HANDOVER_FAKE_MAGIC, "POWERDOWNFLAG /flag\nPOWERDOWNFLAG /none\n", NULL },
	{ "MONITOR without a user", FLAG_VALID, FLAG_FILE, HANDOVER_FAKE_MAGIC, "MONITOR a@localhost 1 c primary\nPOWERDOWNFLAG /flag\n", NULL },
};
/* clang-format on */

static void put_flag(const struct handover_fake *fake,
		     const struct flag_row *row)
{
	const char *path = row->path ? row->path : "/flag";
	char full[256];

	handover_fake_path(fake->root, path, full);
	if (remove(full))
		assert_int_equal(errno, ENOENT);
	if (row->place == FLAG_FOLDER)
		handover_fake_put_dir(fake->root, path);
	else if (row->place == FLAG_LINK)
		assert_int_equal(symlink(row->text, full), 0);
	else if (row->place != FLAG_NOWHERE)
		handover_fake_put(fake->root, path, row->text);
	if (row->place == FLAG_LOCKED)
		assert_int_equal(chmod(full, 0), 0);
	handover_fake_put(fake->root, "/etc/nut/upsmon.conf",
			  row->conf ? row->conf : FLAG_CONF);
}

static void the_flag_is_judged_as_upsmon_does(void **state)
{
	struct handover_fake *fake = *state;
	const uid_t user = geteuid();

	assert_int_equal(chmod(fake->root, 0755), 0);
	for (size_t i = 0; i < sizeof(flag_rows) / sizeof(flag_rows[0]); i++) {
		const struct flag_row *row = &flag_rows[i];

		put_flag(fake, row);
		/* Root may read everything. */
		if (user == 0 && row->place == FLAG_LOCKED)
			assert_int_equal(seteuid(65534), 0);
		assert_int_equal(handover_fake_collect(fake), 0);
		assert_int_equal(seteuid(user), 0);
		if (fake->handover.flag != row->flag)
			fail_msg("%s: the flag is %s", row->name,
				 handover_flag_name(fake->handover.flag));
	}
	assert_int_equal(handover_judge_flag(fake->root, ""), FLAG_UNSET);
	assert_int_equal(handover_judge_flag("/nonexistent", "/etc/killpower"),
			 FLAG_ABSENT);
}

/* "a device" and "of another boot" of the same table. */
static void a_device_is_no_flag(void **state)
{
	(void)state;
	assert_int_equal(handover_judge_flag("", "/dev/null"), FLAG_INVALID);
}

static void a_flag_of_another_boot_is_stale(void **state)
{
	struct handover_fake *fake = *state;
	struct timespec times[2] = { 0 };
	struct timespec uptime;
	char flag[256];

	handover_fake_path(fake->root, "/etc/killpower", flag);
	clock_gettime(CLOCK_BOOTTIME, &uptime);
	clock_gettime(CLOCK_REALTIME, &times[1]);
	times[1].tv_sec -= uptime.tv_sec + 10;
	assert_int_equal(utimensat(AT_FDCWD, flag, times, 0), 0);
	assert_int_equal(handover_judge_flag(fake->root, "/etc/killpower"),
			 FLAG_STALE);
	times[1].tv_sec += 11;
	assert_int_equal(utimensat(AT_FDCWD, flag, times, 0), 0);
	assert_int_equal(handover_judge_flag(fake->root, "/etc/killpower"),
			 FLAG_VALID);
}

static void links_do_not_lead_out_of_the_root(void **state)
{
	struct handover_fake *fake = *state;
	char path[256];
	char outside[256];

	/* Taken literally it leads to a valid flag, below the root to none. */
	handover_fake_path(fake->root, "/link", path);
	handover_fake_path(fake->root, "/etc/killpower", outside);
	assert_int_equal(symlink(outside, path), 0);
	assert_int_equal(handover_judge_flag(fake->root, "/link"), FLAG_ABSENT);
	/* And the other way round. */
	handover_fake_path(fake->root, "/inside", path);
	assert_int_equal(symlink("/etc/killpower", path), 0);
	assert_int_equal(handover_judge_flag(fake->root, "/inside"), FLAG_VALID);
	handover_fake_path(fake->root, "/dots", path);
	assert_int_equal(symlink("../../../../etc/killpower", path), 0);
	assert_int_equal(handover_judge_flag(fake->root, "/dots"), FLAG_VALID);
}

#define TEST(name)                                                  \
	cmocka_unit_test_setup_teardown(name, handover_fake_set_up, \
					handover_fake_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_flag_is_judged_as_upsmon_does),
		TEST(a_device_is_no_flag),
		TEST(a_flag_of_another_boot_is_stale),
		TEST(links_do_not_lead_out_of_the_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
