// SPDX-License-Identifier: MIT
/* lastwatt scan: the UPSes that are there, and a section of ups.conf for each. */
#include <stdio.h>
#include <string.h>

#include "base/fleet.h"
#include "cmd/cmd.h"
#include "cmd/json.h"

#define SCAN_DRIVERS_MAX 64
#define SCAN_WITHIN_MS   30000

struct scan {
	bool is_json;
	const struct ups_driver *driver;
	int found;
};

static void scan_print_commands(unsigned int commands)
{
	const char *comma = "";

	printf("#   commands  ");
	for (int i = UPS_RETURN; i <= UPS_REBOOT; i++) {
		if (!(commands & UPS_CAN(i)))
			continue;
		printf("%s%s", comma, ups_command_name((enum ups_command)i));
		comma = ", ";
	}
	printf("\n");
}

static void scan_print_facts(const struct ups_found *found)
{
	if (found->family)
		printf("#   family    %s\n", found->family);
	if (found->commands)
		scan_print_commands(found->commands);
	if (found->step_s > 0)
		printf("#   delays    in steps of %d s\n", found->step_s);
	else if (found->commands)
		printf("#   delays    its own\n");
	if (found->mains != UPS_MAINS_UNKNOWN)
		printf("#   mains     %s\n",
		       found->mains == UPS_MAINS_PRESENT ? "present" : "absent");
	if (*found->problem)
		printf("# %s\n", found->problem);
}

static void scan_print_section(const struct scan *scan,
			       const struct ups_found *found)
{
	const char *line = found->keys;

	if (scan->found > 1)
		printf("[ups%d]\n", scan->found);
	else
		printf("[ups]\n");
	printf("\tdriver = %s\n\tport = auto\n", scan->driver->nut_names[0]);
	while (*line) {
		int len = (int)strcspn(line, "\n");

		printf("\t%.*s\n", len, line);
		line += len + (line[len] == '\n');
	}
}

/** The keys as one string: lines for the section of ups.conf. */
static void scan_print_json(struct scan *scan, const struct ups_found *found)
{
	const char *comma = "";

	printf("%s\n  {\"driver\": \"%s\", \"who\": ", scan->found++ ? "," : "",
	       scan->driver->nut_names[0]);
	json_print_string(found->who);
	printf(", \"commands\": [");
	for (int i = UPS_RETURN; i <= UPS_REBOOT; i++) {
		if (!(found->commands & UPS_CAN(i)))
			continue;
		printf("%s\"%s\"", comma, ups_command_name((enum ups_command)i));
		comma = ", ";
	}
	putchar(']');
	json_print_mains(found->mains);
	json_print_text("problem", found->problem);
	json_print_text("keys", found->keys);
	putchar('}');
}

static void scan_found(void *arg, const struct ups_found *found)
{
	struct scan *scan = arg;

	if (scan->is_json) {
		scan_print_json(scan, found);
		return;
	}
	if (scan->found++)
		printf("\n");
	printf("# %s\n", found->who);
	scan_print_facts(found);
	scan_print_section(scan, found);
}

static int scan_run(int argc, char **argv)
{
	const struct ups_driver *driver[SCAN_DRIVERS_MAX];
	struct scan scan = { .found = 0 };
	const char *json = NULL;
	const struct cmd_option options[] = {
		{ .name = "json", .value = &json, .bare = true },
		{ .name = NULL },
	};
	int ret = cmd_parse_options(argc, argv, options, 0, NULL);
	size_t count;

	if (ret)
		return ret;
	scan.is_json = json;
	if (json)
		printf("{\"upses\": [");
	count = fleet_drivers(driver, SCAN_DRIVERS_MAX);
	for (size_t i = 0; i < count; i++) {
		scan.driver = driver[i];
		if (driver[i]->scan &&
		    driver[i]->scan(scan_found, &scan,
				    deadline_in_ms(SCAN_WITHIN_MS)) < 0)
			ret = cmd_fail(&cmd_scan, "%s could not look: %s",
				       driver[i]->name, driver[i]->summary);
	}
	if (json)
		printf("%s]}\n", scan.found ? "\n" : "");
	else if (!scan.found)
		printf("# No UPS was found.\n");
	return ret;
}

const struct command cmd_scan = {
	.name = "scan",
	.summary = "the UPSes on USB, and what each could be told",
	.usage = "[--json]",
	.help = "Looks for UPSes on USB and prints for each what it could be told, in which\n"
		"steps its delays go, whether it has mains, and a section for ups.conf; all\n"
		"but the sections are comments. It can be run beside NUT's drivers: what they\n"
		"hold is not touched. Needs root to ask a UPS that nobody holds.\n"
		"\n"
		"  --json  one JSON object, for programs\n",
	.examples = "  lastwatt scan\n"
		    "  lastwatt scan >> /etc/nut/ups.conf\n",
	.run = scan_run,
};
