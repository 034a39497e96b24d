// SPDX-License-Identifier: MIT
/*
 * MD arrays. To stop one marks it clean and remembers how far a resync has
 * come. With external metadata (IMSM, DDF) it is mdmon that marks it, and does
 * so a moment after the kernel says that it is clean; so that one is waited
 * for, and then asked. The array goes before its container, for with that one
 * mdmon goes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/major.h>
#include <linux/raid/md_u.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "pid1/layers.h"

#define MD_CLEAN_MS          5000
#define MD_LOOK_MS           20
#define MD_STOP_MS           1000
/* How long an array must be idle before it is marked clean: almost nothing. */
#define MD_SAFE_MODE_DELAY_S "0.01"

/* What md/metadata_version begins with in a container and in its arrays. */
#define MD_EXTERNAL "external:"
#define MD_MEMBER   "external:/" /* and its container: "external:/md127/0" */
/* It has a '-' there while it is read-only to mdmon. */
#define MD_FROZEN   "external:-"

/* mdmon's messages: these two around a length and what is that long. */
#define MDMON_BEGIN 0x5a5aa5a5u
#define MDMON_END   0xa5a55a5au

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

static bool md_begins_with(const char *text, const char *begin)
{
	return strncmp(text, begin, strlen(begin)) == 0;
}

/* The name of the container that it lies in. False if it lies in none. */
static bool md_find_container(const struct layer *layer,
			      char name[LAYER_NAME_MAX])
{
	char version[LAYER_NAME_MAX];

	layer_read(layer, "md/metadata_version", version, sizeof(version));
	if (!md_begins_with(version, MD_MEMBER) &&
	    !md_begins_with(version, MD_FROZEN))
		return false;
	(void)strcpy(name, version + strlen(MD_MEMBER));
	name[strcspn(name, "/")] = '\0';
	return name[0] != '\0';
}

/* Is it a container, and something in it is still set up? */
static bool md_has_arrays(const struct layer *layer)
{
	char path[256], container[LAYER_NAME_MAX];
	struct layer other = *layer;
	struct dirent *entry;
	bool has = false;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/block", layer->sys);
	dir = opendir(path);
	while (dir && !has && (entry = readdir(dir))) {
		(void)snprintf(other.name, sizeof(other.name), "%.63s",
			       entry->d_name);
		has = md_find_container(&other, container) &&
		      strcmp(container, layer->name) == 0 && md_is_there(&other);
	}
	if (dir)
		(void)closedir(dir);
	return has;
}

static int md_connect(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd, ret;

	(void)snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
		ret = -errno;
		(void)close(fd);
		return ret;
	}
	return fd;
}

int md_ask_monitor(const char *path, deadline_t until)
{
	/* Nothing is asked; the answer comes when it has done all it knows. */
	const uint32_t nothing[] = { MDMON_BEGIN, 0, MDMON_END };
	struct pollfd answer = { .events = POLLIN };
	char byte;
	int ret = 0;

	answer.fd = md_connect(path);
	if (answer.fd < 0)
		return answer.fd;
	if (send(answer.fd, nothing, sizeof(nothing), MSG_NOSIGNAL) !=
		    (ssize_t)sizeof(nothing) ||
	    poll(&answer, 1, deadline_left_ms(until)) < 0)
		ret = -EIO;
	else if (!answer.revents)
		ret = -ETIMEDOUT;
	else if (recv(answer.fd, &byte, 1, 0) != 1)
		ret = -EPIPE; /* it went, and wrote before that */
	(void)close(answer.fd);
	return ret;
}

/* Have mdmon written down what the kernel has told it of this array? */
static void md_await_written(const char *container, deadline_t until)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "/run/mdadm/%s.sock", container);
	(void)md_ask_monitor(
		path, deadline_earlier(until, deadline_in_ms(MD_CLEAN_MS)));
}

/* Mark it clean as soon as nobody writes: mdadm has IMSM wait for 4 s. */
static void md_hurry(const struct layer *layer)
{
	(void)layer_write(layer, "md/safe_mode_delay", MD_SAFE_MODE_DELAY_S);
}

/* Do that with every array whose metadata mdmon writes. */
static void md_for_external(const struct layers *layers, bool hurry,
			    deadline_t until)
{
	struct layer layer = { .sys = layers->sys, .dev = layers->dev };
	char path[256], container[LAYER_NAME_MAX];
	struct dirent *entry;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/block", layers->sys);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		(void)snprintf(layer.name, sizeof(layer.name), "%.63s",
			       entry->d_name);
		if (!md_find_container(&layer, container))
			continue;
		if (hurry)
			md_hurry(&layer);
		else
			md_await_written(container, until);
	}
	if (dir)
		(void)closedir(dir);
}

void md_hurry_all(const struct layers *layers)
{
	md_for_external(layers, true, 0);
}

void md_settle(const struct layers *layers, deadline_t until)
{
	md_for_external(layers, false, until);
}

/* As mdadm --wait-clean. For native arrays STOP_ARRAY does it. */
static void md_await_clean(const struct layer *layer, deadline_t until)
{
	char version[LAYER_NAME_MAX];

	layer_read(layer, "md/metadata_version", version, sizeof(version));
	if (!md_begins_with(version, MD_EXTERNAL))
		return;
	md_hurry(layer);
	until = deadline_earlier(until, deadline_in_ms(MD_CLEAN_MS));
	while (md_is_dirty(layer)) {
		if (clock_sleep_ms(MD_LOOK_MS, until) < 0)
			return; /* better stopped dirty than not stopped */
	}
}

/* A container cannot be read or written, so there is nothing to write out. */
static int md_claim(const struct layer *layer)
{
	char state[32];

	md_read_state(layer, state);
	return strcmp(state, "inactive") == 0 ? layer_open(layer, O_EXCL)
					      : layer_open_synced(layer, O_EXCL);
}

/*
 * Claimed by us it is busy only while its thread looks whether there is
 * something to recover, which it does whenever its state has changed.
 */
static int md_stop(int fd, deadline_t until)
{
	until = deadline_earlier(until, deadline_in_ms(MD_STOP_MS));
	while (ioctl(fd, STOP_ARRAY, NULL) < 0) {
		if (errno != EBUSY)
			return -errno;
		if (clock_sleep_ms(MD_LOOK_MS, until) < 0)
			return -EBUSY;
	}
	return 0;
}

static int md_detach(const struct layer *layer, deadline_t until)
{
	char container[LAYER_NAME_MAX];
	int fd, ret;

	if (md_has_arrays(layer))
		return -EBUSY;
	fd = md_claim(layer);
	if (fd < 0)
		return fd;
	/* Afterwards it says so no more. */
	if (!md_find_container(layer, container))
		container[0] = '\0';
	md_await_clean(layer, until);
	ret = md_stop(fd, until);
	(void)close(fd);
	if (container[0])
		md_await_written(container, until);
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
