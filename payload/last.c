// SPDX-License-Identifier: MIT
/*
 * Two small files in the grammar of ups.conf: "boot" for this boot, and
 * "boot.before" for the one before it.
 */
#include "last.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "handover_parts.h"

#define LAST_NOW    "boot"
#define LAST_BEFORE "boot.before"
#define LAST_NEW    "boot.new"

static int last_open_dir(const char *dir, bool make)
{
	int fd;

	if (make && mkdir(dir, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* It has to be on the disk before the power goes: fsync, then the name. */
static int last_store(int dir, const char *text, size_t len)
{
	int ret = 0;
	int fd = openat(dir, LAST_NEW,
			O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
			0644);

	if (fd < 0)
		return -errno;
	if (write(fd, text, len) != (ssize_t)len || fsync(fd) < 0)
		ret = errno ? -errno : -EIO;
	if (close(fd) < 0 && ret == 0)
		ret = -errno;
	if (ret == 0 && renameat(dir, LAST_NEW, dir, LAST_NOW) < 0)
		ret = -errno;
	if (ret == 0 && fsync(dir) < 0)
		ret = -errno;
	return ret;
}

static int last_write(int dir, const struct last *last)
{
	char text[512];
	int len = snprintf(text, sizeof(text),
			   "boot = %s\nat = %lld\nstate = %s\nforced = %s\n"
			   "drill = %s\nreason = \"%s\"\n",
			   last->boot_id, (long long)last->at_s,
			   last->is_stopped ? "stopped" : "running",
			   last->is_forced ? "yes" : "no",
			   last->is_drill ? "yes" : "no", last->reason);

	if (len < 0 || (size_t)len >= sizeof(text))
		return -E2BIG;
	return last_store(dir, text, (size_t)len);
}

static const char *last_value(const struct conf *conf, const char *key)
{
	const char *value = conf_value(conf, 0, key);

	return value ? value : "";
}

static int last_load(struct last *last, int dir, const char *name)
{
	int fd = openat(dir, name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct handover_file file;
	struct conf conf;
	int ret;

	if (fd < 0)
		return -errno;
	ret = handover_read_fd(fd, &file);
	if (ret < 0)
		return ret;
	(void)conf_parse(&conf, name, file.text, file.len, NULL);
	memset(last, 0, sizeof(*last));
	(void)snprintf(last->boot_id, sizeof(last->boot_id), "%s",
		       last_value(&conf, "boot")); /* a longer one is none */
	(void)snprintf(last->reason, sizeof(last->reason), "%s",
		       last_value(&conf, "reason")); /* for people */
	last->at_s = strtoll(last_value(&conf, "at"), NULL, 10);
	last->is_stopped = !strcmp(last_value(&conf, "state"), "stopped");
	last->is_forced = !strcmp(last_value(&conf, "forced"), "yes");
	last->is_drill = !strcmp(last_value(&conf, "drill"), "yes");
	return last->boot_id[0] ? 0 : -EBADMSG;
}

int last_begin(const char *dir, const char *boot_id)
{
	struct last now = { .at_s = time(NULL) };
	int fd = last_open_dir(dir, true);
	struct last old;
	int ret;

	if (fd < 0)
		return fd;
	(void)snprintf(now.boot_id, sizeof(now.boot_id), "%s", boot_id);
	ret = last_load(&old, fd, LAST_NOW);
	if (ret == 0 && strcmp(old.boot_id, boot_id) != 0 &&
	    renameat(fd, LAST_NOW, fd, LAST_BEFORE) < 0)
		ret = -errno;
	else
		ret = 0;
	if (ret == 0)
		ret = last_write(fd, &now);
	(void)close(fd); /* a folder has nothing to lose */
	return ret;
}

int last_end(const char *dir, const struct last *last)
{
	int fd = last_open_dir(dir, true);
	int ret;

	if (fd < 0)
		return fd;
	ret = last_write(fd, last);
	(void)close(fd); /* a folder has nothing to lose */
	return ret;
}

int last_read(struct last *last, const char *dir, const char *boot_id)
{
	int fd = last_open_dir(dir, false);
	int ret;

	if (fd < 0)
		return fd;
	ret = last_load(last, fd, LAST_NOW);
	if (ret == 0 && !strcmp(last->boot_id, boot_id))
		ret = last_load(last, fd, LAST_BEFORE);
	(void)close(fd); /* nothing was written */
	return ret;
}
