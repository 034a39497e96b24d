// SPDX-License-Identifier: MIT
/*
 * efivarfs (Documentation/filesystems/efivarfs.rst): a file is four bytes of
 * attributes and the value, written by one write(), and cannot be changed as
 * long as it has the immutable flag that the kernel gives it.
 */
#include "efivar.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define EFIVARFS_MAGIC    0xde5e81e4 /* linux/magic.h */
#define EFIVAR_ATTRIBUTES 7          /* non-volatile, boot and runtime access */
#define EFIVAR_HEAD       4
#define EFIVAR_PATH_MAX   256

int efivar_mount(const char *dir)
{
	struct statfs fs;

	if (statfs(dir, &fs) < 0)
		return -errno;
	if ((unsigned long)fs.f_type == EFIVARFS_MAGIC)
		return 0;
	if (mount("efivarfs", dir, "efivarfs", MS_NOSUID | MS_NOEXEC | MS_NODEV,
		  NULL) < 0)
		return -errno;
	return 0;
}

static int efivar_path(char path[EFIVAR_PATH_MAX], const char *dir,
		       const char *name)
{
	int len = snprintf(path, EFIVAR_PATH_MAX, "%s/%s", dir, name);

	return len < 0 || len >= EFIVAR_PATH_MAX ? -ENAMETOOLONG : 0;
}

ssize_t efivar_read(const char *dir, const char *name, void *value, size_t size)
{
	uint8_t bytes[EFIVAR_HEAD + EFIVAR_MAX + 1];
	char path[EFIVAR_PATH_MAX];
	ssize_t len;
	int fd, ret = efivar_path(path, dir, name);

	if (ret < 0)
		return ret;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	len = read(fd, bytes, sizeof(bytes));
	ret = len < 0 ? -errno : 0;
	(void)close(fd);
	if (ret < 0)
		return ret;
	if (len < EFIVAR_HEAD)
		return -EBADMSG;
	if ((size_t)len > EFIVAR_HEAD + size ||
	    (size_t)len > EFIVAR_HEAD + EFIVAR_MAX)
		return -EMSGSIZE;
	memcpy(value, bytes + EFIVAR_HEAD, (size_t)len - EFIVAR_HEAD);
	return len - EFIVAR_HEAD;
}

/** Others than efivarfs, in a test, may not know the flag: no matter. */
static void efivar_release(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	int flags;

	if (fd < 0)
		return;
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 && flags & FS_IMMUTABLE_FL) {
		flags &= ~FS_IMMUTABLE_FL;
		(void)ioctl(fd, FS_IOC_SETFLAGS, &flags);
	}
	(void)close(fd);
}

int efivar_write(const char *dir, const char *name, const void *value,
		 size_t len)
{
	uint8_t bytes[EFIVAR_HEAD + EFIVAR_MAX] = { EFIVAR_ATTRIBUTES };
	uint8_t old[EFIVAR_MAX];
	char path[EFIVAR_PATH_MAX];
	int fd, ret = efivar_path(path, dir, name);

	if (ret == 0 && len > EFIVAR_MAX)
		ret = -EMSGSIZE;
	if (ret < 0)
		return ret;
	if (efivar_read(dir, name, old, sizeof(old)) == (ssize_t)len &&
	    memcmp(old, value, len) == 0)
		return 0;
	memcpy(bytes + EFIVAR_HEAD, value, len);
	efivar_release(path);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	errno = 0;
	if (write(fd, bytes, EFIVAR_HEAD + len) != (ssize_t)(EFIVAR_HEAD + len))
		ret = errno ? -errno : -EIO;
	if (close(fd) < 0 && ret == 0)
		ret = -errno;
	return ret;
}
