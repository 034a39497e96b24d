// SPDX-License-Identifier: MIT
/* NUT's live files below a root of our own, good ones and bad ones. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "handover_fake.h"

static void good_files_are_understood(void **state)
{
	struct handover_fake *fake = *state;
	const struct handover *handover = &fake->handover;
	char source[256];

	assert_int_equal(handover_fake_collect(fake), 0);
	assert_int_equal(handover->flag, FLAG_VALID);
	assert_string_equal(handover->flag_path, "/etc/killpower");
	assert_int_equal(handover->poweroff_wait_ms, 900000);
	assert_int_equal(handover->primaries, 1);
	assert_string_equal(handover->primary[0], "eaton");
	assert_int_equal(handover->notes, 0);
	assert_int_equal(strlen(handover->boot_id), 36);
	handover_fake_path(fake->root, "/etc/nut", source);
	assert_string_equal(handover->source, source);
	assert_string_equal(conf_value(&handover->conf, 1, "driver"),
			    "usbhid-ups");
}

/* As upsd has it: "GET NUMLOGINS MYUPS" is answered for [MyUps]. */
static void the_case_of_a_name_does_not_matter(void **state)
{
	struct handover_fake *fake = *state;
	const struct handover *handover = &fake->handover;

	handover_fake_put(fake->root, "/etc/nut/ups.conf",
			  "[other]\n driver = apcsmart\n port = /dev/ttyS0\n"
			  "[EatoN]\n driver = usbhid-ups\n port = auto\n");
	assert_int_equal(handover_fake_collect(fake), 0);
	assert_int_equal(handover->primaries, 1);
	assert_string_equal(handover->primary[0], "EatoN");
}

static void but_the_same_case_goes_first(void **state)
{
	struct handover_fake *fake = *state;

	handover_fake_put(fake->root, "/etc/nut/ups.conf",
			  "[EATON]\n driver = apcsmart\n port = /dev/ttyS0\n"
			  "[eaton]\n driver = usbhid-ups\n port = auto\n");
	assert_int_equal(handover_fake_collect(fake), 0);
	assert_string_equal(fake->handover.primary[0], "eaton");
}

static void no_password_is_kept(void **state)
{
	struct handover_fake *fake = *state;

	assert_int_equal(handover_fake_collect(fake), 0);
	assert_null(memmem(&fake->handover, sizeof(fake->handover), "secret", 6));
}

