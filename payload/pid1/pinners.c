// SPDX-License-Identifier: MIT
/*
 * Who keeps the old root busy? The links of /proc/PID say it: exe, cwd, root,
 * the open files and the maps. A file that was deleted keeps its path there.
 */
#include "pid1/pinners.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pid1/child.h"

#define PINNERS_LOOK_MS 5
/* For one process. Its own memory's lock may be held by somebody who hangs. */
#define PINNERS_EACH_MS 1000

/* For the child that looks. */
struct pinners_work {
	const char *proc;
	const struct mounts *mounts;
	bool daemons;
	int from_pid; /* look at those from this one on */
	int proc_fd;
	char own_program[PATH_MAX];
	char own_namespace[64];
};

/* About to look at a process, or, with @holds, what it holds. */
struct pinners_news {
	int pid;
	char name[32];
	char holds[120];
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
static bool pinners_is_on_mount(const struct pinners_work *work,
				const char *path)
{
	const struct mount *mount;
	size_t i, len;

	for (i = 0; i < work->mounts->count; i++) {
		mount = &work->mounts->mount[i];
		if (mount->ours || mount->virtual)
			continue;
		len = strlen(mount->path);
		if (strncmp(path, mount->path, len) == 0 &&
		    (path[len] == '/' || path[len] == '\0' || path[len] == ' '))
			return true;
	}
	return false;
}

static bool pinners_holds_fd(const struct pinners_work *work, int process_fd,
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
			holds = pinners_is_on_mount(work, path);
	}
	(void)closedir(dir);
	return holds;
}

static bool pinners_holds_map(const struct pinners_work *work, int process_fd,
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
		holds = pinners_is_on_mount(work, file);
		if (holds)
			(void)snprintf(path, size, "%s", file);
	}
	(void)fclose(maps);
	return holds;
}

/* A mount namespace of its own that still has data mounted in it? */
static bool pinners_holds_namespace(const struct pinners_work *work,
				    int process_fd, char *path, size_t size)
{
	struct mounts theirs;
	char table[64];
	bool holds;

	if (!pinners_read_link(process_fd, "ns/mnt", path, size) ||
	    strcmp(path, work->own_namespace) == 0)
		return false;
	(void)snprintf(table, sizeof(table), "/proc/self/fd/%d/mountinfo",
		       process_fd);
	if (mounts_read(&theirs, table) < 0)
		return false;
	holds = mounts_count_data(&theirs) > 0;
	mounts_free(&theirs);
	return holds;
}

/* A daemon that asks to be spared while its storage is in use. */
static bool pinners_is_daemon(int process_fd)
{
	int fd = openat(process_fd, "cmdline", O_RDONLY | O_CLOEXEC);
	char first = '\0';

	if (fd < 0)
		return false;
	if (read(fd, &first, 1) < 0)
		first = '\0';
	(void)close(fd);
	return first == '@';
}

