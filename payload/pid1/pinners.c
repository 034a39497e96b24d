// SPDX-License-Identifier: MIT
/*
 * Who keeps the old root busy? The links of /proc/PID say it: exe, cwd, root,
 * the open files and the maps. A file that was deleted keeps its path there.
 */
#include "pid1/pinners.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PINNERS_MAX     256
#define PINNERS_LOOK_MS 5

struct pinners {
	const struct mounts *mounts;
	int proc_fd;
	dev_t own_dev;
	ino_t own_ino;
	char own_namespace[64];
	int killed[PINNERS_MAX];
	int count;
	pinners_report *report;
	void *arg;
};

static bool pinners_read_link(int dir_fd, const char *name, char *path,
			      size_t size)
{
	ssize_t len = readlinkat(dir_fd, name, path, size - 1);

	if (len < 0)
		return false;
	path[len] = '\0';
	return true;
}

/* Does @path lie on one of the mounts that have to go? */
static bool pinners_is_on_mount(const struct pinners *pinners, const char *path)
{
	const struct mount *mount;
	size_t i, len;

	for (i = 0; i < pinners->mounts->count; i++) {
		mount = &pinners->mounts->mount[i];
		if (mount->ours || mount->virtual)
			continue;
		len = strlen(mount->path);
		if (strncmp(path, mount->path, len) == 0 &&
		    (path[len] == '/' || path[len] == '\0' || path[len] == ' '))
			return true;
	}
	return false;
}

static bool pinners_holds_fd(const struct pinners *pinners, int process_fd,
			     char *path, size_t size)
{
	int fd = openat(process_fd, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool holds = false;

	if (!dir) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	while (!holds && (entry = readdir(dir))) {
		if (pinners_read_link(fd, entry->d_name, path, size))
			holds = pinners_is_on_mount(pinners, path);
	}
	(void)closedir(dir);
	return holds;
}

static bool pinners_holds_map(const struct pinners *pinners, int process_fd,
			      char *path, size_t size)
{
	int fd = openat(process_fd, "maps", O_RDONLY | O_CLOEXEC);
	FILE *maps = fd < 0 ? NULL : fdopen(fd, "r");
	char line[PATH_MAX + 128], *file;
	bool holds = false;

	if (!maps) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	while (!holds && fgets(line, sizeof(line), maps)) {
		file = strchr(line, '/');
		if (!file)
			continue;
		file[strcspn(file, "\n")] = '\0';
		holds = pinners_is_on_mount(pinners, file);
		if (holds)
			(void)snprintf(path, size, "%s", file);
	}
	(void)fclose(maps);
	return holds;
}

/* A mount namespace of its own that still has data mounted in it? */
static bool pinners_holds_namespace(const struct pinners *pinners,
				    int process_fd, char *path, size_t size)
{
	struct mounts theirs;
	char table[64];
	bool holds;

	if (!pinners_read_link(process_fd, "ns/mnt", path, size) ||
	    strcmp(path, pinners->own_namespace) == 0)
		return false;
	(void)snprintf(table, sizeof(table), "/proc/self/fd/%d/mountinfo",
		       process_fd);
	if (mounts_read(&theirs, table) < 0)
		return false;
	holds = mounts_count_data(&theirs) > 0;
	mounts_free(&theirs);
	return holds;
}

/* Our own kind runs the same program: keepers, the painter, PID 1. */
static bool pinners_is_ours(const struct pinners *pinners, int process_fd)
{
	struct stat program;

	return fstatat(process_fd, "exe", &program, 0) == 0 &&
	       program.st_dev == pinners->own_dev &&
	       program.st_ino == pinners->own_ino;
}

static bool pinners_holds(const struct pinners *pinners, int process_fd,
			  char *path, size_t size)
{
	static const char *const links[] = { "exe", "cwd", "root" };
	size_t i;

	/* A kernel thread has no program. */
	if (!pinners_read_link(process_fd, "exe", path, size))
		return false;
	if (pinners_is_ours(pinners, process_fd))
		return false;
	for (i = 0; i < sizeof(links) / sizeof(*links); i++) {
		if (pinners_read_link(process_fd, links[i], path, size) &&
		    pinners_is_on_mount(pinners, path))
			return true;
	}
	return pinners_holds_fd(pinners, process_fd, path, size) ||
	       pinners_holds_map(pinners, process_fd, path, size) ||
	       pinners_holds_namespace(pinners, process_fd, path, size);
}

static void pinners_read_name(int process_fd, char *name, size_t size)
{
	int fd = openat(process_fd, "comm", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, name, size - 1);

	if (fd >= 0)
		(void)close(fd);
	name[len > 0 ? len : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
}

static void pinners_look_at(struct pinners *pinners, int pid,
			    const char *directory)
{
	char path[PATH_MAX], name[32];
	int process_fd;

	process_fd = openat(pinners->proc_fd, directory,
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (process_fd < 0)
		return;
	if (pinners_holds(pinners, process_fd, path, sizeof(path))) {
		pinners_read_name(process_fd, name, sizeof(name));
		pinners->report(pinners->arg, pid, name, path);
		if (kill(pid, SIGKILL) == 0 && pinners->count < PINNERS_MAX)
			pinners->killed[pinners->count++] = pid;
	}
	(void)close(process_fd);
}

static bool pinners_are_gone(const struct pinners *pinners)
{
	char line[512], path[32];
	const char *state;
	ssize_t len;
	int i, fd;

	for (i = 0; i < pinners->count; i++) {
		(void)snprintf(path, sizeof(path), "%d/stat",
			       pinners->killed[i]);
		fd = openat(pinners->proc_fd, path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		len = read(fd, line, sizeof(line) - 1);
		(void)close(fd);
		line[len > 0 ? len : 0] = '\0';
		state = strrchr(line, ')');
		/* A zombie holds nothing any more. */
		if (state && state[1] && state[2] != 'Z' && state[2] != 'X')
			return false;
	}
	return true;
}

static int pinners_identify_us(struct pinners *pinners)
{
	struct stat program;

	if (fstatat(pinners->proc_fd, "self/exe", &program, 0) < 0)
		return -errno;
	pinners->own_dev = program.st_dev;
	pinners->own_ino = program.st_ino;
	if (!pinners_read_link(pinners->proc_fd, "self/ns/mnt",
			       pinners->own_namespace,
			       sizeof(pinners->own_namespace)))
		return -errno;
	return 0;
}

int pinners_kill(const char *proc, const struct mounts *mounts,
		 pinners_report *report, void *arg, deadline_t until)
{
	struct pinners pinners = {
		.mounts = mounts,
		.report = report,
		.arg = arg,
	};
	struct dirent *entry;
	DIR *dir;
	int pid, ret;

	dir = opendir(proc);
	if (!dir)
		return -errno;
	pinners.proc_fd = dirfd(dir);
	ret = pinners_identify_us(&pinners);
	if (ret < 0)
		goto out_close;

	while (!deadline_passed(until) && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		pid = atoi(entry->d_name);
		if (pid > 1 && pid != getpid())
			pinners_look_at(&pinners, pid, entry->d_name);
	}
	while (!pinners_are_gone(&pinners)) {
		if (clock_sleep_ms(PINNERS_LOOK_MS, until) < 0)
			break;
	}
	ret = pinners.count;

out_close:
	(void)closedir(dir);
	return ret;
}