static void a_fifo_does_not_make_us_wait(void **state)
{
	struct handover_fake *fake = *state;
	char path[256];

	handover_fake_path(fake->root, "/fifo", path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(handover_judge_flag(fake->root, "/fifo"), FLAG_INVALID);
	handover_fake_path(fake->root, "/etc/nut/ups.conf", path);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(handover_fake_collect(fake), 0);
	assert_int_equal(fake->handover.notes, 1);
	assert_string_equal(fake->handover.note[0],
			    "/etc/nut/ups.conf: is not a regular file");
}

static void what_is_missing_is_told(void **state)
{
	struct handover_fake *fake = *state;
	const struct handover *handover = &fake->handover;
	char path[256];

	handover_fake_path(fake->root, "/etc/nut/nut.conf", path);
	unlink(path);
	assert_int_equal(handover_fake_collect(fake), 0);
	assert_int_equal(handover->poweroff_wait_ms, -1);
	assert_int_equal(handover->notes, 0);
	handover_fake_path(fake->root, "/etc/nut/upsmon.conf", path);
	unlink(path);
	assert_int_equal(handover_fake_collect(fake), 0);
	assert_int_equal(handover->flag, FLAG_UNSET);
	assert_int_equal(handover->primaries, 0);
	assert_string_equal(handover->note[0],
			    "/etc/nut/upsmon.conf: is missing");
	handover_fake_path(fake->root, "/etc/nut/ups.conf", path);
	unlink(path);
	assert_int_equal(handover_fake_collect(fake), -ENOENT);
	assert_int_equal(handover->flag, FLAG_UNSET);
	assert_true(conf_is_sound(&handover->conf));
	assert_string_equal(handover->note[0],
			    "there is no configuration of NUT");
}

static void what_is_too_big_is_told(void **state)
{
	struct handover_fake *fake = *state;
	char path[256];

	handover_fake_path(fake->root, "/etc/nut/upsmon.conf", path);
	assert_int_equal(truncate(path, 1 << 20), 0);
	assert_int_equal(handover_fake_collect(fake), 0);
	assert_int_equal(fake->handover.flag, FLAG_UNSET);
	assert_int_equal(fake->handover.primaries, 0);
	assert_non_null(
		strstr(fake->handover.note[0], "upsmon.conf: cannot be read"));
}

static void mode_none_leaves_nothing_to_cut(void **state)
{
	struct handover_fake *fake = *state;

	handover_fake_put(fake->root, "/etc/nut/nut.conf", "MODE=none\n");
	assert_int_equal(handover_fake_collect(fake), 0);
	assert_int_equal(fake->handover.primaries, 0);
	assert_non_null(strstr(fake->handover.note[0], "MODE is none"));
}

static void other_folders_are_found(void **state)
{
	struct handover_fake *fake = *state;
	/* The last one is where NUT's own sources put them, if not told else. */
	static const char *const folders[] = { "/etc/nut", "/etc/ups",
					       "/usr/local/etc",
					       "/usr/local/ups/etc" };
	char path[256];
	char other[256];

	handover_fake_put_dir(fake->root, "/usr");
	handover_fake_put_dir(fake->root, "/usr/local");
	handover_fake_put_dir(fake->root, "/usr/local/ups");
	for (int i = 0; i < 3; i++) {
		handover_fake_path(fake->root, folders[i], path);
		handover_fake_path(fake->root, folders[i + 1], other);
		assert_int_equal(rename(path, other), 0);
		assert_int_equal(handover_fake_collect(fake), 0);
		assert_int_equal(fake->handover.primaries, 1);
	}
	handover_fake_path(fake->root, "/here", path);
	assert_int_equal(rename(other, path), 0);
	assert_int_equal(handover_fake_collect(fake), -ENOENT);
	setenv("NUT_CONFPATH", "/here", 1);
	assert_int_equal(handover_fake_collect(fake), 0);
	assert_int_equal(fake->handover.primaries, 1);
	unsetenv("NUT_CONFPATH");
}

static void count_sentences(void *arg, const char *file, int line,
			    const char *sentence)
{
	(void)file;
	(void)line;
	(void)sentence;
	++*(int *)arg;
}

static void all_is_told_but_few_notes_are_kept(void **state)
{
	struct handover_fake *fake = *state;
	const struct handover *handover = &fake->handover;
	int count = 0;
	struct conf_report report = { count_sentences, &count };
	char noise[1000] = "";

	for (int i = 0; i < 10; i++)
		strcat(noise, "a b\n");
	handover_fake_put(fake->root, "/etc/nut/ups.conf", noise);
	assert_int_equal(handover_collect(&fake->handover, fake->root, &report),
			 0);
	assert_int_equal(count, 10);
	assert_true(handover->notes > 3);
	assert_true(handover->notes < HANDOVER_NOTES_MAX);
	for (int i = 0; i < 100; i++)
		strcat(noise, "a b\n");
	handover_fake_put(fake->root, "/etc/nut/ups.conf", noise);
	count = 0;
	assert_int_equal(handover_collect(&fake->handover, fake->root, &report),
			 0);
	assert_int_equal(count, 50);
}

/* /dev/fd leads to what a descriptor is: a link for everybody. */
static void where_a_link_leads_is_kept(void **state)
{
	struct handover_fake *fake = *state;
	const struct conf *conf = &fake->handover.conf;
	char text[128];
	int fd = open("/dev/null", O_RDONLY);

	snprintf(text, sizeof(text),
		 "[eaton]\nport = /dev/fd/%d\n[far]\nport = /dev/null\n"
		 "[net]\nport = ups.example\n",
		 fd);
	handover_fake_put(fake->root, "/etc/nut/ups.conf", text);
	assert_int_equal(handover_fake_collect(fake), 0);
	assert_string_equal(conf_value(conf, 1, "lastwatt.device"), "/dev/null");
	assert_null(conf_value(conf, 1, "lastwatt.place"));
	assert_null(conf_value(conf, 2, "lastwatt.device"));
	assert_null(conf_value(conf, 3, "lastwatt.device"));
	close(fd);
}

#define TEST(name)                                                  \
	cmocka_unit_test_setup_teardown(name, handover_fake_set_up, \
					handover_fake_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(good_files_are_understood),
		TEST(the_case_of_a_name_does_not_matter),
		TEST(but_the_same_case_goes_first),
		TEST(no_password_is_kept),
		TEST(a_fifo_does_not_make_us_wait),
		TEST(what_is_missing_is_told),
		TEST(what_is_too_big_is_told),
		TEST(mode_none_leaves_nothing_to_cut),
		TEST(other_folders_are_found),
		TEST(all_is_told_but_few_notes_are_kept),
		TEST(where_a_link_leads_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
