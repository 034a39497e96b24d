// SPDX-License-Identifier: MIT
/* Opens character devices, and makes nodes for those that have none. */
#include "link/node.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int node_read_number(const char *path, dev_t *number)
{
	char text[24] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	unsigned long major, minor;
	char *colon, *end;
	ssize_t len;

	if (fd < 0)
		return -ENODEV;
	len = read(fd, text, sizeof(text) - 1);
	(void)close(fd); /* only read */
	if (len <= 0)
		return -ENODEV;
	major = strtoul(text, &colon, 10);
	if (colon == text || *colon != ':')
		return -ENODEV;
	minor = strtoul(colon + 1, &end, 10);
	if (end == colon + 1)
		return -ENODEV;
	*number = makedev(major, minor);
	return 0;
}

/** @path as it is; -EIO if it is something else. */
static int node_open_this(const char *path, dev_t number, int flags)
{
	struct stat status;
	int fd = open(path, flags);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) &&
	    status.st_rdev == number)
		return fd;
	(void)close(fd); /* somebody else's, from before */
	return -EIO;
}

/** @path, made where it is missing or from before. */
static int node_make(const char *path, dev_t number, int flags)
{
	int fd = node_open_this(path, number, flags);

	if (fd == -EIO || fd == -ENXIO || fd == -ENODEV)
		(void)unlink(path);
	else if (fd != -ENOENT)
		return fd;
	if (mknod(path, S_IFCHR | 0600, number) < 0)
		return -errno;
	return node_open_this(path, number, flags);
}

int node_open(const char *dev, const char *name, dev_t number, int flags)
{
	char path[NODE_PATH_MAX], own[NODE_PATH_MAX];
	int fd, made;

	if (snprintf(path, sizeof(path), "%s/%s", dev, name) >=
		    (int)sizeof(path) ||
	    snprintf(own, sizeof(own), "%s/" NODE_FOLDER "/%s", dev, name) >=
		    (int)sizeof(own))
		return -EIO;
	fd = node_open_this(path, number, flags);
	if (fd >= 0 || (fd != -ENOENT && fd != -EACCES && fd != -EPERM))
		return fd;
	made = node_make(own, number, flags);
	/* Outside of a sandbox there may be no such folder. */
	if (made == -ENOENT)
		made = node_make(path, number, flags);
	return made >= 0 ? made : fd;
}
