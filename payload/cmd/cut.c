// SPDX-License-Identifier: MIT
/*
 * lastwatt cut: commands the UPSes of this machine at once, by the same code
 * that PID 1 commands them with, and says what each of them really took on.
 */
#include <stdio.h>
#include <unistd.h>

#include "base/fleet.h"
#include "cmd/each.h"
#include "cmd/json.h"

struct cut {
	enum ups_command wanted;
	bool by_section; /* no command was given here */
	bool only_look;
	bool is_json;
};

static void cut_print(const struct ups *ups, const struct ups_cut *cut)
{
	printf("%s: off ", ups->name);
	if (cut->off_after_s == 0)
		printf("at once");
	else if (cut->off_after_s > 0)
		printf("in %d s", cut->off_after_s);
	else
		printf("after a delay of its own");

	switch (cut->given) {
	case UPS_RETURN:
		printf(", on again with the mains");
		break;
	case UPS_STAYOFF:
		printf(", and it stays off");
		break;
	case UPS_REBOOT:
		printf(", and on again");
		break;
	case UPS_OFF:
		break;
	}
	if (cut->on_after_s > 0)
		printf(", not before %d s", cut->on_after_s);
	printf("; %s (%s)\n",
	       cut->proof == UPS_VERIFIED
		       ? "it shows that"
		       : "it acknowledged that and shows nothing",
	       cut->how);
}

static void cut_print_json(const struct ups *ups, const struct ups_cut *cut)
{
	each_begin_json(ups->name, true);
	json_print_text("wanted", ups_command_name(cut->wanted));
	json_print_command(cut->given, cut->off_after_s, cut->on_after_s);
	json_print_bool("verified", cut->proof == UPS_VERIFIED);
	json_print_text("how", cut->how);
}

/** What it would be told: the section's own list, unless one was given. */
static const char *cut_order_of(const struct ups *ups, const struct cut *wanted)
{
	const char *list =
		wanted->by_section ? ups_value(ups, "sdcommands") : NULL;

	return list && *list ? list : ups_command_name(wanted->wanted);
}

static int cut_look(struct ups *ups, const struct cut *wanted, deadline_t until)
{
	struct ups_status status = { .mains = UPS_MAINS_UNKNOWN };

	/* Who does not tell about the mains can be commanded all the same. */
	if (ups->driver->status)
		(void)ups->driver->status(ups, &status, until);
	if (wanted->is_json) {
		each_begin_json(ups->name, true);
		json_print_text("order", cut_order_of(ups, wanted));
		json_print_mains(status.mains);
		return 0;
	}
	printf("%s: it is there%s and would be told \"%s\"\n", ups->name,
	       status.mains == UPS_MAINS_PRESENT  ? ", has mains"
	       : status.mains == UPS_MAINS_ABSENT ? ", is on battery"
						  : "",
	       cut_order_of(ups, wanted));
	return 0;
}

static int cut_act(struct ups *ups, void *arg, deadline_t until)
{
	const struct cut *wanted = arg;
	struct ups_cut cut = {
		.wanted = wanted->wanted,
		.by_section = wanted->by_section,
	};
	int ret;

	if (wanted->only_look)
		return cut_look(ups, wanted, until);
	ret = fleet_cut(ups, &cut, until);
	if (ret < 0)
		return ret;
	if (wanted->is_json) {
		cut_print_json(ups, &cut);
		return 0;
	}
	if (cut.given != cut.wanted)
		printf("%s: it has no way to do \"%s\"; it took \"%s\"\n",
		       ups->name, ups_command_name(cut.wanted),
		       ups_command_name(cut.given));
	cut_print(ups, &cut);
	return 0;
}

static int cut_cmd_run(int argc, char **argv)
{
	const char *dry_run = NULL;
	const char *command = NULL;
	const char *by_nut = NULL;
	const char *json = NULL;
	const char *names[HANDOVER_UPS_MAX];
	struct each each = {
		.command = &cmd_cut,
		.root = "",
		.names = names,
		.act = cut_act,
	};
	const struct cmd_option options[] = {
		{ .name = "dry-run", .value = &dry_run, .bare = true },
		{ .name = "command", .value = &command },
		{ .name = "by-nut", .value = &by_nut, .bare = true },
		{ .name = "json", .value = &json, .bare = true },
		{ .name = "root", .value = &each.root },
		{ .name = NULL },
	};
	struct cut cut = { .wanted = UPS_RETURN };
	int ret = cmd_parse_words(argc, argv, options, HANDOVER_UPS_MAX, names,
				  &each.name_count);

	if (ret)
		return ret;
	cut.by_section = !command;
	if (command && !cmd_parse_cut(&cmd_cut, command, &cut.wanted))
		return CMD_USAGE;
	cut.only_look = dry_run;
	each.last_resort = by_nut;
	each.is_json = cut.is_json = json;
	if (!cut.only_look && geteuid() != 0)
		return cmd_fail(
			&cmd_cut,
			"only root may switch the UPS off: try it with sudo");
	each.arg = &cut;
	return each_run(&each);
}

const struct command cmd_cut = {
	.name = "cut",
	.summary = "switch the UPS off, now",
	.usage = "[--dry-run] [--by-nut] [--command return|stayoff|off] [--json] [--root DIR] [UPS…]",
	.help = "Commands the UPSes that this machine is primary of, or those that are named,\n"
		"as ups.conf and upsmon.conf have them, by their sdorder, and says of each what\n"
		"it took on. The load goes off, this machine with it: nothing is asked before.\n"
		"NUT's driver has to be stopped first. Exits with 0 only if every UPS was\n"
		"commanded.\n"
		"\n"
		"  --dry-run          open each UPS, and say what it would be told\n"
		"  --by-nut           with NUT's own driver in the image, which is otherwise\n"
		"                     the last try for a UPS that ours cannot command\n"
		"  --command COMMAND  return: off after offdelay, on with the mains;\n"
		"                     stayoff: off after offdelay; off: at once. Without it the\n"
		"                     section's sdcommands count, else return\n"
		"  --json             one JSON object, for programs\n"
		"  --root DIR         NUT's files are below DIR\n",
	.examples = "  lastwatt cut --dry-run\n"
		    "  lastwatt cut --command stayoff rack1\n",
	.run = cut_cmd_run,
};