static bool pinners_holds(const struct pinners_work *work, int process_fd,
			  char *path, size_t size)
{
	static const char *const links[] = { "exe", "cwd", "root" };
	size_t i;

	for (i = 0; i < sizeof(links) / sizeof(*links); i++) {
		if (pinners_read_link(process_fd, links[i], path, size) &&
		    pinners_is_on_mount(work, path))
			return true;
	}
	return pinners_holds_fd(work, process_fd, path, size) ||
	       pinners_holds_map(work, process_fd, path, size) ||
	       pinners_holds_namespace(work, process_fd, path, size);
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

/*
 * Is it worth a look? A kernel thread has no program, and our own kind runs
 * the same one: keepers, the painter, PID 1. To compare the files themselves
 * would ask the server of a root that hangs.
 */
static bool pinners_is_stranger(const struct pinners_work *work, int process_fd)
{
	char program[PATH_MAX];

	return pinners_read_link(process_fd, "exe", program, sizeof(program)) &&
	       strcmp(program, work->own_program) != 0;
}

static int pinners_look_at(int fd, const struct pinners_work *work, int pid,
			   const char *directory)
{
	struct pinners_news news = { .pid = pid };
	char path[PATH_MAX];
	int process_fd, ret = 0;

	process_fd = openat(work->proc_fd, directory,
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (process_fd < 0)
		return 0;
	if (!pinners_is_stranger(work, process_fd))
		goto out_close;
	pinners_read_name(process_fd, news.name, sizeof(news.name));
	ret = child_tell(fd, &news, sizeof(news));
	if (ret == 0 && pinners_holds(work, process_fd, path, sizeof(path)) &&
	    (work->daemons || !pinners_is_daemon(process_fd))) {
		(void)snprintf(news.holds, sizeof(news.holds), "%.119s", path);
		ret = child_tell(fd, &news, sizeof(news));
	}

out_close:
	(void)close(process_fd);
	return ret;
}

/* The child that looks: /proc lists processes by their numbers. */
static int pinners_body(int fd, void *arg)
{
	struct pinners_work *work = arg;
	struct dirent *entry;
	int pid, own = getpid();
	DIR *dir = opendir(work->proc);

	if (!dir)
		return 1;
	work->proc_fd = dirfd(dir);
	if (!pinners_read_link(work->proc_fd, "self/exe", work->own_program,
			       sizeof(work->own_program)) ||
	    !pinners_read_link(work->proc_fd, "self/ns/mnt",
			       work->own_namespace, sizeof(work->own_namespace)))
		return 1;
	while ((entry = readdir(dir))) {
		pid = atoi(entry->d_name);
		if (pid > 1 && pid != own && pid >= work->from_pid &&
		    pinners_look_at(fd, work, pid, entry->d_name) < 0)
			return 1;
	}
	return 0;
}

static void pinners_add(struct pinners *pinners, int pid)
{
	if (kill(pid, SIGKILL) == 0 && pinners->count < PINNERS_MAX)
		pinners->pid[pinners->count++] = pid;
}

static bool pinners_was_killed(const struct pinners *pinners, int pid)
{
	int i;

	for (i = 0; i < pinners->count; i++) {
		if (pinners->pid[i] == pid)
			return true;
	}
	return false;
}

/* Run one child. False if it hung at a process and others may follow. */
static bool pinners_run(struct pinners *pinners, struct pinners_work *work,
			deadline_t until)
{
	struct pinners_news news = { 0 };
	struct child child;
	ssize_t len;

	if (child_start(&child, pinners_body, work, until) < 0)
		return true;
	for (;;) {
		len = child_wait(
			&child, &news, sizeof(news),
			deadline_earlier(until, deadline_in_ms(PINNERS_EACH_MS)));
		if (len != sizeof(news))
			break;
		news.name[sizeof(news.name) - 1] = '\0';
		news.holds[sizeof(news.holds) - 1] = '\0';
		if (!news.holds[0] || pinners_was_killed(pinners, news.pid))
			continue;
		pinners->report(pinners->arg, news.pid, news.name, news.holds);
		pinners_add(pinners, news.pid);
	}
	child_kill(&child);
	if (len != -ETIMEDOUT || deadline_passed(until))
		return true;
	/* What nobody can look at holds something that hangs. */
	if (!pinners_was_killed(pinners, news.pid)) {
		pinners->report(pinners->arg, news.pid, news.name, "what hangs");
		pinners_add(pinners, news.pid);
	}
	work->from_pid = news.pid + 1;
	return false;
}

static bool pinners_is_alive(const char *proc, int pid)
{
	char line[512], path[256];
	const char *state;
	ssize_t len;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%d/stat", proc, pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, line, sizeof(line) - 1);
	(void)close(fd);
	line[len > 0 ? len : 0] = '\0';
	state = strrchr(line, ')');
	/* A zombie holds nothing any more. */
	return state && state[1] && state[2] != 'Z' && state[2] != 'X';
}

/* Forget those that have died. Returns how many they are. */
static int pinners_bury(struct pinners *pinners, const char *proc)
{
	int i, left = 0, before = pinners->count;

	for (i = 0; i < before; i++) {
		if (pinners_is_alive(proc, pinners->pid[i]))
			pinners->pid[left++] = pinners->pid[i];
	}
	pinners->count = left;
	return before - left;
}

int pinners_kill(struct pinners *pinners, const char *proc,
		 const struct mounts *mounts, bool daemons, deadline_t until)
{
	struct pinners_work work = {
		.proc = proc,
		.mounts = mounts,
		.daemons = daemons,
	};
	int gone = pinners_bury(pinners, proc);
	int old = pinners->count;

	while (!pinners_run(pinners, &work, until))
		;
	/* Who has not died of the last time will not now. */
	do {
		gone += pinners_bury(pinners, proc);
	} while (pinners->count > old &&
		 clock_sleep_ms(PINNERS_LOOK_MS, until) == 0);
	return gone;
}
