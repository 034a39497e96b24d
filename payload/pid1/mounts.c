// SPDX-License-Identifier: MIT
/*
 * The mount table: which mounts are the exitrd's own, which hold data, and in
 * which order they can go. The order of mountinfo is not the order of the
 * tree, so depths are counted by parents.
 */
#include "pid1/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOUNTS_TEXT_MAX (4 << 20)

/* File systems that live in the kernel's memory. All others hold data. */
static const char *const mounts_virtual[] = {
	"autofs",    "binfmt_misc", "bpf",    "cgroup",     "cgroup2",
	"configfs",  "debugfs",     "devpts", "devtmpfs",   "efivarfs",
	"fusectl",   "hugetlbfs",   "mqueue", "nsfs",       "proc",
	"pstore",    "ramfs",       "rootfs", "rpc_pipefs", "securityfs",
	"selinuxfs", "smackfs",     "sysfs",  "tmpfs",      "tracefs",
};

/* Somebody must answer before anything can be read or written there. */
static const char *const mounts_remote[] = {
	"9p",  "afs",  "ceph",     "cifs", "fuse",
	"nfs", "nfs4", "orangefs", "smb3", "virtiofs",
};

/* Where the exitrd has its API file systems. */
static const char *const mounts_own[] = { "/dev", "/proc", "/run", "/sys" };

static bool mounts_is_listed(const char *type, const char *const *list,
			     size_t count)
{
	while (count-- > 0) {
		if (strcmp(type, list[count]) == 0)
			return true;
	}
	return false;
}

static bool mounts_is_virtual(const char *type)
{
	return mounts_is_listed(type, mounts_virtual,
				sizeof(mounts_virtual) / sizeof(*mounts_virtual));
}

/* "fuse.sshfs" is one, "fuseblk" lies on a disk of ours. */
static bool mounts_is_remote(const char *type)
{
	return strncmp(type, "fuse.", strlen("fuse.")) == 0 ||
	       mounts_is_listed(type, mounts_remote,
				sizeof(mounts_remote) / sizeof(*mounts_remote));
}

static bool mounts_is_below(const char *path, const char *top)
{
	size_t len = strlen(top);

	return strncmp(path, top, len) == 0 &&
	       (path[len] == '\0' || path[len] == '/');
}

static bool mounts_is_ours(const struct mount *mount)
{
	size_t i;

	if (strcmp(mount->path, "/") == 0)
		return true;
	if (!mount->virtual)
		return false;
	for (i = 0; i < sizeof(mounts_own) / sizeof(*mounts_own); i++) {
		if (mounts_is_below(mount->path, mounts_own[i]))
			return true;
	}
	return false;
}

