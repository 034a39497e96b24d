// SPDX-License-Identifier: MIT
/* lastwatt list: the drivers of this build, for people and for scripts. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fleet.h"
#include "cmd/cmd.h"
#include "cmd/coverage.h"
#include "cmd/json.h"
#include "cmd/stage_parts.h"

#define LIST_DRIVERS_MAX 64

/* NUT's own list has a quarter of a megabyte. */
#define LIST_FILE_MAX (8 * 1024 * 1024)

static int list_is_name(const struct dirent *entry)
{
	return *entry->d_name != '.';
}

/* The programs of NUT's that are staged. */
static void list_print_foreign(const struct ups_driver *driver)
{
	struct dirent **entry;
	int count =
		scandir(STAGE_TARGET "/nut", &entry, list_is_name, alphasort);
	const char *blank = "";

	for (int i = 0; i < count; i++) {
		if (driver->answers(entry[i]->d_name)) {
			printf("%s%s", blank, entry[i]->d_name);
			blank = " ";
		}
		free(entry[i]);
	}
	if (count >= 0)
		free((void *)entry);
}

static void list_print_driver(const struct ups_driver *driver)
{
	printf("%s\t", driver->name);
	for (int i = 0; driver->nut_names[i]; i++)
		printf("%s%s", i ? " " : "", driver->nut_names[i]);
	if (driver->answers)
		list_print_foreign(driver);
	printf("\t%s\n", driver->summary);
}

static void list_print_json(const struct ups_driver *driver, bool is_first)
{
	printf("%s\n  {\"name\": ", is_first ? "" : ",");
	json_print_string(driver->name);
	printf(", \"nut_names\": [");
	for (int i = 0; driver->nut_names[i]; i++) {
		printf("%s", i ? ", " : "");
		json_print_string(driver->nut_names[i]);
	}
	printf("], \"summary\": ");
	json_print_string(driver->summary);
	putchar('}');
}

/** Count the open @file. Returns 0 or a negative errno. */
static int list_count(int fd, struct coverage *coverage)
{
	struct stat stat;
	void *text;

	if (fstat(fd, &stat))
		return -errno;
	if (!S_ISREG(stat.st_mode))
		return -EINVAL;
	if (stat.st_size > LIST_FILE_MAX)
		return -EFBIG;
	coverage_count(coverage, "", 0);
	if (stat.st_size == 0)
		return 0;
	text = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED)
		return -errno;
	coverage_count(coverage, text, (size_t)stat.st_size);
	(void)munmap(text, (size_t)stat.st_size); /* it was ours */
	return 0;
}

static int list_coverage(const char *file, bool is_json)
{
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct coverage coverage = { 0 };
	int ret = fd < 0 ? -errno : list_count(fd, &coverage);

	if (fd >= 0)
		(void)close(fd); /* only read */
	if (ret < 0)
		return cmd_fail(&cmd_list, "%s: %s", file, strerror(-ret));
	if (coverage.malformed)
		fprintf(stderr,
			"lastwatt list: %s: %d lines are no rows of six fields in quotes\n",
			file, coverage.malformed);
	if (coverage.rows == 0)
		return cmd_fail(&cmd_list, "%s: there is no row in it", file);
	printf(is_json ? "{\"rows\": %d, \"native\": %d, \"nut\": %d, \"both\": %d}\n"
		       : "rows\t%d\nnative\t%d\nnut\t%d\nboth\t%d\n",
	       coverage.rows, coverage.native, coverage.nut, coverage.both);
	return CMD_OK;
}

static int list_run(int argc, char **argv)
{
	const struct ups_driver *driver[LIST_DRIVERS_MAX];
	const char *file = NULL, *json = NULL;
	const struct cmd_option options[] = {
		{ .name = "json", .value = &json, .bare = true },
		{ .name = IS_ENABLED(CONFIG_COMMAND_COVERAGE) ? "coverage" : NULL,
		  .value = &file },
		{ .name = NULL },
	};
	int ret = cmd_parse_options(argc, argv, options, 0, NULL);
	size_t count;

	if (ret)
		return ret;
	if (IS_ENABLED(CONFIG_COMMAND_COVERAGE) && file)
		return list_coverage(file, json);
	count = fleet_drivers(driver, LIST_DRIVERS_MAX);
	if (json)
		printf("{\"drivers\": [");
	for (size_t i = 0; i < count && i < LIST_DRIVERS_MAX; i++) {
		if (json)
			list_print_json(driver[i], i == 0);
		else
			list_print_driver(driver[i]);
	}
	if (json)
		printf("\n]}\n");
	return CMD_OK;
}

const struct command cmd_list = {
	.name = "list",
	.summary = "the drivers of this build",
	.usage = "[--coverage FILE] [--json]",
	.help = "Prints a line for each driver, with tabs between the columns:\n"
		"its name, the names in `driver = …` of ups.conf that it answers to,\n"
		"and what it serves.\n"
		"\n"
		"  --coverage FILE  read FILE, NUT's driver.list, and print how many rows it\n"
		"                   has, how many of them a driver of this build serves\n"
		"                   (native), how many NUT itself can switch off (nut), and\n"
		"                   how many are both\n"
		"  --json           one JSON object, for programs\n",
	.examples = "  lastwatt list\n"
		    "  lastwatt list --coverage /usr/share/nut/driver.list\n",
	.run = list_run,
};
