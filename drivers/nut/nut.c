// SPDX-License-Identifier: MIT
/*
 * NUT's own driver, as a program in the exitrd: for a section whose driver
 * nobody of ours answers to, and as the last resort where one of ours failed.
 * What it commands is its own affair: the section's sdcommands, or its default.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unspoken.h"
#include "nut/nut.h"

#define NUT_HELP_MS  5000 /* to say what it can: 0.1 s where all is emulated */
#define NUT_AGAIN_MS 1000
#define NUT_LOOK_MS  4000
#define NUT_FOLDER   "/run/lastwatt-nut-XXXXXX"

/* In ups->identity, when it was opened once. */
#define NUT_RUNS  "runs"
#define NUT_STAYS "stays in the foreground"

struct nut {
	struct nut_program program;
	bool stays; /* it knows the option -F: stay in the foreground */
};

/* What it says when it is asked for help. */
struct nut_help {
	bool kills; /* it knows -k, so it is a driver and it runs */
	bool stays;
	char last[NUT_LINE_MAX];
};

static void nut_hear_help(void *arg, const char *line)
{
	struct nut_help *help = arg;

	line += strspn(line, " ");
	if (!*line)
		return;
	help->kills |= !strncmp(line, "-k ", 3);
	help->stays |= !strncmp(line, "-F ", 3);
	(void)snprintf(help->last, sizeof(help->last), "%s", line);
}

/* Does it run at all, with the libraries that it was packed with? */
static int nut_try(struct ups *ups, struct nut *nut, deadline_t until)
{
	static const char *const args[] = { "-h", NULL };
	struct nut_help help = { .kills = false };
	int result;

	if (nut_find_program(ups_value(ups, "driver"), &nut->program) < 0)
		return ups_fail(ups, -EOPNOTSUPP,
				"[%s] NUT's driver is not in the image",
				ups->name);
	result = nut_run(&nut->program, args, nut_hear_help, &help,
			 deadline_earlier(until, deadline_in_ms(NUT_HELP_MS)));
	nut->stays = help.stays;
	if (help.kills)
		return 0;
	if (result == -ETIMEDOUT)
		return ups_fail(ups, -ETIMEDOUT,
				"[%s] NUT's driver %s does not even answer -h",
				ups->name, nut->program.name);
	return ups_fail(ups, -EOPNOTSUPP,
			"[%.40s] NUT's driver %s does not run: %.100s",
			ups->name, nut->program.name,
			*help.last ? help.last : "it says nothing");
}

static void nut_remove_folder(struct nut *nut)
{
	char path[NUT_PATH_MAX + 16];

	if (!*nut->program.folder)
		return;
	(void)snprintf(path, sizeof(path), "%s/ups.conf", nut->program.folder);
	(void)unlink(path); /* what NUT left there keeps the folder, no more */
	(void)rmdir(nut->program.folder);
	nut->program.folder[0] = '\0';
}

static int nut_make_folder(struct ups *ups, struct nut *nut)
{
	char folder[] = NUT_FOLDER, path[sizeof(folder) + 16];
	int ret;

	if (!mkdtemp(folder))
		return ups_fail(ups, -EIO,
				"[%s] no folder for NUT's driver below /run: %s",
				ups->name, strerror(errno));
	(void)strcpy(nut->program.folder, folder);
	(void)snprintf(path, sizeof(path), "%s/ups.conf", folder);
	ret = nut_write_conf(ups, path);
	if (ret == 0)
		return 0;
	nut_remove_folder(nut);
	return ups_fail(ups, -EIO,
			"[%s] ups.conf for NUT's driver cannot be written: %s",
			ups->name, strerror(-ret));
}

static bool nut_answers(const char *nut_name)
{
	struct nut_program program;

	return nut_find_program(nut_name, &program) == 0;
}

/* What was found out once is not asked again. */
static int nut_know(struct ups *ups, struct nut *nut, deadline_t until)
{
	int ret;

	if (*ups->identity &&
	    nut_find_program(ups_value(ups, "driver"), &nut->program) == 0) {
		nut->stays = !strcmp(ups->identity, NUT_STAYS);
		return 0;
	}
	ret = nut_try(ups, nut, until);
	if (ret == 0)
		(void)strcpy(ups->identity, nut->stays ? NUT_STAYS : NUT_RUNS);
	return ret;
}

