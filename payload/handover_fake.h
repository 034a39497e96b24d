/* SPDX-License-Identifier: MIT */
/* A root with files of NUT's in it, below /tmp. */
#ifndef HANDOVER_FAKE_H
#define HANDOVER_FAKE_H

#include "handover.h"

#define HANDOVER_FAKE_ROOT_MAX 64
#define HANDOVER_FAKE_PATH_MAX 256
/* HANDOVER_MAGIC, as somebody else knows it. */
#define HANDOVER_FAKE_MAGIC    "upsmon-shutdown-file"

/** Make @root, with /etc/nut in it. */
void handover_fake_make(char root[HANDOVER_FAKE_ROOT_MAX]);

/** What @path, which begins with a slash, is in it, from outside. */
void handover_fake_path(const char *root, const char *path,
			char full[HANDOVER_FAKE_PATH_MAX]);

/** Put a file there, or a folder. */
void handover_fake_put(const char *root, const char *path, const char *text);
void handover_fake_put_dir(const char *root, const char *path);

/** Remove it with all that is in it. */
void handover_fake_remove(const char *root);

/** A root as upsmon leaves it, with [eaton] that is ours, and what is read. */
struct handover_fake {
	char root[HANDOVER_FAKE_ROOT_MAX];
	struct handover handover;
};

/** The fixture of cmocka. */
int handover_fake_set_up(void **state);
int handover_fake_tear_down(void **state);

/** handover_collect() of it. */
int handover_fake_collect(struct handover_fake *fake);

#endif
