// SPDX-License-Identifier: MIT
/*
 * lastwatt fire: the UPS half of PID 1 as a child in somebody else's exitrd.
 * They have taken storage apart; the stages that decide, arm, cut and record
 * are PID 1's own, and the verb is theirs to carry out.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "pid1/freeze.h"
#include "pid1/mounts.h"
#include "pid1/stages.h"

/* What it exits with, beside the codes that all commands share. */
#define FIRE_REBOOT_INSTEAD 3
#define FIRE_NOT_SAFE       4

#define FIRE_START_MS  1000
#define FIRE_PAINT_MS  2000
#define FIRE_FREEZE_MS 5000
/* Long after the load has gone off, or will not go any more. */
#define FIRE_HOLD_MS   (30 * 60 * 1000)

struct fire {
	enum verb verb;
	bool forced;
	bool reboots; /* itself, if that is what is to be done instead */
};

/** What the mount table says; nobody else is asked. */
static enum storage_verdict fire_judge_storage(void)
{
	enum storage_verdict verdict = STORAGE_SAFE;
	struct mounts mounts;

	if (mounts_read(&mounts, "/proc/self/mountinfo") < 0)
		return STORAGE_UNSAFE;
	if (mounts_count_writable(&mounts) > 0)
		verdict = STORAGE_UNSAFE;
	else if (mounts_count_data(&mounts) > 0)
		verdict = STORAGE_READ_ONLY;
	mounts_free(&mounts);
	return verdict;
}

/** Everything read-only, by the kernel's own key: PID 1's last rung, too. */
static enum storage_verdict fire_freeze(struct log *log)
{
	log_say(log, "storage",
		"file systems are mounted and writable; emergency remount");
	(void)freeze_everything("/proc/sysrq-trigger", "/dev/kmsg",
				deadline_in_ms(FIRE_FREEZE_MS)); /* looked at */
	return fire_judge_storage();
}

static bool fire_was_commanded(const struct keeper *keeper)
{
	return keeper->state == KEEPER_DONE || keeper_may_have_cut(keeper);
}

/** Arm, cut, record: the exit code. */
static int fire_command(struct pid1 *pid1)
{
	deadline_t until = deadline_in_ms(
		1000LL * (CONFIG_BUDGET_ARM_S + CONFIG_BUDGET_CUT_S));
	int ret;

	(void)arm_run(pid1, until); /* the keepers say what is wrong */
	ret = cut_run(pid1, until);
	(void)record_run(pid1, until); /* the console has it */
	return ret < 0 ? CMD_FAILED : CMD_OK;
}

static int fire_work(struct pid1 *pid1, bool forced)
{
	deadline_t until = deadline_in_ms(1000LL * CONFIG_BUDGET_HANDOVER_S);
	int ret = CMD_OK;

	if (handover_run(pid1, until) < 0)
		return CMD_FAILED;
	if (pid1->plan.cut) {
		pid1->storage = fire_judge_storage();
		if (!teardown_is_safe(pid1->storage) && !forced)
			return FIRE_NOT_SAFE;
		if (!teardown_is_safe(pid1->storage))
			pid1->storage = fire_freeze(&pid1->log);
		ret = fire_command(pid1);
	}
	(void)wait_run(pid1, until); /* if need be; it has a time of its own */
	return pid1->verb == pid1->plan.verb ? ret : FIRE_REBOOT_INSTEAD;
}

/** Nobody waits for the end of our output once the result is told. */
static void fire_let_go_of_output(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; fd >= 0 && i <= STDERR_FILENO; i++)
		(void)dup2(fd, i);
}

/**
 * The child. It outlives the command if a UPS was commanded, for its keepers
 * hold the devices, and closing one may drop its countdown.
 */
