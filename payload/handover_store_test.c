// SPDX-License-Identifier: MIT
/* What is written comes back, and not one changed byte is believed. */
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

#include "handover_format.h"

#define BOOT "00000000-1111-2222-3333-444444444444"

static const char ups_conf[] = "nowait\n"
			       "\n"
			       "[other]\n"
			       "driver = snmp-ups\n"
			       "community = hidden\n"
			       "[eaton] # ours\n"
			       "driver = usbhid-ups\n"
			       "\n"
			       "desc = \"a \\\\ \\\" \\# b\"\n"
			       "[last]\n"
			       "[eaton]\n"
			       "\n"
			       "nolock\n"
			       "\"odd key\" = \"\"\n"
			       "[two]\n";

struct fixture {
	char parent[64];
	char dir[80];
	char why[UPS_SENTENCE_MAX];
	struct handover written;
	struct handover read;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct handover *handover = &fixture->written;

	strcpy(fixture->parent, "/tmp/handover-store-XXXXXX");
	*state = fixture;
	if (!mkdtemp(fixture->parent))
		return -1;
	snprintf(fixture->dir, sizeof(fixture->dir), "%s/lastwatt",
		 fixture->parent);
	handover->flag = FLAG_VALID;
	strcpy(handover->flag_path, "/etc/kill power");
	strcpy(handover->boot_id, BOOT);
	handover->poweroff_wait_ms = 90000;
	handover->drill = DRILL_ARM;
	handover->primaries = 2;
	strcpy(handover->primary[0], "eaton");
	strcpy(handover->primary[1], "two");
	handover_add_note(handover, "%s", "it's \"5 # 3\"");
	conf_parse(&handover->conf, "ups.conf", ups_conf, strlen(ups_conf),
		   NULL);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	char command[128];
	int ret;

	snprintf(command, sizeof(command), "rm -rf '%s'", fixture->parent);
	ret = system(command);
	free(fixture);
	return ret;
}

static int read_back(struct fixture *fixture)
{
	return handover_read(&fixture->read, fixture->dir, BOOT, fixture->why);
}

static void what_is_written_comes_back(void **state)
{
	struct fixture *fixture = *state;
	const struct handover *handover = &fixture->read;
	const struct conf *conf = &handover->conf;
	int eaton;

	assert_int_equal(handover_write(&fixture->written, fixture->dir), 0);
	assert_int_equal(handover_write(&fixture->written, fixture->dir), 0);
	assert_int_equal(read_back(fixture), 0);
	assert_int_equal(handover->flag, FLAG_VALID);
	assert_string_equal(handover->flag_path, "/etc/kill power");
	assert_string_equal(handover->boot_id, BOOT);
	assert_int_equal(handover->poweroff_wait_ms, 90000);
	assert_int_equal(handover->primaries, 2);
	assert_string_equal(handover->primary[1], "two");
	assert_int_equal(handover->notes, 1);
	assert_string_equal(handover->note[0], "it's \"5 # 3\"");
	assert_string_equal(handover->source, fixture->dir);
	assert_int_equal(conf->sections, 3);
	assert_int_equal(conf_find_section(conf, "other"), -ENOENT);
	assert_string_equal(conf_value(conf, 0, "nowait"), "");
	eaton = conf_find_section(conf, "eaton");
	assert_string_equal(conf_value(conf, eaton, "desc"), "a \\ \" # b");
	assert_int_equal(conf_value_line(conf, eaton, "driver"), 7);
	assert_int_equal(conf_value_line(conf, eaton, "desc"), 9);
	assert_int_equal(conf_value_line(conf, eaton, "nolock"), 13);
	assert_string_equal(conf_value(conf, eaton, "odd key"), "");
	assert_int_equal(conf->section_line[eaton], 6);
	assert_int_equal(conf->section_line[conf_find_section(conf, "two")], 15);
}

