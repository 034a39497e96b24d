// SPDX-License-Identifier: MIT
/* Copies the exitrd's tree: folders and plain files, nothing else. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/stage_parts.h"

#define TREE_DEPTH_MAX 16
#define TREE_NEW_NAME  ".lastwatt.new"

/** All of @from, whose size is @len, to @to. Returns 0 or a negative errno. */
static int tree_copy_bytes(int from, int to, off_t len)
{
	while (len > 0) {
		ssize_t sent = sendfile(to, from, NULL, (size_t)len);

		if (sent < 0 && errno != EINTR)
			return -errno;
		if (!sent)
			return -EIO; /* it shrank meanwhile */
		if (sent > 0)
			len -= sent;
	}
	return 0;
}

static int tree_copy_opened(int from, int to_dir, const char *name)
{
	struct stat stat;
	int ret;
	int to;

	if (fstat(from, &stat))
		return -errno;
	(void)unlinkat(to_dir, TREE_NEW_NAME, 0); /* of one that was killed */
	to = openat(to_dir, TREE_NEW_NAME,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to < 0)
		return -errno;
	ret = tree_copy_bytes(from, to, stat.st_size);
	if (!ret && fchmod(to, stat.st_mode & 0777))
		ret = -errno;
	if (close(to) && !ret)
		ret = -errno;
	if (!ret && renameat(to_dir, TREE_NEW_NAME, to_dir, name))
		ret = -errno;
	if (ret)
		(void)unlinkat(to_dir, TREE_NEW_NAME, 0); /* ret says why */
	return ret;
}

static int tree_copy_file(int from_dir, int to_dir, const char *name)
{
	int from = openat(from_dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int ret;

	if (from < 0)
		return -errno;
	ret = tree_copy_opened(from, to_dir, name);
	(void)close(from); /* only read */
	return ret;
}

static int tree_open_dir(int dir, const char *name)
{
	int fd = openat(dir, name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int tree_copy_dir(int from, int to, int depth);

/** The folder @name and all that is in it. */
static int tree_copy_subdir(int from_dir, int to_dir, const char *name,
			    int depth)
{
	int from;
	int to;
	int ret;

	if (depth == TREE_DEPTH_MAX)
		return -ELOOP;
	if (mkdirat(to_dir, name, 0755) && errno != EEXIST)
		return -errno;
	from = tree_open_dir(from_dir, name);
	if (from < 0)
		return from;
	to = tree_open_dir(to_dir, name);
	if (to < 0) {
		(void)close(from); /* only read */
		return to;
	}
	ret = fchmod(to, 0755) ? -errno : tree_copy_dir(from, to, depth + 1);
	(void)close(to); /* a folder has nothing to lose */
	return ret;
}

static int tree_copy_entry(int from, int to, const char *name, int depth)
{
	struct stat stat;

	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return 0;
	if (fstatat(from, name, &stat, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (S_ISDIR(stat.st_mode))
		return tree_copy_subdir(from, to, name, depth);
	if (S_ISREG(stat.st_mode))
		return tree_copy_file(from, to, name);
	return -EINVAL;
}

/** Everything in @from, which is closed, to @to, which is not. */
static int tree_copy_dir(int from, int to, int depth)
{
	DIR *dir = fdopendir(from);
	struct dirent *entry;
	int ret = 0;

	if (!dir) {
		ret = -errno;
		(void)close(from); /* only read */
		return ret;
	}
	while (!ret && (entry = readdir(dir)))
		ret = tree_copy_entry(from, to, entry->d_name, depth);
	(void)closedir(dir); /* only read */
	return ret;
}

int stage_copy_tree(const char *from, const char *to)
{
	int from_fd = tree_open_dir(AT_FDCWD, from);
	int to_fd = tree_open_dir(AT_FDCWD, to);
	int ret = from_fd < 0 ? from_fd : to_fd;

	if (from_fd >= 0 && to_fd >= 0)
		ret = tree_copy_dir(from_fd, to_fd, 0);
	else if (from_fd >= 0)
		(void)close(from_fd); /* only read */
	if (to_fd >= 0)
		(void)close(to_fd); /* a folder has nothing to lose */
	if (ret < 0)
		return cmd_fail(&cmd_stage, "%s cannot be copied to %s: %s",
				from, to, strerror(-ret));
	return CMD_OK;
}
