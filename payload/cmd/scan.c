// SPDX-License-Identifier: MIT
/* lastwatt scan: the UPSes that are there, and a section of ups.conf for each. */
#include <stdio.h>
#include <string.h>

#include "base/fleet.h"
#include "cmd/cmd.h"

#define SCAN_DRIVERS_MAX 64
#define SCAN_WITHIN_MS   30000

struct scan {
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

static void scan_found(void *arg, const struct ups_found *found)
{
	struct scan *scan = arg;

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
	int ret = cmd_parse_options(argc, argv, NULL, 0, NULL);
	size_t count;

	if (ret)
		return ret;
	count = fleet_drivers(driver, SCAN_DRIVERS_MAX);
	for (size_t i = 0; i < count; i++) {
		scan.driver = driver[i];
		if (driver[i]->scan &&
		    driver[i]->scan(scan_found, &scan,
				    deadline_in_ms(SCAN_WITHIN_MS)) < 0)
			ret = cmd_fail(&cmd_scan, "%s could not look: %s",
				       driver[i]->name, driver[i]->summary);
	}
	if (!scan.found)
		printf("# No UPS was found.\n");
	return ret;
}

const struct command cmd_scan = {
	.name = "scan",
	.summary = "the UPSes on USB, and what each could be told",
	.usage = "",
	.help = "Looks for UPSes on USB and prints for each what it could be told, in which\n"
		"steps its delays go, whether it has mains, and a section for ups.conf; all\n"
		"but the sections are comments. It can be run beside NUT's drivers: what they\n"
		"hold is not touched. Needs root to ask a UPS that nobody holds.\n",
	.examples = "  lastwatt scan\n"
		    "  lastwatt scan >> /etc/nut/ups.conf\n",
	.run = scan_run,
};
