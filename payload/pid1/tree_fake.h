/* SPDX-License-Identifier: MIT */
/* Trees of small files, as /sys and /proc are, for tests that read them. */
#ifndef PID1_TREE_FAKE_H
#define PID1_TREE_FAKE_H

struct tree {
	char path[64]; /* of the directory, made by tree_make() */
};

void tree_make(struct tree *tree);

/** A file with @text, in directories that are made on the way. */
void tree_write(const struct tree *tree, const char *name, const char *text);

/** A directory, and those above it. */
void tree_directory(const struct tree *tree, const char *name);

void tree_link(const struct tree *tree, const char *name, const char *to);

/** Asserts that the file holds @expected now, "" if it is not there. */
void tree_check(const struct tree *tree, const char *name, const char *expected);

void tree_remove(const struct tree *tree);

#endif