static int nut_open(struct ups *ups, deadline_t until)
{
	struct nut *nut = ups->state;
	int ret = nut_know(ups, nut, until);

	return ret < 0 ? ret : nut_make_folder(ups, nut);
}

/* Where a driver of ours speaks to the device, too, it may see what NUT's did. */
static void nut_read_back(const struct ups *ups, struct ups_cut *cut,
			  deadline_t until)
{
	int off_after_s = nut_look(
		ups, deadline_earlier(until, deadline_in_ms(NUT_LOOK_MS)));

	if (off_after_s <= 0)
		return;
	cut->off_after_s = off_after_s;
	cut->proof = UPS_VERIFIED;
}

static int nut_kill_power(struct ups *ups, struct nut *nut, deadline_t until)
{
	const char *const args[] = { "-a", ups->name,
				     "-u", "root",
				     "-k", nut->stays ? "-F" : NULL,
				     NULL };
	struct nut_word word = { .began = false };
	int result = nut_run(&nut->program, args, nut_word_hear, &word, until);

	if (*word.last)
		ups_note(ups, "[%s] NUT's driver %s: %.100s", ups->name,
			 nut->program.name, word.last);
	return nut_word_judge(ups, &word, nut->program.name, result);
}

static int nut_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct nut *nut = ups->state;
	char problem[UPS_SENTENCE_MAX];
	int ret;

	if (cut->wanted != UPS_RETURN)
		return ups_fail(
			ups, -EOPNOTSUPP,
			"[%s] NUT's driver gives the command that sdcommands or its default say, and no other",
			ups->name);
	if (ups->failures > 0 && clock_sleep_ms(NUT_AGAIN_MS, until) < 0)
		return -EIO; /* the sentence of the failure stands */
	memcpy(problem, ups->problem, sizeof(problem));
	ret = nut_kill_power(ups, nut, until);
	/* Why it failed says more than that the next try was cut short. */
	if (ret == -ETIMEDOUT && ups->failures > 0)
		return ups_fail(ups, -EIO, "%s", problem);
	if (ret < 0)
		return ret;
	cut->given = UPS_RETURN; /* what its default is meant to be */
	cut->proof = UPS_SENT;
	cut->off_after_s = UPS_UNKNOWN_S;
	cut->on_after_s = UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "NUT's own %s",
		       nut->program.name);
	nut_read_back(ups, cut, until);
	return 0;
}

static int nut_check(struct ups *ups, struct ups_found *found,
		     struct ups_cut *cut, deadline_t until)
{
	struct nut nut = { .stays = false };
	int ret = nut_try(ups, &nut, until);

	if (ret < 0)
		return ret;
	if (!unspoken_nut_cuts(nut.program.name, -1))
		return ups_fail(
			ups, -EOPNOTSUPP,
			"[%s] NUT's own driver %s is in the image, but has no command that switches off",
			ups->name, nut.program.name);
	found->mains = UPS_MAINS_UNKNOWN;
	cut->given = UPS_RETURN;
	cut->off_after_s = UPS_UNKNOWN_S;
	cut->on_after_s = UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how),
		       "by NUT's own driver in the image");
	ups_note(ups,
		 "[%s] is commanded by NUT's own driver %s in the image, which runs; whether the UPS is there was not looked at",
		 ups->name, nut.program.name);
	return 0;
}

static void nut_close(struct ups *ups)
{
	nut_remove_folder(ups->state);
}

static const char *const nut_nut_names[] = { NULL };

static const struct ups_driver nut_driver = {
	.name = "nut",
	.summary = "NUT's own driver programs, where they were packed",
	.nut_names = nut_nut_names,
	.state_size = sizeof(struct nut),
	.is_foreign = true,
	.answers = nut_answers,
	.open = nut_open,
	.cut = nut_cut,
	.check = nut_check,
	.close = nut_close,
};

UPS_DRIVER(nut_driver);
