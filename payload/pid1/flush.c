// SPDX-License-Identifier: MIT
/*
 * sync() with its progress watched, and fsync() on every disk, which makes
 * the kernel send a cache flush to it.
 */
#include "pid1/flush.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pid1/disks.h"

#define FLUSH_START_MS 1000
#define FLUSH_LOOK_MS  500

static int flush_sync_body(int fd, void *arg)
{
	(void)fd;
	(void)arg;
	sync();
	return 0;
}

long flush_pending_kb(const char *path)
{
	FILE *meminfo = fopen(path, "re");
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

int flush_watch(child_body *body, const char *meminfo, int stall_ms,
		deadline_t until)
{
	deadline_t stalled = deadline_in_ms(stall_ms);
	long least_kb = flush_pending_kb(meminfo), kb;
	struct child child;
	char nothing;
	int ret;

	ret = child_start(
		&child, body, NULL,
		deadline_earlier(until, deadline_in_ms(FLUSH_START_MS)));
	if (ret < 0)
		return ret;
	while (child_wait(&child, &nothing, sizeof(nothing),
			  deadline_earlier(until,
					   deadline_in_ms(FLUSH_LOOK_MS))) ==
	       -ETIMEDOUT) {
		kb = flush_pending_kb(meminfo);
		if (kb < least_kb) {
			least_kb = kb;
			stalled = deadline_in_ms(stall_ms);
		}
		if (deadline_passed(stalled) || deadline_passed(until)) {
			child_kill(&child);
			return -ETIMEDOUT;
		}
	}
	return child_end(&child, until) == 0 ? 0 : -EIO;
}

int flush_sync(int stall_ms, deadline_t until)
{
	return flush_watch(flush_sync_body, "/proc/meminfo", stall_ms, until);
}

bool flush_finds_claimed_disk(char *name, size_t size)
{
	struct disks disks;
	int i, fd;

	if (disks_find(&disks, "/sys", "/dev") < 0)
		return false;
	for (i = 0; i < disks.count; i++) {
		fd = layer_open(&disks.disk[i].layer, O_EXCL);
		if (fd >= 0)
			(void)close(fd);
		if (fd == -EBUSY) {
			layer_describe(&disks.disk[i].layer, name, size);
			return true;
		}
	}
	return false;
}

static int flush_disk(const struct layer *layer)
{
	int fd = layer_open_synced(layer, 0);

	if (fd < 0)
		/* An empty drive has nothing to flush. */
		return fd == -ENOMEDIUM || fd == -ENXIO ? 0 : fd;
	(void)close(fd);
	return 0;
}

int flush_disks(char *why, size_t why_size, deadline_t until)
{
	struct disks disks;
	char name[LAYERS_TEXT_MAX];
	int i, ret;

	ret = disks_find(&disks, "/sys", "/dev");
	if (ret < 0) {
		(void)snprintf(why, why_size, "the disks cannot be found: %s",
			       strerror(-ret));
		return ret;
	}
	disks_run(&disks, flush_disk, until);
	for (i = 0; i < disks.count; i++) {
		ret = disks.disk[i].result;
		if (ret == 0)
			continue;
		layer_describe(&disks.disk[i].layer, name, sizeof(name));
		(void)snprintf(why, why_size,
			       ret == -ETIMEDOUT ? "%s did not finish its flush"
						 : "%s could not be flushed: %s",
			       name, strerror(-ret));
		return ret;
	}
	return disks.count;
}
