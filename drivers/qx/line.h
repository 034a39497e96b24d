/* SPDX-License-Identifier: MIT */
/* Q* on a serial line. */
#ifndef QX_LINE_H
#define QX_LINE_H

#include "link/serial.h"
#include "qx/qx.h"

struct qx_line {
	struct qx_port port;
	struct serial_link serial;
	int pace_ms; /* after each byte to the device */
};

/**
 * Open the section's `port` at 2400 baud, with the cable powered as
 * `cablepower` says (@lines, enum serial_line, if it says nothing), and wait
 * @settle_ms. Errors and sentences as serial_open().
 */
int qx_line_open(struct qx_line *line, struct ups *ups, unsigned int lines,
		 int settle_ms, int pace_ms, deadline_t until);

#endif
