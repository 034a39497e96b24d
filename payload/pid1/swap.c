// SPDX-License-Identifier: MIT
/*
 * Swap areas off. Each pins the node or the file that it was opened by, so
 * this comes before the unmounting. What is in an area has to fit into
 * memory: when it does not, the area stays, and it loses nothing.
 */
#include "pid1/swap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/swap.h>
#include <unistd.h>

#include "pid1/child.h"
#include "pid1/layers.h"
#include "pid1/mounts.h"

#define SWAP_EACH_MS 15000
#define SWAP_GONE    " (deleted)"

static bool swap_is_wanted(const char *path)
{
	const char *name = strrchr(path, '/');
	size_t len = strlen(path), gone = strlen(SWAP_GONE);

	if (path[0] != '/' || strncmp(name, "/zram", 5) == 0)
		return false;
	return len < gone || strcmp(path + len - gone, SWAP_GONE) != 0;
}

void swap_parse(struct swaps *swaps, char *text)
{
	char *line, *save = NULL;

	swaps->count = 0;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		/* The first line is the heading and begins with no slash. */
		line[strcspn(line, " \t")] = '\0';
		mounts_unescape(line);
		if (!swap_is_wanted(line) || swaps->count == SWAP_AREAS_MAX ||
		    strlen(line) >= sizeof(swaps->path[0]))
			continue;
		(void)strcpy(swaps->path[swaps->count++], line);
	}
}

static int swap_body(int fd, void *arg)
{
	const char *path = arg;
	char node[300];

	(void)fd;
	if (swapoff(path) == 0)
		return 0;
	/* Its /dev is gone, but any node of that disk will do. */
	(void)snprintf(node, sizeof(node), "/dev%s", strrchr(path, '/'));
	return errno == ENOENT && swapoff(node) == 0 ? 0 : 1;
}

int swap_off(const char *path, char *closed, size_t size, deadline_t until)
{
	struct swaps swaps;
	struct child child;
	char text[8192];
	ssize_t len = -1;
	int fd, i, off = 0;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, text, sizeof(text) - 1);
		(void)close(fd);
	}
	text[len > 0 ? len : 0] = '\0';
	swap_parse(&swaps, text);
	for (i = 0; i < swaps.count; i++) {
		if (child_start(&child, swap_body, swaps.path[i], until) < 0 ||
		    child_end(&child,
			      deadline_earlier(until,
					       deadline_in_ms(SWAP_EACH_MS))))
			continue;
		off++;
		layers_list(closed, size, "swap %s", swaps.path[i]);
	}
	return off;
}
