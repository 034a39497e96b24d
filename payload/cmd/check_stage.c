// SPDX-License-Identifier: MIT
/* Is the exitrd where systemd looks for it, and will it be there again? */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/check_parts.h"
#include "cmd/stage_parts.h"

#define CHECK_SERVICE "lastwatt.service"
#define CHECK_BESIDE  "lastwatt-handover.service"
#define CHECK_WANTS   "/systemd/system/sysinit.target.wants/"
#define CHECK_DRACUT  "/usr/lib/systemd/system/dracut-shutdown.service"
/* What a system extension has instead: image/sysext/build. */
#define CHECK_UPHELD  "/usr/lib/systemd/system/sysinit.target.d/10-lastwatt.conf"

/** Does it begin as a script? Then it is somebody else's. */
static bool check_is_script(const char *path)
{
	char start[2] = "";
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	bool is_script;

	if (fd < 0)
		return false;
	is_script = read(fd, start, sizeof(start)) == sizeof(start) &&
		    start[0] == '#' && start[1] == '!';
	(void)close(fd); /* only read */
	return is_script;
}

/** Do both files hold the same? False also when one cannot be read. */
static bool check_is_same(const char *path, const char *other)
{
	char bytes[4096], other_bytes[sizeof(bytes)];
	FILE *file = fopen(path, "re");
	FILE *other_file = fopen(other, "re");
	bool is_same = file && other_file;
	size_t len = sizeof(bytes);

	while (is_same && len == sizeof(bytes)) {
		len = fread(bytes, 1, sizeof(bytes), file);
		is_same = fread(other_bytes, 1, sizeof(bytes), other_file) ==
				  len &&
			  !memcmp(bytes, other_bytes, len);
	}
	if (file)
		(void)fclose(file); /* only read */
	if (other_file)
		(void)fclose(other_file); /* the same */
	return is_same;
}

/** After an update the old one is still staged. */
static void check_age(struct check *check, const char *staged)
{
	char path[STAGE_PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s" STAGE_SOURCE "/shutdown",
		       check->root); /* a cut one is not found */
	if (!access(path, R_OK) && !check_is_same(path, staged))
		check_note(
			check,
			"the staged program is not the installed one, perhaps after an update: systemctl restart " CHECK_SERVICE);
}

/** Is there such a file, or a link? */
static bool check_has(const struct check *check, const char *place,
		      const char *name)
{
	char path[STAGE_PATH_MAX];
	struct stat stat;

	(void)snprintf(path, sizeof(path), "%s%s%s", check->root, place,
		       name); /* a cut one is not found */
	return !lstat(path, &stat);
}

/** systemd starts it at boot if there is a link to it, also of an image's. */
static bool check_is_enabled(const struct check *check, const char *service)
{
	return check_has(check, "/etc" CHECK_WANTS, service) ||
	       check_has(check, "/usr/lib" CHECK_WANTS, service);
}

/** dracut comes back at the end only if its initramfs has asked for that. */
static void check_dracut(struct check *check)
{
	if (check_has(check, CHECK_DRACUT, "") &&
	    !check_has(check, STAGE_TARGET, "/.need_shutdown") &&
	    !check_has(check, STAGE_TARGET, "/shutdown"))
		check_error(
			check,
			"dracut will not be the exitrd, for the initramfs that booted has not asked for it (" STAGE_TARGET
			"/.need_shutdown): add its module lastwatt, dracut -f, and boot again");
}

static void check_service(struct check *check)
{
	if (!check_is_enabled(check, CHECK_SERVICE) &&
	    !check_has(check, CHECK_UPHELD, ""))
		check_error(
			check, CHECK_SERVICE
			" is not enabled, so that nothing is staged at the next boot: systemctl enable --now " CHECK_SERVICE);
}

/**
 * The root of an image that is being made: nothing runs in it, so nothing is
 * staged, but what will be staged is there.
 */
static bool check_is_image(const struct check *check, char path[STAGE_PATH_MAX])
{
	struct stat stat;

	if (!*check->root)
		return false;
	(void)snprintf(path, STAGE_PATH_MAX, "%s" STAGE_TARGET, check->root);
	if (!lstat(path, &stat))
		return false;
	(void)snprintf(path, STAGE_PATH_MAX, "%s" STAGE_SOURCE "/shutdown",
		       check->root); /* a cut one is not found */
	return !lstat(path, &stat);
}

void check_stage(struct check *check)
{
	char path[STAGE_PATH_MAX];
	char why[STAGE_WHY_MAX];
	struct stat stat;

	if (check_is_enabled(check, CHECK_BESIDE)) {
		check_note(
			check, CHECK_BESIDE
			" is enabled: another exitrd (dracut, mkinitcpio, finalrd, ...) has to call \"lastwatt fire\"");
		check_dracut(check);
		return;
	}
	check->is_image = check_is_image(check, path);
	if (check->is_image) {
		if (stage_check_program(path, why))
			check_error(check, "%s", why);
		check_service(check);
		return;
	}
	(void)snprintf(path, sizeof(path), "%s" STAGE_TARGET "/shutdown",
		       check->root); /* a cut one is not found */
	if (lstat(path, &stat))
		check_error(
			check,
			"%s is not there, so that systemd powers off without lastwatt: systemctl start " CHECK_SERVICE,
			path);
	else if (check_is_script(path))
		check_error(
			check,
			"%s is not lastwatt, but another program that takes care of the shutdown (dracut, mkinitcpio, finalrd, ...)",
			path);
	else if (stage_check_program(path, why) || stage_try_program(path, why))
		check_error(check, "%s", why);
	else
		check_age(check, path);
	check_service(check);
}
