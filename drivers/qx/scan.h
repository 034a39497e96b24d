/* SPDX-License-Identifier: MIT */
/* Looks for bridges of Q* on the USB. */
#ifndef QX_SCAN_H
#define QX_SCAN_H

#include "base/ups.h"

/** As the driver's scan(). */
int qx_scan(void (*found)(void *arg, const struct ups_found *found), void *arg,
	    deadline_t until);

#endif
