// SPDX-License-Identifier: MIT
/*
 * NUT's own hook for late shutdown runs before the exitrd does: its countdown
 * starts while the disks are still mounted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/stage_parts.h"

#define HOOK_LIST   "/var/lib/dpkg/info/nut-client.list"
#define HOOK_PLACES 2

static const char *const hook_places[HOOK_PLACES] = {
	"/usr/lib/systemd/system-shutdown/nutshutdown",
	"/lib/systemd/system-shutdown/nutshutdown",
};

/** The hook that systemd would run, as one of the places; or NULL. */
static const char *hook_find(const char *root)
{
	char path[STAGE_PATH_MAX];
	struct stat stat_buffer;

	for (int i = 0; i < HOOK_PLACES; i++) {
		(void)snprintf(path, sizeof(path), "%s%s", root,
			       hook_places[i]); /* a cut one is not found */
		if (!stat(path, &stat_buffer) && S_ISREG(stat_buffer.st_mode) &&
		    stat_buffer.st_mode & 0111)
			return hook_places[i];
	}
	return NULL;
}

/** The place at which Debian's package knows it; or NULL. */
static const char *hook_find_packaged(const char *root)
{
	char path[STAGE_PATH_MAX];
	const char *found = NULL;
	char *line = NULL;
	size_t size = 0;
	FILE *list;

	(void)snprintf(path, sizeof(path), "%s%s", root,
		       HOOK_LIST); /* a cut one is not found */
	list = fopen(path, "re");
	if (!list)
		return NULL;
	while (!found && getline(&line, &size, list) > 0) {
		line[strcspn(line, "\n")] = '\0';
		for (int i = 0; i < HOOK_PLACES; i++) {
			if (!strcmp(line, hook_places[i]))
				found = hook_places[i];
		}
	}
	free(line);
	(void)fclose(list); /* only read */
	return found;
}

const char *stage_find_hook(const char *root, char remedy[STAGE_WHY_MAX])
{
	const char *hook = hook_find(root);
	const char *packaged = hook ? hook_find_packaged(root) : NULL;

	if (packaged)
		(void)snprintf(
			remedy, STAGE_WHY_MAX,
			"dpkg-divert --local --rename --divert /usr/lib/lastwatt/nutshutdown --add %s",
			packaged);
	else if (hook)
		(void)snprintf(remedy, STAGE_WHY_MAX, "chmod -x %s", hook);
	return hook;
}

void stage_warn_of_hook(const char *root)
{
	char remedy[STAGE_WHY_MAX];
	const char *hook = stage_find_hook(root, remedy);

	if (!hook)
		return;
	fprintf(stderr,
		"lastwatt stage: warning: NUT's own hook %s is active and would command the UPS while the disks are still mounted; disable it:\n",
		hook);
	fprintf(stderr, "lastwatt stage:   %s\n", remedy);
}
