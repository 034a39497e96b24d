/* SPDX-License-Identifier: MIT */
/*
 * A drill's part of a keeper's life: the UPS is commanded with a long delay,
 * and that is taken back at once.
 */
#ifndef PID1_REHEARSE_H
#define PID1_REHEARSE_H

#include "base/ups.h"

/**
 * Only where the device shows beforehand that it would grant a long delay, and
 * can take a command back. @ups is open, and may not be any more afterwards.
 * Returns 0 with @cut filled in when no countdown runs any more, else a
 * negative errno with ups->problem set; @armed says whether it had been
 * commanded and a countdown may still run.
 */
int rehearse_arm(struct ups *ups, struct ups_cut *cut, bool *armed,
		 deadline_t until);

#endif
