/* SPDX-License-Identifier: MIT */
/*
 * A network of the run's own: nothing leaves it, and every port is free. A
 * user who is not root becomes one of a namespace for that.
 */
#ifndef RIG_NETNS_H
#define RIG_NETNS_H

#include "listener.h"

/** Enter it, for good; QEMU is started in it. Dies if it cannot. */
void netns_enter(void);

/** Have an address in it. */
void netns_add(const struct listener_address *address);

#endif
