// SPDX-License-Identifier: MIT
/* A /run of the test's own, and scripts in it. */
#include "nut/nut_fake.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static bool nut_fake_write(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	bool good = fd >= 0 &&
		    write(fd, text, strlen(text)) == (ssize_t)strlen(text) &&
		    (!mode || fchmod(fd, mode) == 0);

	if (fd >= 0)
		(void)close(fd);
	return good;
}

/* Root there is this user here. */
static bool nut_fake_map_user(uid_t uid, gid_t gid)
{
	char user[32], group[32];

	(void)snprintf(user, sizeof(user), "0 %u 1", uid);
	(void)snprintf(group, sizeof(group), "0 %u 1", gid);
	return nut_fake_write("/proc/self/setgroups", "deny", 0) &&
	       nut_fake_write("/proc/self/uid_map", user, 0) &&
	       nut_fake_write("/proc/self/gid_map", group, 0);
}

bool nut_fake_make_world(void)
{
	uid_t uid = getuid();
	gid_t gid = getgid();

	return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
	       nut_fake_map_user(uid, gid) &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("tmpfs", "/run", "tmpfs", 0, "mode=0755") == 0 &&
	       mkdir("/run/initramfs", 0755) == 0 &&
	       mkdir(NUT_FAKE_PACKED, 0755) == 0;
}

void nut_fake_pack(const char *name, const char *script)
{
	char path[128];

	(void)snprintf(path, sizeof(path), NUT_FAKE_PACKED "%s", name);
	(void)unlink(path); /* the one before may be running still */
	if (nut_fake_write(path, script, 0755))
		return;
	perror(path);
	exit(1);
}
