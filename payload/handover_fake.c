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

int handover_fake_set_up(void **state)
{
	struct handover_fake *fake = calloc(1, sizeof(*fake));

	assert_non_null(fake);
	*state = fake;
	handover_fake_make(fake->root);
	handover_fake_put(fake->root, "/etc/nut/upsmon.conf",
			  "MONITOR eaton@localhost 1 admin secret primary\n"
			  "MONITOR far@192.0.2.9 1 admin secret secondary\n"
			  "POWERDOWNFLAG \"/etc/killpower\"\n");
	handover_fake_put(fake->root, "/etc/nut/ups.conf",
			  "maxstartdelay = 30\n[eaton]\n driver = usbhid-ups\n"
			  " port = auto\n");
	handover_fake_put(fake->root, "/etc/nut/nut.conf",
			  "MODE=standalone\nPOWEROFF_WAIT=15m\n");
	handover_fake_put(fake->root, "/etc/killpower", HANDOVER_FAKE_MAGIC);
	return 0;
}

int handover_fake_tear_down(void **state)
{
	struct handover_fake *fake = *state;

	handover_fake_remove(fake->root);
	free(fake);
	return 0;
}

int handover_fake_collect(struct handover_fake *fake)
{
	return handover_collect(&fake->handover, fake->root, NULL);
}
