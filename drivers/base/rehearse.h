/* SPDX-License-Identifier: MIT */
/*
 * A drill's cut: the UPS is commanded with a long delay, and that is taken back
 * at once.
 */
#ifndef BASE_REHEARSE_H
#define BASE_REHEARSE_H

#include "base/ups.h"

/**
 * Only where the driver knows an order that waits long enough and that is seen
 * to be taken back. @ups is open, and may not be any more afterwards.
 * Returns 0 with @cut filled in when no countdown runs any more, else a
 * negative errno with ups->problem set; @armed says whether it had been
 * commanded and a countdown may still run.
 */
int rehearse_arm(struct ups *ups, struct ups_cut *cut, bool *armed,
		 deadline_t until);

#endif
