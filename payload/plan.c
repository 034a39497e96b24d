// SPDX-License-Identifier: MIT
/*
 * The decision. What verb, flag and roles mean stands in this file and nowhere
 * else; it reads no file and asks no device. (Whether NUT's own driver of a
 * section is in the image is looked up by fleet.c.)
 */
#include "plan.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fleet.h"
#include "base/unspoken.h"

/* NUT's default of maxstartdelay, and the most that we take from anybody. */
#define PLAN_LIMIT_S     75
#define PLAN_LIMIT_MAX_S 3600

/* Seconds, in a drill: enough to come up again and take it back by hand. */
#define PLAN_DRILL_OFF "600"
#define PLAN_DRILL_ON  "660"

static const char *const plan_verbs[] = {
	[VERB_POWEROFF] = "poweroff", [VERB_REBOOT] = "reboot",
	[VERB_HALT] = "halt",         [VERB_KEXEC] = "kexec",
	[VERB_EXIT] = "exit",         [VERB_UNKNOWN] = "unknown",
};

enum verb verb_parse(const char *word)
{
	int verb = VERB_POWEROFF;

	while (verb < VERB_UNKNOWN && (!word || strcmp(word, plan_verbs[verb])))
		verb++;
	return (enum verb)verb;
}

const char *verb_name(enum verb verb)
{
	return plan_verbs[verb <= VERB_UNKNOWN ? verb : VERB_UNKNOWN];
}

/** Why the UPS is not touched, or NULL if it may be. */
static const char *plan_find_objection(const struct plan *plan)
{
	static const char *const flags[] = {
		[FLAG_UNKNOWN] = "nobody knows whether upsmon asked for it",
		[FLAG_UNSET] = "no POWERDOWNFLAG is configured",
		[FLAG_ABSENT] = "nobody asked for it (no flag)",
		[FLAG_INVALID] = "the flag file is not upsmon's",
		[FLAG_STALE] = "the flag is older than this boot",
	};

	if (plan->verb == VERB_KEXEC)
		return "kexec never cuts";
	if (plan->verb == VERB_UNKNOWN)
		return "the verb is missing or unknown";
	if (plan->handover.flag < FLAG_VALID)
		return flags[plan->handover.flag];
	if (plan->handover.flag > FLAG_VALID)
		return "the flag cannot be understood";
	if (plan->verb == VERB_REBOOT && !IS_ENABLED(CONFIG_CUT_ON_REBOOT))
		return "this build does not cut on a reboot";
	return NULL;
}

/** As atoi() of NUT, but garbage does not pass without a note. */
static int plan_read_number(struct plan *plan, int section, const char *key,
			    int missing)
{
	const struct conf *conf = &plan->handover.conf;
	const char *value = conf_value(conf, section, key);
	char *end;
	long number;

	if (!value)
		return missing;
	number = strtol(value, &end, 10);
	if (end == value || *end)
		handover_add_note(
			&plan->handover,
			"%s: %s is not a whole number and counts as %ld",
			conf_place(conf, conf_value_line(conf, section, key)).text,
			key, number);
	if (number < -1)
		return -1;
	return number > INT_MAX ? INT_MAX : (int)number;
}

/** maxstartdelay of the section, else of all, else NUT's; 0 means none. */
static int64_t plan_read_limit_ms(struct plan *plan, int section)
{
	int limit_s = plan_read_number(plan, section, "maxstartdelay", -1);

	if (limit_s < 0)
		limit_s = plan_read_number(plan, 0, "maxstartdelay",
					   PLAN_LIMIT_S);
	if (limit_s < 0)
		limit_s = 0;
	if (limit_s > PLAN_LIMIT_MAX_S)
		limit_s = PLAN_LIMIT_MAX_S;
	return (int64_t)limit_s * 1000;
}

/** Names of ours are short; one of ups.conf that is longer is cut. */
static void plan_copy_name(char to[UPS_NAME_MAX], const char *name)
{
	(void)snprintf(to, UPS_NAME_MAX, "%s", name); /* as said */
}

/** Listed even if nobody can command it: then that is what is recorded. */
static void plan_add_ups(struct plan *plan, int section, int order)
{
	const struct conf *conf = &plan->handover.conf;
	struct plan_ups *ups = &plan->ups[plan->ups_count++];
	const char *driver = conf_value(conf, section, "driver");
	const char *reason = driver ? unspoken_reason(driver) : NULL;

	memset(ups, 0, sizeof(*ups));
	plan_copy_name(ups->name, conf_section_name(conf, section));
	plan_copy_name(ups->driver, driver ? driver : "");
	ups->section = section;
	ups->order = order;
	ups->limit_ms = plan_read_limit_ms(plan, section);
	ups->speakable = driver && fleet_find_driver(driver);
	ups->by_nut = ups->speakable && !fleet_find_ours(driver);
	if (ups->speakable)
		return;
	if (!*ups->driver)
		handover_add_note(
			&plan->handover, "%s: [%s] has no driver",
			conf_place(conf, conf->section_line[section]).text,
			ups->name);
	else
		handover_add_note(
			&plan->handover,
			"%s: [%s] has driver = %s, which this build does not speak%s%s",
			conf_place(conf, conf_value_line(conf, section, "driver"))
				.text,
			ups->name, ups->driver, reason ? ": " : "",
			reason ? reason : "");
}

