// SPDX-License-Identifier: MIT
/* Questions to Modbus devices, repeated where the way to them fails. */
#include "link/registers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/registers_library.h"

#define REGISTERS_TRIES     3
#define REGISTERS_QUIET_MS  50
#define REGISTERS_SETTLE_MS 1000
#define REGISTERS_BUSY_MS   200

/** One question. */
struct registers_question {
	enum registers_table table;
	bool is_write, is_block;
	int address, count;
	uint16_t *values;
};

bool registers_is_net(const struct ups *ups)
{
	const char *port = ups_value(ups, "port");

	return port && *port && *port != '/';
}

int registers_find_host(const struct ups *ups, char *host, size_t size)
{
	char name[NET_HOST_MAX];
	int port = REGISTERS_PORT;

	if (!registers_is_net(ups) ||
	    net_split(ups_value(ups, "port"), name, &port) < 0)
		return -ENOENT;
	return (size_t)snprintf(host, size, "%s", name) < size ? 0 : -ENOENT;
}

static void registers_disconnect(struct registers *registers)
{
	if (registers->link)
		registers->link->ops->close(registers->link);
	registers->link = NULL;
	registers->at = 0;
	registers->len = 0;
}

static int registers_connect(struct registers *registers, deadline_t until)
{
	struct ups *ups = registers->ups;
	const char *text = ups_value(ups, "port");
	int port = REGISTERS_PORT, ret;
	char host[NET_HOST_MAX];

	if (!registers->is_net) {
		ret = serial_open(&registers->serial, ups,
				  &registers->settings.serial, until);
		registers->link = ret < 0 ? NULL : &registers->serial.link;
		return ret;
	}
	if (net_split(text, host, &port) < 0)
		return ups_fail(ups, -EINVAL,
				"[%s] port = %.80s is no host, and no path",
				ups->name, text);
	ret = net_open_link(&registers->net, ups, host, port, until);
	registers->link = ret < 0 ? NULL : &registers->net.link;
	return ret;
}

static struct registers *
registers_make(struct ups *ups, const struct registers_settings *settings,
	       enum registers_frames frames)
{
	struct registers *registers = calloc(1, sizeof(*registers));

	if (registers) {
		registers->ups = ups;
		registers->settings = *settings;
		registers->frames = frames;
		registers->is_net = frames == REGISTERS_TCP;
		if (registers_start_library(registers) == 0)
			return registers;
		registers_close(registers);
	}
	(void)ups_fail(ups, -EIO, "[%s] no memory", ups->name);
	return NULL;
}

int registers_open(struct registers **to, struct ups *ups,
		   const struct registers_settings *settings, deadline_t until)
{
	struct registers *registers = registers_make(
		ups, settings,
		registers_is_net(ups) ? REGISTERS_TCP : REGISTERS_RTU);
	int ret = registers ? registers_connect(registers, until) : -EIO;

	*to = ret < 0 ? NULL : registers;
	if (ret < 0)
		registers_close(registers);
	return ret;
}

int registers_open_bare(struct registers **to, struct ups *ups,
			const struct registers_settings *settings,
			struct byte_link *link)
{
	*to = registers_make(ups, settings, REGISTERS_BARE);
	if (!*to) {
		link->ops->close(link);
		return -EIO;
	}
	(*to)->link = link;
	return 0;
}

void registers_close(struct registers *registers)
{
	if (!registers)
		return;
	registers_disconnect(registers);
	if (registers->modbus)
		modbus_free(registers->modbus);
	free(registers);
}

static int registers_call(struct registers *registers,
			  const struct registers_question *question)
{
	modbus_t *modbus = registers->modbus;
	uint8_t bits[REGISTERS_COUNT_MAX];
	int address = question->address, count = question->count, ret;
	uint16_t *values = question->values;

	if (question->is_block)
		return modbus_write_registers(modbus, address, count, values);
	if (question->is_write)
		return question->table == REGISTERS_COILS
			       ? modbus_write_bit(modbus, address, *values)
			       : modbus_write_register(modbus, address, *values);
	if (question->table == REGISTERS_HOLDING)
		return modbus_read_registers(modbus, address, count, values);
	if (question->table == REGISTERS_INPUT)
		return modbus_read_input_registers(modbus, address, count,
						   values);
	ret = question->table == REGISTERS_COILS
		      ? modbus_read_bits(modbus, address, count, bits)
		      : modbus_read_input_bits(modbus, address, count, bits);
	for (int i = 0; i < ret && i < count; i++)
		values[i] = bits[i];
	return ret;
}