void mounts_unescape(char *text)
{
	char *out = text;

	while (*text) {
		if (text[0] == '\\' && text[1] >= '0' && text[1] <= '3' &&
		    text[2] >= '0' && text[2] <= '7' && text[3] >= '0' &&
		    text[3] <= '7') {
			*out++ = (char)((text[1] - '0') << 6 |
					(text[2] - '0') << 3 | (text[3] - '0'));
			text += 4;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
}

static bool mounts_has_option(const char *options, const char *option)
{
	size_t len = strlen(option);

	while (options && *options) {
		if (strncmp(options, option, len) == 0 &&
		    (options[len] == ',' || options[len] == '\0'))
			return true;
		options = strchr(options, ',');
		if (options)
			options++;
	}
	return false;
}

/* A number of its own, positive, nothing behind it. */
static bool mounts_parse_id(const char *word, int *id)
{
	char *end;
	long number = word ? strtol(word, &end, 10) : 0;

	if (!word || end == word || *end || number < 0 || number > INT_MAX)
		return false;
	*id = (int)number;
	return true;
}

/* id parent major:minor root path options [optional …] - type source options */
static bool mounts_parse_line(struct mount *mount, char *line)
{
	char *rest = line, *path, *word;

	memset(mount, 0, sizeof(*mount));
	if (!mounts_parse_id(strsep(&rest, " "), &mount->id) ||
	    !mounts_parse_id(strsep(&rest, " "), &mount->parent_id))
		return false;
	(void)strsep(&rest, " "); /* major:minor */
	(void)strsep(&rest, " "); /* root */
	path = strsep(&rest, " ");
	do {
		word = strsep(&rest, " ");
	} while (word && strcmp(word, "-") != 0);
	mount->type = strsep(&rest, " ");
	if (!path || !word || !mount->type)
		return false;

	mounts_unescape(path);
	mount->path = path;
	(void)strsep(&rest, " "); /* the source, which may be empty */
	mount->read_only = mounts_has_option(strsep(&rest, " "), "ro");
	mount->virtual = mounts_is_virtual(mount->type);
	mount->remote = mounts_is_remote(mount->type);
	mount->ours = mounts_is_ours(mount);
	return true;
}

/** The mount with that id, or NULL. */
static const struct mount *mounts_find(const struct mounts *mounts, int id)
{
	size_t i;

	for (i = 0; i < mounts->count; i++) {
		if (mounts->mount[i].id == id)
			return &mounts->mount[i];
	}
	return NULL;
}

const struct mount *mounts_find_remote(const struct mounts *mounts, int id)
{
	const struct mount *mount = mounts_find(mounts, id);
	const struct mount *outermost = NULL;
	int depth;

	for (depth = 0; mount && depth < MOUNTS_MAX; depth++) {
		if (mount->remote)
			outermost = mount;
		if (mount->parent_id == mount->id)
			break;
		mount = mounts_find(mounts, mount->parent_id);
	}
	return outermost;
}

/* A parent that is not listed lies outside of our root: depth 0. */
static void mounts_count_depths(struct mounts *mounts)
{
	const struct mount *mount;
	size_t i;
	int depth;

	for (i = 0; i < mounts->count; i++) {
		mount = &mounts->mount[i];
		for (depth = 0; mount && depth < MOUNTS_MAX; depth++) {
			if (mount->parent_id == mount->id)
				break;
			mount = mounts_find(mounts, mount->parent_id);
		}
		mounts->mount[i].depth = depth;
	}
}

/* The deepest first; of equal ones the newest, for it may hide the other. */
static int mounts_compare(const void *one, const void *other)
{
	const struct mount *a = one, *b = other;

	if (a->depth != b->depth)
		return a->depth > b->depth ? -1 : 1;
	return a->position > b->position ? -1 : 1;
}

int mounts_parse(struct mounts *mounts, char *text)
{
	char *save = NULL, *line;
	size_t i;

	mounts->text = text;
	mounts->count = 0;
	mounts->mount = calloc(MOUNTS_MAX, sizeof(*mounts->mount));
	if (!mounts->mount) {
		mounts_free(mounts);
		return -ENOMEM;
	}
	for (line = strtok_r(text, "\n", &save);
	     line && mounts->count < MOUNTS_MAX;
	     line = strtok_r(NULL, "\n", &save)) {
		if (mounts_parse_line(&mounts->mount[mounts->count], line))
			mounts->count++;
	}
	for (i = 0; i < mounts->count; i++)
		mounts->mount[i].position = i;
	mounts_count_depths(mounts);
	qsort(mounts->mount, mounts->count, sizeof(*mounts->mount),
	      mounts_compare);
	return 0;
}

int mounts_read(struct mounts *mounts, const char *path)
{
	size_t len = 0, size = 16384;
	char *text = NULL, *larger;
	ssize_t got;
	int fd, ret = -ENOMEM;

	memset(mounts, 0, sizeof(*mounts));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	do {
		if (len + 1 >= size || !text) {
			size *= text ? 2 : 1;
			larger = size > MOUNTS_TEXT_MAX ? NULL
							: realloc(text, size);
			if (!larger)
				goto out_free;
			text = larger;
		}
		got = read(fd, text + len, size - len - 1);
		if (got < 0 && errno != EINTR) {
			ret = -errno;
			goto out_free;
		}
		len += got > 0 ? (size_t)got : 0;
	} while (got != 0);
	(void)close(fd);
	text[len] = '\0';
	return mounts_parse(mounts, text);

out_free:
	free(text);
	(void)close(fd);
	return ret;
}

void mounts_free(struct mounts *mounts)
{
	free(mounts->mount);
	free(mounts->text);
	memset(mounts, 0, sizeof(*mounts));
}

size_t mounts_count_data(const struct mounts *mounts)
{
	size_t i, count = 0;

	for (i = 0; i < mounts->count; i++)
		count += !mounts->mount[i].virtual;
	return count;
}

size_t mounts_count_writable(const struct mounts *mounts)
{
	size_t i, count = 0;

	for (i = 0; i < mounts->count; i++)
		count += !mounts->mount[i].virtual &&
			 !mounts->mount[i].read_only;
	return count;
}
