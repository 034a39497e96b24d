// SPDX-License-Identifier: MIT
/*
 * The engine that takes block devices apart: it reads /sys/block after every
 * success, for what was below may be free now.
 */
#include "pid1/layers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pid1/child.h"
#include "pid1/kernel.h"

#define LAYERS_EACH_MS 10000
#define LAYERS_GONE_MS 2000
#define LAYERS_LOOK_MS 5
#define LAYERS_KINDS   4

static const struct layer_kind *const layers_kinds[LAYERS_KINDS] = {
	&loop_layer,
	IS_ENABLED(CONFIG_LAYER_DM) ? &dm_layer : NULL,
	IS_ENABLED(CONFIG_LAYER_MD) ? &md_layer : NULL,
	IS_ENABLED(CONFIG_LAYER_BCACHE) ? &bcache_layer : NULL,
};

void layers_list(char *text, size_t size, const char *format, ...)
{
	size_t len = strlen(text);
	va_list args;

	if (len > 0)
		len += (size_t)snprintf(text + len, size - len, ", ");
	if (len >= size)
		return;
	va_start(args, format);
	(void)vsnprintf(text + len, size - len, format, args);
	va_end(args);
}

void layer_read(const struct layer *layer, const char *attribute, char *line,
		size_t size)
{
	char path[512];
	ssize_t len = -1;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/block/%s/%s", layer->sys,
		       layer->name, attribute);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, line, size - 1);
		(void)close(fd);
	}
	line[len > 0 ? len : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

int layer_write(const struct layer *layer, const char *attribute,
		const char *text)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/block/%s/%s", layer->sys,
		       layer->name, attribute);
	return kernel_tell(path, text);
}

int layer_open(const struct layer *layer, int flags)
{
	char path[512], *mark;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", layer->dev, layer->name);
	while ((mark = strchr(path, '!')))
		*mark = '/'; /* sysfs writes cciss/c0d0 as cciss!c0d0 */
	fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	return fd < 0 ? -errno : fd;
}

int layer_open_synced(const struct layer *layer, int flags)
{
	int fd = layer_open(layer, flags), ret;

	if (fd >= 0 && fsync(fd) < 0) {
		ret = -errno;
		(void)close(fd);
		return ret;
	}
	return fd;
}

static bool layers_is_empty(const char *path)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	bool empty = true;

	while (dir && empty && (entry = readdir(dir)))
		empty = entry->d_name[0] == '.';
	if (dir)
		(void)closedir(dir);
	return empty;
}

/* Does another block device lie on it, or on one of its partitions? */
static bool layers_has_holders(const struct layer *layer)
{
	char path[512], part[768];
	struct dirent *entry;
	bool has;
	DIR *dir;

	(void)snprintf(part, sizeof(part), "%s/block/%s/holders", layer->sys,
		       layer->name);
	has = !layers_is_empty(part);
	(void)snprintf(path, sizeof(path), "%s/block/%s", layer->sys,
		       layer->name);
	dir = opendir(path);
	while (dir && !has && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, layer->name, strlen(layer->name)))
			continue;
		(void)snprintf(part, sizeof(part), "%s/%.200s/holders", path,
			       entry->d_name);
		has = !layers_is_empty(part);
	}
	if (dir)
		(void)closedir(dir);
	return has;
}

static const struct layer_kind *layers_kind(const struct layer *layer)
{
	size_t i;

	for (i = 0; i < LAYERS_KINDS; i++) {
		if (layers_kinds[i] && layers_kinds[i]->is_there(layer))
			return layers_kinds[i];
	}
	return NULL;
}

void layer_describe(const struct layer *layer, char *text, size_t size)
{
	const struct layer_kind *kind = layers_kind(layer);

	if (kind)
		kind->describe(layer, text, size);
	else
		(void)snprintf(text, size, "%s", layer->name);
}

/* All devices that lie on others, as they are now. Returns how many. */
static int layers_find(const struct layers *layers, struct layer *found)
{
	struct dirent *entry;
	char path[256];
	int count = 0;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/block", layers->sys);
	dir = opendir(path);
	while (dir && count < LAYERS_MAX && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' ||
		    strlen(entry->d_name) >= LAYER_NAME_MAX)
			continue;
		found[count].sys = layers->sys;
		found[count].dev = layers->dev;
		(void)strcpy(found[count].name, entry->d_name);
		if (layers_kind(&found[count]))
			count++;
	}
	if (dir)
		(void)closedir(dir);
	return count;
}

struct layers_work {
	const struct layer *layer;
	const struct layer_kind *kind;
	deadline_t until;
};

static int layers_body(int fd, void *arg)
{
	const struct layers_work *work = arg;

	(void)fd;
	return -work->kind->detach(work->layer, work->until);
}

static bool layers_is_stuck(const struct layers *layers,
			    const struct layer *layer)
{
	int i;

	for (i = 0; i < layers->stuck_count; i++) {
		if (strcmp(layers->stuck[i], layer->name) == 0)
			return true;
	}
	return false;
}

static void layers_give_up(struct layers *layers, const struct layer *layer)
{
	if (layers->stuck_count < LAYERS_STUCK_MAX)
		(void)strcpy(layers->stuck[layers->stuck_count++], layer->name);
}

/* The kernel may say yes and let it go a little later, or never. */
static bool layers_await_end(const struct layers_work *work)
{
	deadline_t until =
		deadline_earlier(work->until, deadline_in_ms(LAYERS_GONE_MS));

	while (work->kind->is_there(work->layer)) {
		if (clock_sleep_ms(LAYERS_LOOK_MS, until) < 0)
			return false;
	}
	return true;
}

static bool layers_close_one(struct layers *layers, const struct layer *layer,
			     deadline_t until)
{
	struct layers_work work = {
		.layer = layer,
		.kind = layers_kind(layer),
		.until = deadline_earlier(until, deadline_in_ms(LAYERS_EACH_MS)),
	};
	struct child child;
	char name[160];
	int ret;

	if (!work.kind || layers_is_stuck(layers, layer) ||
	    layers_has_holders(layer))
		return false;
	layer_describe(layer, name, sizeof(name));
	if (child_start(&child, layers_body, &work, work.until) < 0)
		return false;
	ret = child_end(&child, work.until);
	if (ret == 0 && layers_await_end(&work)) {
		layers_list(layers->closed, sizeof(layers->closed), "%s", name);
		return true;
	}
	/* It hung, or it was done and is still there: once is enough. */
	if (ret <= 0)
		layers_give_up(layers, layer);
	return false;
}

int layers_close(struct layers *layers, deadline_t until)
{
	struct layer found[LAYERS_MAX];
	int count, i, round, closed = 0;

	do {
		count = layers_find(layers, found);
		round = 0;
		for (i = 0; i < count && !deadline_passed(until); i++)
			round += layers_close_one(layers, &found[i], until);
		closed += round;
	} while (round > 0);
	return closed;
}

int layers_name_left(const struct layers *layers, char *text, size_t size)
{
	struct layer found[LAYERS_MAX];
	int count = layers_find(layers, found), i;
	char name[160];

	text[0] = '\0';
	for (i = 0; i < count; i++) {
		layer_describe(&found[i], name, sizeof(name));
		layers_list(text, size, "%s", name);
	}
	return count;
}
