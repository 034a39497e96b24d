// SPDX-License-Identifier: MIT
/*
 * The cut stage: storage has spoken, now the keepers get the word, one sdorder
 * after the other, all UPSes of one order at the same time.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include "pid1/stages.h"

#define CUT_LOOK_MS        250
#define CUT_BEFORE_DARK_MS 3000
#define CUT_AT_LEAST_MS    1000

static int cut_next_order(const struct plan *plan, int after)
{
	int next = -1, i;

	for (i = 0; i < plan->ups_count; i++) {
		if (plan->ups[i].order > after &&
		    (next < 0 || plan->ups[i].order < next))
			next = plan->ups[i].order;
	}
	return next;
}

static deadline_t cut_limit(const struct plan_ups *ups, deadline_t until)
{
	if (ups->limit_ms <= 0)
		return until;
	return deadline_earlier(until, deadline_in_ms(ups->limit_ms));
}

/*
 * A UPS that has been commanded leaves so much time for the others: the
 * machine is to be off before it is dark.
 */
static deadline_t cut_until_dark(const struct pid1 *pid1, deadline_t until)
{
	const struct keeper *keeper;
	int64_t left_ms;
	int i;

	for (i = 0; i < pid1->keepers; i++) {
		keeper = &pid1->keeper[i];
		if (keeper->state != KEEPER_DONE ||
		    keeper->cut.off_after_s == UPS_UNKNOWN_S)
			continue;
		left_ms = (int64_t)keeper->cut.off_after_s * 1000 -
			  CUT_BEFORE_DARK_MS;
		if (left_ms < CUT_AT_LEAST_MS)
			left_ms = CUT_AT_LEAST_MS;
		until = deadline_earlier(until, keeper->done_at_ms + left_ms);
	}
	return until;
}

static void cut_order(struct pid1 *pid1, int order, deadline_t until)
{
	deadline_t look;
	int i;

	for (i = 0; i < pid1->keepers; i++) {
		if (pid1->plan.ups[i].order == order)
			keeper_fire(&pid1->keeper[i], UPS_RETURN,
				    cut_limit(&pid1->plan.ups[i], until));
	}
	do {
		until = cut_until_dark(pid1, until);
		look = deadline_earlier(until, deadline_in_ms(CUT_LOOK_MS));
		keeper_hear_all(pid1->keeper, pid1->keepers, order, -1,
				&pid1->log, look);
	} while (!keeper_are_settled(pid1->keeper, pid1->keepers, order) &&
		 !deadline_passed(until));
}

static int cut_count_failed(const struct pid1 *pid1)
{
	int i, failed = 0;

	for (i = 0; i < pid1->keepers; i++)
		failed += pid1->keeper[i].state != KEEPER_DONE;
	return failed;
}

static int cut_refuse(struct pid1 *pid1)
{
	int i;

	for (i = 0; i < pid1->keepers; i++)
		(void)snprintf(pid1->keeper[i].sentence,
			       sizeof(pid1->keeper[i].sentence),
			       "storage is not safe");
	log_record(&pid1->log, PAINT_BAD, "cut",
		   "no UPS is commanded: storage is not safe");
	return -EPERM;
}

int cut_run(struct pid1 *pid1, deadline_t until)
{
	const struct plan *plan = &pid1->plan;
	int order;

	if (!teardown_is_safe(pid1->storage) &&
	    !stages_want("LASTWATT_CUT_IF_UNSAFE",
			 IS_ENABLED(CONFIG_CUT_IF_UNSAFE)))
		return cut_refuse(pid1);
	log_record(&pid1->log, PAINT_PLAIN, "cut",
		   "about to command %d UPS%s, storage %s", pid1->keepers,
		   pid1->keepers == 1 ? "" : "es",
		   teardown_verdict_name(pid1->storage));
	record_begin(pid1);
	for (order = cut_next_order(plan, -1); order >= 0;
	     order = cut_next_order(plan, order))
		cut_order(pid1, order, until);
	return cut_count_failed(pid1) ? -EIO : 0;
}
