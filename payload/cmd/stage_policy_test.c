// SPDX-License-Identifier: MIT
/*
 * What SELinux's file system may answer. A plain file stands in for the one that
 * is asked: the question is written over its beginning, and the rest is read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "cmd/stage_parts.h"

#define INIT     "system_u:system_r:init_t:s0"
#define FILE_    "system_u:object_r:tmpfs_t:s0"
#define QUESTION INIT " " FILE_ " 7"

static void put(const char *dir, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void check_asked(const char *dir)
{
	char path[128], text[sizeof(QUESTION)] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%s/access", dir);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(text, 1, sizeof(QUESTION) - 1, file),
			 sizeof(QUESTION) - 1);
	assert_string_equal(text, QUESTION);
	fclose(file);
}

static int set_up(void **state)
{
	static char dir[32];
	char path[64];

	strcpy(dir, "/tmp/stage-policy-XXXXXX");
	*state = mkdtemp(dir);
	snprintf(path, sizeof(path), "%s/class", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/file");
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/perms");
	assert_int_equal(mkdir(path, 0700), 0);
	put(dir, "enforce", "1");
	put(dir, "class/file/index", "7");
	put(dir, "class/file/perms/execute", "18");
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r '%s'", (char *)*state);
	return system(command);
}

static bool denies(const char *dir, const char *answer)
{
	char text[512];

	snprintf(text, sizeof(text), "%*s%s", (int)strlen(QUESTION), "", answer);
	put(dir, "access", text);
	return stage_policy_denies(dir, INIT, FILE_);
}

static void the_answer_decides(void **state)
{
	const char *dir = *state;

	assert_true(denies(dir, "1ffff ffffffff 0 ffffffff 5 0"));
	check_asked(dir);
	assert_false(denies(dir, "20000 ffffffff 0 ffffffff 5 0"));
	assert_false(denies(dir, "ffffffff ffffffff 0 ffffffff 5 0"));
}

static void what_is_only_told_is_not_denied(void **state)
{
	const char *dir = *state;

	assert_false(denies(dir, "0 ffffffff 0 ffffffff 5 1"));
	put(dir, "enforce", "0");
	assert_false(denies(dir, "0 ffffffff 0 ffffffff 5 0"));
}

static void nonsense_is_not_believed(void **state)
{
	const char *dir = *state;

	assert_false(denies(dir, ""));
	assert_false(denies(dir, "0 ffffffff 0 ffffffff 5"));
	assert_false(denies(dir, "no ffffffff 0 ffffffff 5 0"));
	put(dir, "class/file/perms/execute", "33");
	assert_false(denies(dir, "0 ffffffff 0 ffffffff 5 0"));
	put(dir, "class/file/perms/execute", "");
	assert_false(denies(dir, "0 ffffffff 0 ffffffff 5 0"));
}

static void without_selinux_nothing_is_denied(void **state)
{
	(void)state;
	assert_false(stage_policy_denies("/nowhere", INIT, FILE_));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_answer_decides, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_is_only_told_is_not_denied,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(nonsense_is_not_believed,
						set_up, tear_down),
		cmocka_unit_test(without_selinux_nothing_is_denied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
