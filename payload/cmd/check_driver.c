// SPDX-License-Identifier: MIT
/*
 * NUT's driver as it is installed: does it know a key that NUT has got in the
 * course of time? An older one says that it is not valid, ends with 0, and the
 * UPS is not watched. What it knows stands in it as a string.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/check_parts.h"
#include "handover_parts.h"

#define CHECK_DRIVER_CHUNK 32768
/* Every driver knows it: without it the strings are elsewhere. */
#define CHECK_DRIVER_OLD   "nolock"

/** Does @text, with its end, stand anywhere in the file? */
static bool check_file_has(int fd, const char *text)
{
	char bytes[CHECK_KEY_MAX + CHECK_DRIVER_CHUNK];
	size_t size = strlen(text) + 1, kept = 0;
	ssize_t len;

	if (size > CHECK_KEY_MAX || lseek(fd, 0, SEEK_SET) < 0)
		return true;
	while ((len = read(fd, bytes + kept, CHECK_DRIVER_CHUNK)) > 0) {
		size_t have = kept + (size_t)len;

		if (memmem(bytes, have, text, size))
			return true;
		kept = have < size ? have : size - 1;
		memmove(bytes, bytes + have - kept, kept);
	}
	return len < 0;
}

/** Open the driver where distributions have it; @path says where that is. */
static int check_open_driver(const struct check *check, const char *driver,
			     char path[CHECK_PATH_MAX])
{
	static const char *const places[] = {
		"/lib/nut",       "/usr/lib/nut",        "/usr/libexec/nut",
		"/usr/lib64/nut", "/usr/lib/ups/driver", "/usr/local/ups/bin",
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int fd;

		(void)snprintf(path, CHECK_PATH_MAX, "%s/%s", places[i],
			       driver); /* a cut one is not found */
		fd = handover_open_file(check->root, path);
		if (fd >= 0)
			return fd;
	}
	return -1;
}

bool check_driver_is_too_old(const struct check *check, const char *driver,
			     const char *key, char path[CHECK_PATH_MAX])
{
	int fd = strchr(driver, '/') ? -1
				     : check_open_driver(check, driver, path);
	bool too_old;

	if (fd < 0)
		return false;
	too_old = check_file_has(fd, CHECK_DRIVER_OLD) &&
		  !check_file_has(fd, key);
	(void)close(fd); /* was only read */
	return too_old;
}
