// SPDX-License-Identifier: MIT
/* Trees of small files below /tmp. */
#include "pid1/tree_fake.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

void tree_make(struct tree *tree)
{
	(void)strcpy(tree->path, "/tmp/lastwatt-tree-XXXXXX");
	assert_non_null(mkdtemp(tree->path));
}

/* The whole path, with the directories above it made. */
static void tree_prepare(const struct tree *tree, const char *name,
			 char path[512])
{
	char *slash;

	(void)snprintf(path, 512, "%s/%s", tree->path, name);
	for (slash = path + strlen(tree->path) + 1;
	     (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		(void)mkdir(path, 0755);
		*slash = '/';
	}
}

void tree_write(const struct tree *tree, const char *name, const char *text)
{
	char path[512];
	int fd;

	tree_prepare(tree, name, path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	(void)close(fd);
}

void tree_directory(const struct tree *tree, const char *name)
{
	char path[512];

	tree_prepare(tree, name, path);
	assert_int_equal(mkdir(path, 0755), 0);
}

void tree_link(const struct tree *tree, const char *name, const char *to)
{
	char path[512];

	tree_prepare(tree, name, path);
	assert_int_equal(symlink(to, path), 0);
}

void tree_check(const struct tree *tree, const char *name, const char *expected)
{
	char path[512], text[64];
	ssize_t len = -1;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", tree->path, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, text, sizeof(text) - 1);
		(void)close(fd);
	}
	text[len > 0 ? len : 0] = '\0';
	assert_string_equal(text, expected);
}

static int tree_remove_one(const char *path, const struct stat *stat, int flag,
			   struct FTW *ftw)
{
	(void)stat;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void tree_remove(const struct tree *tree)
{
	(void)nftw(tree->path, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
