// SPDX-License-Identifier: MIT
/*
 * lastwatt drill: a rehearsal in three levels. What each of them runs is the
 * code of the real thing; what it leaves out is said.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/drill_parts.h"

static int drill_count_really(int argc, char **argv)
{
	int count = 0;

	for (int i = 1; i < argc; i++)
		count += !strcmp(argv[i], "--really");
	return count;
}

static int drill_misuse(const char *why)
{
	cmd_fail(&cmd_drill, "%s; see lastwatt drill --help", why);
	return CMD_USAGE;
}

static int drill_run(int argc, char **argv)
{
	const char *level = "1", *arm = NULL, *by_hand = NULL, *json = NULL;
	const char *really = NULL;
	struct drill drill = { .root = "" };
	const struct cmd_option options[] = {
		{ .name = "arm", .value = &arm, .bare = true },
		{ .name = "by-hand", .value = &by_hand, .bare = true },
		{ .name = "json", .value = &json, .bare = true },
		{ .name = "level", .value = &level },
		{ .name = "really", .value = &really, .bare = true },
		{ .name = "root", .value = &drill.root },
		{ .name = NULL },
	};
	int ret = cmd_parse_options(argc, argv, options, 0, NULL);

	if (ret)
		return ret;
	if (strlen(level) != 1 || *level < '1' || *level > '3')
		return drill_misuse("a level is 1, 2 or 3");
	if ((arm || by_hand) && *level != '2')
		return drill_misuse("--arm and --by-hand are for level 2");
	if (json && *level != '1')
		return drill_misuse("--json is for level 1: ask lastwatt report "
				    "--json after the others");
	drill.arms = arm;
	drill.is_by_hand = by_hand;
	drill.is_json = json;
	drill.really = drill_count_really(argc, argv);
	switch (*level) {
	case '2':
		return drill_reboot(&drill);
	case '3':
		return drill_power_off(&drill);
	default:
		return drill_look(&drill);
	}
}

const struct command cmd_drill = {
	.name = "drill",
	.summary = "rehearse a forced power-off",
	.usage = "[--level 1|2|3] [--arm] [--by-hand] [--really] [--json] [--root DIR]",
	.help = "Level 1, the default: on the running system. Checks what lastwatt check does,\n"
		"opens each UPS that NUT's driver does not hold, and says what was done and\n"
		"what could not be. No device is written to, nothing is changed.\n"
		"\n"
		"Level 2: reboots, and does in the exitrd all that a forced power-off does but\n"
		"the cut: disks are unmounted and flushed, each UPS is opened and left alone.\n"
		"lastwatt report tells on the next boot how it went. If upsmon wants a power-off\n"
		"meanwhile, that counts and the drill does not.\n"
		"\n"
		"Level 3: the real thing. Sets the POWERDOWNFLAG as upsmon does and powers off:\n"
		"the load goes off, and comes on again if the UPS does what it was told.\n"
		"\n"
		"  --level N   1, 2 or 3\n"
		"  --arm       level 2: command each UPS that can do it with ten minutes of delay,\n"
		"              and cancel that at once\n"
		"  --by-hand   level 2: do not reboot; the next reboot within ten minutes is it\n"
		"  --really    although something is wrong. Level 3 wants it twice, or the word\n"
		"              \"dark\" typed\n"
		"  --json      level 1: one JSON object, for programs\n"
		"  --root DIR  all paths are below DIR\n",
	.examples = "  lastwatt drill\n"
		    "  lastwatt drill --level 2 --arm\n",
	.run = drill_run,
};
