// SPDX-License-Identifier: MIT
/* Is a section's UPS there, and what would it be told? */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/fleet.h"
#include "base/sdcommands.h"
#include "base/unspoken.h"
#include "cmd/check_parts.h"

#define CHECK_WITHIN_MS 10000
#define CHECK_PACK      "/usr/lib/lastwatt/pack-nut-drivers"

static void check_hear_note(void *arg, const char *sentence)
{
	check_note(arg, "%s", sentence);
}

static void check_unspoken(struct check *check, const struct plan_ups *ups)
{
	const char *reason = unspoken_reason(ups->driver);
	const char *hint = "";

	if (IS_ENABLED(CONFIG_DRIVER_NUT) && unspoken_nut_cuts(ups->driver, -1))
		hint = "; NUT's own can be put into the image, if there is one: " CHECK_PACK;
	if (!*ups->driver)
		check_error(check, "[%s] names no driver", ups->name);
	else if (reason)
		check_error(
			check,
			"[%s] driver %s is not one that this lastwatt speaks: %s%s",
			ups->name, ups->driver, reason, hint);
	else
		check_error(
			check,
			"[%s] driver %s is not one that this lastwatt speaks: \"lastwatt list\" names those that it does, \"lastwatt scan\" what is on USB%s",
			ups->name, ups->driver, hint);
}

/** The next of the section's sdcommands that switches off, if there is one. */
static bool check_next_command(struct check *check, const struct ups *ups,
			       const char **list, struct sdcommand *item)
{
	while (sdcommands_next(list, item)) {
		if (item->known)
			return true;
		check_note(
			check,
			"[%s] %s of sdcommands is no command that switches off, and is passed over",
			ups->name, item->name);
	}
	return false;
}

/** Who offers no way to look is at least looked for. */
static void check_port(struct check *check, int number, const struct ups *ups)
{
	const char *list = ups_value(ups, "sdcommands");
	const char *port = ups_value(ups, "port");
	struct sdcommand item;

	if (check_next_command(check, ups, &list, &item))
		check->ups[number].cut.wanted = item.command;
	if (port && *port == '/' && access(port, F_OK))
		check_error(check, "[%s] its port %s is not there", ups->name,
			    port);
	else
		check_note(
			check,
			"[%s] what it can do was not looked at: driver %s can only find out by opening it (lastwatt cut --dry-run, with NUT's driver stopped)",
			ups->name, ups->driver->name);
}

static void check_asked(struct check *check, int number, struct ups *ups,
			const struct ups_found *found, int ret)
{
	struct check_ups *result = &check->ups[number];

	if (ret == -EBUSY) {
		check_note(check, "%s", ups->problem);
		return;
	}
	if (ret < 0) {
		check_error(check, "%s", ups->problem);
		return;
	}
	result->is_granted = true;
	result->mains = found->mains;
	if (result->cut.given != result->cut.wanted)
		check_note(
			check,
			"[%s] offers nothing for \"%s\"; it would be told \"%s\"",
			ups->name, ups_command_name(result->cut.wanted),
			ups_command_name(result->cut.given));
}

/** By the section's sdcommands, of which the first that it offers counts. */
static int check_ask(struct check *check, int number, struct ups *ups,
		     struct ups_found *found)
{
	struct ups_cut *cut = &check->ups[number].cut;
	const char *list = ups_value(ups, "sdcommands");
	deadline_t until = deadline_in_ms(CHECK_WITHIN_MS);
	struct sdcommand item;
	int ret = -EOPNOTSUPP;

	if (!list || !*list)
		return ups->driver->check(ups, found, cut, until);
	while (ret == -EOPNOTSUPP &&
	       check_next_command(check, ups, &list, &item)) {
		cut->wanted = item.command;
		ret = ups->driver->check(ups, found, cut, until);
		if (ret == 0 && item.exact && cut->given != cut->wanted)
			ret = -EOPNOTSUPP;
	}
	if (ret == -EOPNOTSUPP)
		return ups_fail(ups, ret,
				"[%s] none of sdcommands = %.60s is to be had",
				ups->name, ups_value(ups, "sdcommands"));
	return ret;
}

void check_device(struct check *check, int number)
{
	const struct plan_ups *planned = &check->plan.ups[number];
	struct check_ups *result = &check->ups[number];
	struct ups_found found = { .mains = UPS_MAINS_UNKNOWN };
	struct ups ups = {
		.driver = fleet_find_driver(planned->driver),
		.conf = &check->plan.handover.conf,
		.section = planned->section,
		.name = planned->name,
		.strict = true,
		.note = check_hear_note,
		.note_arg = check,
	};

	result->cut = (struct ups_cut){
		.wanted = UPS_RETURN,
		.off_after_s = UPS_UNKNOWN_S,
		.on_after_s = UPS_UNKNOWN_S,
	};
	if (!ups.driver) {
		check_unspoken(check, planned);
		return;
	}
	if (!strcmp(ups.driver->name, "upsd") &&
	    !conf_is_more(ups.conf,
			  conf_value_line(ups.conf, ups.section, "driver")))
		check_error(
			check,
			"[%s] has driver = upsd, which NUT has not and would fail to start: put this section into lastwatt.conf beside ups.conf",
			ups.name);
	if (!ups_value(&ups, "port"))
		check_error(
			check,
			"[%s] has no port, without which NUT's driver does not start (for USB: port = auto)",
			ups.name);
	if (check->is_image) /* its devices are elsewhere */
		return;
	if (IS_ENABLED(CONFIG_LINK_NET) && !check_network(check, &ups))
		return;
	if (ups.driver->check)
		check_asked(check, number, &ups, &found,
			    check_ask(check, number, &ups, &found));
	else
		check_port(check, number, &ups);
}
