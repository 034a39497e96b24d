// SPDX-License-Identifier: MIT
/* lastwatt plan: what would happen now, decided by the code that will do it. */
#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/fleet.h"
#include "cmd/cmd.h"
#include "cmd/json.h"
#include "pid1/stages.h"

static void plan_print_facts(const struct plan *plan)
{
	const struct handover *handover = &plan->handover;

	printf("verb      %s\n", verb_name(plan->verb));
	printf("flag      %s%s%s\n", handover_flag_name(handover->flag),
	       *handover->flag_path ? ", " : "", handover->flag_path);
	printf("%-10s%s\n", handover->from_apcupsd ? "apcupsd" : "nut",
	       *handover->source ? handover->source : "not configured");
	printf("decision  %s\n", plan->reason);
	for (int i = 0; i < handover->notes; i++)
		printf("note      %s\n", handover->note[i]);
}

static void plan_print_ups(const struct plan_ups *ups)
{
	printf("ups       %s, driver %s", ups->name,
	       *ups->driver ? ups->driver : "(none)");
	if (!ups->speakable)
		printf(" (not in this build)");
	if (ups->by_nut)
		printf(" (by NUT's own driver in the image)");
	else if (IS_ENABLED(CONFIG_NUT_AFTER_OURS) &&
		 fleet_find_foreign(ups->driver))
		printf(" (by NUT's own in the image, if that fails)");
	printf(", order %d", ups->order);
	if (ups->limit_ms)
		printf(", at most %lld s", (long long)ups->limit_ms / 1000);
	printf("\n");
}

static bool plan_has_stage(const struct plan *plan, const struct stage *stage)
{
	if (stage->run == wait_run && plan->after == AFTER_VERB)
		return false;
	return stages_is_wanted(stage, plan);
}

static void plan_print_stages(const struct plan *plan)
{
	size_t count;
	const struct stage *stage = stages_list(&count);
	char budget[24];

	printf("\nstage     at most\n");
	for (; count--; stage++) {
		if (!plan_has_stage(plan, stage))
			continue;
		(void)snprintf(budget, sizeof(budget), "%d s",
			       stage->budget_ms / 1000); /* it fits */
		printf("%-9s %7s  %s\n%19sif it fails: %s\n", stage->name,
		       stage->budget_ms ? budget : "-", stage->does, "",
		       stage->otherwise);
	}
}

static void plan_print_after(const struct plan *plan)
{
	switch (plan->after) {
	case AFTER_STAY_THEN_REBOOT:
		printf("\nThen it stays until the load goes off, and reboots if that does not come.\n");
		break;
	case AFTER_WAIT_THEN_REBOOT:
		printf("\nThen it waits %lld s (POWEROFF_WAIT) and reboots.\n",
		       (long long)plan->wait_ms / 1000);
		break;
	default:
		printf("\nThen: %s.\n", plan->verb == VERB_UNKNOWN
						? "poweroff"
						: verb_name(plan->verb));
	}
}

static void plan_print_json_ups(const struct plan_ups *ups, bool is_first)
{
	json_begin_named(is_first, ups->name);
	json_print_text("driver", ups->driver);
	json_print_bool("speakable", ups->speakable);
	printf(", \"order\": %d, \"limit_s\": %lld}", ups->order,
	       (long long)ups->limit_ms / 1000);
}

static void plan_print_json_stages(const struct plan *plan)
{
	size_t count;
	const struct stage *stage = stages_list(&count);
	bool is_first = true;

	for (; count--; stage++) {
		if (!plan_has_stage(plan, stage))
			continue;
		json_begin_named(is_first, stage->name);
		printf(", \"budget_s\": %d}", stage->budget_ms / 1000);
		is_first = false;
	}
}

static void plan_print_json(const struct plan *plan)
{
	static const char after[][8] = {
		[AFTER_VERB] = "verb",
		[AFTER_STAY_THEN_REBOOT] = "stay",
		[AFTER_WAIT_THEN_REBOOT] = "wait",
	};

	printf("{\n  \"verb\": \"%s\",\n  \"flag\": \"%s\",\n  \"cut\": %s,\n"
	       "  \"after\": \"%s\",\n  \"wait_s\": %lld,\n  \"decision\": ",
	       verb_name(plan->verb), handover_flag_name(plan->handover.flag),
	       plan->cut ? "true" : "false", after[plan->after],
	       (long long)plan->wait_ms / 1000);
	json_print_string(plan->reason);
	printf(",\n  \"notes\": [");
	for (int i = 0; i < plan->handover.notes; i++) {
		printf("%s\n    ", i ? "," : "");
		json_print_string(plan->handover.note[i]);
	}
	printf("],\n  \"upses\": [");
	for (int i = 0; i < plan->ups_count; i++)
		plan_print_json_ups(&plan->ups[i], i == 0);
	printf("],\n  \"stages\": [");
	plan_print_json_stages(plan);
	printf("]\n}\n");
}

static int plan_run(int argc, char **argv)
{
	const char *forced = NULL, *json = NULL;
	const char *root = "";
	const char *word;
	const struct cmd_option options[] = {
		{ .name = "forced", .value = &forced, .bare = true },
		{ .name = "json", .value = &json, .bare = true },
		{ .name = "root", .value = &root },
		{ .name = NULL },
	};
	struct plan plan = { 0 };
	int ret = cmd_parse_options(argc, argv, options, 1, &word);

	if (ret)
		return ret;
	if (verb_parse(word) == VERB_UNKNOWN) {
		cmd_fail(&cmd_plan,
			 "%s is no verb: poweroff, reboot, halt, kexec or exit",
			 word);
		return CMD_USAGE;
	}
	ret = handover_collect(&plan.handover, root, NULL);
	if (ret && ret != -ENOENT)
		return cmd_fail(&cmd_plan,
				"NUT's configuration cannot be read: %s",
				strerror(-ret));
	if (forced)
		plan.handover.flag = FLAG_VALID;
	plan_decide(&plan, verb_parse(word));
	if (json) {
		plan_print_json(&plan);
		return CMD_OK;
	}
	plan_print_facts(&plan);
	for (int i = 0; i < plan.ups_count; i++)
		plan_print_ups(&plan.ups[i]);
	plan_print_stages(&plan);
	plan_print_after(&plan);
	return CMD_OK;
}

const struct command cmd_plan = {
	.name = "plan",
	.summary = "what would happen now, stage by stage",
	.usage = "VERB [--forced] [--json] [--root DIR]",
	.help = "Reads what NUT says now and prints what lastwatt would do if the machine\n"
		"went down with VERB: poweroff, reboot, halt, kexec or exit. Nothing is\n"
		"changed, and no UPS is talked to.\n"
		"\n"
		"  --forced    as if upsmon had asked for it with its flag\n"
		"  --json      one JSON object, for programs\n"
		"  --root DIR  NUT's files are below DIR\n",
	.examples = "  lastwatt plan poweroff --forced\n"
		    "  lastwatt plan reboot\n",
	.run = plan_run,
};
