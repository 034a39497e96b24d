// SPDX-License-Identifier: MIT
/* Opens and reads files of another root without following them out of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "handover_parts.h"

/* Of linux/openat2.h, which older kernel headers do not have. */
#define FILE_RESOLVE_NO_MAGICLINKS 0x02
#define FILE_RESOLVE_IN_ROOT       0x10
#define FILE_OPEN_TRIES            8

#define FILE_OPEN_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

struct file_open_how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};

static int file_open_in_root(int root_fd, const char *path)
{
	const struct file_open_how how = {
		.flags = FILE_OPEN_FLAGS,
		.resolve = FILE_RESOLVE_IN_ROOT | FILE_RESOLVE_NO_MAGICLINKS,
	};
	long fd = -1;

	/* EAGAIN: something was renamed or mounted meanwhile. */
	for (int i = 0; i < FILE_OPEN_TRIES && fd < 0; i++) {
		fd = syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
		if (fd < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return fd < 0 ? -EAGAIN : (int)fd;
}

/** Before Linux 5.6, or where a sandbox forbids openat2. */
static int file_open_by_prefix(const char *root, const char *path)
{
	char full[4096];
	int len = snprintf(full, sizeof(full), "%s%s", root, path);
	int fd;

	if (len < 0 || (size_t)len >= sizeof(full))
		return -ENAMETOOLONG;
	fd = open(full, FILE_OPEN_FLAGS);
	return fd < 0 ? -errno : fd;
}

static int file_open(const char *root, const char *path)
{
	int root_fd;
	int fd;

	root_fd = open(*root ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return -errno;
	fd = file_open_in_root(root_fd, path);
	if (fd == -ENOSYS || fd == -EPERM)
		fd = file_open_by_prefix(root, path);
	(void)close(root_fd); /* an O_PATH descriptor has nothing to lose */
	return fd;
}

int handover_open_file(const char *root, const char *path)
{
	int fd = file_open(root, path);
	struct stat stat;
	int ret;

	if (fd == -ENOTDIR)
		return -ENOENT;
	if (fd == -ENXIO) /* a socket, or a FIFO nobody writes to */
		return -EISDIR;
	if (fd < 0)
		return fd;
	ret = fstat(fd, &stat) ? -errno : 0;
	if (!ret && !S_ISREG(stat.st_mode))
		ret = -EISDIR;
	if (!ret)
		return fd;
	(void)close(fd); /* only read */
	return ret;
}

int handover_read_fd(int fd, struct handover_file *file)
{
	ssize_t got = 1;
	int ret = 0;

	file->len = 0;
	while (got && file->len < sizeof(file->text)) {
		got = read(fd, file->text + file->len,
			   sizeof(file->text) - file->len);
		if (got < 0 && errno != EINTR) {
			ret = -errno;
			break;
		}
		if (got > 0)
			file->len += (size_t)got;
	}
	if (!ret && file->len == sizeof(file->text))
		ret = -EFBIG;
	(void)close(fd); /* only read */
	return ret;
}
