// SPDX-License-Identifier: MIT
/* Opens the UPSes of this machine in turn, for a command. */
#include "cmd/each.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/fleet.h"
#include "cmd/json.h"
#include "plan.h"

/* For a UPS whose section sets no limit. */
#define EACH_WITHIN_MS 75000

static void each_print_note(void *arg, const char *sentence)
{
	(void)arg;
	fprintf(stderr, "lastwatt: %s\n", sentence);
}

/** As if upsmon had asked for it, for the named ones or for all of ours. */
static int each_plan(const struct each *each, struct plan *plan)
{
	struct handover *handover = &plan->handover;
	int ret = handover_collect(handover, each->root, &cmd_on_stderr);
	int notes;

	if (ret == -ENOENT)
		return cmd_fail(
			each->command,
			"there is no configuration of NUT in /etc/nut, /etc/ups, /usr/local/etc or /usr/local/ups/etc: set NUT_CONFPATH if it is elsewhere");
	if (ret < 0)
		return cmd_fail(each->command,
				"NUT's configuration cannot be read: %s",
				strerror(-ret));
	for (int i = 0; i < each->name_count; i++) {
		if (conf_find_section(&handover->conf, each->names[i]) <= 0)
			return cmd_fail(
				each->command,
				"ups.conf has no section [%s]: lastwatt plan poweroff --forced names those that are ours",
				each->names[i]);
		(void)snprintf(handover->primary[i], UPS_NAME_MAX, "%s",
			       each->names[i]); /* a longer one is not found */
	}
	if (each->name_count)
		handover->primaries = (uint16_t)each->name_count;

	notes = handover->notes; /* up to here they were said */
	handover->flag = FLAG_VALID;
	plan_decide(plan, VERB_POWEROFF);
	for (int i = notes; i < handover->notes; i++)
		each_print_note(NULL, handover->note[i]);
	return CMD_OK;
}

static bool each_is_planned(const struct plan *plan, const char *name)
{
	for (int i = 0; i < plan->ups_count; i++) {
		if (!strcmp(plan->ups[i].name, name))
			return true;
	}
	return false;
}

/** The plan leaves out what ups.conf wants to stay on, even if it is named. */
static int each_check_names(const struct each *each, const struct plan *plan)
{
	for (int i = 0; i < each->name_count; i++) {
		if (!each_is_planned(plan, each->names[i]))
			return cmd_fail(
				each->command,
				"%s has a negative sdorder in ups.conf: it is to stay on",
				each->names[i]);
	}
	return CMD_OK;
}

void each_begin_json(const char *name, bool ok)
{
	printf("{\"name\": ");
	json_print_string(name);
	json_print_bool("ok", ok);
}

static int each_fail(const struct each *each, const char *name,
		     const char *problem)
{
	if (each->is_json) {
		each_begin_json(name, false);
		json_print_text("problem", problem);
	}
	if (*problem == '[') /* it names the section */
		return cmd_fail(each->command, "%s", problem);
	return cmd_fail(each->command, "%s: %s", name, problem);
}

static void each_print_hint(const char *name)
{
	fprintf(stderr,
		"lastwatt: if that is NUT's driver, stop it first: systemctl stop nut-driver@%s.service, or upsdrvctl stop %s\n",
		name, name);
}

static int each_do(const struct each *each, const struct plan *plan,
		   const struct plan_ups *planned)
{
	deadline_t until = deadline_in_ms(
		planned->limit_ms > 0 ? planned->limit_ms : EACH_WITHIN_MS);
	int patience_ms = each->patience_ms ? each->patience_ms
					    : 1000 * CONFIG_BUDGET_ARM_S;
	deadline_t armed_by =
		deadline_earlier(until, deadline_in_ms(patience_ms));
	struct ups ups = {
		.note = each_print_note,
		.last_resort = each->last_resort,
	};
	int ret = fleet_arm(&ups, &plan->handover.conf, planned->section,
			    armed_by);

	if (ret == 0) {
		ret = each->act(&ups, each->arg, until);
		fleet_release(&ups);
	}
	if (ret == 0)
		return CMD_OK;
	(void)each_fail(each, planned->name,
			*ups.problem ? ups.problem : strerror(-ret));
	if (ret == -EBUSY)
		each_print_hint(planned->name);
	return CMD_FAILED;
}

static int each_do_all(const struct each *each, const struct plan *plan)
{
	int ret = CMD_OK;

	for (int i = 0; i < plan->ups_count; i++) {
		if (each->is_json)
			printf(i ? ",\n  " : "\n  ");
		if (each_do(each, plan, &plan->ups[i]))
			ret = CMD_FAILED;
		if (each->is_json)
			putchar('}');
		(void)fflush(stdout); /* the next may take long */
	}
	return ret;
}

int each_run(const struct each *each)
{
	struct plan plan = { 0 };
	int ret = each_plan(each, &plan);

	if (!ret)
		ret = each_check_names(each, &plan);
	if (!ret && plan.ups_count == 0)
		ret = cmd_fail(
			each->command,
			"this machine is primary of no UPS: a MONITOR line of upsmon.conf that ends with \"primary\" makes it that");
	if (each->is_json)
		printf("{\"upses\": [");
	if (!ret)
		ret = each_do_all(each, &plan);
	if (each->is_json)
		printf("\n], \"ok\": %s}\n", ret ? "false" : "true");
	return ret;
}
