// SPDX-License-Identifier: MIT
/* What PID 1 asks of its keepers, and how it hears all of them at once. */
#include <poll.h>

#include "pid1/keeper.h"

/* One that is silent is looked at this often. */
#define KEEPER_LOOK_MS 250

bool keeper_may_have_cut(const struct keeper *keeper)
{
	return keeper->state == KEEPER_FIRED || keeper->state == KEEPER_TRYING ||
	       (keeper->maybe && keeper->state != KEEPER_DONE);
}

bool keeper_is_settled(const struct keeper *keeper)
{
	return keeper->state == KEEPER_NONE || keeper->state == KEEPER_DONE ||
	       keeper->state == KEEPER_FAILED || keeper->state == KEEPER_TRIED;
}

bool keeper_are_settled(const struct keeper *keeper, int count, int order)
{
	int i;

	for (i = 0; i < count; i++) {
		if (keeper[i].ups->order == order &&
		    !keeper_is_settled(&keeper[i]))
			return false;
	}
	return true;
}

void keeper_hear_all(struct keeper *keeper, int count, int order, int other_fd,
		     struct log *log, deadline_t until)
{
	struct pollfd ready[HANDOVER_UPS_MAX + 1];
	int left_ms, i;

	for (;;) {
		for (i = 0; i < count; i++) {
			keeper_hear(&keeper[i], log);
			ready[i].fd = keeper[i].child.fd;
			ready[i].events = POLLIN;
		}
		ready[count].fd = other_fd;
		ready[count].events = POLLIN;
		ready[count].revents = 0;

		if (order >= 0 && keeper_are_settled(keeper, count, order))
			return;
		if (deadline_passed(until))
			return;
		left_ms = deadline_left_ms(until);
		if (left_ms > KEEPER_LOOK_MS)
			left_ms = KEEPER_LOOK_MS;
		if (poll(ready, (nfds_t)count + 1, left_ms) > 0 &&
		    ready[count].revents)
			return;
	}
}
