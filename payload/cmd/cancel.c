// SPDX-License-Identifier: MIT
/* lastwatt cancel: stops what "lastwatt cut" or somebody else has started. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/each.h"

static int cancel_act(struct ups *ups, void *arg, deadline_t until)
{
	struct ups_status status = { .off_after_s = UPS_UNKNOWN_S };
	int ret;

	(void)arg;
	if (!ups->driver->cancel)
		return ups_fail(ups, -EOPNOTSUPP,
				"driver %s cannot stop a countdown",
				ups->driver->name);
	ret = ups->driver->cancel(ups, until);
	if (ret < 0)
		return ret;
	if (!ups->driver->status ||
	    ups->driver->status(ups, &status, until) < 0) {
		printf("%s: it acknowledged, and does not show whether a countdown runs\n",
		       ups->name);
		return 0;
	}
	if (status.off_after_s != UPS_UNKNOWN_S)
		return ups_fail(ups, -EPROTO,
				"it acknowledged, but still goes off in %d s",
				status.off_after_s);
	printf("%s: it acknowledged, and shows no countdown\n", ups->name);
	return 0;
}

static int cancel_run(int argc, char **argv)
{
	const char *names[HANDOVER_UPS_MAX];
	struct each each = {
		.command = &cmd_cancel,
		.root = "",
		.names = names,
		.act = cancel_act,
	};
	const struct cmd_option options[] = {
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
	return each_run(&each);
}

const struct command cmd_cancel = {
	.name = "cancel",
	.summary = "stop the countdown of the UPS",
	.usage = "[--root DIR] [UPS…]",
	.help = "Tells the UPSes that this machine is primary of, or those that are named, to\n"
		"stay on, and looks whether a countdown still runs. NUT's driver has to be\n"
		"stopped first. Not every UPS can be held back once it was commanded.\n"
		"\n"
		"  --root DIR  NUT's files are below DIR\n",
	.examples = "  lastwatt cancel\n"
		    "  lastwatt cancel rack1\n",
	.run = cancel_run,
};
