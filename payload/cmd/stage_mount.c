// SPDX-License-Identifier: MIT
/*
 * The exitrd's own tmpfs: /run may be noexec, and systemd-shutdown leaves
 * alone what is mounted on /run/initramfs.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cmd/stage_parts.h"

/* The name that our mount has in the mount table: how we know it again. */
#define STAGE_MOUNT_NAME "lastwatt"
/* A limit, not what it takes: all of NUT's own drivers are about 68 MiB. */
#define STAGE_MOUNT_SIZE "size=128m"
#define STAGE_MOUNT_DATA "mode=0755," STAGE_MOUNT_SIZE
#define STAGE_FLAGS      (MS_NOSUID | MS_NODEV)

/* Where SELinux reigns, init may not execute what is only labelled as tmpfs. */
#define STAGE_LABEL       ",context=system_u:object_r:bin_t"
#define STAGE_LABEL_LEVEL STAGE_LABEL ":s0"

/** Is what is mounted at @target, a folder, the tmpfs that we made? */
static bool stage_is_ours(const char *target)
{
	char device[48];
	struct stat stat_buffer;
	char *line = NULL;
	size_t size = 0;
	bool ours = false;
	FILE *table;

	if (stat(target, &stat_buffer))
		return false;
	table = fopen("/proc/self/mountinfo", "re");
	if (!table)
		return false;
	(void)snprintf(device, sizeof(device), " %u:%u ",
		       major(stat_buffer.st_dev),
		       minor(stat_buffer.st_dev)); /* it fits */
	while (!ours && getline(&line, &size, table) > 0)
		ours = strstr(line, device) &&
		       strstr(line, " - tmpfs " STAGE_MOUNT_NAME " ");
	free(line);
	(void)fclose(table); /* only read */
	return ours;
}

static bool stage_has(const char *target, const char *file)
{
	char path[STAGE_PATH_MAX];
	struct stat stat_buffer;

	(void)snprintf(path, sizeof(path), "%s/%s", target, file); /* fits */
	return !lstat(path, &stat_buffer);
}

/** A shutdown program is at @target; would systemd take it? */
static bool stage_is_taken(const char *target)
{
	char path[STAGE_PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/shutdown", target); /* fits */
	if (!access(path, X_OK))
		return true;
	/* Nobody takes care of the shutdown then, and systemd says nothing. */
	fprintf(stderr,
		"lastwatt stage: note: %s is there and is not ours, but systemd would pass it over (%s), as on a /run that is noexec; lastwatt takes its place\n",
		path, strerror(errno));
	return false;
}

/** Others who use this place: dracut, mkinitcpio, finalrd, NixOS, snapd. */
static int stage_respect_others(const char *target, bool others)
{
	if (others)
		return cmd_fail(
			&cmd_stage,
			"%s/shutdown is there already and is not ours: another program (dracut, mkinitcpio, finalrd, ...) takes care of the shutdown; disable it or leave lastwatt out",
			target);
	if (stage_has(target, ".need_shutdown"))
		fprintf(stderr,
			"lastwatt stage: note: dracut wants to take %s to detach the storage below the root (%s/.need_shutdown); lastwatt does that instead\n",
			target, target);
	return CMD_OK;
}

/** A folder, made if it is missing; never through a link. */
static int stage_make_target(const char *target)
{
	struct stat stat_buffer;

	if (mkdir(target, 0755) && errno != EEXIST)
		return cmd_fail(&cmd_stage, "%s cannot be made: %s", target,
				strerror(errno));
	if (lstat(target, &stat_buffer) || !S_ISDIR(stat_buffer.st_mode))
		return cmd_fail(&cmd_stage,
				"%s is not a folder: remove it and try again",
				target);
	return CMD_OK;
}

/**
 * The best that this kernel takes: noswap since Linux 6.4, and a label as the
 * policy has them, with levels or without. It says what it does not know on the
 * console, so labels are not tried without SELinux.
 */
static int stage_mount_tmpfs(const char *target)
{
	static const char
		data[][sizeof(STAGE_MOUNT_DATA ",noswap" STAGE_LABEL_LEVEL)] = {
			STAGE_MOUNT_DATA ",noswap" STAGE_LABEL_LEVEL,
			STAGE_MOUNT_DATA STAGE_LABEL_LEVEL,
			STAGE_MOUNT_DATA ",noswap" STAGE_LABEL,
			STAGE_MOUNT_DATA STAGE_LABEL,
			STAGE_MOUNT_DATA ",noswap",
			STAGE_MOUNT_DATA,
		};
	size_t first = access("/sys/fs/selinux/enforce", F_OK) ? 4 : 0;

	for (size_t i = first; i < sizeof(data) / sizeof(*data); i++) {
		if (!mount(STAGE_MOUNT_NAME, target, "tmpfs", STAGE_FLAGS,
			   data[i]))
			return CMD_OK;
	}
	return cmd_fail(&cmd_stage, "no tmpfs can be mounted on %s: %s%s",
			target, strerror(errno),
			errno == EPERM ? "; this needs root" : "");
}

int stage_mount(const char *target, bool again)
{
	int ret = stage_make_target(target);
	bool others;

	if (ret)
		return ret;
	if (stage_is_ours(target)) {
		/* One of an older version was smaller; it may be large enough. */
		(void)mount(NULL, target, NULL, STAGE_FLAGS | MS_REMOUNT,
			    STAGE_MOUNT_SIZE);
		return CMD_OK;
	}
	others = stage_has(target, "shutdown") && stage_is_taken(target);
	if (again && others)
		return STAGE_IS_OTHERS;
	ret = stage_respect_others(target, others);
	return ret ? ret : stage_mount_tmpfs(target);
}
