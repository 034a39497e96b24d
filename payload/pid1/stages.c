// SPDX-License-Identifier: MIT
/* The stage table and its runner: from systemd's exec to reboot(). */
#include "pid1/stages.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Firmware writes a variable in a tenth of a second, or it is ill. */
#define STAGES_RECORD_MS (IS_ENABLED(CONFIG_RECORD_EFI) ? 2000 : 0)

/* clang-format off */
static const struct stage stages[] = {
	{
		.name = "adopt",
		.run = adopt_run,
		.verbs = STAGE_ALL,
		.does = "reset what systemd left, find our own /proc /sys /dev",
		.otherwise = "go on with what is there",
	}, {
		.name = "watch",
		.run = watch_run,
		.verbs = IS_ENABLED(CONFIG_WATCHDOG) ? STAGE_ALL : 0,
		.does = "arm a watchdog, or feed the one that runs",
		.otherwise = "go on without one",
	}, {
		.name = "handover",
		.run = handover_run,
		.verbs = STAGE_ALL,
		.budget_ms = CONFIG_BUDGET_HANDOVER_S * 1000,
		.does = "read the flag, the roles and ups.conf into memory",
		.otherwise = "no UPS is commanded",
	}, {
		.name = "arm",
		.run = arm_run,
		.verbs = STAGE_CUTS,
		.needs = STAGE_FOR_UPS,
		.does = "start a keeper for each UPS, which opens it and waits",
		.otherwise = "it is looked for again when it is time to cut",
	}, {
		.name = "storage",
		.run = storage_run,
		.verbs = STAGE_ALL,
		.budget_ms = CONFIG_BUDGET_STORAGE_S * 1000,
		.does = "unmount, close LUKS, LVM, MD, loop, sync, flush the disks",
		.otherwise = "emergency remount and sync; then CUT_IF_UNSAFE decides",
	}, {
		.name = "cut",
		.run = cut_run,
		.verbs = STAGE_CUTS,
		.budget_ms = CONFIG_BUDGET_CUT_S * 1000,
		.needs = STAGE_TO_CUT,
		.does = "command each UPS, by sdorder, and see that it obeyed",
		.otherwise = "record the failure and carry the verb out",
	}, {
		.name = "drill",
		.run = IS_ENABLED(CONFIG_DRILL) ? rehearse_run : NULL,
		.verbs = STAGE_VERB(VERB_REBOOT),
		.budget_ms = CONFIG_BUDGET_CUT_S * 1000,
		.needs = STAGE_TO_DRILL,
		.does = "see that each UPS could be commanded, and leave it alone",
		.otherwise = "record the failure and reboot",
	}, {
		.name = "record",
		.run = record_run,
		.verbs = STAGE_CUTS,
		.budget_ms = STAGES_RECORD_MS,
		.needs = STAGE_FOR_UPS,
		.does = "leave the outcome in the kernel's log and the firmware",
		.otherwise = "the console has it",
	}, {
		.name = "wait",
		.run = wait_run,
		.verbs = STAGE_CUTS,
		.does = "stay until it is dark, where the plan says so",
		.otherwise = "reboot",
	}, {
		.name = "off",
		.run = off_run,
		.verbs = STAGE_ALL,
		.does = "the verb's reboot() call, again and again if need be",
		.otherwise = "the kernel's sysrq does it",
	},
};
/* clang-format on */

const struct stage *stages_list(size_t *count)
{
	*count = sizeof(stages) / sizeof(*stages);
	return stages;
}

/* Words of the kernel command line that the kernel does not know reach us. */
static int64_t stages_total_ms(void)
{
	const char *text = getenv("LASTWATT_BUDGET_S");
	long seconds = text ? strtol(text, NULL, 10) : 0;

	if (seconds < 1 || seconds > 86400)
		seconds = CONFIG_BUDGET_TOTAL_S;
	return (int64_t)seconds * 1000;
}

bool stages_want(const char *name, bool configured)
{
	const char *word = getenv(name);

	if (!word)
		return configured;
	return strcmp(word, "yes") == 0 || strcmp(word, "1") == 0;
}

bool stages_is_wanted(const struct stage *stage, const struct plan *plan)
{
	if (!(stage->verbs & STAGE_VERB(plan->verb)))
		return false;
	switch (stage->needs) {
	case STAGE_TO_CUT:
		return plan->cut;
	case STAGE_TO_DRILL:
		return plan->drill != DRILL_NONE;
	case STAGE_FOR_UPS:
		return plan->cut || plan->drill != DRILL_NONE;
	case STAGE_ANY:
		break;
	}
	return true;
}

/* A total smaller than the sum of the budgets shrinks each in proportion. */
static int64_t stages_budget_ms(const struct stage *stage, int64_t total_ms)
{
	int64_t sum_ms = 0;
	size_t i;

	for (i = 0; i < sizeof(stages) / sizeof(*stages); i++) {
		if (stages[i].needs != STAGE_TO_DRILL)
			sum_ms += stages[i].budget_ms;
	}
	if (total_ms >= sum_ms)
		return stage->budget_ms;
	return stage->budget_ms * total_ms / sum_ms;
}

/* For the record, as far as it has room. */
static void stages_time(const struct stage *stage, struct pid1 *pid1)
{
	size_t place = (size_t)(stage - stages);

	if (place < RECORD_STAGES)
		pid1->record.stage_ms[place] =
			(uint32_t)(clock_now_ms() - pid1->log.start_ms);
}

/* Only for tests of what watches over PID 1. */
static void stages_hang_if_told(const struct stage *stage)
{
	const char *name = getenv("LASTWATT_HANG");

	while (name && strcmp(name, stage->name) == 0)
		(void)pause();
}

static void stages_run_one(const struct stage *stage, struct pid1 *pid1)
{
	int64_t total_ms = pid1->until - pid1->log.start_ms;
	deadline_t until = pid1->until;

	if (!stages_is_wanted(stage, &pid1->plan))
		return;
	if (IS_ENABLED(CONFIG_DRIVER_FAKE))
		stages_hang_if_told(stage);
	if (stage->budget_ms)
		until = deadline_earlier(until, deadline_in_ms(stages_budget_ms(
							stage, total_ms)));
	if (stage->run(pid1, until) < 0)
		log_stress(&pid1->log, PAINT_BAD, stage->name, "failed, so: %s",
			   stage->otherwise);
	stages_time(stage, pid1);
}

int watch_run(struct pid1 *pid1, deadline_t until)
{
	(void)until;
	watchdog_start(&pid1->watchdog, "/sys", "/dev", pid1->verb, &pid1->log,
		       pid1->until);
	return 0;
}

void stages_run(int argc, char **argv)
{
	/* On the stack: PID 1 allocates nothing, and this never returns. */
	struct pid1 pid1 = {
		.argc = argc,
		.argv = argv,
		.verb = verb_parse(argc > 1 ? argv[1] : NULL),
	};
	size_t i;

	pid1.plan.verb = pid1.verb;
	pid1.log.start_ms = clock_now_ms();
	pid1.until = pid1.log.start_ms + stages_total_ms();

	for (i = 0; i < sizeof(stages) / sizeof(*stages); i++)
		stages_run_one(&stages[i], &pid1);
	off_run(&pid1, pid1.until);
}
