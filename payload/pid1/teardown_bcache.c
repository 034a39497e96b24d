// SPDX-License-Identifier: MIT
/*
 * bcache. What the cache holds may stay there, it outlives the power; but the
 * device is stopped, and then the set of caches that nothing uses any more.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pid1/layers.h"

static bool bcache_is_there(const struct layer *layer)
{
	char state[32];

	layer_read(layer, "bcache/state", state, sizeof(state));
	/* A backing disk has this, too: the device on it is called bcacheN. */
	return state[0] != '\0' && strncmp(layer->name, "bcache", 6) == 0;
}

static void bcache_describe(const struct layer *layer, char *text, size_t size)
{
	(void)snprintf(text, size, "%s", layer->name);
}

static int bcache_detach(const struct layer *layer, deadline_t until)
{
	int fd;

	(void)until;
	/* A device in use would be stopped as well, later and unseen. */
	fd = layer_open_synced(layer, O_EXCL);
	if (fd < 0)
		return fd;
	(void)close(fd);
	/* The set goes with its devices, and lets go of the cache's disk. */
	if (layer_write(layer, "bcache/cache/stop", "1") == 0)
		return 0;
	return layer_write(layer, "bcache/stop", "1");
}

const struct layer_kind bcache_layer = {
	.is_there = bcache_is_there,
	.describe = bcache_describe,
	.detach = bcache_detach,
};
