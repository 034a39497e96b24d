// SPDX-License-Identifier: MIT
/*
 * The drill stage: everything of a cut but the cut. PID 1 never gives the word
 * to fire here; what a keeper may be told is to arm and cancel by itself.
 */
#include "pid1/rehearse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/fleet.h"
#include "pid1/stages.h"

/* What a UPS has to grant, so that whoever comes late can still cancel. */
#define REHEARSE_DELAY_S    300
#define REHEARSE_CANCELS    3
#define REHEARSE_AGAIN_MS   500
#define REHEARSE_LOOK_MS    50
#define REHEARSE_KMSG_LINES 2
#define REHEARSE_SENTENCE   "it was left alone: "

/** Would it be given a long delay? Asks the device, writes nothing. */
static int rehearse_check(struct ups *ups, deadline_t until)
{
	struct ups_found found = { .mains = UPS_MAINS_UNKNOWN };
	struct ups_cut dry = {
		.wanted = UPS_RETURN,
		.exact = true,
		.off_after_s = UPS_UNKNOWN_S,
		.on_after_s = UPS_UNKNOWN_S,
	};
	struct ups looker = *ups;
	int ret;

	looker.state = NULL;
	ret = ups->driver->check(&looker, &found, &dry, until);
	if (ret < 0)
		return ups_fail(ups, -EOPNOTSUPP, REHEARSE_SENTENCE "%.150s",
				looker.problem);
	if (dry.given != UPS_RETURN || dry.off_after_s < REHEARSE_DELAY_S)
		return ups_fail(ups, -EOPNOTSUPP,
				REHEARSE_SENTENCE
				"it would grant less than %d s to take it back",
				REHEARSE_DELAY_S);
	return 0;
}

static int rehearse_cancel_once(struct ups *ups, deadline_t until)
{
	struct ups_status status = { .off_after_s = UPS_UNKNOWN_S };
	int ret = ups->driver->cancel(ups, until);

	if (ret < 0)
		return ret;
	if (ups->driver->status &&
	    ups->driver->status(ups, &status, until) == 0 &&
	    status.off_after_s != UPS_UNKNOWN_S)
		return ups_fail(ups, -EPROTO,
				"it still counts down: off in %d s",
				status.off_after_s);
	return 0;
}

static int rehearse_cancel(struct ups *ups, deadline_t until)
{
	int ret = -EIO;

	for (int i = 0; i < REHEARSE_CANCELS; i++) {
		ret = rehearse_cancel_once(ups, until);
		if (ret == 0)
			return 0;
		if (clock_sleep_ms(REHEARSE_AGAIN_MS, until) < 0)
			return ret;
	}
	return ret;
}

int rehearse_arm(struct ups *ups, struct ups_cut *cut, bool *armed,
		 deadline_t until)
{
	int ret;

	*armed = false;
	if (!ups->driver->cancel || !ups->driver->check)
		return ups_fail(
			ups, -EOPNOTSUPP, REHEARSE_SENTENCE "driver %s %s",
			ups->driver->name,
			ups->driver->cancel
				? "cannot tell beforehand what delay it would get"
				: "has no word to take a command back");
	/* Who looks must not find it held: by us. */
	ups->driver->close(ups);
	memset(ups->state, 0, ups->driver->state_size);
	ret = rehearse_check(ups, until);
	if (ret == 0)
		ret = ups->driver->open(ups, until);
	if (ret < 0)
		return ret;
	*cut = (struct ups_cut){ .wanted = UPS_RETURN, .exact = true };
	*armed = true; /* whatever comes of it */
	ret = ups->driver->cut(ups, cut, until);
	if (ret == -EOPNOTSUPP)
		*armed = false;
	if (*armed && rehearse_cancel(ups, until) == 0)
		*armed = false;
	return *armed ? -EPROTO : ret;
}

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
