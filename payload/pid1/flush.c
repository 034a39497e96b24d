// SPDX-License-Identifier: MIT
/*
 * sync() with its progress watched, and fsync() on every disk, which makes
 * the kernel send a cache flush to it.
 */
#include "pid1/flush.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pid1/child.h"

#define FLUSH_START_MS 1000
#define FLUSH_LOOK_MS  500
#define FLUSH_STALL_MS 10000

static int flush_sync_body(int fd, void *arg)
{
	(void)fd;
	(void)arg;
	sync();
	return 0;
}

/* Kilobytes that wait to be written or are being written. */
static long flush_pending_kb(void)
{
	FILE *meminfo = fopen("/proc/meminfo", "re");
	char line[128];
	long sum = 0;

	if (!meminfo)
		return 0;
	while (fgets(line, sizeof(line), meminfo)) {
		if (strncmp(line, "Dirty:", 6) == 0 ||
		    strncmp(line, "Writeback:", 10) == 0)
			sum += strtol(strchr(line, ':') + 1, NULL, 10);
	}
	(void)fclose(meminfo);
	return sum;
}

int flush_sync(deadline_t until)
{
	deadline_t stalled = deadline_in_ms(FLUSH_STALL_MS);
	long least_kb = flush_pending_kb(), kb;
	struct child child;
	char nothing;
	int ret;

	ret = child_start(
		&child, flush_sync_body, NULL,
		deadline_earlier(until, deadline_in_ms(FLUSH_START_MS)));
	if (ret < 0)
		return ret;
	while (child_wait(&child, &nothing, sizeof(nothing),
			  deadline_earlier(until,
					   deadline_in_ms(FLUSH_LOOK_MS))) ==
	       -ETIMEDOUT) {
		kb = flush_pending_kb();
		if (kb < least_kb) {
			least_kb = kb;
			stalled = deadline_in_ms(FLUSH_STALL_MS);
		}
		if (deadline_passed(stalled) || deadline_passed(until)) {
			child_kill(&child);
			return -ETIMEDOUT;
		}
	}
	return child_end(&child, until) == 0 ? 0 : -EIO;
}

struct flush_result {
	int disks;
	int error;
	char name[64];
};

static bool flush_is_empty(const char *name)
{
	char path[320], size[32] = "0";
	FILE *file;

	(void)snprintf(path, sizeof(path), "/sys/block/%s/size", name);
	file = fopen(path, "re");
	if (!file)
		return true;
	if (!fgets(size, sizeof(size), file))
		size[0] = '0';
	(void)fclose(file);
	return atoll(size) == 0;
}

static int flush_open(const char *name, int flags)
{
	char path[320], *mark;

	(void)snprintf(path, sizeof(path), "/dev/%s", name);
	while ((mark = strchr(path, '!')))
		*mark = '/'; /* sysfs writes cciss/c0d0 as cciss!c0d0 */
	return open(path, O_RDONLY | O_CLOEXEC | flags);
}

/* The name of the next disk that holds anything; NULL at the end. */
static const char *flush_next_disk(DIR *dir)
{
	struct dirent *entry;

	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != '.' && !flush_is_empty(entry->d_name))
			return entry->d_name;
	}
	return NULL;
}

bool flush_finds_claimed_disk(void)
{
	DIR *dir = opendir("/sys/block");
	bool claimed = false;
	const char *name;
	int fd;

	while (dir && !claimed && (name = flush_next_disk(dir))) {
		fd = flush_open(name, O_EXCL);
		if (fd >= 0)
			(void)close(fd);
		else
			claimed = errno == EBUSY;
	}
	if (dir)
		(void)closedir(dir);
	return claimed;
}

static int flush_disk(const char *name)
{
	int fd = flush_open(name, 0), ret = 0;

	if (fd < 0)
		/* An empty drive has nothing to flush. */
		return errno == ENOMEDIUM || errno == ENXIO ? 0 : -errno;
	if (fsync(fd) < 0)
		ret = -errno;
	(void)close(fd);
	return ret;
}

static int flush_disks_body(int fd, void *arg)
{
	struct flush_result result = { 0 };
	const char *name;
	DIR *dir;
	int ret;

	(void)arg;
	dir = opendir("/sys/block");
	if (!dir) {
		result.error = -errno;
		(void)snprintf(result.name, sizeof(result.name), "/sys/block");
		return child_tell(fd, &result, sizeof(result));
	}
	while ((name = flush_next_disk(dir))) {
		result.disks++;
		ret = flush_disk(name);
		if (ret < 0 && !result.error) {
			result.error = ret;
			(void)snprintf(result.name, sizeof(result.name),
				       "%.63s", name);
		}
	}
	(void)closedir(dir);
	return child_tell(fd, &result, sizeof(result));
}

int flush_disks(char *why, size_t why_size, deadline_t until)
{
	struct flush_result result;
	struct child child;
	ssize_t len;
	int ret;

	ret = child_start(&child, flush_disks_body, NULL, until);
	if (ret < 0) {
		(void)snprintf(why, why_size, "no process to flush the disks");
		return ret;
	}
	len = child_wait(&child, &result, sizeof(result), until);
	child_kill(&child);
	if (len != sizeof(result)) {
		(void)snprintf(why, why_size, "a disk did not finish its flush");
		return -ETIMEDOUT;
	}
	if (result.error < 0) {
		(void)snprintf(why, why_size, "%s could not be flushed: %s",
			       result.name, strerror(-result.error));
		return result.error;
	}
	return result.disks;
}
