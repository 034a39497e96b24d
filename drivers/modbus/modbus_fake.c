// SPDX-License-Identifier: MIT
/* Modbus slaves: frames of RTU and TCP, and a file of registers behind them. */
#include "modbus/modbus_fake.h"

#include <stdlib.h>
#include <string.h>

#define MODBUS_FAKE_HEADER 6 /* of TCP, before the unit */

uint16_t *modbus_fake_at(struct modbus_fake *fake, enum registers_table table,
			 int address)
{
	for (int i = 0; i < fake->cells; i++) {
		if (fake->cell[i].table == table &&
		    fake->cell[i].address == address)
			return &fake->cell[i].value;
	}
	return NULL;
}

uint16_t *modbus_fake_holding(struct modbus_fake *fake, int address)
{
	return modbus_fake_at(fake, REGISTERS_HOLDING, address);
}

static size_t modbus_fake_refuse(uint8_t *answer, uint8_t function, int code)
{
	answer[1] = function | 0x80;
	answer[2] = (uint8_t)code;
	return 3;
}

static size_t modbus_fake_read(struct modbus_fake *fake,
			       const uint8_t *question, uint8_t *answer)
{
	/* In the order of functions 1 to 4. */
	static const enum registers_table tables[] = {
		REGISTERS_COILS,
		REGISTERS_BITS,
		REGISTERS_HOLDING,
		REGISTERS_INPUT,
	};
	enum registers_table table = tables[question[1] - 1];
	bool is_bits = question[1] <= 2;
	int address = question[2] << 8 | question[3];
	int count = question[4] << 8 | question[5];
	int bytes = is_bits ? (count + 7) / 8 : 2 * count;

	if (count < 1 || bytes > 250)
		return modbus_fake_refuse(answer, question[1], 3);
	if (fake->device->refresh)
		fake->device->refresh(fake);
	memset(answer + 2, 0, (size_t)bytes + 1);
	answer[2] = (uint8_t)bytes;
	for (int i = 0; i < count; i++) {
		const uint16_t *value = modbus_fake_at(fake, table, address + i);

		if (!value)
			return modbus_fake_refuse(answer, question[1], 2);
		if (is_bits) {
			answer[3 + i / 8] |= (uint8_t)(!!*value << i % 8);
		} else {
			answer[3 + 2 * i] = (uint8_t)(*value >> 8);
			answer[4 + 2 * i] = (uint8_t)*value;
		}
	}
	return 3 + (size_t)bytes;
}

static int modbus_fake_is_refused(struct modbus_fake *fake, int address)
{
	if (!fake->refusal || (fake->refused && fake->refused != address))
		return 0;
	if (fake->refusals && --fake->refusals == 0) {
		int refusal = fake->refusal;

		fake->refusal = 0;
		return refusal;
	}
	return fake->refusal;
}

/** @count words at @words go to @address; 0, or the exception. */
static int modbus_fake_store(struct modbus_fake *fake, uint8_t function,
			     int address, int count, const uint8_t *words)
{
	enum registers_table table =
		function == 5 ? REGISTERS_COILS : REGISTERS_HOLDING;
	int code = modbus_fake_is_refused(fake, address);

	if (fake->writes < MODBUS_FAKE_WRITES) {
		fake->write[fake->writes].function = function;
		fake->write[fake->writes].address = (uint16_t)address;
		fake->write[fake->writes].value =
			(uint16_t)(words[0] << 8 | words[1]);
		fake->writes++;
	}
	for (int i = 0; i < count && !code; i++) {
		if (!modbus_fake_at(fake, table, address + i))
			code = 2;
	}
	if (code || fake->forgets)
		return code;
	for (int i = 0; i < count; i++) {
		uint16_t value =
			(uint16_t)(words[2 * i] << 8 | words[2 * i + 1]);

		*modbus_fake_at(fake, table, address + i) =
			function == 5 ? value == 0xff00 : value;
	}
	return fake->device->written
		       ? fake->device->written(fake, table, address, count)
		       : 0;
}

