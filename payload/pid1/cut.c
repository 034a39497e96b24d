// SPDX-License-Identifier: MIT
/*
 * The cut stage: storage has spoken, now the keepers get the word, one sdorder
 * after the other, all UPSes of one order at the same time.
 */
#include <errno.h>
#include <stdio.h>

#include "base/kconfig.h"
#include "pid1/stages.h"

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

static void cut_order(struct pid1 *pid1, int order, deadline_t until)
{
	int i;

	for (i = 0; i < pid1->keepers; i++) {
		if (pid1->plan.ups[i].order == order)
			keeper_fire(&pid1->keeper[i], UPS_RETURN,
				    cut_limit(&pid1->plan.ups[i], until));
	}
	keeper_hear_all(pid1->keeper, pid1->keepers, order, -1, &pid1->log,
			until);
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
	log_record(&pid1->log, "cut",
		   "no UPS is commanded: storage is not safe");
	return -EPERM;
}

int cut_run(struct pid1 *pid1, deadline_t until)
{
	const struct plan *plan = &pid1->plan;
	int order;

	if (pid1->storage != STORAGE_SAFE && pid1->storage != STORAGE_READ_ONLY &&
	    !IS_ENABLED(CONFIG_CUT_IF_UNSAFE))
		return cut_refuse(pid1);
	log_record(&pid1->log, "cut", "about to command %d UPS%s, storage %s",
		   pid1->keepers, pid1->keepers == 1 ? "" : "es",
		   teardown_verdict_name(pid1->storage));
	for (order = cut_next_order(plan, -1); order >= 0;
	     order = cut_next_order(plan, order))
		cut_order(pid1, order, until);
	return cut_count_failed(pid1) ? -EIO : 0;
}
