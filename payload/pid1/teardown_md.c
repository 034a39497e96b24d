// SPDX-License-Identifier: MIT
/*
 * MD arrays. To stop one marks it clean and remembers how far a resync has
 * come. With external metadata (IMSM, DDF) it is mdmon that marks it, so that
 * one is waited for first.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/major.h>
#include <linux/raid/md_u.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pid1/layers.h"

#define MD_CLEAN_MS          5000
#define MD_LOOK_MS           20
/* How long an array must be idle before it is marked clean: almost nothing. */
#define MD_SAFE_MODE_DELAY_S "0.01"

/* What array_state says when data may be written that is not marked. */
static const char *const md_dirty[] = {
	"active",
	"active-idle",
	"write-pending",
};

static void md_read_state(const struct layer *layer, char state[32])
{
	layer_read(layer, "md/array_state", state, 32);
}

static bool md_is_there(const struct layer *layer)
{
	char state[32];

	md_read_state(layer, state);
	return state[0] != '\0' && strcmp(state, "clear") != 0;
}

static bool md_is_dirty(const struct layer *layer)
{
	char state[32];
	size_t i;

	md_read_state(layer, state);
	for (i = 0; i < sizeof(md_dirty) / sizeof(*md_dirty); i++) {
		if (strcmp(state, md_dirty[i]) == 0)
			return true;
	}
	return false;
}

/* With what it was doing: that goes on when it is assembled again. */
static void md_describe(const struct layer *layer, char *text, size_t size)
{
	char action[32];

	layer_read(layer, "md/sync_action", action, sizeof(action));
	if (action[0] == '\0' || strcmp(action, "idle") == 0)
		(void)snprintf(text, size, "%s", layer->name);
	else
		(void)snprintf(text, size, "%s (in the middle of a %s)",
			       layer->name, action);
}

/* As mdadm --wait-clean. For native arrays STOP_ARRAY does it. */
static void md_await_clean(const struct layer *layer, deadline_t until)
{
	char version[64];

	layer_read(layer, "md/metadata_version", version, sizeof(version));
	if (strncmp(version, "external:", strlen("external:")) != 0)
		return;
	(void)layer_write(layer, "md/safe_mode_delay", MD_SAFE_MODE_DELAY_S);
	until = deadline_earlier(until, deadline_in_ms(MD_CLEAN_MS));
	while (md_is_dirty(layer)) {
		if (clock_sleep_ms(MD_LOOK_MS, until) < 0)
			return; /* better stopped dirty than not stopped */
	}
}

static int md_detach(const struct layer *layer, deadline_t until)
{
	int fd = layer_open_synced(layer, O_EXCL), ret = 0;

	if (fd < 0)
		return fd;
	md_await_clean(layer, until);
	if (ioctl(fd, STOP_ARRAY, NULL) < 0)
		ret = -errno;
	(void)close(fd);
	return ret;
}

bool md_finds_dirty(const struct layers *layers, char *name, size_t size)
{
	struct layer layer = { .sys = layers->sys, .dev = layers->dev };
	struct dirent *entry;
	char path[256];
	bool dirty = false;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/block", layers->sys);
	dir = opendir(path);
	while (dir && !dirty && (entry = readdir(dir))) {
		(void)snprintf(layer.name, sizeof(layer.name), "%.63s",
			       entry->d_name);
		dirty = md_is_dirty(&layer);
	}
	if (dir)
		(void)closedir(dir);
	if (dirty)
		(void)snprintf(name, size, "%s", layer.name);
	return dirty;
}

const struct layer_kind md_layer = {
	.is_there = md_is_there,
	.describe = md_describe,
	.detach = md_detach,
};
