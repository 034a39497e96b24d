// SPDX-License-Identifier: MIT
#include "handover_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

void handover_fake_make(char root[HANDOVER_FAKE_ROOT_MAX])
{
	(void)strcpy(root, "/tmp/lastwatt-handover-XXXXXX");
	assert_non_null(mkdtemp(root));
	(void)unsetenv("NUT_CONFPATH");
	handover_fake_put_dir(root, "/etc");
	handover_fake_put_dir(root, "/etc/nut");
}

void handover_fake_path(const char *root, const char *path,
			char full[HANDOVER_FAKE_PATH_MAX])
{
	(void)snprintf(full, HANDOVER_FAKE_PATH_MAX, "%s%s", root, path);
}

void handover_fake_put(const char *root, const char *path, const char *text)
{
	char full[HANDOVER_FAKE_PATH_MAX];
	FILE *file;

	handover_fake_path(root, path, full);
	file = fopen(full, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

void handover_fake_put_dir(const char *root, const char *path)
{
	char full[HANDOVER_FAKE_PATH_MAX];

	handover_fake_path(root, path, full);
	assert_int_equal(mkdir(full, 0755), 0);
}

void handover_fake_remove(const char *root)
{
	char command[HANDOVER_FAKE_ROOT_MAX + 16];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", root);
	assert_int_equal(system(command), 0);
}
