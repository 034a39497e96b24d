// SPDX-License-Identifier: MIT
/* Keys of ups.conf: unknown, misplaced, lost on NUT, or with garbage in them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fleet.h"
#include "cmd/check_parts.h"

/** Of NUT's core, above the first section. */
static const char *const check_global_keys[] = {
	"chroot",
	"driverpath",
	"statepath",
	"user",
	"group",
	"maxstartdelay",
	"maxretry",
	"retrydelay",
	"nowait",
	"pollinterval",
	"synchronous",
	"debug_min",
	"LIBUSB_DEBUG",
	"reconnect_max_tries",
	"reconnect_report_freq",
	NULL,
};

/** Of those, the ones that do nothing in a section. */
static const char *const check_only_global_keys[] = {
	"chroot", "driverpath", "statepath", "nowait", NULL,
};

/** Of NUT's core, in a section. */
static const char *const check_section_keys[] = {
	"driver",
	"port",
	"sdorder",
	"sdcommands",
	"allow_killpower",
	"maxstartdelay",
	"maxretry",
	"retrydelay",
	"desc",
	"nolock",
	"ignorelb",
	"user",
	"group",
	"pollinterval",
	"synchronous",
	"debug_min",
	"LIBUSB_DEBUG",
	"reconnect_max_tries",
	"reconnect_report_freq",
	"sddelay",
	NULL,
};

static const char *const check_number_keys[] = {
	"offdelay",
	"ondelay",
	"sdorder",
	"maxstartdelay",
	"maxretry",
	"retrydelay",
	"pollfreq",
	"debug_min",
	"reconnect_max_tries",
	"reconnect_report_freq",
	NULL,
};

/** NUT's upsdrvctl loses these when they are the first of a section. */
static const char *const check_lost_keys[] = {
	"sdorder", "maxstartdelay", "maxretry", "retrydelay", NULL,
};

static bool check_lists(const char *const *keys, const char *key)
{
	for (; keys && *keys; keys++) {
		if (!strcasecmp(*keys, key))
			return true;
	}
	return false;
}

static void check_number(struct check *check, const struct conf_entry *entry)
{
	const struct conf *conf = &check->plan.handover.conf;
	const char *key = conf->text + entry->key;
	const char *value;
	char *end;
	long number;

	if (!check_lists(check_number_keys, key))
		return;
	if (entry->value == CONF_NO_VALUE) {
		check_error(check, "%s: %s needs a number behind a =",
			    conf_place(conf, entry->line).text, key);
		return;
	}
	value = conf->text + entry->value;
	number = strtol(value, &end, 10);
	if (end == value || *end)
		check_error(check,
			    "%s: %s is not a whole number and counts as %ld",
			    conf_place(conf, entry->line).text, key, number);
}

static bool check_is_variable(const char *key)
{
	return !strncasecmp(key, "override.", 9) ||
	       !strncasecmp(key, "default.", 8);
}

static void check_global_key(struct check *check, const char *key, int line)
{
	static const char *const told[] = { "offdelay", "ondelay", "driver",
					    "port",     "sdorder", NULL };

	/* The parser has told of the usual ones. */
	if (!check_lists(check_global_keys, key) && !check_lists(told, key))
		check_error(
			check,
			"ups.conf:%d: %s above the first [section] means nothing to NUT or to lastwatt",
			line, key);
}

static void check_section_key(struct check *check,
			      const struct ups_driver *driver, int section,
			      const struct conf_entry *entry)
{
	const struct conf *conf = &check->plan.handover.conf;
	const char *name = conf_section_name(conf, section);
	const char *key = conf->text + entry->key;

	if (check_lists(check_only_global_keys, key))
		check_error(
			check,
			"%s: %s does nothing in [%s]: it belongs above the first section of ups.conf",
			conf_place(conf, entry->line).text, key, name);
	else if (driver && driver->keys && !check_is_variable(key) &&
		 !check_lists(check_section_keys, key) &&
		 !check_lists(driver->keys, key))
		check_error(
			check,
			"%s: [%s] has a key %s that driver %s does not know%s",
			conf_place(conf, entry->line).text, name, key,
			conf_value(conf, section, "driver"),
			conf_is_more(conf, section)
				? ""
				: ": NUT's driver would not start with it");
}

/** The first key of a section, and what NUT does to it. */
static void check_first_key(struct check *check, const struct conf_entry *entry,
			    const char *name)
{
	const struct conf *conf = &check->plan.handover.conf;
	const char *key = conf->text + entry->key;

	if (check_lists(check_lost_keys, key) &&
	    !conf_is_more(conf, entry->section))
		check_note(
			check,
			"ups.conf:%d: %s is the first key of [%s], where NUT's upsdrvctl loses it; lastwatt does not",
			entry->line, key, name);
}

void check_keys(struct check *check, int section)
{
	const struct conf *conf = &check->plan.handover.conf;
	const char *name = section ? conf_value(conf, section, "driver") : NULL;
	const struct ups_driver *driver = name ? fleet_find_driver(name) : NULL;
	bool is_first = true;

	for (int i = 0; i < conf->entries; i++) {
		const struct conf_entry *entry = &conf->entry[i];

		if (entry->section != section)
			continue;
		check_number(check, entry);
		if (section == 0)
			check_global_key(check, conf->text + entry->key,
					 entry->line);
		else
			check_section_key(check, driver, section, entry);
		if (section != 0 && is_first)
			check_first_key(check, entry,
					conf_section_name(conf, section));
		is_first = false;
	}
}
