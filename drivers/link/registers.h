/* SPDX-License-Identifier: MIT */
/*
 * Modbus: registers and coils of a device on a serial line (RTU) or behind a
 * TCP port. libmodbus makes and checks the frames; our own links carry them,
 * so that a port is found again where it was, the network is made again, and
 * no wait outlives its deadline.
 *
 * An answer that comes too late is never taken for the one that is waited for
 * where that shows: by the transaction on TCP, by unit, function, address and
 * length on a line. Before each question a line is emptied.
 */
#ifndef LINK_REGISTERS_H
#define LINK_REGISTERS_H

#include <stdint.h>

#include "base/ups.h"
#include "link/serial.h"

#define REGISTERS_PORT      502
#define REGISTERS_COUNT_MAX 125 /* of one question */

/* The number of each is NUT's and everybody's. */
enum registers_table {
	REGISTERS_COILS,   /* bits that can be written */
	REGISTERS_BITS,    /* bits that cannot */
	REGISTERS_INPUT,   /* words that cannot be written */
	REGISTERS_HOLDING, /* words that can */
};

/** What the device said when it refused. */
enum registers_exception {
	REGISTERS_ANSWERED, /* it did not refuse */
	REGISTERS_BAD_FUNCTION,
	REGISTERS_BAD_ADDRESS,
	REGISTERS_BAD_VALUE,
	REGISTERS_FAILURE,
};

struct registers_settings {
	struct serial_settings serial; /* if it is on a line */
	int unit;                      /* its address, 0 … 255 */
	int answer_ms;                 /* how long it may think */
	int gap_ms; /* silence on a line in front of a question */
};

struct registers;

/** Is the section's `port` on the network? Else it is a serial port. */
bool registers_is_net(const struct ups *ups);

/** The find_host() of drivers whose section may mean either. */
int registers_find_host(const struct ups *ups, char *host, size_t size);

/**
 * Open the section's `port`: a path, or HOST[:PORT]. Asks nothing yet. @ups
 * and what is at *@registers stay until registers_close(). On failure a
 * sentence is stored.
 */
int registers_open(struct registers **registers, struct ups *ups,
		   const struct registers_settings *settings, deadline_t until);

/**
 * The same over @link, which carries frames of RTU without their checksum. It
 * is closed with them, and also if this fails.
 */
int registers_open_bare(struct registers **registers, struct ups *ups,
			const struct registers_settings *settings,
			struct byte_link *link);

/** Let go of it; NULL is fine. */
void registers_close(struct registers *registers);

/*
 * The rest returns 0, or with no sentence yet -ENODEV, -EIO, -ETIMEDOUT, or
 * -EPROTO: it refused, and registers_refusal() says how, or it answered
 * something else than it was asked. A question is repeated when the line
 * spoils it, and over a new connection, once, when that is closed.
 */

/** Read @count of them to @values; of bits the values are 0 and 1. */
int registers_read(struct registers *registers, enum registers_table table,
		   int address, int count, uint16_t *values, deadline_t until);

/** Write one: functions 5 and 6. */
int registers_write(struct registers *registers, enum registers_table table,
		    int address, uint16_t value, deadline_t until);

/** Write @count holding registers at once: function 16. */
int registers_write_block(struct registers *registers, int address, int count,
			  const uint16_t *values, deadline_t until);

/** How it refused the last question. */
enum registers_exception registers_refusal(const struct registers *registers);

/** Store the sentence for what one of these returned, and return it. */
int registers_fail(struct registers *registers, int error);

#endif
