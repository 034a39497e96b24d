// SPDX-License-Identifier: MIT
/* lastwatt list: the drivers of this build, for people and for scripts. */
#include <stdio.h>

#include "base/fleet.h"
#include "cmd/cmd.h"

#define LIST_DRIVERS_MAX 64

static void list_print_driver(const struct ups_driver *driver)
{
	printf("%s\t", driver->name);
	for (int i = 0; driver->nut_names[i]; i++)
		printf("%s%s", i ? " " : "", driver->nut_names[i]);
	printf("\t%s\n", driver->summary);
}

static int list_run(int argc, char **argv)
{
	const struct ups_driver *driver[LIST_DRIVERS_MAX];
	int ret = cmd_parse_options(argc, argv, NULL, 0, NULL);
	size_t count;

	if (ret)
		return ret;
	count = fleet_drivers(driver, LIST_DRIVERS_MAX);
	for (size_t i = 0; i < count && i < LIST_DRIVERS_MAX; i++)
		list_print_driver(driver[i]);
	return CMD_OK;
}

const struct command cmd_list = {
	.name = "list",
	.summary = "the drivers of this build",
	.usage = "",
	.help = "Prints a line for each driver, with tabs between the columns:\n"
		"its name, the names in `driver = …` of ups.conf that it answers to,\n"
		"and what it serves.\n",
	.run = list_run,
};
