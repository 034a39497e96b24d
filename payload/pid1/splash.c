// SPDX-License-Identifier: MIT
/*
 * Ends what is left of Plymouth: it has marked itself as part of the storage,
 * so systemd leaves it alone, and holds the screen in graphics mode.
 */
#include "pid1/splash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Also plymouthd-fd-escrow, which keeps the last picture. */
#define SPLASH_NAME "plymouthd"

static bool splash_is(const char *pid)
{
	char path[32], byte, name[sizeof(SPLASH_NAME)] = "";
	int fd;

	/* Most of what is there are kernel threads, which have no program. */
	if (snprintf(path, sizeof(path), "/proc/%.10s/exe", pid) < 0 ||
	    (readlink(path, &byte, 1) < 0 && errno == ENOENT))
		return false;
	if (snprintf(path, sizeof(path), "/proc/%.10s/comm", pid) < 0)
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, name, sizeof(name) - 1) < 0)
		name[0] = '\0';
	(void)close(fd); /* only read */
	return !strcmp(name, SPLASH_NAME);
}

static bool splash_kill(void)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	bool found = false;

	while (dir && (entry = readdir(dir))) {
		if (*entry->d_name < '1' || *entry->d_name > '9' ||
		    !splash_is(entry->d_name))
			continue;
		(void)kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL);
		found = true;
	}
	if (dir)
		(void)closedir(dir);
	return found;
}

bool splash_end(void)
{
	bool found = splash_kill();
	int fd = open(SPLASH_SCREEN, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0) {
		/* Also after one that has ended without doing it itself. */
		(void)ioctl(fd, KDSETMODE, KD_TEXT);
		(void)close(fd);
	}
	return found;
}
