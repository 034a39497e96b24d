// SPDX-License-Identifier: MIT
/* Levels 2 and 3: those that end the machine's work. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/drill_parts.h"

#define DRILL_PATH_MAX 4096

static int drill_collect(const struct drill *drill, struct handover *handover)
{
	int ret;

	if (geteuid() != 0)
		return cmd_fail(&cmd_drill,
				"only root may do that: try it with sudo");
	ret = handover_collect(handover, drill->root, NULL);
	if (ret < 0)
		return cmd_fail(
			&cmd_drill,
			"NUT's configuration cannot be read (%s): lastwatt check says more",
			strerror(-ret));
	if (handover->flag == FLAG_VALID)
		return cmd_fail(
			&cmd_drill,
			"%s is set: upsmon wants a real power-off, this is no time for a drill",
			handover->flag_path);
	return CMD_OK;
}

/** systemctl @verb; returns only if there is none. */
static int drill_systemctl(const char *verb)
{
	(void)fflush(stdout);
	(void)execlp("systemctl", "systemctl", verb, (char *)NULL);
	return cmd_fail(&cmd_drill, "systemctl %s cannot be run: %s", verb,
			strerror(errno));
}

/** Everything has to be well before the machine is taken down for it. */
static int drill_look_first(const struct drill *drill)
{
	struct drill look = *drill;

	look.is_json = false;
	look.goes_on = true;
	if (drill_look(&look) == CMD_OK || drill->really)
		return CMD_OK;
	return cmd_fail(
		&cmd_drill,
		"put that right first, or say --really to go on all the same");
}

int drill_reboot(const struct drill *drill)
{
	struct handover handover = { .flag = FLAG_UNSET };
	char dir[DRILL_PATH_MAX];
	int ret = drill_collect(drill, &handover);

	if (!ret)
		ret = drill_look_first(drill);
	if (ret)
		return ret;
	(void)snprintf(dir, sizeof(dir), "%s%s", drill->root,
		       HANDOVER_DIR); /* if it is cut, writing fails */
	ret = handover_mark_drill(dir, drill->arms ? DRILL_ARM : DRILL_LOOK);
	if (ret)
		return cmd_fail(&cmd_drill, "%s cannot be written: %s", dir,
				strerror(-ret));
	if (drill->is_by_hand) {
		printf("A reboot within %d s is the drill; systemctl restart lastwatt.service calls it off.\n",
		       HANDOVER_DRILL_S);
		return CMD_OK;
	}
	printf("Rebooting. lastwatt report tells afterwards how it went.\n");
	ret = drill_systemctl("reboot");
	handover_clear_drill(dir);
	return ret;
}

static bool drill_is_meant(const struct drill *drill)
{
	char word[16] = "";

	if (drill->really >= 2)
		return true;
	if (!isatty(STDIN_FILENO))
		return false;
	printf("This switches the UPS off, and this machine with all that hangs on it.\n"
	       "Type \"dark\" to go on: ");
	(void)fflush(stdout);
	if (!fgets(word, sizeof(word), stdin))
		return false;
	word[strcspn(word, "\n")] = '\0';
	return !strcmp(word, "dark");
}

/** As upsmon does it: the file, with its magic, on the disk. */
static int drill_set_flag(const char *path)
{
	int fd = open(path,
		      O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		      0600);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, HANDOVER_MAGIC, strlen(HANDOVER_MAGIC)) !=
		    (ssize_t)strlen(HANDOVER_MAGIC) ||
	    fsync(fd) < 0)
		ret = errno ? -errno : -EIO;
	if (close(fd) < 0 && ret == 0)
		ret = -errno;
	if (ret)
		(void)unlink(path); /* half of it is none */
	return ret;
}

int drill_power_off(const struct drill *drill)
{
	struct handover handover = { .flag = FLAG_UNSET };
	char path[DRILL_PATH_MAX];
	int ret = drill_collect(drill, &handover);

	if (ret)
		return ret;
	if (!*handover.flag_path)
		return cmd_fail(
			&cmd_drill,
			"upsmon.conf names no POWERDOWNFLAG, without which nothing is ever cut: add one, e.g. POWERDOWNFLAG /etc/killpower");
	/* Who says it twice knows; who types the word may not. */
	if (drill->really < 2 && drill_look_first(drill))
		return CMD_FAILED;
	if (!drill_is_meant(drill))
		return cmd_fail(
			&cmd_drill,
			"nothing was done: level 3 switches the load off, so say --really --really, or type the word it asks for");
	(void)snprintf(path, sizeof(path), "%s%s", drill->root,
		       handover.flag_path); /* if it is cut, writing fails */
	ret = drill_set_flag(path);
	if (ret)
		return cmd_fail(&cmd_drill, "%s cannot be written: %s", path,
				strerror(-ret));
	printf("Powering off. lastwatt report tells afterwards how it went.\n");
	ret = drill_systemctl("poweroff");
	(void)unlink(path); /* or the next power-off would be it */
	return ret;
}
