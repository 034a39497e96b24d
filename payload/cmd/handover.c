// SPDX-License-Identifier: MIT
/*
 * lastwatt handover: writes down what NUT says at this moment. systemd runs it
 * when the machine stops, while all file systems are still there.
 */
#include "handover.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd/cmd.h"
#include "cmd/json.h"
#include "last.h"
#include "plan.h"

static void handover_print_primaries(const struct handover *handover)
{
	if (!handover->primaries) {
		printf("This machine is primary of no UPS.\n");
		return;
	}
	printf("This machine is primary of");
	for (int i = 0; i < handover->primaries; i++)
		printf("%s %s", i ? "," : "", handover->primary[i]);
	printf(".\n");
}

static void handover_print(const struct handover *handover)
{
	if (handover->drill)
		printf("A reboot now is a drill.\n");
	if (handover->flag == FLAG_UNSET)
		printf("No POWERDOWNFLAG is configured.\n");
	else
		printf("The flag %s is %s.\n", handover->flag_path,
		       handover_flag_name(handover->flag));
	handover_print_primaries(handover);
	if (handover->poweroff_wait_ms >= 0)
		printf("POWEROFF_WAIT is %lld s.\n",
		       (long long)handover->poweroff_wait_ms / 1000);
}

/** What was found, and in @dir what was written: NULL if that failed. */
static void handover_print_json(const struct handover *handover, const char *dir)
{
	printf("{\"ok\": %s", dir ? "true" : "false");
	json_print_text("flag",
			*handover->flag_path ? handover->flag_path : NULL);
	json_print_text("state", handover_flag_name(handover->flag));
	printf(", \"primary\": [");
	for (int i = 0; i < handover->primaries; i++) {
		printf(i ? ", " : "");
		json_print_string(handover->primary[i]);
	}
	putchar(']');
	json_print_delay("poweroff_wait_s",
			 handover->poweroff_wait_ms < 0
				 ? -1
				 : (int)(handover->poweroff_wait_ms / 1000));
	json_print_bool("drill", handover->drill != DRILL_NONE);
	json_print_text("dir", dir);
	printf("}\n");
}

/* For lastwatt report, on the next boot. Nothing else depends on it. */
static void handover_end_boot(const struct handover *handover, const char *root)
{
	struct last last = { .at_s = time(NULL), .is_stopped = true };
	struct plan plan = { .handover = *handover };
	char dir[4096];
	int ret;

	/* A drill is for a reboot only; else both verbs come to the same. */
	plan_decide(&plan, handover->drill ? VERB_REBOOT : VERB_POWEROFF);
	last.is_drill = plan.drill != DRILL_NONE;
	handover_read_boot_id(last.boot_id);
	last.is_forced = plan.cut;
	(void)snprintf(last.reason, sizeof(last.reason), "%s", plan.reason);
	(void)snprintf(dir, sizeof(dir), "%s%s", root,
		       LAST_DIR); /* if it is cut, writing fails */
	ret = last_end(dir, &last);
	if (ret < 0)
		fprintf(stderr,
			"lastwatt handover: %s cannot be written (%s): lastwatt report will know less\n",
			dir, strerror(-ret));
}

/* Asked for once, for this end; and not if upsmon means it. */
static void handover_take_drill(struct handover *handover, const char *dir)
{
	if (handover->flag != FLAG_VALID)
		handover->drill = handover_read_drill(dir);
	handover_clear_drill(dir);
}

static int handover_cmd_run(int argc, char **argv)
{
	const char *dir = NULL;
	const char *root = "";
	const char *open_flag = NULL;
	const char *stopping = NULL;
	const char *json = NULL;
	const struct cmd_option options[] = {
		{ .name = "dir", .value = &dir },
		{ .name = "json", .value = &json, .bare = true },
		{ .name = "open-flag", .value = &open_flag, .bare = true },
		{ .name = "root", .value = &root },
		{ .name = "stopping", .value = &stopping, .bare = true },
		{ .name = NULL },
	};
	char below_root[4096];
	struct handover handover;
	int ret = cmd_parse_options(argc, argv, options, 0, NULL);

	if (ret)
		return ret;
	(void)snprintf(below_root, sizeof(below_root), "%s%s", root,
		       HANDOVER_DIR); /* if it is cut, writing fails */
	if (!dir)
		dir = below_root;
	ret = handover_collect(&handover, root, &cmd_on_stderr);
	if (ret && ret != -ENOENT)
		return cmd_fail(&cmd_handover,
				"NUT's configuration cannot be read: %s",
				strerror(-ret));
	if (stopping)
		handover_take_drill(&handover, dir);
	if (!json && ret)
		printf("There is no configuration of NUT.\n");
	else if (!json)
		handover_print(&handover);
	if (open_flag)
		handover.flag = FLAG_UNKNOWN;
	if (IS_ENABLED(CONFIG_LINK_NET) && ret == 0)
		handover_find_routes(&handover, dir, &cmd_on_stderr,
				     deadline_in_ms(HANDOVER_NETWORK_MS));
	ret = handover_write(&handover, dir);
	if (json)
		handover_print_json(&handover, ret ? NULL : dir);
	if (ret)
		return cmd_fail(&cmd_handover, "%s cannot be written: %s", dir,
				strerror(-ret));
	if (!json)
		printf("The handover is in %s.\n", dir);
	if (IS_ENABLED(CONFIG_COMMAND_REPORT) && stopping)
		handover_end_boot(&handover, root);
	return CMD_OK;
}

const struct command cmd_handover = {
	.name = "handover",
	.summary = "write down what NUT says now, for the end",
	.usage = "[--dir DIR] [--json] [--open-flag] [--root DIR] [--stopping]",
	.help = "Reads upsmon.conf, nut.conf, ups.conf and the POWERDOWNFLAG, says what it\n"
		"found, and writes it to " HANDOVER_DIR
		" for the time when the file systems\n"
		"are gone. No password of upsmon.conf is written.\n"
		"lastwatt.service does this when the machine stops.\n"
		"\n"
		"  --dir DIR   write to DIR instead\n"
		"  --json      one JSON object, for programs\n"
		"  --open-flag leave open whether upsmon asks for a power-off: who reads it is to\n"
		"              look at the flag himself, for the machine does not stop yet\n"
		"  --root DIR  all paths are below DIR, but not that of --dir\n"
		"  --stopping  the machine stops: leave word of it for lastwatt report\n",
	.examples = "  lastwatt handover --dir /tmp/handover\n",
	.run = handover_cmd_run,
};
