// SPDX-License-Identifier: MIT
/* lastwatt cancel: stops what "lastwatt cut" or somebody else has started. */
#include <stdio.h>
#include <unistd.h>

#include "base/fleet.h"
#include "cmd/each.h"
#include "cmd/json.h"

static void cancel_print(const struct ups *ups, bool is_json, bool is_shown)
{
	if (is_json) {
		each_begin_json(ups->name, true);
		json_print_bool("verified", is_shown);
		return;
	}
	printf("%s: it acknowledged, and %s\n", ups->name,
	       is_shown ? "shows no countdown"
			: "does not show whether a countdown runs");
}

static int cancel_act(struct ups *ups, void *arg, deadline_t until)
{
	const bool *is_json = arg;
	bool is_shown;
	int ret = fleet_cancel(ups, &is_shown, until);

	if (ret < 0)
		return ret;
	cancel_print(ups, *is_json, is_shown);
	return 0;
}

static int cancel_run(int argc, char **argv)
{
	const char *names[HANDOVER_UPS_MAX];
	const char *json = NULL;
	struct each each = {
		.command = &cmd_cancel,
		.root = "",
		.names = names,
		.act = cancel_act,
	};
	const struct cmd_option options[] = {
		{ .name = "json", .value = &json, .bare = true },
		{ .name = "root", .value = &each.root },
		{ .name = NULL },
	};
	int ret = cmd_parse_words(argc, argv, options, HANDOVER_UPS_MAX, names,
				  &each.name_count);

	if (ret)
		return ret;
	if (geteuid() != 0)
		return cmd_fail(
			&cmd_cancel,
			"only root may talk to the UPS: try it with sudo");
	each.is_json = json;
	each.arg = &each.is_json;
	return each_run(&each);
}

const struct command cmd_cancel = {
	.name = "cancel",
	.summary = "stop the countdown of the UPS",
	.usage = "[--json] [--root DIR] [UPS…]",
	.help = "Tells the UPSes that this machine is primary of, or those that are named, to\n"
		"stay on, and looks whether a countdown still runs. NUT's driver has to be\n"
		"stopped first. Not every UPS can be held back once it was commanded.\n"
		"\n"
		"  --json      one JSON object, for programs\n"
		"  --root DIR  NUT's files are below DIR\n",
	.examples = "  lastwatt cancel\n"
		    "  lastwatt cancel rack1\n",
	.run = cancel_run,
};
