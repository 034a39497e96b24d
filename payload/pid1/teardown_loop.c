// SPDX-License-Identifier: MIT
/* Loop devices: let go of the file behind one. */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pid1/layers.h"

static bool loop_is_there(const struct layer *layer)
{
	char file[256];

	layer_read(layer, "loop/backing_file", file, sizeof(file));
	return file[0] != '\0';
}

static void loop_describe(const struct layer *layer, char *text, size_t size)
{
	(void)snprintf(text, size, "%s", layer->name);
}

/*
 * One in use would only become one that goes by itself, and that is called a
 * success; so it is claimed first.
 */
static int loop_detach(const struct layer *layer, deadline_t until)
{
	int fd = layer_open_synced(layer, O_EXCL), ret = 0;

	(void)until;
	if (fd < 0)
		return fd;
	if (ioctl(fd, LOOP_CLR_FD, 0) < 0)
		ret = -errno;
	(void)close(fd);
	return ret;
}

const struct layer_kind loop_layer = {
	.is_there = loop_is_there,
	.describe = loop_describe,
	.detach = loop_detach,
};
