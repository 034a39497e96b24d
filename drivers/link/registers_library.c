// SPDX-License-Identifier: MIT
/*
 * libmodbus on our links: a backend of it, RTU's or TCP's own but for the
 * functions that send and receive.
 */
#include "link/registers_library.h"

#include <errno.h>
#include <modbus-rtu.h>
#include <modbus-tcp.h>
#include <string.h>

#define REGISTERS_GAP_MS     500 /* between bytes of an answer */
#define REGISTERS_HEADER     6   /* of TCP: transaction, protocol, length */
#define REGISTERS_STRAYS_MAX 64  /* late answers that are read past */

static struct registers *registers_of(modbus_t *modbus)
{
	return (struct registers *)modbus->backend;
}

/** The link's error for libmodbus, which knows errno only. */
static int registers_break(struct registers *registers, int error)
{
	registers->error = error;
	errno = error == -ETIMEDOUT ? ETIMEDOUT : EIO;
	return -1;
}

static ssize_t registers_send(modbus_t *modbus, const uint8_t *bytes, int len)
{
	struct registers *registers = registers_of(modbus);
	int ret = registers->link->ops->write(registers->link, bytes,
					      (size_t)len, registers->until);

	if (ret < 0)
		return registers_break(registers, ret);
	memcpy(registers->transaction, bytes, sizeof(registers->transaction));
	registers->answer_until =
		deadline_earlier(registers->until,
				 deadline_in_ms(registers->settings.answer_ms));
	return len;
}

/** One frame of TCP, whatever it answers to. */
static int registers_take_frame(struct registers *registers)
{
	uint8_t *bytes = registers->bytes;
	int ret = bytes_read(registers->link, bytes, REGISTERS_HEADER,
			     registers->answer_until);
	size_t len = (size_t)(bytes[4] << 8 | bytes[5]);

	if (ret < 0)
		return ret;
	/* Nobody knows where the next one begins. */
	if (bytes[2] || bytes[3] || len < 3 ||
	    len > REGISTERS_FRAME_MAX - REGISTERS_HEADER)
		return -ENODEV;
	ret = bytes_read(registers->link, bytes + REGISTERS_HEADER, len,
			 registers->answer_until);
	registers->at = 0;
	registers->len = ret < 0 ? 0 : REGISTERS_HEADER + len;
	return ret;
}

/** More bytes: on a line what comes, on TCP the answer and no other. */
static int registers_fill(struct registers *registers)
{
	int ret;

	if (!registers->is_net) {
		ret = registers->link->ops->read(
			registers->link, registers->bytes,
			sizeof(registers->bytes), registers->answer_until);
		registers->at = 0;
		registers->len = ret < 0 ? 0 : (size_t)ret;
		registers->answer_until = deadline_earlier(
			registers->until, deadline_in_ms(REGISTERS_GAP_MS));
		return ret;
	}
	for (int i = 0; i < REGISTERS_STRAYS_MAX; i++) {
		ret = registers_take_frame(registers);
		if (ret < 0 || !memcmp(registers->bytes, registers->transaction,
				       sizeof(registers->transaction)))
			return ret;
	}
	registers->len = 0;
	return -EPROTO;
}

static int registers_select(modbus_t *modbus, fd_set *set, struct timeval *wait,
			    int len)
{
	struct registers *registers = registers_of(modbus);
	int ret;

	(void)set;
	(void)wait; /* the deadlines decide */
	(void)len;
	if (registers->at < registers->len)
		return 1;
	/* A frame of TCP that is shorter than it has to be. */
	if (registers->is_net && registers->len > 0)
		return registers_break(registers, -EPROTO);
	ret = registers_fill(registers);
	return ret < 0 ? registers_break(registers, ret) : 1;
}

static ssize_t registers_receive(modbus_t *modbus, uint8_t *bytes, int size)
{
	struct registers *registers = registers_of(modbus);
	size_t len = registers->len - registers->at;

	if (len > (size_t)size)
		len = (size_t)size;
	memcpy(bytes, registers->bytes + registers->at, len);
	registers->at += len;
	return (ssize_t)len;
}

static unsigned int registers_is_open(modbus_t *modbus)
{
	return registers_of(modbus)->link ? 1 : 0;
}

static int registers_add_no_sum(uint8_t *frame, int len)
{
	(void)frame;
	return len;
}

static int registers_check_no_sum(modbus_t *modbus, uint8_t *frame,
				  const int len)
{
	(void)modbus;
	(void)frame;
	return len;
}

int registers_start_library(struct registers *registers)
{
	modbus_t *modbus = registers->is_net
				   ? modbus_new_tcp(NULL, REGISTERS_PORT)
				   : modbus_new_rtu("line", 9600, 'N', 8, 1);

	if (!modbus)
		return -ENOMEM;
	registers->modbus = modbus;
	registers->backend = *modbus->backend;
	registers->backend.send = registers_send;
	registers->backend.recv = registers_receive;
	registers->backend.select = registers_select;
	registers->backend.is_connected = registers_is_open;
	if (registers->frames == REGISTERS_BARE) {
		registers->backend.checksum_length = 0;
		registers->backend.send_msg_pre = registers_add_no_sum;
		registers->backend.check_integrity = registers_check_no_sum;
	}
	modbus->backend = &registers->backend;
	modbus->slave = registers->settings.unit;
	modbus->s = 0; /* only ever put into a set that nobody looks at */
	return 0;
}
