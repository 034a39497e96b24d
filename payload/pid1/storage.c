// SPDX-License-Identifier: MIT
/*
 * The storage stage as PID 1 sees it: a child works, PID 1 hears it and the
 * keepers, and a second child does what the kernel can when the first one
 * hangs or dies.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pid1/freeze.h"
#include "pid1/stages.h"

/* What the last resort needs when the storage child has used up its time. */
#define STORAGE_EMERGENCY_MS 8000
#define STORAGE_START_MS     2000
/* What the kernel gets for it when nobody can look. */
#define STORAGE_BLIND_MS     3000

static void storage_hear(struct pid1 *pid1)
{
	struct teardown_news news;
	ssize_t len;

	for (;;) {
		len = child_take(&pid1->storage_child, &news, sizeof(news));
		if (len == -EAGAIN)
			return;
		if (len != sizeof(news)) {
			pid1->storage_ended = true;
			return;
		}
		news.text[sizeof(news.text) - 1] = '\0';
		if (news.verdict == STORAGE_UNKNOWN) {
			log_say(&pid1->log, "storage", "%s", news.text);
			continue;
		}
		pid1->storage = news.verdict;
		memcpy(pid1->storage_why, news.text, sizeof(news.text));
		pid1->storage_ended = true;
		return;
	}
}

/* False if there is no child for it. */
static bool storage_work(struct pid1 *pid1, child_body *body, deadline_t until)
{
	pid1->storage_ended = false;
	pid1->storage_work.until = until;
	if (child_start(&pid1->storage_child, body, &pid1->storage_work,
			deadline_earlier(until,
					 deadline_in_ms(STORAGE_START_MS))) < 0)
		return false;
	while (!pid1->storage_ended && !deadline_passed(until)) {
		keeper_hear_all(pid1->keeper, pid1->keepers, -1,
				pid1->storage_child.fd, &pid1->log, until);
		storage_hear(pid1);
	}
	child_kill(&pid1->storage_child);
	return true;
}

/* No process can be made: the kernel is asked, which makes nobody wait. */
static void storage_work_blindly(deadline_t until)
{
	freeze_blindly("/proc/sysrq-trigger");
	(void)clock_sleep_ms(STORAGE_BLIND_MS, until); /* that long, or less */
}

static bool storage_wants_park(void)
{
	return IS_ENABLED(CONFIG_PARK) &&
	       stages_want("LASTWATT_PARK", IS_ENABLED(CONFIG_PARK_ALWAYS));
}

int storage_run(struct pid1 *pid1, deadline_t until)
{
	int left_ms = deadline_left_ms(until);

	pid1->storage_work.park = storage_wants_park();
	(void)snprintf(pid1->storage_why, sizeof(pid1->storage_why),
		       "nobody could look");
	(void)storage_work(pid1, teardown_body,
			   deadline_in_ms(left_ms > 2 * STORAGE_EMERGENCY_MS
						  ? left_ms - STORAGE_EMERGENCY_MS
						  : left_ms / 2));
	if (pid1->storage == STORAGE_UNKNOWN) {
		log_say(&pid1->log, "storage",
			"the child that unmounts hangs or died; emergency remount and sync");
		if (!storage_work(pid1, teardown_emergency_body, until))
			storage_work_blindly(until);
	}
	log_record(&pid1->log,
		   teardown_is_safe(pid1->storage) ? PAINT_GOOD : PAINT_BAD,
		   "storage", "%s: %s", teardown_verdict_name(pid1->storage),
		   pid1->storage_why);
	return teardown_is_safe(pid1->storage) ? 0 : -EIO;
}
