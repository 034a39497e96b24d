// SPDX-License-Identifier: MIT
/* Keys of ups.conf: unknown, misplaced, lost on NUT, or with garbage in them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fleet.h"
#include "cmd/check_parts.h"

/** One line of ups.conf, and where it is. */
struct check_line {
	struct check *check;
	struct conf_place place;
	const char *section; /* "" for the global part */
	const char *driver;  /* as ups.conf says it, or NULL */
	const char *key;
	const char *value; /* NULL for a flag */
	bool is_more;      /* of lastwatt.conf, which NUT does not read */
};

static void check_number(const struct check_line *line)
{
	char *end;
	long number;

	if (!check_row_has("(numbers)", line->key))
		return;
	if (!line->value) {
		check_error(line->check, "%s: %s needs a number behind a =",
			    line->place.text, line->key);
		return;
	}
	number = strtol(line->value, &end, 10);
	if (end == line->value || *end)
		check_error(line->check,
			    "%s: %s is not a whole number and counts as %ld",
			    line->place.text, line->key, number);
}

static bool check_is_variable(const char *key)
{
	return !strncasecmp(key, "override.", 9) ||
	       !strncasecmp(key, "default.", 8);
}

/** NUT's core, unlike its drivers, knows a key in one spelling only. */
static void check_spelling(const struct check_line *line, const char *row)
{
	struct check_guess guess = { .key = line->key, .slips = 1 };

	check_look_in_row(&guess, row);
	if (!line->is_more && !guess.slips && strcmp(guess.meant, line->key) != 0)
		check_error(
			line->check,
			"%s: %s is a key to lastwatt, but to NUT only if it is written %s",
			line->place.text, line->key, guess.meant);
}

static void check_global_key(const struct check_line *line)
{
	struct check_guess guess = { line->key, CHECK_KEY_MAX, "" };
	char hint[CHECK_HINT_MAX];

	if (check_row_has("(global)", line->key)) {
		check_spelling(line, "(global)");
		return;
	}
	/* The parser has told of the usual ones. */
	if (check_row_has("(told)", line->key))
		return;
	if (check_row_has("(section)", line->key) ||
	    check_is_variable(line->key) || check_some_driver_has(line->key)) {
		check_error(
			line->check,
			"%s: %s does nothing above the first [section]: it belongs into the section of a UPS",
			line->place.text, line->key);
		return;
	}
	check_look_in_row(&guess, "(global)");
	check_error(
		line->check,
		"%s: %s above the first [section] means nothing to NUT or to lastwatt%s",
		line->place.text, line->key, check_hint(&guess, hint));
}

/** Does the driver know the key? If it cannot be said, it does. */
static bool check_is_known(const struct check_line *line,
			   const struct ups_driver *driver,
			   struct check_guess *guess)
{
	bool has_row = check_has_row(line->driver);

	check_look_in_row(guess, line->driver);
	for (int i = 0; driver->keys && driver->keys[i]; i++)
		check_look_for(guess, driver->keys[i]);
	return guess->slips == 0 || !(has_row || driver->keys);
}

/** One of NUT's core, which has got a few in the course of time. */
static void check_age(const struct check_line *line)
{
	char path[CHECK_PATH_MAX];

	if (!line->is_more && line->driver &&
	    check_driver_is_too_old(line->check, line->driver, line->key, path))
		check_error(
			line->check,
			"%s: [%s] has a key %s that %s is too old for: it would not start with it%s",
			line->place.text, line->section, line->key, path,
			check_row_has("(global)", line->key)
				? "; above the first section it is harmless"
			: strcmp(line->key, "sdcommands") == 0
				? "; put it into lastwatt.conf"
				: "");
}

static void check_section_key(const struct check_line *line)
{
	const struct ups_driver *driver =
		line->driver ? fleet_find_driver(line->driver) : NULL;
	struct check_guess guess = { line->key, CHECK_KEY_MAX, "" };
	char hint[CHECK_HINT_MAX];

	if (check_row_has("(only-global)", line->key)) {
		check_error(
			line->check,
			"%s: %s does nothing in [%s]: it belongs above the first section of ups.conf",
			line->place.text, line->key, line->section);
		return;
	}
	if (check_is_variable(line->key))
		return;
	check_look_in_row(&guess, "(section)");
	if (!guess.slips) {
		check_spelling(line, "(section)");
		check_age(line);
		return;
	}
	if (driver && !check_is_known(line, driver, &guess))
		check_error(
			line->check,
			"%s: [%s] has a key %s that driver %s does not know%s%s",
			line->place.text, line->section, line->key, line->driver,
			line->is_more ? ""
				      : ": NUT's driver would not start with it",
			check_hint(&guess, hint));
}

/** The first key of a section, and what NUT does to it. */
static void check_first_key(const struct check_line *line)
{
	if (!line->is_more && check_row_has("(lost)", line->key))
		check_note(
			line->check,
			"%s: %s is the first key of [%s], where NUT's upsdrvctl loses it; lastwatt does not",
			line->place.text, line->key, line->section);
}

void check_keys(struct check *check, int section)
{
	const struct conf *conf = &check->plan.handover.conf;
	struct check_line line = {
		.check = check,
		.section = conf_section_name(conf, section),
		.driver = section ? conf_value(conf, section, "driver") : NULL,
	};
	bool is_first = true;

	for (int i = 0; i < conf->entries; i++) {
		const struct conf_entry *entry = &conf->entry[i];
		const char *key = conf->text + entry->key;

		/* lastwatt adds what it has found out. */
		if (entry->section != section || !strncmp(key, "lastwatt.", 9))
			continue;
		line.is_more = conf_is_more(conf, entry->line);
		line.key = key;
		line.value = entry->value == CONF_NO_VALUE
				     ? NULL
				     : conf->text + entry->value;
		line.place = conf_place(conf, entry->line);
		check_number(&line);
		if (section == 0)
			check_global_key(&line);
		else
			check_section_key(&line);
		if (section != 0 && is_first)
			check_first_key(&line);
		is_first = false;
	}
}
