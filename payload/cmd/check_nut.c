// SPDX-License-Identifier: MIT
/* What NUT's own parts would do: upsmon's flag, the mode, the hook. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/check_parts.h"
#include "cmd/stage_parts.h"
#include "handover_parts.h"

void check_flag_folder(struct check *check)
{
	const char *who =
		check->plan.handover.from_apcupsd ? "apcupsd" : "upsmon";
	const char *flag = check->plan.handover.flag_path;
	int len = (int)(strrchr(flag, '/') - flag); /* it is absolute */
	char path[STAGE_PATH_MAX];
	struct stat stat_buffer;

	(void)snprintf(path, sizeof(path), "%s%.*s", check->root, len ? len : 1,
		       flag); /* a cut one is not found */
	if (stat(path, &stat_buffer) || !S_ISDIR(stat_buffer.st_mode))
		check_error(
			check,
			"the flag is %s, but there is no folder %.*s: %s could not write it",
			flag, len ? len : 1, flag, who);
	else if (geteuid() == 0 && access(path, W_OK))
		check_error(
			check,
			"the flag is %s, where %s can write nothing: choose a place like /run/nut",
			flag, who);
}

static void check_flag(struct check *check)
{
	const struct handover *handover = &check->plan.handover;
	const char *path = handover->flag_path;
	char upsmon_conf[CHECK_PATH_MAX];

	switch (handover->flag) {
	case FLAG_UNSET:
		/* Who neither cuts nor waits needs none. */
		if (!handover->primaries && handover->others &&
		    handover->poweroff_wait_ms < 0)
			return;
		check_error(
			check,
			"%s sets no POWERDOWNFLAG, so that upsmon never asks for a cut: add \"POWERDOWNFLAG /etc/killpower\"",
			check_path(check, "upsmon.conf", upsmon_conf));
		return;
	case FLAG_INVALID:
		check_error(
			check,
			"%s is there, but upsmon did not write it: remove it, or upsmon will not use it",
			path);
		break;
	case FLAG_STALE:
		check_error(
			check,
			"%s was left by an earlier boot; lastwatt does not believe it, but NUT's own hook does, at every shutdown: remove it",
			path);
		break;
	case FLAG_VALID:
		check_note(
			check,
			"%s is there: upsmon has asked for it, and the next power-off commands the UPS",
			path);
		break;
	default:
		break;
	}
	check_flag_folder(check);
}

/** Read MODE again: the handover keeps only what follows from it. */
static bool check_mode_is_none(const struct check *check)
{
	char path[HANDOVER_PATH_MAX + 16];
	struct handover_file file;
	struct handover scratch;
	bool is_none = false;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/nut.conf",
		       check->plan.handover.source); /* as said there */
	fd = handover_open_file("", path);
	if (fd >= 0 && handover_read_fd(fd, &file) == 0)
		handover_read_nut_conf(&scratch, path, &file, NULL, &is_none);
	return is_none;
}

/** Debian's upsmon is a script around the real one. */
static bool check_has_wrapper(const struct check *check)
{
	static const char *const places[] = { "/sbin/upsmon",
					      "/usr/sbin/upsmon" };
	char path[STAGE_PATH_MAX], start[2] = "";
	bool found = false;

	for (int i = 0; i < 2 && !found; i++) {
		int fd;

		(void)snprintf(path, sizeof(path), "%s%s", check->root,
			       places[i]); /* a cut one is not found */
		fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0)
			continue;
		found = read(fd, start, 2) == 2 && !memcmp(start, "#!", 2);
		(void)close(fd); /* only read */
	}
	return found;
}

static void check_hook(struct check *check)
{
	char nut_conf[CHECK_PATH_MAX];
	char remedy[STAGE_WHY_MAX];
	const char *hook = stage_find_hook(check->root, false, remedy);

	if (!hook)
		return;
	check_error(
		check,
		"NUT's own hook %s is active, and would command the UPS while the disks are still mounted: %s",
		hook, remedy);
	if (check->plan.handover.conf.sections > 1 &&
	    check_mode_is_none(check) && check_has_wrapper(check))
		check_error(
			check,
			"with MODE=none in %s that hook takes upsmon's silence for a yes, and cuts at every power-off, flag or no flag: disable it, or set MODE",
			check_path(check, "nut.conf", nut_conf));
}

void check_nut(struct check *check)
{
	check_flag(check);
	check_hook(check);
}
