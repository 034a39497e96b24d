// SPDX-License-Identifier: MIT
/*
 * From a section of ups.conf to a commanded UPS: find the driver, open the
 * device, command it, and find it again when it went away in between.
 */
#include "base/fleet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/kconfig.h"
#include "base/sdcommands.h"
#include "base/unspoken.h"

/* A device that re-enumerates is away for about half a second. */
#define FLEET_LOOK_AGAIN_MS 250
/* A card of a network may show an old countdown for some seconds. */
#define FLEET_CANCELS       4
#define FLEET_CANCEL_MS     1000

/* The linker's bounds of the section that UPS_DRIVER() fills. */
extern const struct ups_driver *const __start_ups_drivers[]
	__attribute__((weak, visibility("hidden")));
extern const struct ups_driver *const __stop_ups_drivers[]
	__attribute__((weak, visibility("hidden")));

size_t fleet_drivers(const struct ups_driver **list, size_t max)
{
	const struct ups_driver *const *driver = __start_ups_drivers;
	size_t count = 0, i;

	for (; driver < __stop_ups_drivers && count < max; driver++) {
		for (i = count; i > 0; i--) {
			if (strcmp(list[i - 1]->name, (*driver)->name) <= 0)
				break;
			list[i] = list[i - 1];
		}
		list[i] = *driver;
		count++;
	}
	return count;
}

const struct ups_driver *fleet_find_ours(const char *nut_name)
{
	const struct ups_driver *const *driver = __start_ups_drivers;
	const char *const *name;

	for (; driver < __stop_ups_drivers; driver++) {
		for (name = (*driver)->nut_names; *name; name++) {
			if (strcmp(*name, nut_name) == 0)
				return *driver;
		}
	}
	return NULL;
}

const struct ups_driver *fleet_find_foreign(const char *nut_name)
{
	const struct ups_driver *const *driver = __start_ups_drivers;

	for (; driver < __stop_ups_drivers; driver++) {
		if ((*driver)->answers && (*driver)->answers(nut_name))
			return *driver;
	}
	return NULL;
}

const struct ups_driver *fleet_find_driver(const char *nut_name)
{
	const struct ups_driver *driver = fleet_find_ours(nut_name);

	return driver ? driver : fleet_find_foreign(nut_name);
}

/** Its state is what open() is to find. */
static void fleet_forget(struct ups *ups)
{
	ups->driver->close(ups);
	memset(ups->state, 0, ups->driver->state_size);
}

/*
 * Open it, and look again while it is merely absent or held. Who is cut short
 * by the end then is not silent, but what it was before.
 */
static int fleet_open(struct ups *ups, deadline_t until)
{
	char problem[UPS_SENTENCE_MAX];
	int ret = 0, before;

	for (;;) {
		before = ret;
		memcpy(problem, ups->problem, sizeof(problem));
		ret = ups->driver->open(ups, until);
		if (ret == -ETIMEDOUT && before < 0)
			return ups_fail(ups, before, "%s", problem);
		if (ret != -ENODEV && ret != -EBUSY)
			return ret;
		if (clock_sleep_ms(FLEET_LOOK_AGAIN_MS, until) < 0)
			return ret;
		memset(ups->state, 0, ups->driver->state_size);
	}
}

static int fleet_fail_unspoken(struct ups *ups, const char *driver)
{
	const char *reason = unspoken_reason(driver);

	return ups_fail(
		ups, -EOPNOTSUPP,
		"[%s] driver %s is not one that this lastwatt speaks%s%s",
		ups->name, driver, reason ? ": " : "", reason ? reason : "");
}

int fleet_arm(struct ups *ups, const struct conf *conf, int section,
	      deadline_t until)
{
	const char *driver;
	int ret;

	ups->conf = conf;
	ups->section = section;
	ups->name = conf_section_name(conf, section);
	ups->state = NULL;
	ups->identity[0] = '\0';
	ups->failures = 0;

	driver = ups_value(ups, "driver");
	if (!driver || !*driver)
		return ups_fail(ups, -EINVAL, "[%s] names no driver", ups->name);
	ups->driver = ups->last_resort ? fleet_find_foreign(driver)
				       : fleet_find_driver(driver);
	if (!ups->driver && ups->last_resort)
		return ups_fail(ups, -EOPNOTSUPP,
				"[%s] NUT's own driver %s is not in the image",
				ups->name, driver);
	if (!ups->driver)
		return fleet_fail_unspoken(ups, driver);

	ups->state = calloc(1, ups->driver->state_size);
	if (!ups->state)
		return ups_fail(ups, -ENOMEM, "[%s] no memory", ups->name);

	ret = fleet_open(ups, until);
	if (ret < 0) {
		free(ups->state);
		ups->state = NULL;
	}
	return ret;
}

