// SPDX-License-Identifier: MIT
/*
 * Device-mapper: LUKS, LVM, verity, multipath and all else. It is spoken to
 * through /dev/mapper/control, and a device is named by its number there.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pid1/child.h"
#include "pid1/layers.h"

#define DM_UNBLOCK_MS 3000
#define DM_MULTIPATH  "mpath-" /* how the uuid of a multipath map begins */

/* A command, and behind it a struct dm_target_msg with what is sent. */
struct dm_request {
	struct dm_ioctl head;
	__u64 sector;
	char words[32];
};

static bool dm_is_there(const struct layer *layer)
{
	char name[DM_NAME_LEN];

	layer_read(layer, "dm/name", name, sizeof(name));
	return name[0] != '\0';
}

static void dm_describe(const struct layer *layer, char *text, size_t size)
{
	char name[DM_NAME_LEN];

	layer_read(layer, "dm/name", name, sizeof(name));
	(void)snprintf(text, size, "dm %s", name);
}

static bool dm_is_multipath(const struct layer *layer)
{
	char uuid[DM_UUID_LEN];

	layer_read(layer, "dm/uuid", uuid, sizeof(uuid));
	return strncmp(uuid, DM_MULTIPATH, strlen(DM_MULTIPATH)) == 0;
}

/* "253:17" as the kernel packs it for this interface. */
static bool dm_read_number(const struct layer *layer, __u64 *number)
{
	unsigned long major, minor;
	char text[32], *rest;

	layer_read(layer, "dev", text, sizeof(text));
	major = strtoul(text, &rest, 10);
	if (*rest != ':')
		return false;
	minor = strtoul(rest + 1, NULL, 10);
	if (major == 0 || major > 0xfff || minor > 0xfffff)
		return false;
	*number = (minor & 0xff) | major << 8 | (minor & 0xfff00) << 12;
	return true;
}

static int dm_send(const struct layer *layer, unsigned long command,
		   struct dm_request *request)
{
	char path[256];
	int fd, ret = 0;

	request->head.version[0] = DM_VERSION_MAJOR;
	request->head.data_size = sizeof(*request);
	request->head.data_start = sizeof(request->head);
	if (!dm_read_number(layer, &request->head.dev))
		return -ENODEV;
	(void)snprintf(path, sizeof(path), "%s/mapper/control", layer->dev);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, command, request) < 0)
		ret = -errno;
	(void)close(fd);
	return ret;
}

static bool dm_is_suspended(const struct layer *layer)
{
	char suspended[8];

	layer_read(layer, "dm/suspended", suspended, sizeof(suspended));
	return suspended[0] == '1';
}

static void dm_unblock_one(const struct layer *layer)
{
	struct dm_request resume = { 0 };
	struct dm_request fail = { .words = "fail_if_no_path" };

	if (dm_is_suspended(layer)) /* without its flag it resumes */
		(void)dm_send(layer, DM_DEV_SUSPEND, &resume);
	if (dm_is_multipath(layer))
		(void)dm_send(layer, DM_TARGET_MSG, &fail);
}

static int dm_detach(const struct layer *layer, deadline_t until)
{
	struct dm_request request = { 0 };
	int fd;

	(void)until;
	dm_unblock_one(layer); /* else the next line may hang */
	fd = layer_open_synced(layer, O_EXCL);
	if (fd < 0)
		return fd;
	(void)close(fd);
	return dm_send(layer, DM_DEV_REMOVE, &request);
}

static int dm_unblock_body(int fd, void *arg)
{
	(void)fd;
	dm_unblock_one(arg);
	return 0;
}

/* One after the other: there are few of them, and mostly none. */
int dm_unblock(const struct layers *layers, deadline_t until)
{
	struct layer layer = { .sys = layers->sys, .dev = layers->dev };
	struct dirent *entry;
	struct child child;
	char path[256];
	int count = 0;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/block", layers->sys);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		(void)snprintf(layer.name, sizeof(layer.name), "%.63s",
			       entry->d_name);
		if (!dm_is_there(&layer) ||
		    (!dm_is_multipath(&layer) && !dm_is_suspended(&layer)))
			continue;
		count += dm_is_multipath(&layer);
		if (child_start(&child, dm_unblock_body, &layer, until) < 0)
			continue;
		(void)child_end(
			&child,
			deadline_earlier(until, deadline_in_ms(DM_UNBLOCK_MS)));
	}
	if (dir)
		(void)closedir(dir);
	return count;
}

const struct layer_kind dm_layer = {
	.is_there = dm_is_there,
	.describe = dm_describe,
	.detach = dm_detach,
};