static bool plan_has_section(const struct plan *plan, int section)
{
	for (int i = 0; i < plan->ups_count; i++) {
		if (plan->ups[i].section == section)
			return true;
	}
	return false;
}

static void plan_consider_primary(struct plan *plan, const char *name)
{
	int section = conf_find_section(&plan->handover.conf, name);
	int order;

	if (section <= 0) {
		handover_add_note(
			&plan->handover,
			"upsmon.conf: this machine is primary of %s, but ups.conf has no section [%s]",
			name, name);
		return;
	}
	if (plan_has_section(plan, section))
		return;
	order = plan_read_number(plan, section, "sdorder", 0);
	if (order >= 0) /* -1: this one stays on */
		plan_add_ups(plan, section, order);
}

static bool plan_comes_before(const struct plan_ups *a, const struct plan_ups *b)
{
	if (a->order != b->order)
		return a->order < b->order;
	return a->section < b->section;
}

/** By sdorder, and as ups.conf has them where that is equal. */
static void plan_sort(struct plan *plan)
{
	for (int i = 1; i < plan->ups_count; i++) {
		struct plan_ups ups = plan->ups[i];
		int at = i;

		for (; at && plan_comes_before(&ups, &plan->ups[at - 1]); at--)
			plan->ups[at] = plan->ups[at - 1];
		plan->ups[at] = ups;
	}
}

static void plan_collect(struct plan *plan)
{
	int primaries = plan->handover.primaries;

	for (int i = 0; i < primaries && i < HANDOVER_UPS_MAX; i++)
		plan_consider_primary(plan, plan->handover.primary[i]);
	plan_sort(plan);
}

/**
 * A drill is for an ordinary reboot of somebody who asked for it. Whatever
 * upsmon asked for goes before, also when nobody knows whether it did.
 */
static bool plan_is_drill(const struct plan *plan)
{
	return IS_ENABLED(CONFIG_DRILL) && plan->handover.drill != DRILL_NONE &&
	       plan->verb == VERB_REBOOT && plan->handover.flag > FLAG_UNKNOWN &&
	       plan->handover.flag < FLAG_VALID;
}

static void plan_prepare_drill(struct plan *plan)
{
	struct conf *conf = &plan->handover.conf;

	plan_collect(plan);
	plan->drill = plan->handover.drill;
	for (int i = 0; plan->drill == DRILL_ARM && i < plan->ups_count; i++) {
		int section = plan->ups[i].section;

		if (conf_add(conf, section, "offdelay", PLAN_DRILL_OFF) ||
		    conf_add(conf, section, "ondelay", PLAN_DRILL_ON))
			plan->drill = DRILL_LOOK;
	}
}

/**
 * A machine that is to boot again stays until it is dark, for its own cut
 * would hit it while it boots; one that feeds on another's UPS, or on one
 * that does not cycle, waits as long as the administrator said.
 */
static void plan_decide_after(struct plan *plan)
{
	if (plan->verb == VERB_REBOOT && plan->cut) {
		plan->after = AFTER_STAY_THEN_REBOOT;
	} else if (plan->handover.poweroff_wait_ms >= 0) {
		plan->after = AFTER_WAIT_THEN_REBOOT;
		plan->wait_ms = plan->handover.poweroff_wait_ms;
	}
}

static void plan_explain(struct plan *plan, const char *objection)
{
	const char *verb = verb_name(plan->verb);
	const char *who = plan->handover.from_apcupsd ? "apcupsd" : "upsmon";

	if (plan->drill)
		(void)snprintf(plan->reason, sizeof(plan->reason),
			       "%s, a drill: %d UPS%s to %s, none to cut", verb,
			       plan->ups_count, plan->ups_count == 1 ? "" : "es",
			       plan->drill == DRILL_ARM ? "arm and cancel"
							: "look at");
	else if (objection)
		(void)snprintf(plan->reason, sizeof(plan->reason),
			       "%s: no UPS is commanded, %s", verb, objection);
	else if (!plan->cut)
		(void)snprintf(
			plan->reason, sizeof(plan->reason),
			"%s, forced by %s: no UPS is commanded, none is ours to cut",
			verb, who);
	else
		(void)snprintf(plan->reason, sizeof(plan->reason),
			       "%s, forced by %s: %d UPS%s to cut", verb, who,
			       plan->ups_count, plan->ups_count > 1 ? "es" : "");
}

void plan_decide(struct plan *plan, enum verb verb)
{
	const char *objection;

	plan->verb = verb;
	plan->cut = false;
	plan->drill = DRILL_NONE;
	plan->after = AFTER_VERB;
	plan->wait_ms = 0;
	plan->ups_count = 0;
	objection = plan_find_objection(plan);
	if (!objection) {
		plan_collect(plan);
		plan->cut = plan->ups_count > 0;
		plan_decide_after(plan);
	} else if (plan_is_drill(plan)) {
		plan_prepare_drill(plan);
	}
	plan_explain(plan, objection);
}
