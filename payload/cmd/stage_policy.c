// SPDX-License-Identifier: MIT
/*
 * Would SELinux let systemd execute the exitrd's program? systemd asks that
 * with access(), and passes the program over without a word if not.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cmd/stage_parts.h"

#define POLICY_FS         "/sys/fs/selinux"
#define POLICY_INIT       "/proc/1/attr/current"
#define POLICY_TEXT_MAX   256
#define POLICY_QUERY      (2 * POLICY_TEXT_MAX + 16)
#define POLICY_BITS       32
/* In the flags of an answer: this domain is only told about. */
#define POLICY_PERMISSIVE 1

/** The beginning of a file, up to its first blank line. False: there is none. */
static bool policy_read(const char *path, char text[POLICY_TEXT_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, POLICY_TEXT_MAX - 1);

	if (fd >= 0)
		(void)close(fd); /* only read */
	text[len > 0 ? len : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return *text;
}

/** A number of SELinux's file system; 0 also if there is none. */
static unsigned long policy_number(const char *selinuxfs, const char *name)
{
	char path[STAGE_PATH_MAX], text[POLICY_TEXT_MAX];

	(void)snprintf(path, sizeof(path), "%s/%s", selinuxfs,
		       name); /* a cut one is not found */
	return policy_read(path, text) ? strtoul(text, NULL, 10) : 0;
}

/** Write @query to the file that answers such, and read what it says. */
static bool policy_ask(const char *selinuxfs, const char *query,
		       char answer[POLICY_TEXT_MAX])
{
	char path[STAGE_PATH_MAX];
	size_t len = strlen(query);
	ssize_t got = -1;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/access",
		       selinuxfs); /* a cut one is not found */
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (write(fd, query, len) == (ssize_t)len)
		got = read(fd, answer, POLICY_TEXT_MAX - 1);
	(void)close(fd); /* a question leaves nothing */
	answer[got > 0 ? got : 0] = '\0';
	return got > 0;
}

bool stage_policy_denies(const char *selinuxfs, const char *init,
			 const char *file)
{
	/* Six numbers: the first is what is allowed, the last are the flags. */
	unsigned long value[6] = { 0 };
	unsigned long kind = policy_number(selinuxfs, "class/file/index");
	unsigned long bit = policy_number(selinuxfs, "class/file/perms/execute");
	char query[POLICY_QUERY], answer[POLICY_TEXT_MAX];
	char *at = answer, *end;

	if (policy_number(selinuxfs, "enforce") != 1 || !bit ||
	    bit > POLICY_BITS)
		return false;
	if (snprintf(query, sizeof(query), "%s %s %lu", init, file, kind) >=
		    (int)sizeof(query) ||
	    !policy_ask(selinuxfs, query, answer))
		return false;
	for (size_t i = 0; i < sizeof(value) / sizeof(*value); i++) {
		value[i] = strtoul(at, &end, 16);
		if (end == at)
			return false;
		at = end;
	}
	return !(value[0] >> (bit - 1) & 1) && !(value[5] & POLICY_PERMISSIVE);
}

int stage_check_policy(const char *path, char why[STAGE_WHY_MAX])
{
	char init[POLICY_TEXT_MAX], file[POLICY_TEXT_MAX];
	ssize_t len =
		lgetxattr(path, "security.selinux", file, sizeof(file) - 1);

	if (len <= 0 || !policy_read(POLICY_INIT, init))
		return CMD_OK;
	file[len] = '\0';
	if (!stage_policy_denies(POLICY_FS, init, file))
		return CMD_OK;
	(void)snprintf(
		why, STAGE_WHY_MAX,
		"%s has the label %.96s, which SELinux does not let systemd (%.96s) execute, so that systemd would pass it over; it should be bin_t: what kept lastwatt from giving it that, \"ausearch -m avc -c lastwatt\" shows",
		path, file, init); /* cut if the labels are long */
	return CMD_FAILED;
}
