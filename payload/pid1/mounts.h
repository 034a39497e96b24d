/* SPDX-License-Identifier: MIT */
/* The mount table, from /proc/self/mountinfo and from nowhere else. */
#ifndef PID1_MOUNTS_H
#define PID1_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define MOUNTS_MAX 4096

struct mount {
	int id;
	int parent_id;
	size_t position;  /* in the kernel's list */
	int depth;        /* mounts between it and the root */
	bool read_only;   /* its super block, not only the mount point */
	bool virtual;     /* holds no data of anybody: proc, tmpfs, ... */
	bool remote;      /* its data are with somebody else: NFS, FUSE, ... */
	bool ours;        /* the exitrd's own: it stays */
	const char *path; /* unescaped */
	const char *type;
};

struct mounts {
	size_t count;
	struct mount *mount; /* in the order in which they can go */
	char *text;          /* what the strings point into */
};

/**
 * Read the table at @path (normally /proc/self/mountinfo). Lines that make no
 * sense are left out. Returns 0 or a negative errno; mounts_free() it.
 */
int mounts_read(struct mounts *mounts, const char *path);

/** Parse a table that lies in @text, which is taken over and changed. */
int mounts_parse(struct mounts *mounts, char *text);

void mounts_free(struct mounts *mounts);

/**
 * The outermost remote file system on the way from the root to mount @id: who
 * walks to it waits for that one's server. NULL if there is none.
 */
const struct mount *mounts_find_remote(const struct mounts *mounts, int id);

/** Undo \ooo for space, tab, newline and backslash, in place. */
void mounts_unescape(char *text);

/** How many mounts that hold data are there, and still writable? */
size_t mounts_count_data(const struct mounts *mounts);
size_t mounts_count_writable(const struct mounts *mounts);

#endif