static size_t modbus_fake_write(struct modbus_fake *fake,
				const uint8_t *question, size_t len,
				uint8_t *answer)
{
	bool is_block = question[1] == 16;
	int address = question[2] << 8 | question[3];
	int count = is_block ? question[4] << 8 | question[5] : 1, code;

	if (is_block && (len < 7 || count < 1 || question[6] != 2 * count ||
			 len < 7 + 2 * (size_t)count))
		return modbus_fake_refuse(answer, question[1], 3);
	code = modbus_fake_store(fake, question[1], address, count,
				 question + (is_block ? 7 : 4));
	if (code)
		return modbus_fake_refuse(answer, question[1], code);
	memcpy(answer + 2, question + 2, 4);
	return 6;
}

size_t modbus_fake_answer(struct modbus_fake *fake, const uint8_t *question,
			  size_t len, uint8_t *answer)
{
	uint8_t function;

	if (len < 6 || (question[0] != fake->device->unit && question[0] != 255))
		return 0;
	if (fake->drops > 0) {
		fake->drops--;
		return 0;
	}
	function = question[1];
	answer[0] = fake->other_unit ? (uint8_t)fake->other_unit : question[0];
	answer[1] = function;
	if (function > 16 || !(fake->device->functions & 1u << function))
		return modbus_fake_refuse(answer, function, 1);
	return function <= 4 ? modbus_fake_read(fake, question, answer)
			     : modbus_fake_write(fake, question, len, answer);
}

static uint16_t modbus_fake_sum(const uint8_t *bytes, size_t len)
{
	uint16_t sum = 0xffff;

	for (size_t i = 0; i < len; i++) {
		sum ^= bytes[i];
		for (int k = 0; k < 8; k++)
			sum = (uint16_t)(sum & 1 ? sum >> 1 ^ 0xa001 : sum >> 1);
	}
	return sum;
}

/** How long the question on the line is that begins so, with its checksum. */
static size_t modbus_fake_len(const uint8_t *frame, size_t len)
{
	if (len < 2 || frame[1] != 16)
		return 8;
	return len < 7 ? 9 : 9 + (size_t)frame[6];
}

static void modbus_fake_send(struct line_fake *line, const uint8_t *frame,
			     size_t len)
{
	struct modbus_fake *fake = line->state;
	uint8_t before[MODBUS_FAKE_FRAME];
	size_t before_len = fake->held_len;

	if (!fake->is_stale) {
		line_fake_send(line, frame, len);
		return;
	}
	memcpy(before, fake->held, before_len);
	memcpy(fake->held, frame, len);
	fake->held_len = len;
	line_fake_send(line, before, before_len);
}

static void modbus_fake_receive_byte(struct line_fake *line, uint8_t byte)
{
	struct modbus_fake *fake = line->state;
	uint8_t answer[MODBUS_FAKE_FRAME + 2];
	uint16_t sum;
	size_t len;

	fake->ups = line;
	fake->frame[fake->len++] = byte;
	len = modbus_fake_len(fake->frame, fake->len);
	if (len > sizeof(fake->frame)) {
		fake->len = 0;
		return;
	}
	if (fake->len < len)
		return;
	fake->len = 0;
	sum = modbus_fake_sum(fake->frame, len - 2);
	if (fake->frame[len - 2] != (sum & 0xff) ||
	    fake->frame[len - 1] != sum >> 8) {
		/* As a silence would: it begins anew, somewhere. */
		memmove(fake->frame, fake->frame + 1, len - 1);
		fake->len = len - 1;
		return;
	}
	len = modbus_fake_answer(fake, fake->frame, len - 2, answer);
	if (len == 0)
		return;
	sum = modbus_fake_sum(answer, len);
	answer[len] = (uint8_t)sum;
	answer[len + 1] = (uint8_t)(sum >> 8);
	modbus_fake_send(line, answer, len + 2);
}