static void nothing_foreign_is_written(void **state)
{
	struct fixture *fixture = *state;
	struct handover_file conf;
	struct stat stat_buffer;
	char path[128];

	assert_int_equal(handover_format_conf(&fixture->written, &conf), 0);
	assert_null(memmem(conf.text, conf.len, "hidden", 6));
	umask(0);
	assert_int_equal(handover_write(&fixture->written, fixture->dir), 0);
	assert_int_equal(stat(fixture->dir, &stat_buffer), 0);
	assert_int_equal(stat_buffer.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%s/ups.conf", fixture->dir);
	assert_int_equal(stat(path, &stat_buffer), 0);
	assert_int_equal(stat_buffer.st_mode & 07777, 0600);
	snprintf(path, sizeof(path), "%s/handover.new", fixture->dir);
	assert_int_equal(access(path, F_OK), -1);
}

static void no_changed_byte_is_believed(void **state)
{
	struct fixture *fixture = *state;
	struct handover_file conf;
	struct handover_file facts;

	assert_int_equal(handover_format_conf(&fixture->written, &conf), 0);
	assert_int_equal(
		handover_format_facts(&fixture->written, &conf, &facts), 0);
	assert_int_equal(handover_parse(&fixture->read, &facts, &conf), 0);
	for (size_t i = 0; i < facts.len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			facts.text[i] ^= (char)(1 << bit);
			assert_int_equal(
				handover_parse(&fixture->read, &facts, &conf),
				-EBADMSG);
			facts.text[i] ^= (char)(1 << bit);
		}
	}
	for (size_t i = 0; i < conf.len; i++) {
		conf.text[i] ^= 1;
		assert_int_equal(handover_parse(&fixture->read, &facts, &conf),
				 -EBADMSG);
		conf.text[i] ^= 1;
	}
	assert_int_equal(handover_parse(&fixture->read, &facts, &conf), 0);
}

static void nothing_cut_off_is_believed(void **state)
{
	struct fixture *fixture = *state;
	struct handover_file conf;
	struct handover_file facts;
	size_t len;

	assert_int_equal(handover_format_conf(&fixture->written, &conf), 0);
	assert_int_equal(
		handover_format_facts(&fixture->written, &conf, &facts), 0);
	len = facts.len;
	for (facts.len = 0; facts.len < len; facts.len++)
		assert_int_equal(handover_parse(&fixture->read, &facts, &conf),
				 -EBADMSG);
	conf.len--;
	assert_int_equal(handover_parse(&fixture->read, &facts, &conf),
			 -EBADMSG);
}

/** A file with a good sum, but lines that we do not write. */
static int parse_facts(struct fixture *fixture, const char *lines)
{
	struct handover_file conf = { 0 };
	struct handover_file facts;

	facts.len =
		(size_t)snprintf(facts.text, sizeof(facts.text), "%s", lines);
	facts.len += (size_t)snprintf(facts.text + facts.len, 64,
				      "END %zu %08x\n", facts.len,
				      handover_crc32(facts.text, facts.len));
	return handover_parse(&fixture->read, &facts, &conf);
}

static void strange_lines_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"LASTWATT 1\n",
		"LASTWATT 2\nUPS_CONF 0 00000000\n",
		"BOOT_ID 1\nUPS_CONF 0 00000000\n",
		"LASTWATT 1\nNEWS 1\nUPS_CONF 0 00000000\n",
		"LASTWATT 1\nFLAG maybe\nUPS_CONF 0 00000000\n",
		"LASTWATT 1\nFLAG\nUPS_CONF 0 00000000\n",
		"LASTWATT 1\nPOWEROFF_WAIT_MS -2\nUPS_CONF 0 00000000\n",
		"LASTWATT 1\nPOWEROFF_WAIT_MS 1x\nUPS_CONF 0 00000000\n",
		"LASTWATT 1\nPOWEROFF_WAIT_MS 99999999999999\nUPS_CONF 0 00000000\n",
		"LASTWATT 1\nUPS_CONF 0 0\n",
		"LASTWATT 1\nUPS_CONF 0\n",
		"LASTWATT 1\nUPS_CONF 0 00000000\nFLAG valid\n",
		"LASTWATT 1\nBOOT_ID 0123456789012345678901234567890123456789\nUPS_CONF 0 00000000\n",
	};
	struct fixture *fixture = *state;

	assert_int_equal(
		parse_facts(fixture, "LASTWATT 1\nUPS_CONF 0 00000000\n"), 0);
	assert_int_equal(fixture->read.flag, FLAG_UNKNOWN);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse_facts(fixture, bad[i]), -EBADMSG);
}

static void only_roots_own_is_trusted(void **state)
{
	struct fixture *fixture = *state;
	char path[128];
	char other[128];

	assert_int_equal(read_back(fixture), -ENOENT);
	assert_non_null(strstr(fixture->why, "there is none"));
	assert_int_equal(handover_write(&fixture->written, fixture->dir), 0);
	chmod(fixture->dir, 0750);
	assert_int_equal(read_back(fixture), -EPERM);
	assert_non_null(strstr(fixture->why, "others"));
	chmod(fixture->dir, 0700);
	snprintf(path, sizeof(path), "%s/ups.conf", fixture->dir);
	chmod(path, 0604);
	assert_int_equal(read_back(fixture), -EPERM);
	chmod(path, 0600);
	assert_int_equal(read_back(fixture), 0);
	snprintf(other, sizeof(other), "%s/elsewhere", fixture->parent);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	assert_int_equal(read_back(fixture), -EPERM);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(read_back(fixture), -EPERM);
	unlink(path);
	assert_int_equal(rename(other, path), 0);
	assert_int_equal(rename(fixture->dir, other), 0);
	assert_int_equal(symlink(other, fixture->dir), 0);
	assert_int_equal(read_back(fixture), -EPERM);
	assert_int_equal(handover_write(&fixture->written, fixture->dir),
			 -EPERM);
}

