// SPDX-License-Identifier: MIT
/* What the tests with a real PID 1 have in common. */
#include "pid1/expect_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define EXPECT_KMSG_LINES 6

const char *const expect_poweroff[] = { "/shutdown", "poweroff",
					"--timeout=90000000us", "--log-level=6",
					NULL };

struct world expect_world(const char *const *argv, const char *ups_conf)
{
	struct world world = {
		.argv = argv,
		.ups_conf = ups_conf,
		.primary = "rack1",
		.flag_is_valid = true,
		.poweroff_wait_ms = -1,
	};

	return world;
}

/* Every line of ours in the kernel's log is the last of something else's. */
static void expect_few_lines(const char *kmsg)
{
	int lines = 0;

	while ((kmsg = strstr(kmsg, "lastwatt: "))) {
		kmsg++;
		lines++;
	}
	assert_in_range(lines, 0, EXPECT_KMSG_LINES);
}

void expect_run(struct world *world)
{
	world_run(world);
	if (world->skip) {
		print_message("no world: %s\n", world->skip);
		skip();
	}
	expect_few_lines(world->kmsg);
}

void expect_said(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("«%s» is missing in:\n%s", what, text);
}

void expect_not_said(const char *text, const char *what)
{
	if (strstr(text, what))
		fail_msg("«%s» must not be in:\n%s", what, text);
}

void expect_cut(const struct world *world)
{
	const char *safe = strstr(world->console, "storage   safe");
	const char *cut = strstr(world->console, "about to command");

	expect_said(world->journal, "rack1 return\n");
	assert_non_null(safe);
	assert_non_null(cut);
	assert_true(safe < cut);
}

void expect_untouched(const struct world *world)
{
	assert_string_equal(world->journal, "");
}
