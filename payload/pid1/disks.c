// SPDX-License-Identifier: MIT
/* The disks of the machine, and work that is done on all at the same time. */
#include "pid1/disks.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISKS_START_MS 1000

struct disks_work {
	const struct layer *layer;
	disk_body *body;
};

/* Disks in memory lose everything anyway. */
static bool disks_is_wanted(const struct layer *layer)
{
	char size[32];

	if (layer->name[0] == '.' || strncmp(layer->name, "zram", 4) == 0 ||
	    strncmp(layer->name, "ram", 3) == 0)
		return false;
	layer_read(layer, "size", size, sizeof(size));
	return atoll(size) > 0;
}

int disks_find(struct disks *disks, const char *sys, const char *dev)
{
	struct dirent *entry;
	struct disk *disk;
	char path[256];
	DIR *dir;

	disks->count = 0;
	(void)snprintf(path, sizeof(path), "%s/block", sys);
	dir = opendir(path);
	if (!dir)
		return -errno;
	while (disks->count < DISKS_MAX && (entry = readdir(dir))) {
		disk = &disks->disk[disks->count];
		disk->layer.sys = sys;
		disk->layer.dev = dev;
		(void)snprintf(disk->layer.name, sizeof(disk->layer.name),
			       "%.63s", entry->d_name);
		disk->result = 0;
		disks->count += disks_is_wanted(&disk->layer);
	}
	(void)closedir(dir);
	return 0;
}

static int disks_body(int fd, void *arg)
{
	const struct disks_work *work = arg;

	(void)fd;
	return -work->body(work->layer);
}

void disks_run(struct disks *disks, disk_body *body, deadline_t until)
{
	deadline_t start =
		deadline_earlier(until, deadline_in_ms(DISKS_START_MS));
	struct disks_work work = { .body = body };
	struct disk *disk;
	int i;

	for (i = 0; i < disks->count; i++) {
		disk = &disks->disk[i];
		work.layer = &disk->layer;
		disk->result =
			child_start(&disk->child, disks_body, &work, start);
	}
	for (i = 0; i < disks->count; i++) {
		disk = &disks->disk[i];
		if (disk->result == 0)
			disk->result = child_end(&disk->child, until);
		if (disk->result > 0)
			disk->result = -disk->result;
	}
}
