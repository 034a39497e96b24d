// SPDX-License-Identifier: MIT
/* lastwatt check: would a forced power-off work, before there has to be one? */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/check_parts.h"

/** What upsmon.conf and its like may say although all is well. */
static bool check_is_harmless(const char *sentence)
{
	return strstr(sentence, " is understood, but ") ||
	       strstr(sentence, " is on another machine, ");
}

static void check_hear(void *arg, const char *file, int line,
		       const char *sentence)
{
	(void)file; /* the sentence names both */
	(void)line;
	if (check_is_harmless(sentence))
		check_note(arg, "%s", sentence);
	else
		check_error(arg, "%s", sentence);
}

/** A machine that only listens to another one's UPS is well, too. */
static void check_secondary(struct check *check)
{
	int64_t wait_ms = check->plan.handover.poweroff_wait_ms;

	if (wait_ms < 0)
		check_note(
			check,
			"the UPSes of this machine hang on others, which cut them: it commands none, and powers off. Should the mains come back before that cut, it stays off, unless nut.conf has a POWEROFF_WAIT");
	else
		check_note(
			check,
			"the UPSes of this machine hang on others, which cut them: it commands none, waits %lld s (POWEROFF_WAIT) and reboots if it is still on",
			(long long)wait_ms / 1000);
}

static void check_primaries(struct check *check)
{
	const struct handover *handover = &check->plan.handover;
	char upsmon_conf[CHECK_PATH_MAX], ups_conf[CHECK_PATH_MAX];

	check_path(check, "upsmon.conf", upsmon_conf);
	check_path(check, "ups.conf", ups_conf);
	for (int i = 0; i < handover->primaries; i++) {
		const char *name = handover->primary[i];
		int section = conf_find_section(&handover->conf, name);
		const char *order = section > 0 ? conf_value(&handover->conf,
							     section, "sdorder")
						: NULL;

		if (section <= 0)
			check_error(
				check,
				"%s makes this machine primary of %s, but %s has no section [%s]",
				upsmon_conf, name, ups_conf, name);
		else if (conf_is_more(&handover->conf,
				      handover->conf.section_line[section]))
			check_note(
				check,
				"[%s] of lastwatt.conf feeds whatever else hangs on that UPS, too: this machine has to be the last to go",
				name);
		if (section > 0 && order && strtol(order, NULL, 10) < 0)
			check_note(
				check,
				"[%s] has a negative sdorder: it stays on, and is not commanded",
				name);
	}
	if (!handover->primaries && handover->others)
		check_secondary(check);
	else if (!handover->primaries)
		check_error(
			check,
			"this machine is primary of no UPS of its own, so none would be commanded: is there a MONITOR line in %s that ends with \"primary\"?",
			upsmon_conf);
}

/** Everything that hangs on NUT's configuration, or on apcupsd's. */
static void check_configuration(struct check *check)
{
	struct plan *plan = &check->plan;
	bool is_nut = !IS_ENABLED(CONFIG_SOURCE_APCUPSD) ||
		      !plan->handover.from_apcupsd;

	if (is_nut) {
		check_nut(check);
		check_directives(check);
		check_primaries(check);
		check_keys(check, 0);
	} else {
		check_apcupsd(check);
	}
	plan->handover.flag = FLAG_VALID; /* as if upsmon had asked for it */
	plan_decide(plan, VERB_POWEROFF);
	for (int i = 0; i < plan->ups_count; i++) {
		if (is_nut)
			check_keys(check, plan->ups[i].section);
		check_device(check, i);
	}
}

static int check_run(int argc, char **argv)
{
	const char *json = NULL;
	struct check check = { .root = "" };
	const struct conf_report report = { check_hear, &check };
	const struct cmd_option options[] = {
		{ .name = "json", .value = &json, .bare = true },
		{ .name = "root", .value = &check.root },
		{ .name = NULL },
	};
	int ret = cmd_parse_options(argc, argv, options, 0, NULL);

	if (ret)
		return ret;
	check.is_json = json;
	check_begin(&check);
	check_stage(&check);
	ret = handover_collect(&check.plan.handover, check.root, &report);
	if (ret == -ENOENT)
		check_error(&check, "there is no configuration of NUT");
	else if (ret < 0)
		check_error(&check, "NUT's configuration cannot be read: %s",
			    strerror(-ret));
	else
		check_configuration(&check);
	check_end(&check);
	return check.errors ? CMD_FAILED : CMD_OK;
}

const struct command cmd_check = {
	.name = "check",
	.summary = "would a forced power-off work?",
	.usage = "[--json] [--root DIR]",
	.help = "Looks at everything that a forced power-off needs: the staged image, NUT's\n"
		"configuration, the keys of ups.conf, NUT's own hook, the UPSes and the delays\n"
		"they grant. Prints a line for each thing that is wrong or worth knowing, and\n"
		"what each UPS would be told. Exits with 1 if something is wrong.\n"
		"No UPS is commanded, and none is taken from NUT's driver: one that it holds\n"
		"is told to be there, and no more. Needs root to see everything.\n"
		"\n"
		"  --json      one JSON object, for programs\n"
		"  --root DIR  NUT's files and the staged image are below DIR. In the root of\n"
		"              an image that is being made, what will be staged, and no UPS\n"
		"              is asked\n",
	.examples = "  lastwatt check\n"
		    "  lastwatt check --json | jq -r '.findings[].sentence'\n",
	.run = check_run,
};
