/* SPDX-License-Identifier: MIT */
/* Modem lines of a serial port: two outputs, four inputs. */
#ifndef LINK_SERIAL_LINE_H
#define LINK_SERIAL_LINE_H

enum serial_line {
	SERIAL_DTR = 1,
	SERIAL_RTS = 2,
	SERIAL_CTS = 4,
	SERIAL_DCD = 8,
	SERIAL_RNG = 16,
	SERIAL_DSR = 32,
};

#endif
