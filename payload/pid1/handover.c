// SPDX-License-Identifier: MIT
/*
 * The handover stage: what the running system left in /run/lastwatt, else
 * NUT's live files below /oldroot, else those in the image. All reading is
 * done by a child, for a path below /oldroot can hang; PID 1 decides.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "handover_parts.h"
#include "pid1/stages.h"

#define HANDOVER_OLD_ROOT "/oldroot"

/* What systemd would hand to reboot(): one line, empty if there is none. */
static void handover_stage_read_param(char *line, size_t size)
{
	int fd = open("/run/systemd/reboot-param",
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, line, size - 1);

	if (fd >= 0)
		(void)close(fd);
	line[len > 0 ? len : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

/* Nothing is known: an empty ups.conf, no flag, no wait. */
static void handover_stage_clear(struct handover *handover)
{
	memset(handover, 0, sizeof(*handover));
	handover->poweroff_wait_ms = -1;
	(void)conf_parse(&handover->conf, "", "", 0, NULL); /* always fits */
}

/* The child: 0 when @shared holds something to decide on. */
static int handover_stage_body(int fd, void *arg)
{
	struct plan *shared = arg;
	struct handover *handover = &shared->handover;
	char boot_id[HANDOVER_BOOT_ID_MAX], why[UPS_SENTENCE_MAX];

	(void)fd;
	handover_read_boot_id(boot_id);
	handover_stage_read_param(shared->reboot_param,
				  sizeof(shared->reboot_param));

	if (handover_read(handover, HANDOVER_DIR, boot_id, why) == 0) {
		if (handover->flag == FLAG_UNKNOWN)
			handover->flag =
				handover_judge(handover, HANDOVER_OLD_ROOT);
		return 0;
	}
	if (handover_collect(handover, HANDOVER_OLD_ROOT, NULL) == 0 ||
	    handover_collect(handover, "", NULL) == 0) {
		handover_add_note(handover, "%s", why);
		return 0;
	}
	handover_stage_clear(handover);
	handover_add_note(handover, "%s", why);
	return 0;
}

/* Its reader has parsed what others wrote: nothing of it is taken on trust. */
static bool handover_stage_is_sound(struct handover *handover)
{
	int i;

	for (i = 0; i < HANDOVER_UPS_MAX; i++)
		handover->primary[i][UPS_NAME_MAX - 1] = '\0';
	for (i = 0; i < HANDOVER_NOTES_MAX; i++)
		handover->note[i][UPS_SENTENCE_MAX - 1] = '\0';
	handover->source[sizeof(handover->source) - 1] = '\0';
	handover->flag_path[sizeof(handover->flag_path) - 1] = '\0';
	return (unsigned int)handover->flag <= FLAG_VALID &&
	       (unsigned int)handover->drill <= DRILL_ARM &&
	       handover->poweroff_wait_ms >= -1 &&
	       handover->poweroff_wait_ms <= HANDOVER_WAIT_MAX_MS &&
	       handover->primaries <= HANDOVER_UPS_MAX &&
	       handover->notes <= HANDOVER_NOTES_MAX &&
	       conf_is_sound(&handover->conf);
}

static void handover_stage_say(struct pid1 *pid1)
{
	const struct plan *plan = &pid1->plan;
	int i;

	if (plan->handover.source[0])
		log_say(&pid1->log, "handover", "read from %s, flag %s",
			plan->handover.source,
			handover_flag_name(plan->handover.flag));
	for (i = 0; i < plan->handover.notes; i++)
		log_say(&pid1->log, "handover", "%s", plan->handover.note[i]);
	log_record(&pid1->log, PAINT_PLAIN, "handover", "%s", plan->reason);
}

/* What the child has found, or NULL and why not. */
static const struct plan *handover_stage_read(const char **why, deadline_t until)
{
	struct plan *shared;
	struct child child;
	int ret;

	*why = "the handover could not be read: no memory or no process";
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED ||
	    child_start(&child, handover_stage_body, shared, until) < 0)
		return NULL;
	ret = child_end(&child, until);
	if (ret == 0)
		return shared;
	*why = ret > 0 ? "the reader of the handover crashed"
		       : "the handover could not be read in time";
	return NULL;
}

int handover_run(struct pid1 *pid1, deadline_t until)
{
	struct plan *plan = &pid1->plan;
	const struct plan *found;
	const char *why;

	found = handover_stage_read(&why, until);
	/* A copy: a child that hangs in the kernel may still write there. */
	if (found) {
		*plan = *found;
		why = "the handover makes no sense";
	}
	if (!found || !handover_stage_is_sound(&plan->handover)) {
		found = NULL;
		handover_stage_clear(&plan->handover);
		handover_add_note(&plan->handover, "%s", why);
	}
	plan->reboot_param[sizeof(plan->reboot_param) - 1] = '\0';
	plan_decide(plan, pid1->verb);
	handover_stage_say(pid1);
	return found ? 0 : -EIO;
}