/* One command, with the device found again as often as it is lost. */
static int fleet_command(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	const struct ups_cut asked = *cut;
	int ret;

	for (;;) {
		*cut = asked;
		cut->off_after_s = UPS_UNKNOWN_S;
		cut->on_after_s = UPS_UNKNOWN_S;

		ups->in_doubt = false;
		ret = ups->driver->cut(ups, cut, until);
		if (ret != -ENODEV && ret != -EIO)
			return ret;
		ups->failures += ret == -EIO;
		if (clock_sleep_ms(FLEET_LOOK_AGAIN_MS, until) < 0)
			return ret;

		ups_note(ups,
			 "[%s] lost while it was commanded (%s); looking for it again",
			 ups->name, ups_why(ups));
		fleet_forget(ups);
		/* Whatever it says now, it was lost over the command. */
		if (fleet_open(ups, until) < 0)
			return ret;
	}
}

/* The list is an order, and no wish: what is not in it is not done. */
static int fleet_cut_by_list(struct ups *ups, struct ups_cut *cut,
			     const char *list, deadline_t until)
{
	const char *at = list;
	struct sdcommand item;
	int ret = -EOPNOTSUPP;

	while (ret == -EOPNOTSUPP && sdcommands_next(&at, &item)) {
		if (item.known) {
			*cut = (struct ups_cut){
				.wanted = item.command,
				.exact = item.exact,
			};
			ret = fleet_command(ups, cut, until);
		}
		if (ret == -EOPNOTSUPP)
			ups_note(ups, "[%s] %s of sdcommands is not to be had",
				 ups->name, item.name);
	}
	if (ret == -EOPNOTSUPP)
		return ups_fail(ups, ret,
				"[%s] none of sdcommands = %.60s is to be had",
				ups->name, list);
	return ret;
}

int fleet_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	const char *list = cut->by_section ? ups_value(ups, "sdcommands") : NULL;

	if (list && *list && !ups->driver->is_foreign)
		return fleet_cut_by_list(ups, cut, list, until);
	*cut = (struct ups_cut){ .wanted = cut->wanted, .exact = cut->exact };
	return fleet_command(ups, cut, until);
}

static int fleet_cancel_once(struct ups *ups, bool *is_shown, deadline_t until)
{
	struct ups_status status = { .off_after_s = UPS_UNKNOWN_S };
	int ret = ups->driver->cancel(ups, until);

	*is_shown = false;
	if (ret < 0 || !ups->driver->status ||
	    ups->driver->status(ups, &status, until) < 0)
		return ret;
	*is_shown = true;
	if (status.off_after_s == UPS_UNKNOWN_S)
		return ret;
	return ups_fail(ups, -EPROTO,
			"it acknowledged, but still goes off in %d s",
			status.off_after_s);
}

/** After a cancel that failed: can it be told again? */
static bool fleet_can_repeat(struct ups *ups, int error, deadline_t until)
{
	if (clock_sleep_ms(FLEET_CANCEL_MS, until) < 0)
		return false;
	if (error != -ENODEV && error != -EIO)
		return error != -EOPNOTSUPP;
	fleet_forget(ups);
	return fleet_open(ups, until) == 0;
}

int fleet_cancel(struct ups *ups, bool *is_shown, deadline_t until)
{
	int ret, tries = 0;

	*is_shown = false;
	if (!ups->driver->cancel)
		return ups_fail(ups, -EOPNOTSUPP,
				"driver %s cannot stop a countdown",
				ups->driver->name);
	do {
		ret = fleet_cancel_once(ups, is_shown, until);
	} while (ret < 0 && ++tries < FLEET_CANCELS &&
		 fleet_can_repeat(ups, ret, until));
	return ret;
}

void fleet_release(struct ups *ups)
{
	if (!ups->state)
		return;
	ups->driver->close(ups);
	free(ups->state);
	ups->state = NULL;
}
