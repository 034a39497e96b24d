/* SPDX-License-Identifier: MIT */
/*
 * Serial ports: raw bytes and modem lines. Nothing here waits for the far end:
 * carrier is ignored, there is no flow control, and every wait has a deadline.
 */
#ifndef LINK_SERIAL_H
#define LINK_SERIAL_H

#include "base/ups.h"
#include "link/bytes.h"
#include "link/serial_line.h"

enum serial_parity {
	SERIAL_NO_PARITY,
	SERIAL_EVEN,
	SERIAL_ODD,
};

/** All zero but the speed is 8N1, with both outputs low. */
struct serial_settings {
	int speed;     /* baud, 300 … 115200 */
	int data_bits; /* 7; 0: 8 */
	int stop_bits; /* 2; 0: 1 */
	enum serial_parity parity;
	unsigned int lines; /* outputs that are on; many cables live of them */
	int settle_ms;      /* to wait after that, for what lives of them */
};

struct serial_link {
	struct byte_link link;
	int fd;
};

/**
 * Open the section's `port`, for ourselves alone (flock(), as NUT's drivers
 * have it). Opening raises both outputs for a moment, that is the kernel's;
 * closing leaves them as they are. A port without modem lines is taken as it
 * is. Returns 0, or with a sentence stored -EINVAL (no port, or a speed that
 * does not exist), -ENODEV, -EBUSY, -EIO, -ETIMEDOUT.
 */
int serial_open(struct serial_link *serial, struct ups *ups,
		const struct serial_settings *settings, deadline_t until);

/** Go on at another speed. 0, -EINVAL, -EIO or -ENODEV. */
int serial_set_speed(struct serial_link *serial, int speed);

/**
 * Exactly the outputs in @lines on, the others off. Returns 0, -EOPNOTSUPP if
 * the port has none, or -ENODEV.
 */
int serial_set_lines(struct serial_link *serial, unsigned int lines);

/** The lines that are on now; returns as above. */
int serial_read_lines(struct serial_link *serial, unsigned int *lines);

/** Send a break of @ms, or as much of it as fits before @until. */
int serial_break(struct serial_link *serial, int ms, deadline_t until);

#endif