/** Ask once. -EAGAIN: it is busy. */
static int registers_ask_once(struct registers *registers,
			      const struct registers_question *question)
{
	registers->error = 0;
	registers->at = 0;
	registers->len = 0;
	if (!registers->is_net && registers->settings.gap_ms > 0)
		(void)clock_sleep_ms(registers->settings.gap_ms,
				     registers->until);
	registers->link->ops->drain(registers->link);
	if (registers_call(registers, question) >= 0)
		return 0;
	if (registers->error)
		return registers->error;
	if (errno == EMBXACK)
		return 0; /* done as soon as it can */
	if (errno == EMBXSBUSY)
		return -EAGAIN;
	if (errno > MODBUS_ENOBASE && errno < EMBBADCRC)
		registers->refusal =
			(enum registers_exception)(errno - MODBUS_ENOBASE);
	return -EPROTO;
}

/** After a failure: make it likely that the next question is understood. */
static int registers_recover(struct registers *registers, int error,
			     int *connections)
{
	deadline_t until = registers->until;
	int ret;

	if (error == -EAGAIN)
		return clock_sleep_ms(REGISTERS_BUSY_MS, until) < 0 ? -ETIMEDOUT
								    : 0;
	if (registers->is_net && error == -ENODEV && *connections > 0) {
		--*connections;
		registers_disconnect(registers);
		ret = registers_connect(registers, until);
		registers->is_said = ret < 0;
		return ret;
	}
	if (error == -ENODEV || error == -EIO)
		return error;
	if (!registers->is_net)
		bytes_settle(
			registers->link, REGISTERS_QUIET_MS,
			deadline_earlier(until,
					 deadline_in_ms(REGISTERS_SETTLE_MS)));
	return 0;
}

static int registers_ask(struct registers *registers,
			 const struct registers_question *question,
			 deadline_t until)
{
	int connections = 1, ret = -ETIMEDOUT;

	registers->until = until;
	registers->refusal = REGISTERS_ANSWERED;
	registers->is_said = false;
	/* Lost, and not opened again: whoever asked has to look for it. */
	if (!registers->link)
		return -ENODEV;
	for (int i = 0; i < REGISTERS_TRIES && !deadline_passed(until); i++) {
		int failure;

		ret = registers_ask_once(registers, question);
		if (ret == 0 || registers->refusal)
			return ret;
		failure = registers_recover(registers, ret, &connections);
		if (failure < 0)
			return failure;
	}
	return ret == -EAGAIN ? -EPROTO : ret;
}

int registers_read(struct registers *registers, enum registers_table table,
		   int address, int count, uint16_t *values, deadline_t until)
{
	const struct registers_question question = {
		.table = table,
		.address = address,
		.count = count,
		.values = values,
	};

	if (count < 1 || count > REGISTERS_COUNT_MAX)
		return -EPROTO;
	return registers_ask(registers, &question, until);
}

int registers_write(struct registers *registers, enum registers_table table,
		    int address, uint16_t value, deadline_t until)
{
	const struct registers_question question = {
		.table = table,
		.is_write = true,
		.address = address,
		.count = 1,
		.values = &value,
	};

	return registers_ask(registers, &question, until);
}

int registers_write_block(struct registers *registers, int address, int count,
			  const uint16_t *values, deadline_t until)
{
	uint16_t copy[REGISTERS_COUNT_MAX];
	const struct registers_question question = {
		.is_block = true,
		.address = address,
		.count = count,
		.values = copy,
	};

	if (count < 1 || count > REGISTERS_COUNT_MAX)
		return -EPROTO;
	memcpy(copy, values, (size_t)count * sizeof(copy[0]));
	return registers_ask(registers, &question, until);
}

enum registers_exception registers_refusal(const struct registers *registers)
{
	return registers->refusal;
}

int registers_fail(struct registers *registers, int error)
{
	struct ups *ups = registers->ups;

	if (registers->is_said)
		return error;
	if (registers->refusal)
		return ups_fail(ups, error,
				"[%s] refused with Modbus exception %d",
				ups->name, (int)registers->refusal);
	if (registers->is_net && error == -ENODEV)
		return ups_fail(ups, error, "[%s] closed the connection",
				ups->name);
	return bytes_fail(ups, error);
}
