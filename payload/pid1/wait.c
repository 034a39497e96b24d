// SPDX-License-Identifier: MIT
/*
 * The wait stage. A machine that boots into its own cut loses data: after a
 * cut it stays here until it is dark, before it reboots. POWEROFF_WAIT can
 * make that longer, and holds on a machine that has nothing to cut as well. It
 * ends early when the UPS did not cut and says that mains is back.
 * And a machine whose UPS has mains and may not cycle reboots by itself.
 */
#include <stdbool.h>

#include "pid1/stages.h"

#define WAIT_MARGIN_S  15
/* A UPS that does not say when it cuts: some take two minutes, fixed. */
#define WAIT_UNKNOWN_S 180
#define WAIT_SAY_MS    1000
/* Mains that has stayed so long is back, by answers that are not older. */
#define WAIT_STABLE_MS 10000
#define WAIT_FRESH_MS  5000

/* How long until the last commanded UPS has cut; 0 if none was commanded. */
static int64_t wait_until_dark_ms(const struct pid1 *pid1)
{
	const struct keeper *keeper;
	int i, off_s, longest_s = 0;

	for (i = 0; i < pid1->keepers; i++) {
		keeper = &pid1->keeper[i];
		if (keeper->state == KEEPER_DONE)
			off_s = keeper->cut.off_after_s;
		else if (keeper_may_have_cut(keeper))
			off_s = UPS_UNKNOWN_S;
		else
			continue;
		off_s = off_s == UPS_UNKNOWN_S ? WAIT_UNKNOWN_S
					       : off_s + WAIT_MARGIN_S;
		if (off_s > longest_s)
			longest_s = off_s;
	}
	return (int64_t)longest_s * 1000;
}

/*
 * Mains is there, and a UPS that feeds us may not cycle: powered off, this
 * machine would stay off until somebody comes.
 */
static bool wait_has_lost_the_race(const struct pid1 *pid1)
{
	const struct keeper *keeper;
	int i;

	for (i = 0; i < pid1->keepers; i++) {
		keeper = &pid1->keeper[i];
		if (keeper->mains == UPS_MAINS_PRESENT &&
		    (keeper->state != KEEPER_DONE ||
		     keeper->cut.proof != UPS_VERIFIED))
			return true;
	}
	return false;
}

/* Does every commanded UPS that can be asked say that mains is there? */
static bool wait_sees_mains(const struct pid1 *pid1)
{
	const struct keeper *keeper;
	bool seen = false;
	int i;

	for (i = 0; i < pid1->keepers; i++) {
		keeper = &pid1->keeper[i];
		if (keeper->state != KEEPER_DONE ||
		    keeper->mains == UPS_MAINS_UNKNOWN ||
		    clock_now_ms() > keeper->mains_at_ms + WAIT_FRESH_MS)
			continue;
		if (keeper->mains == UPS_MAINS_ABSENT)
			return false;
		seen = true;
	}
	return seen;
}

/* Ask, and hear the answers for a second: has mains stayed long enough? */
static bool wait_is_mains_stable(struct pid1 *pid1, int64_t *absent_at_ms,
				 deadline_t until)
{
	int i;

	for (i = 0; i < pid1->keepers; i++)
		keeper_ask(&pid1->keeper[i]);
	keeper_hear_all(pid1->keeper, pid1->keepers, -1, -1, &pid1->log,
			deadline_earlier(until, deadline_in_ms(WAIT_SAY_MS)));
	if (!wait_sees_mains(pid1))
		*absent_at_ms = clock_now_ms();
	return clock_now_ms() >= *absent_at_ms + WAIT_STABLE_MS;
}

/*
 * Until @until. From @dark on, when the load should have gone off and did not,
 * mains that stays ends it. No UPS is asked while it counts down.
 */
static void wait_say_and_look(struct pid1 *pid1, deadline_t until,
			      deadline_t dark, const char *what)
{
	int64_t absent_at_ms = dark;

	watchdog_extend(&pid1->watchdog, until);
	while (!deadline_passed(until)) {
		/* The blank wipes what a longer number left. */
		log_tick(&pid1->log, "wait", "%s reboot in %d s ", what,
			 deadline_left_ms(until) / 1000);
		if (!deadline_passed(dark)) {
			/* may end there */
			(void)clock_sleep_ms(WAIT_SAY_MS, until);
		} else if (wait_is_mains_stable(pid1, &absent_at_ms, until)) {
			log_say(&pid1->log, "wait",
				"mains is back and stays: reboot");
			return;
		}
	}
}

int wait_run(struct pid1 *pid1, deadline_t until)
{
	const struct plan *plan = &pid1->plan;
	int64_t dark_ms = wait_until_dark_ms(pid1);
	deadline_t dark = deadline_in_ms(dark_ms);

	if (plan->drill)
		return 0;
	(void)until; /* this wait is the user's own, not part of the budget */
	if (plan->after == AFTER_VERB && !wait_has_lost_the_race(pid1))
		return 0;
	if (plan->after == AFTER_VERB)
		log_say(&pid1->log, "wait",
			"mains is back, and nobody knows whether the load will cycle: reboot instead");
	if (plan->after == AFTER_WAIT_THEN_REBOOT && plan->wait_ms > dark_ms)
		wait_say_and_look(pid1, deadline_in_ms(plan->wait_ms), dark,
				  "POWEROFF_WAIT, then");
	else
		wait_say_and_look(pid1, dark, dark,
				  "until the load goes off, or");
	pid1->has_waited = true;
	if (dark_ms)
		record_stay(pid1);
	pid1->verb = VERB_REBOOT;
	return 0;
}
