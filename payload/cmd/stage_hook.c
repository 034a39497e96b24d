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
#include <unistd.h>

#include "cmd/stage_parts.h"

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

/** The hook that systemd would run, as one of the places; or NULL. */
static const char *hook_find(const char *root, const struct hook *hook)
{
	char path[STAGE_PATH_MAX];
	struct stat stat_buffer;

	for (int i = 0; i < HOOK_PLACES; i++) {
		(void)snprintf(path, sizeof(path), "%s%s", root,
			       hook->place[i]); /* a cut one is not found */
		if (!stat(path, &stat_buffer) && S_ISREG(stat_buffer.st_mode) &&
		    stat_buffer.st_mode & 0111)
			return hook->place[i];
	}
	return NULL;
}

/** The place at which the package with the list @name knows it; or NULL. */
static const char *hook_find_listed(const char *root, const struct hook *hook,
				    const char *name)
{
	char path[STAGE_PATH_MAX];
	const char *found = NULL;
	char *line = NULL;
	size_t size = 0;
	FILE *list;

	(void)snprintf(path, sizeof(path), "%s%s", root,
		       name); /* a cut one is not found */
	list = fopen(path, "re");
	if (!list)
		return NULL;
	while (!found && getline(&line, &size, list) > 0) {
		line[strcspn(line, "\n")] = '\0';
		for (int i = 0; i < HOOK_PLACES; i++) {
			if (!strcmp(line, hook->place[i]))
				found = hook->place[i];
		}
	}
	free(line);
	(void)fclose(list); /* only read */
	return found;
}

/** The place at which Debian's packages know it; or NULL. */
static const char *hook_find_packaged(const char *root, const struct hook *hook)
{
	const char *found = NULL;

	for (int i = 0; !found && i < HOOK_LISTS && *hook->list[i]; i++)
		found = hook_find_listed(root, hook, hook->list[i]);
	return found;
}

const char *stage_find_hook(const char *root, bool of_apcupsd,
			    char remedy[STAGE_WHY_MAX])
{
	const struct hook *hook = &hooks[of_apcupsd];
	const char *place = hook_find(root, hook);
	const char *packaged = place ? hook_find_packaged(root, hook) : NULL;

	if (packaged)
		(void)snprintf(
			remedy, STAGE_WHY_MAX,
			"dpkg-divert --local --rename --divert /usr/lib/lastwatt/%s --add %s",
			hook->name, packaged);
	else if (place)
		(void)snprintf(remedy, STAGE_WHY_MAX, "chmod -x %s", place);
	return place;
}

static void stage_warn(const char *root, bool of_apcupsd)
{
	char remedy[STAGE_WHY_MAX];
	const char *place = stage_find_hook(root, of_apcupsd, remedy);

	if (!place)
		return;
	fprintf(stderr,
		"lastwatt stage: warning: %s's own hook %s is active and would command the UPS while the disks are still mounted; disable it:\n",
		hooks[of_apcupsd].whose, place);
	fprintf(stderr, "lastwatt stage:   %s\n", remedy);
}

void stage_warn_of_hook(const char *root)
{
	stage_warn(root, false);
	if (IS_ENABLED(CONFIG_SOURCE_APCUPSD))
		stage_warn(root, true);
}
