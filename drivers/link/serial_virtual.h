/* SPDX-License-Identifier: MIT */
/*
 * Serial ports of a unit test: serial.h's functions on emulated devices, in
 * virtual time. A test that links it links no serial.c.
 */
#ifndef LINK_SERIAL_VIRTUAL_H
#define LINK_SERIAL_VIRTUAL_H

#include "link/line_fake.h"

/** The port called "/dev/ttyS0" leads to @fake, or with NULL nowhere. */
void serial_virtual_plug(struct line_fake *fake);

#endif
