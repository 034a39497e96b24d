// SPDX-License-Identifier: MIT
/* ups.conf for one driver: the global part, and the section that it is for. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/kconfig.h"
#include "link/serial_place.h"
#include "nut/nut.h"

/*
 * Places of the running system that are gone and users that nobody knows; and
 * what is upsdrvctl's and upsd's: the drivers of 2.8.0 stop at maxstartdelay.
 */
static const char *const nut_left_out[] = {
	"allow_killpower", "chroot",   "desc",          "driverpath",
	"group",           "maxretry", "maxstartdelay", "nowait",
	"retrydelay",      "sdorder",  "statepath",     "user",
};

static bool nut_is_left_out(const char *key)
{
	for (size_t i = 0; i < sizeof(nut_left_out) / sizeof(*nut_left_out);
	     i++) {
		if (!strcasecmp(nut_left_out[i], key))
			return true;
	}
	/* Keys of ours that the running system added; NUT stops at them. */
	return !strncmp(key, "lastwatt.", 9);
}

/* In quotes, where NUT takes all but these three for what they are. */
static void nut_write_quoted(int fd, const char *before, const char *word,
			     const char *after)
{
	char escaped[2 * CONF_WORD_MAX + 1];
	size_t len = 0;

	for (; *word && len < sizeof(escaped) - 2; word++) {
		if (strchr("\\\"#", *word))
			escaped[len++] = '\\';
		escaped[len++] = *word;
	}
	escaped[len] = '\0';
	(void)dprintf(fd, "\"%s%s%s\"", before, escaped, after);
}

/* A serial port may have another name by now than its section says. */
static const char *nut_choose_port(const struct ups *ups, const char *port,
				   char device[SERIAL_PLACE_MAX])
{
	const char *chosen = NULL;

	if (IS_ENABLED(CONFIG_LINK_SERIAL))
		chosen = serial_choose_port(
			port, ups_value(ups, SERIAL_KEY_DEVICE),
			ups_value(ups, SERIAL_KEY_PLACE), "/sys", device);
	return chosen ? chosen : port;
}

static void nut_write_entry(int fd, const struct ups *ups,
			    const struct conf_entry *entry)
{
	const char *key = ups->conf->text + entry->key;
	char device[SERIAL_PLACE_MAX];
	const char *value;

	if (nut_is_left_out(key))
		return;
	nut_write_quoted(fd, "", key, "");
	if (entry->value != CONF_NO_VALUE) {
		value = ups->conf->text + entry->value;
		if (entry->section && !strcmp(key, "port"))
			value = nut_choose_port(ups, value, device);
		(void)dprintf(fd, " = ");
		nut_write_quoted(fd, "", value, "");
	}
	(void)dprintf(fd, "\n");
}

static void nut_write_section(int fd, const struct ups *ups, int section)
{
	for (int i = 0; i < ups->conf->entries; i++) {
		if (ups->conf->entry[i].section == section)
			nut_write_entry(fd, ups, &ups->conf->entry[i]);
	}
}

int nut_write_conf(struct ups *ups, const char *path)
{
	/* It may hold passwords. */
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	nut_write_section(fd, ups, 0);
	nut_write_quoted(fd, "[", ups->name, "]");
	(void)dprintf(fd, "\n"); /* what is cut short NUT does not take */
	nut_write_section(fd, ups, ups->section);
	return close(fd) ? -errno : 0;
}
