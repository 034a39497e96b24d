// SPDX-License-Identifier: MIT
/* Level 1: what can be rehearsed while the machine does its work. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fleet.h"
#include "cmd/drill_parts.h"
#include "cmd/json.h"
#include "handover_parts.h"
#include "plan.h"

#define DRILL_OPEN_MS 5000

/** What became of opening one UPS. */
struct drill_ups {
	enum {
		DRILL_HELD,
		DRILL_OPENED,
		DRILL_FAILED
	} result;
	enum ups_mains mains;
	char why[UPS_SENTENCE_MAX];
};

/** Does NUT's driver for this section run? Its PID file says so. */
static bool drill_is_held(const char *root, const struct plan_ups *ups)
{
	static const char dirs[][16] = { "/run/nut", "/var/run/nut",
					 "/var/state/ups" };
	struct handover_file file;
	char path[HANDOVER_PATH_MAX];
	long pid;
	int fd;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s-%s.pid", dirs[i],
			       ups->driver, ups->name); /* a cut one is none */
		fd = handover_open_file(root, path);
		if (fd < 0 || handover_read_fd(fd, &file) ||
		    file.len >= sizeof(file.text))
			continue;
		file.text[file.len] = '\0';
		pid = strtol(file.text, NULL, 10);
		if (pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM))
			return true;
	}
	return false;
}

static void drill_open(const struct drill *drill, const struct plan *plan,
		       const struct plan_ups *planned, struct drill_ups *found)
{
	struct ups_status status = { .mains = UPS_MAINS_UNKNOWN };
	deadline_t until = deadline_in_ms(DRILL_OPEN_MS);
	struct ups ups = { .strict = true };
	int ret;

	memset(found, 0, sizeof(*found));
	if (drill_is_held(drill->root, planned))
		return;
	ret = fleet_arm(&ups, &plan->handover.conf, planned->section, until);
	if (ret == -EBUSY)
		return;
	if (ret < 0) {
		found->result = DRILL_FAILED;
		(void)snprintf(found->why, sizeof(found->why), "%s",
			       *ups.problem ? ups.problem : strerror(-ret));
		return;
	}
	found->result = DRILL_OPENED;
	if (ups.driver->status)
		(void)ups.driver->status(&ups, &status, until);
	found->mains = status.mains;
	fleet_release(&ups);
}

static const char *drill_mains(const struct drill_ups *found)
{
	return found->mains == UPS_MAINS_PRESENT  ? ", it has mains"
	       : found->mains == UPS_MAINS_ABSENT ? ", it is on battery"
						  : "";
}

static void drill_print(const struct drill_ups *found, const char *name)
{
	switch (found->result) {
	case DRILL_HELD:
		printf("skipped %s: not opened, NUT's driver has it; level 2 opens it\n",
		       name);
		return;
	case DRILL_OPENED:
		printf("done    %s: opened and let go%s\n", name,
		       drill_mains(found));
		return;
	case DRILL_FAILED:
		printf("error   %s: cannot be opened: %s\n", name, found->why);
	}
}

static void drill_print_json(const struct drill_ups *found, const char *name,
			     bool is_first)
{
	static const char results[][8] = { "held", "opened", "failed" };

	json_begin_named(is_first, name);
	json_print_text("result", results[found->result]);
	json_print_text("sentence", found->why);
	putchar('}');
}

static int drill_open_all(const struct drill *drill, const struct plan *plan,
			  int *held)
{
	struct drill_ups found;
	int failed = 0;

	for (int i = 0; i < plan->ups_count; i++) {
		drill_open(drill, plan, &plan->ups[i], &found);
		*held += found.result == DRILL_HELD;
		failed += found.result == DRILL_FAILED;
		if (drill->is_json)
			drill_print_json(&found, plan->ups[i].name, i == 0);
		else
			drill_print(&found, plan->ups[i].name);
	}
	return failed;
}

static int drill_check(const struct drill *drill)
{
	char check[] = "check", root[] = "--root", json[] = "--json";
	char *argv[] = { check, root, (char *)drill->root,
			 drill->is_json ? json : NULL, NULL };

	return cmd_check.run(drill->is_json ? 4 : 3, argv);
}

static void drill_say_rest(int held, bool is_all)
{
	printf("left    alone: the disks%s; no device was written to\n",
	       held ? ", and the UPSes that NUT's driver has" : "");
	if (is_all)
		printf("next    lastwatt drill --level 2 reboots and does all but the cut\n");
}

int drill_look(const struct drill *drill)
{
	struct plan plan = { 0 };
	int failed, held = 0, ret;

	if (drill->is_json)
		printf("{\n\"check\": ");
	ret = drill_check(drill);
	/* What is wrong there was said by the check. */
	if (handover_collect(&plan.handover, drill->root, NULL) == 0) {
		plan.handover.flag = FLAG_VALID;
		plan_decide(&plan, VERB_POWEROFF);
	}
	(void)fflush(stdout); /* what follows may take its time */
	if (drill->is_json)
		printf(",\n\"opened\": [");
	failed = drill_open_all(drill, &plan, &held);
	if (failed)
		ret = CMD_FAILED;
	if (drill->is_json)
		printf("%s],\n\"ok\": %s\n}\n", plan.ups_count ? "\n  " : "",
		       ret ? "false" : "true");
	else
		drill_say_rest(held, !drill->goes_on);
	return ret;
}