void modbus_fake_set_up(struct modbus_fake *fake, const char *name,
			struct line_fake *ups)
{
	static const struct modbus_fake_device *const devices[] = {
		&modbus_fake_apc,        &modbus_fake_huawei,
		&modbus_fake_adelsystem, &modbus_fake_must,
		&modbus_fake_rio,        &modbus_fake_netman,
		&modbus_fake_tripplite,
	};

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		if (!strcmp(devices[i]->name, name))
			fake->device = devices[i];
	}
	if (!fake->device || fake->device->cells > MODBUS_FAKE_CELLS)
		abort();
	fake->ups = ups;
	fake->cells = fake->device->cells;
	memcpy(fake->cell, fake->device->cell,
	       (size_t)fake->cells * sizeof(fake->cell[0]));
}

static void modbus_fake_start_line(struct line_fake *line)
{
	modbus_fake_set_up(line->state, line->kind->name, line);
}

static void modbus_fake_start_net(struct net_fake *net)
{
	modbus_fake_set_up(net->state, net->kind->name, net->ups);
}

static void modbus_fake_connected(struct net_fake *net)
{
	struct modbus_fake *fake = net->state;

	fake->len = 0;
}

static void modbus_fake_receive(struct net_fake *net, const uint8_t *bytes,
				size_t size)
{
	struct modbus_fake *fake = net->state;
	uint8_t *frame = fake->frame, answer[MODBUS_FAKE_FRAME];
	size_t len;

	fake->ups = net->ups;
	for (size_t i = 0; i < size; i++) {
		frame[fake->len++] = bytes[i];
		len = fake->len < MODBUS_FAKE_HEADER
			      ? MODBUS_FAKE_HEADER
			      : MODBUS_FAKE_HEADER +
					(size_t)(frame[4] << 8 | frame[5]);
		if (len > sizeof(fake->frame)) {
			fake->len = 0;
			return;
		}
		if (fake->len < len || len == MODBUS_FAKE_HEADER)
			continue;
		fake->len = 0;
		memcpy(answer, frame, 4);
		len = modbus_fake_answer(fake, frame + MODBUS_FAKE_HEADER,
					 len - MODBUS_FAKE_HEADER,
					 answer + MODBUS_FAKE_HEADER);
		answer[4] = (uint8_t)(len >> 8);
		answer[5] = (uint8_t)len;
		if (len > 0 && !line_fake_is_off(fake->ups))
			net_fake_send(net, answer, MODBUS_FAKE_HEADER + len);
	}
}

/* One of each for every device: a name, and on a line a speed. */
#define MODBUS_FAKE_KINDS(device, title, baud)                           \
	static const struct line_fake_kind modbus_fake_line_##device = { \
		.name = title,                                           \
		.speed = baud,                                           \
		.state_size = sizeof(struct modbus_fake),                \
		.start = modbus_fake_start_line,                         \
		.receive = modbus_fake_receive_byte,                     \
	};                                                               \
	static const struct net_fake_kind modbus_fake_net_##device = {   \
		.name = title,                                           \
		.is_stream = true,                                       \
		.port = REGISTERS_PORT,                                  \
		.state_size = sizeof(struct modbus_fake),                \
		.start = modbus_fake_start_net,                          \
		.connected = modbus_fake_connected,                      \
		.receive = modbus_fake_receive,                          \
	};                                                               \
	LINE_FAKE(modbus_fake_line_##device);                            \
	NET_FAKE(modbus_fake_net_##device)

MODBUS_FAKE_KINDS(apc, "modbus-apc", 9600);
MODBUS_FAKE_KINDS(huawei, "modbus-huawei", 9600);
MODBUS_FAKE_KINDS(adelsystem, "modbus-adelsystem", 9600);
MODBUS_FAKE_KINDS(must, "modbus-must", 9600);
MODBUS_FAKE_KINDS(rio, "modbus-rio", 9600);
MODBUS_FAKE_KINDS(netman, "modbus-netman", 9600);
MODBUS_FAKE_KINDS(tripplite, "modbus-tripplite", 9600);

const struct line_fake_kind *modbus_fake_line(const char *name)
{
	return line_fake_find(name);
}

const struct net_fake_kind *modbus_fake_net(const char *name)
{
	return net_fake_find(name);
}
