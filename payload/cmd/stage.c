// SPDX-License-Identifier: MIT
/*
 * lastwatt stage: puts the exitrd where systemd looks for it, makes sure that
 * it will be taken, and leaves a first handover for it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "last.h"
#include "cmd/stage_parts.h"
#include "handover.h"

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

/**
 * Nobody has been asked to shut down yet, so the flag is left open: PID 1
 * looks at it itself. Without NUT there is nothing to hand over yet.
 */
static int stage_handover(const char *root, const char *dir)
{
	struct handover handover;
	int ret = handover_collect(&handover, root, &cmd_on_stderr);

	if (ret == -ENOENT) {
		printf("NUT is not configured yet, so no UPS would be commanded.\n");
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
	printf("The handover is in %s: this machine is primary of %d UPS%s.\n",
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

static int stage_run(int argc, char **argv)
{
	const char *from = STAGE_SOURCE;
	const char *root = "";
	const char *again = NULL;
	const struct cmd_option options[] = {
		{ .name = "again", .value = &again, .bare = true },
		{ .name = "from", .value = &from },
		{ .name = "root", .value = &root },
		{ .name = NULL },
	};
	char source[STAGE_PATH_MAX];
	char target[STAGE_PATH_MAX];
	char dir[STAGE_PATH_MAX];
	int ret = cmd_parse_options(argc, argv, options, 0, NULL);

	if (ret)
		return ret;
	if (stage_join(source, root, from) ||
	    stage_join(target, root, STAGE_TARGET) ||
	    stage_join(dir, root, HANDOVER_DIR))
		return CMD_FAILED;
	if (again && !stage_was_done(dir)) {
		printf("Nothing was handed over in this boot, so nothing is staged again.\n");
		return CMD_OK;
	}
	handover_clear_drill(dir); /* whatever comes now */
	ret = stage_exitrd(source, target, again);
	if (ret) {
		fprintf(stderr,
			"lastwatt stage: the machine will power off without lastwatt, and the UPS will not be commanded by it\n");
		return ret;
	}
	printf("The exitrd is in %s.\n", target);
	if (again)
		return CMD_OK;
	stage_warn_of_hook(root);
	if (IS_ENABLED(CONFIG_COMMAND_REPORT))
		stage_begin_boot(root);
	return stage_handover(root, dir);
}

const struct command cmd_stage = {
	.name = "stage",
	.summary = "put the exitrd into " STAGE_TARGET,
	.usage = "[--again] [--from DIR] [--root DIR]",
	.help = "Mounts a tmpfs on " STAGE_TARGET
		", copies the exitrd into it, tries whether\n"
		"it runs, and writes a first handover to " HANDOVER_DIR
		". Can be repeated.\n"
		"lastwatt.service does this at boot.\n"
		"\n"
		"  --again     only if it was done in this boot and no exitrd is there any more;\n"
		"              the handover stays as it is\n"
		"  --from DIR  the exitrd's tree (default: " STAGE_SOURCE ")\n"
		"  --root DIR  all paths are below DIR, that of --from too\n",
	.examples = "  lastwatt stage\n"
		    "  systemctl restart lastwatt.service\n",
	.run = stage_run,
};
