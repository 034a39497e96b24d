// SPDX-License-Identifier: MIT
/*
 * The arm stage: one keeper for each UPS that is to be cut. It does not wait
 * for them; they get ready while storage works.
 */
#include "pid1/stages.h"

int arm_run(struct pid1 *pid1, deadline_t until)
{
	const struct plan *plan = &pid1->plan;
	deadline_t arm_until = deadline_in_ms(CONFIG_BUDGET_ARM_S * 1000);
	int i;

	arm_until = deadline_earlier(arm_until, until);
	for (i = 0; i < plan->ups_count; i++)
		keeper_start(&pid1->keeper[i], &plan->ups[i],
			     &plan->handover.conf, arm_until);
	pid1->keepers = plan->ups_count;
	return 0;
}
