// SPDX-License-Identifier: MIT
/*
 * The hook of NUT or apcupsd for late shutdown runs before the exitrd does: its
 * countdown starts while the disks are still mounted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cmd/stage_parts.h"
#include "handover_parts.h"

#define HOOK_PLACES 2
#define HOOK_LISTS  2

/** A hook, where it may be, and whose package of Debian's has it. */
struct hook {
	char whose[8];
	char name[20];
	char list[HOOK_LISTS][40];
	char place[HOOK_PLACES][56];
};

static const struct hook hooks[] = {
	{
		.whose = "NUT",
		.name = "nutshutdown",
		/* Debian 12 has it in nut-server. */
		.list = { "/var/lib/dpkg/info/nut-server.list",
			  "/var/lib/dpkg/info/nut-client.list" },
		.place = { "/usr/lib/systemd/system-shutdown/nutshutdown",
			   "/lib/systemd/system-shutdown/nutshutdown" },
	},
	{
		.whose = "apcupsd",
		.name = "apcupsd_shutdown",
		.list = { "/var/lib/dpkg/info/apcupsd.list" },
		.place = { "/usr/lib/systemd/system-shutdown/apcupsd_shutdown",
			   "/lib/systemd/system-shutdown/apcupsd_shutdown" },
	},
};

/** Is something mounted on the hook at @place, or on its folder? */
static bool hook_is_covered(const char *root, const char *place)
{
	FILE *table = fopen("/proc/self/mountinfo", "re");
	char path[STAGE_PATH_MAX];
	bool covered = false;
	char *line = NULL;
	size_t size = 0;

	if (!table)
		return false;
	(void)snprintf(path, sizeof(path), "%s%s", root,
		       place); /* a cut one is not found */
	while (!covered && getline(&line, &size, table) > 0) {
		const char *at = line;
		size_t len;

		for (int i = 0; at && i < 4; i++) { /* the fifth word */
			at = strchr(at, ' ');
			at += at != NULL;
		}
		len = at ? strcspn(at, " ") : 0;
		covered =
			len && !strncmp(at, path, len) &&
			(!path[len] || !strcmp(path + len, strrchr(place, '/')));
	}
	free(line);
	(void)fclose(table); /* only read */
	return covered;
}

/** The hook that systemd would run, as one of the places; or NULL. */
static const char *hook_find(const char *root, const struct hook *hook)
{
	char path[STAGE_PATH_MAX];
	struct stat stat_buffer;

	for (int i = 0; i < HOOK_PLACES; i++) {
		(void)snprintf(path, sizeof(path), "%s%s", root,
			       hook->place[i]); /* a cut one is not found */
		if (hook_is_covered(root, hook->place[i]) ||
		    (!stat(path, &stat_buffer) &&
		     S_ISREG(stat_buffer.st_mode) && stat_buffer.st_mode & 0111))
			return hook->place[i];
	}
	return NULL;
}

/** Has the file @name below @root the line @wanted, blanks around it or not? */
static bool hook_has_line(const char *root, const char *name, const char *wanted)
{
	char path[STAGE_PATH_MAX];
	size_t len = strlen(wanted);
	bool found = false;
	char *line = NULL;
	size_t size = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s%s", root,
		       name); /* a cut one is not found */
	file = fopen(path, "re");
	if (!file)
		return false;
	while (!found && getline(&line, &size, file) > 0) {
		const char *at = line + strspn(line, " \t");

		found = !strncmp(at, wanted, len) &&
			!at[len + strspn(at + len, " \t\r\n")];
	}
	free(line);
	(void)fclose(file); /* only read */
	return found;
}

/** The place at which Debian's packages know it; or NULL. */
static const char *hook_find_packaged(const char *root, const struct hook *hook)
{
	for (int i = 0; i < HOOK_LISTS && *hook->list[i]; i++) {
		for (int j = 0; j < HOOK_PLACES; j++) {
			if (hook_has_line(root, hook->list[i], hook->place[j]))
				return hook->place[j];
		}
	}
	return NULL;
}

/** The nut.conf that the hook at @place reads as a shell does; or NULL. */
static const char *hook_find_conf(const char *root, const char *place)
{
	/* Debian's and upstream's; Fedora's, openSUSE's. */
	static const char *const conf[] = { "/etc/nut/nut.conf",
					    "/etc/ups/nut.conf" };
	char reads[64];

	for (int i = 0; i < 2; i++) {
		(void)snprintf(reads, sizeof(reads), ". \"%s\" || true",
			       conf[i]); /* it fits */
		if (hook_has_line(root, place, reads))
			return conf[i];
	}
	return NULL;
}

static bool hook_is_read_only(const char *root, const char *place)
{
	char path[STAGE_PATH_MAX];
	struct statvfs about;

	(void)snprintf(path, sizeof(path), "%s%s", root,
		       place); /* a cut one is not found */
	return !statvfs(path, &about) && about.f_flag & ST_RDONLY;
}

/** What to do about the hook at @place, which reads @conf or, NULL, none. */
static void hook_tell_remedy(const char *root, const struct hook *hook,
			     const char *place, const char *conf,
			     char remedy[STAGE_WHY_MAX])
{
	const char *packaged = hook_find_packaged(root, hook);

	if (hook_is_covered(root, place))
		(void)snprintf(
			remedy, STAGE_WHY_MAX,
			"systemd unmounts what is mounted over it before it runs it: umount that, and check again");
	else if (hook_is_read_only(root, place) && conf)
		(void)snprintf(remedy, STAGE_WHY_MAX,
			       "echo '" HANDOVER_HOOK_LEAVES "' >> %s", conf);
	else if (hook_is_read_only(root, place))
		(void)snprintf(
			remedy, STAGE_WHY_MAX,
			"leave %s out of the image, for it is read-only, and what is mounted over it is gone when systemd runs it",
			place);
	else if (packaged)
		(void)snprintf(
			remedy, STAGE_WHY_MAX,
			"dpkg-divert --local --rename --divert /usr/lib/lastwatt/%s --add %s",
			hook->name, packaged);
	else
		(void)snprintf(remedy, STAGE_WHY_MAX, "chmod -x %s", place);
}

const char *stage_find_hook(const char *root, bool of_apcupsd,
			    char remedy[STAGE_WHY_MAX])
{
	const struct hook *hook = &hooks[of_apcupsd];
	const char *place = hook_find(root, hook);
	const char *conf = place ? hook_find_conf(root, place) : NULL;

	if (!place || (conf && hook_has_line(root, conf, HANDOVER_HOOK_LEAVES)))
		return NULL;
	hook_tell_remedy(root, hook, place, conf, remedy);
	return place;
}

static void stage_warn(const char *root, bool of_apcupsd)
{
	char remedy[STAGE_WHY_MAX];
	const char *place = stage_find_hook(root, of_apcupsd, remedy);

	if (!place)
		return;
	fprintf(stderr,
		"lastwatt stage: warning: %s's own hook %s is active and would command the UPS while the disks are still mounted:\n",
		hooks[of_apcupsd].whose, place);
	fprintf(stderr, "lastwatt stage:   %s\n", remedy);
}

void stage_warn_of_hook(const char *root)
{
	stage_warn(root, false);
	if (IS_ENABLED(CONFIG_SOURCE_APCUPSD))
		stage_warn(root, true);
}