static void another_boot_is_refused(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(handover_write(&fixture->written, fixture->dir), 0);
	assert_int_equal(handover_read(&fixture->read, fixture->dir, "other",
				       fixture->why),
			 -ESTALE);
	assert_int_equal(fixture->read.flag, FLAG_UNKNOWN);
	assert_int_equal(fixture->read.primaries, 0);
	assert_true(conf_is_sound(&fixture->read.conf));
	fixture->written.boot_id[0] = '\0';
	assert_int_equal(handover_write(&fixture->written, fixture->dir), 0);
	assert_int_equal(
		handover_read(&fixture->read, fixture->dir, "", fixture->why),
		-ESTALE);
}

static void crc32_is_the_known_one(void **state)
{
	(void)state;
	assert_int_equal(handover_crc32("123456789", 9), 0xcbf43926);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* What was found out about a section is copied with it. */
static void additions_come_back(void **state)
{
	struct fixture *fixture = *state;
	struct conf *conf = &fixture->written.conf;
	int eaton = conf_find_section(conf, "eaton");

	assert_int_equal(conf_add(conf, eaton, "added.place", "1-4:1.0/0"), 0);
	assert_int_equal(conf_add(conf, eaton, "added", ""), 0);
	assert_int_equal(handover_write(&fixture->written, fixture->dir), 0);
	assert_int_equal(
		handover_read(&fixture->read, fixture->dir, BOOT, fixture->why),
		0);
	conf = &fixture->read.conf;
	eaton = conf_find_section(conf, "eaton");
	assert_string_equal(conf_value(conf, eaton, "added.place"), "1-4:1.0/0");
	assert_string_equal(conf_value(conf, eaton, "added"), "");
	assert_string_equal(conf_value(conf, eaton, "driver"), "usbhid-ups");
	assert_null(conf_value(conf, conf_find_section(conf, "two"),
			       "added.place"));
}

/* A mark is root's, of this boot, and young; anything else is no drill. */
static void a_drill_is_asked_for_once(void **state)
{
	static const char *const bad[] = {
		"look " BOOT " 0\n",
		"look\n",
		"cut %s 0\n",
		"",
	};
	struct fixture *fixture = *state;
	char path[128], boot_id[HANDOVER_BOOT_ID_MAX];
	FILE *file;

	assert_int_equal(handover_read_drill(fixture->dir), DRILL_NONE);
	handover_clear_drill(fixture->dir);
	assert_int_equal(handover_mark_drill(fixture->dir, DRILL_ARM), 0);
	assert_int_equal(handover_read_drill(fixture->dir), DRILL_ARM);
	assert_int_equal(handover_mark_drill(fixture->dir, DRILL_LOOK), 0);
	assert_int_equal(handover_read_drill(fixture->dir), DRILL_LOOK);

	snprintf(path, sizeof(path), "%s/drill", fixture->dir);
	assert_int_equal(chmod(path, 0622), 0);
	assert_int_equal(handover_read_drill(fixture->dir), DRILL_NONE);
	assert_int_equal(chmod(path, 0600), 0);
	handover_read_boot_id(boot_id);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		file = fopen(path, "w");
		assert_non_null(file);
		fputs(bad[i], file);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(handover_read_drill(fixture->dir), DRILL_NONE);
	}
	/* Of the future: the clock of a boot does not go back. */
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "look %s 99999999999\n", boot_id);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(handover_read_drill(fixture->dir), DRILL_NONE);

	handover_clear_drill(fixture->dir);
	assert_int_equal(access(path, F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_drill_is_asked_for_once,
						set_up, tear_down),
		TEST(what_is_written_comes_back),
		TEST(nothing_foreign_is_written),
		TEST(no_changed_byte_is_believed),
		TEST(nothing_cut_off_is_believed),
		TEST(strange_lines_are_refused),
		TEST(only_roots_own_is_trusted),
		TEST(another_boot_is_refused),
		cmocka_unit_test(crc32_is_the_known_one),
		TEST(additions_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
