/* SPDX-License-Identifier: MIT */
/*
 * Block devices that lie on other block devices: loop, device-mapper, MD,
 * bcache. They are taken apart from the top down to the disks, by ioctl and
 * sysfs alone, each in a child of its own, because any of these calls can
 * hang with the disk below it.
 */
#ifndef PID1_LAYERS_H
#define PID1_LAYERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

#define LAYER_NAME_MAX   64
#define LAYERS_MAX       256
#define LAYERS_TEXT_MAX  140
#define LAYERS_STUCK_MAX 16

/** One block device. The paths are parameters so that a test can make them. */
struct layer {
	const char *sys;           /* "/sys" */
	const char *dev;           /* "/dev" */
	char name[LAYER_NAME_MAX]; /* as in /sys/block: "dm-0" */
};

/** What one kind of device is to the engine: one of these per file. */
struct layer_kind {
	/** Is it of this kind, and set up? */
	bool (*is_there)(const struct layer *layer);
	/** For people: "dm root_crypt". */
	void (*describe)(const struct layer *layer, char *text, size_t size);
	/**
	 * Write out what it holds and take it apart, by @until; runs in a
	 * child. 0 or a negative errno; -EBUSY while somebody uses it.
	 */
	int (*detach)(const struct layer *layer, deadline_t until);
};

extern const struct layer_kind bcache_layer, dm_layer, loop_layer, md_layer;

struct layers {
	const char *sys;              /* "/sys" */
	const char *dev;              /* "/dev" */
	char closed[LAYERS_TEXT_MAX]; /* their names, for people */
	int stuck_count;
	char stuck[LAYERS_STUCK_MAX][LAYER_NAME_MAX]; /* do not ask again */
};

/**
 * Take apart everything that nothing lies on, again and again, until nothing
 * more comes off. Names are added to @layers->closed. Returns how many went.
 */
int layers_close(struct layers *layers, deadline_t until);

/** Name what is still set up. Returns how many there are. */
int layers_name_left(const struct layers *layers, char *text, size_t size);

#ifdef CONFIG_LAYER_DM
/**
 * Who waits on a suspended device waits for ever, and on a multipath device
 * without a path, too: resume the one, let the other fail. Returns how many
 * multipath devices there are.
 */
int dm_unblock(const struct layers *layers, deadline_t until);
#else
static inline int dm_unblock(const struct layers *layers, deadline_t until)
{
	(void)layers;
	(void)until;
	return 0;
}
#endif

#ifdef CONFIG_LAYER_MD
/**
 * The name of an MD array that is not marked clean: a cut now would make it
 * resync. False if there is none.
 */
bool md_finds_dirty(const struct layers *layers, char *name, size_t size);

/** Have arrays with external metadata become clean at once, not in seconds. */
void md_hurry_all(const struct layers *layers);

/**
 * With external metadata "clean" is the kernel's word, and mdmon writes it
 * down a moment later: wait for that.
 */
void md_settle(const struct layers *layers, deadline_t until);

/**
 * Ask the mdmon that listens at @path whether it has written everything down.
 * 0 once it has; -ETIMEDOUT, or another negative errno if nobody is there.
 */
int md_ask_monitor(const char *path, deadline_t until);
#else
static inline bool md_finds_dirty(const struct layers *layers, char *name,
				  size_t size)
{
	(void)layers;
	(void)name;
	(void)size;
	return false;
}

static inline void md_hurry_all(const struct layers *layers)
{
	(void)layers;
}

static inline void md_settle(const struct layers *layers, deadline_t until)
{
	(void)layers;
	(void)until;
}
#endif

/* For the kinds. */

/** For people: "dm root_crypt", or the device's own name. */
void layer_describe(const struct layer *layer, char *text, size_t size);

/** First line of an attribute of the device, "" if it cannot be read. */
void layer_read(const struct layer *layer, const char *attribute, char *line,
		size_t size);

/** 0 or a negative errno. */
int layer_write(const struct layer *layer, const char *attribute,
		const char *text);

/** Open its node in /dev, read-only. A descriptor or a negative errno. */
int layer_open(const struct layer *layer, int flags);

/** Open it and write out what was written to it. As layer_open(). */
int layer_open_synced(const struct layer *layer, int flags);

/** Add one more name to a list, with a comma between, as far as it fits. */
void layers_list(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
