// SPDX-License-Identifier: MIT
/*
 * The drill stage: everything of a cut but the cut. PID 1 never gives the word
 * to fire here; what a keeper may be told is to arm and cancel by itself.
 */
#include <errno.h>
#include <stdio.h>

#include "pid1/stages.h"

#define REHEARSE_LOOK_MS    50
#define REHEARSE_KMSG_LINES 2

static bool rehearse_is_over(const struct pid1 *pid1)
{
	for (int i = 0; i < pid1->keepers; i++) {
		if (pid1->keeper[i].state != KEEPER_READY &&
		    !keeper_is_settled(&pid1->keeper[i]))
			return false;
	}
	return true;
}

static void rehearse_wait(struct pid1 *pid1, deadline_t until)
{
	do {
		keeper_hear_all(
			pid1->keeper, pid1->keepers, -1, -1, &pid1->log,
			deadline_earlier(until,
					 deadline_in_ms(REHEARSE_LOOK_MS)));
	} while (!rehearse_is_over(pid1) && !deadline_passed(until));
}

/** One sentence. True if it is as a forced power-off needs it. */
static bool rehearse_explain(const struct keeper *keeper, char *line,
			     size_t size)
{
	const char *name = keeper->ups->name;
	const char *mains = keeper->mains == UPS_MAINS_PRESENT ? ", has mains"
			    : keeper->mains == UPS_MAINS_ABSENT
				    ? ", is on battery"
				    : "";

	if (keeper_may_have_cut(keeper)) {
		(void)snprintf(
			line, size,
			"%s: MAY GO OFF, lastwatt cancel %s at the next boot: %s",
			name, name, keeper->sentence);
		return false;
	}
	if (keeper->state == KEEPER_TRIED) {
		(void)snprintf(line, size,
			       "%s: armed for %d s and cancelled, by %s%s", name,
			       keeper->cut.off_after_s, keeper->cut.how, mains);
		return true;
	}
	if (keeper->state == KEEPER_READY || keeper->is_spared) {
		(void)snprintf(line, size, "%s: could be commanded%s%s%s", name,
			       mains, keeper->is_spared ? "; " : "",
			       keeper->is_spared ? keeper->sentence : "");
		return true;
	}
	(void)snprintf(line, size, "%s: NOT ready: %s", name,
		       keeper->sentence[0] ? keeper->sentence
					   : "no answer in time");
	return false;
}

int rehearse_run(struct pid1 *pid1, deadline_t until)
{
	char line[LOG_LINE_MAX];
	int failed = 0;
	bool is_good;

	record_begin(pid1);
	rehearse_wait(pid1, until);
	if (pid1->plan.drill == DRILL_ARM && teardown_is_safe(pid1->storage)) {
		for (int i = 0; i < pid1->keepers; i++)
			keeper_try(&pid1->keeper[i], until);
		rehearse_wait(pid1, until);
	}
	for (int i = 0; i < pid1->keepers; i++) {
		is_good = rehearse_explain(&pid1->keeper[i], line, sizeof(line));
		failed += !is_good;
		if (i < REHEARSE_KMSG_LINES)
			log_record(&pid1->log, is_good ? PAINT_GOOD : PAINT_BAD,
				   "drill", "%s", line);
		else
			log_stress(&pid1->log, is_good ? PAINT_GOOD : PAINT_BAD,
				   "drill", "%s", line);
	}
	return failed ? -EIO : 0;
}
