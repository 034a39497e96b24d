/* SPDX-License-Identifier: MIT */
/*
 * The network of a unit test: datagrams of net.h to one emulated device, in
 * virtual time. A test that links it links no net.c.
 */
#ifndef LINK_NET_VIRTUAL_H
#define LINK_NET_VIRTUAL_H

#include "link/net_fake.h"

/** Every host and port is @fake, or with NULL nobody. */
void net_virtual_plug(struct net_fake *fake);

#endif