static int fire_body(int fd, void *arg)
{
	const struct fire *fire = arg;
	struct pid1 pid1 = { .verb = fire->verb };
	bool hold = false;
	int result;

	(void)setsid(); /* what ends the hook must not end the countdown */
	log_start(&pid1.log, clock_now_ms());
	result = fire_work(&pid1, fire->forced);
	if (result == FIRE_REBOOT_INSTEAD && fire->reboots)
		off_run(&pid1, 0); /* does not return */
	log_finish(&pid1.log, deadline_in_ms(FIRE_PAINT_MS));

	for (int i = 0; i < pid1.keepers; i++)
		hold |= fire_was_commanded(&pid1.keeper[i]);
	fire_let_go_of_output();
	(void)child_tell(fd, &result, sizeof(result)); /* or nobody listens */
	if (hold)
		(void)clock_sleep_ms(FIRE_HOLD_MS, deadline_in_ms(FIRE_HOLD_MS));
	return 0;
}

static int fire_start(struct fire *fire)
{
	struct child child;
	int ret;

	child_reset_signals(); /* the other exitrd's may be anything */
	if (child_start(&child, fire_body, fire,
			deadline_in_ms(FIRE_START_MS)) < 0)
		return cmd_fail(&cmd_fire, "no process could be started");
	/* It ends by itself: every stage of it has its deadline. */
	if (child_listen(child.fd, &ret, sizeof(ret)) != sizeof(ret))
		return cmd_fail(&cmd_fire, "its process died");
	if (ret == FIRE_NOT_SAFE)
		(void)cmd_fail(
			&cmd_fire,
			"file systems are mounted and writable, so no UPS is commanded");
	return ret;
}

static int fire_run(int argc, char **argv)
{
	const char *force = NULL;
	const char *reboot = NULL;
	const char *word;
	const struct cmd_option options[] = {
		{ .name = "force", .value = &force, .bare = true },
		{ .name = "reboot", .value = &reboot, .bare = true },
		{ .name = NULL },
	};
	struct fire fire;
	int ret = cmd_parse_options(argc, argv, options, 1, &word);

	if (ret)
		return ret;
	if (geteuid() != 0)
		return cmd_fail(&cmd_fire, "only root may switch the UPS off");
	fire.verb = verb_parse(word);
	fire.forced = force;
	fire.reboots = reboot;
	return fire_start(&fire);
}

int fire_as_hook(int argc, char **argv)
{
	struct fire fire = {
		.verb = verb_parse(argc > 1 ? argv[1] : NULL),
		.forced = true, /* nobody asks a second time */
		.reboots = true,
	};

	/* finalrd's "setup", before the pivot, is not for us. */
	return fire.verb == VERB_UNKNOWN ? CMD_OK : fire_start(&fire);
}

const struct command cmd_fire = {
	.name = "fire",
	.summary = "command the UPS at the end of another exitrd",
	.usage = "[--force] [--reboot] VERB",
	.help = "For the shutdown hook of dracut, mkinitcpio, finalrd and the like: when they\n"
		"have unmounted the old root, commands the UPSes that the handover names if it\n"
		"says that upsmon asked for it and VERB allows it. Storage is left as it is, and\n"
		"VERB (poweroff, reboot, halt, kexec, exit) is the caller's to carry out.\n"
		"It says what it does on the console and in the kernel's log. A process stays\n"
		"behind that holds the UPS, for some stop their countdown when they are closed.\n"
		"\n"
		"  --force   even if a file system is mounted and writable: it is made read-only\n"
		"            by the kernel's emergency remount before\n"
		"  --reboot  reboot the machine where it would exit with 3\n"
		"\n"
		"Exits with 0 if nothing was to be commanded or all was, 1 if a UPS was not, 2 if\n"
		"called wrongly, 3 if the machine is to reboot instead of what VERB says (the\n"
		"mains are back, or POWEROFF_WAIT is over), 4 if something is mounted and\n"
		"writable; then nothing was done.\n",
	.examples = "  lastwatt fire poweroff\n"
		    "  lastwatt fire --reboot poweroff\n",
	.run = fire_run,
};
