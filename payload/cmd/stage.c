// SPDX-License-Identifier: MIT
/*
 * lastwatt stage: puts the exitrd where systemd looks for it, makes sure that
 * it will be taken, and leaves a first handover for it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/json.h"
#include "cmd/stage_parts.h"
#include "handover.h"
#include "last.h"

/** What was done, for people as it is done or for programs in the end. */
struct stage {
	const char *root;
	const char *target; /* where the exitrd goes */
	const char *dir;    /* where the handover goes */
	bool is_json;
	bool is_staged;
	bool is_handed_over;
	int primaries;
};

static int stage_join(char path[STAGE_PATH_MAX], const char *root,
		      const char *rest)
{
	int len = snprintf(path, STAGE_PATH_MAX, "%s%s", root, rest);

	/* Room for the names that are put behind it. */
	if (len < 0 || len >= STAGE_PATH_MAX - 32)
		return cmd_fail(&cmd_stage, "the path %s is too long", rest);
	return CMD_OK;
}

/** Copy the tree of @from to @target, with checks before and after. */
static int stage_exitrd(const char *from, const char *target, bool again)
{
	char program[STAGE_PATH_MAX], why[STAGE_WHY_MAX];
	int ret = stage_join(program, from, "/shutdown");

	if (ret)
		return ret;
	if (stage_check_program(program, why))
		return cmd_fail(&cmd_stage, "%s", why);
	ret = stage_mount(target, again);
	if (ret == STAGE_IS_OTHERS)
		return CMD_OK;
	if (!ret)
		ret = stage_copy_tree(from, target);
	if (!ret)
		ret = stage_join(program, target, "/shutdown");
	if (ret)
		return ret;
	if (!stage_try_program(program, why))
		return CMD_OK;
	/* Better none than one that may panic the kernel. */
	(void)unlink(program);
	return cmd_fail(&cmd_stage, "%s", why);
}

static void __attribute__((format(printf, 2, 3)))
stage_say(const struct stage *stage, const char *format, ...)
{
	va_list arguments;

	if (stage->is_json)
		return;
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
}

/**
 * Nobody has been asked to shut down yet, so the flag is left open: PID 1
 * looks at it itself. Without NUT there is nothing to hand over yet.
 */
static int stage_handover(struct stage *stage)
{
	const char *dir = stage->dir;
	struct handover handover;
	int ret = handover_collect(&handover, stage->root, &cmd_on_stderr);

	if (ret == -ENOENT) {
		stage_say(
			stage,
			"NUT is not configured yet, so no UPS would be commanded.\n");
		return CMD_OK;
	}
	handover.flag = FLAG_UNKNOWN;
	/* At boot the network may be on its way: that is not worth a word. */
	if (IS_ENABLED(CONFIG_LINK_NET) && ret == 0)
		handover_find_routes(&handover, dir, NULL,
				     deadline_in_ms(HANDOVER_NETWORK_MS));
	ret = ret ? ret : handover_write(&handover, dir);
	if (ret)
		return cmd_fail(&cmd_stage,
				"the handover cannot be written to %s: %s", dir,
				strerror(-ret));
	stage->is_handed_over = true;
	stage->primaries = handover.primaries;
	stage_say(stage,
		  "The handover is in %s: this machine is primary of %d UPS%s.\n",
		  dir, handover.primaries, handover.primaries == 1 ? "" : "es");
	return CMD_OK;
}

/* For lastwatt report. Nothing else depends on it. */
static void stage_begin_boot(const char *root)
{
	char boot_id[HANDOVER_BOOT_ID_MAX];
	char dir[STAGE_PATH_MAX];
	int ret;

	handover_read_boot_id(boot_id);
	if (stage_join(dir, root, LAST_DIR))
		return;
	ret = last_begin(dir, boot_id);
	if (ret < 0 && ret != -ENOENT) /* no /var/lib: a system of its own */
		fprintf(stderr,
			"lastwatt stage: %s cannot be written (%s): lastwatt report will know less\n",
			dir, strerror(-ret));
}

/** Has this boot been prepared, and has the handover been kept? */
static bool stage_was_done(const char *dir)
{
	char boot_id[HANDOVER_BOOT_ID_MAX], why[UPS_SENTENCE_MAX];
	struct handover handover;

	handover_read_boot_id(boot_id);
	return !handover_read(&handover, dir, boot_id, why);
}

static int stage_do(struct stage *stage, const char *source, bool again)
{
	int ret;

	if (again && !stage_was_done(stage->dir)) {
		stage_say(
			stage,
			"Nothing was handed over in this boot, so nothing is staged again.\n");
		return CMD_OK;
	}
	if (!again) /* when it stops, a drill is still to come */
		handover_clear_drill(stage->dir);
	ret = stage_exitrd(source, stage->target, again);
	if (ret) {
		fprintf(stderr,
			"lastwatt stage: the machine will power off without lastwatt, and the UPS will not be commanded by it\n");
		return ret;
	}
	stage->is_staged = true;
	stage_say(stage, "The exitrd is in %s.\n", stage->target);
	if (again)
		return CMD_OK;
	stage_warn_of_hook(stage->root);
	if (IS_ENABLED(CONFIG_COMMAND_REPORT))
		stage_begin_boot(stage->root);
	return stage_handover(stage);
}

static void stage_print_json(const struct stage *stage, int ret)
{
	printf("{\"ok\": %s", ret ? "false" : "true");
	json_print_text("exitrd", stage->is_staged ? stage->target : NULL);
	json_print_text("handover", stage->is_handed_over ? stage->dir : NULL);
	printf(", \"primaries\": %d}\n", stage->primaries);
}

static int stage_run(int argc, char **argv)
{
	const char *from = STAGE_SOURCE;
	const char *again = NULL;
	const char *json = NULL;
	char source[STAGE_PATH_MAX], target[STAGE_PATH_MAX];
	char dir[STAGE_PATH_MAX];
	struct stage stage = { .root = "", .target = target, .dir = dir };
	const struct cmd_option options[] = {
		{ .name = "again", .value = &again, .bare = true },
		{ .name = "from", .value = &from },
		{ .name = "json", .value = &json, .bare = true },
		{ .name = "root", .value = &stage.root },
		{ .name = NULL },
	};
	int ret = cmd_parse_options(argc, argv, options, 0, NULL);

	if (ret)
		return ret;
	stage.is_json = json;
	ret = stage_join(source, stage.root, from);
	if (!ret)
		ret = stage_join(target, stage.root, STAGE_TARGET);
	if (!ret)
		ret = stage_join(dir, stage.root, HANDOVER_DIR);
	if (!ret)
		ret = stage_do(&stage, source, again);
	if (stage.is_json)
		stage_print_json(&stage, ret);
	return ret;
}

const struct command cmd_stage = {
	.name = "stage",
	.summary = "put the exitrd into " STAGE_TARGET,
	.usage = "[--again] [--from DIR] [--json] [--root DIR]",
	.help = "Mounts a tmpfs on " STAGE_TARGET
		", copies the exitrd into it, tries whether\n"
		"it runs, and writes a first handover to " HANDOVER_DIR
		". Can be repeated.\n"
		"lastwatt.service does this at boot.\n"
		"\n"
		"  --again     only if it was done in this boot and no exitrd is there any more;\n"
		"              the handover stays as it is\n"
		"  --from DIR  the exitrd's tree (default: " STAGE_SOURCE ")\n"
		"  --json      one JSON object, for programs\n"
		"  --root DIR  all paths are below DIR, that of --from too\n",
	.examples = "  lastwatt stage\n"
		    "  systemctl restart lastwatt.service\n",
	.run = stage_run,
};
