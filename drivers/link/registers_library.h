/* SPDX-License-Identifier: MIT */
/* Where libmodbus meets our links; for registers.c. */
#ifndef LINK_REGISTERS_LIBRARY_H
#define LINK_REGISTERS_LIBRARY_H

#include <modbus-private.h>

#include "link/net.h"
#include "link/registers.h"

#define REGISTERS_FRAME_MAX 260

enum registers_frames {
	REGISTERS_RTU,
	REGISTERS_BARE, /* RTU without the checksum */
	REGISTERS_TCP,
};

struct registers {
	modbus_backend_t backend; /* first: found from libmodbus's pointer */
	modbus_t *modbus;
	struct ups *ups;
	struct registers_settings settings;
	struct byte_link *link; /* one of these, or NULL */
	struct serial_link serial;
	struct net_link net;
	enum registers_frames frames;
	bool is_net; /* TCP */
	/* Of the question that is asked now. */
	deadline_t until;
	deadline_t answer_until;
	uint8_t transaction[2];
	int error; /* of the link */
	/* What came and was not taken yet. */
	size_t len, at;
	uint8_t bytes[REGISTERS_FRAME_MAX];
	/* Of the last question. */
	enum registers_exception refusal;
	bool is_said; /* why, by a link */
};

/**
 * Make registers->modbus, whose frames go over registers->link. Returns 0 or
 * -ENOMEM.
 */
int registers_start_library(struct registers *registers);

#endif
