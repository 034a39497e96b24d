// SPDX-License-Identifier: MIT
/* Asks over a USB bridge: blocks out, packets in. */
#include "qx/bridge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TO_INTERFACE   0x21 /* class, out */
#define FROM_INTERFACE 0xa1 /* class, in */
#define TO_ENDPOINT    0x42 /* vendor, out */
#define FROM_DEVICE    0x80
#define GET_REPORT     0x01
#define SET_REPORT     0x09
#define GET_DESCRIPTOR 0x06
#define CONFIGURATION  0x0200
#define PHOENIXTEC_SAY 0x0d

#define ANSWERS_AT     0x81
#define ORDERS_AT      0x02
#define PIPED_IN       0x82
#define PIPED_PACKET   64
#define BLOCK_MAX      64
#define PACKET_MAX     128
#define COUNT_MASK     0x3f
#define DRAINS_MAX     16
#define PACKETS_MAX    64
#define ARMAC_PAUSE_MS 10
#define ABLEREX_MS     500

/* Of a configuration: enough for the bridges that are looked into. */
#define CONFIGURATION_MAX 96
#define ENDPOINT_TYPE     5
#define ENDPOINT_LEN      7

static deadline_t qx_soon(int ms, deadline_t until)
{
	return deadline_earlier(until, deadline_in_ms(ms));
}

/** One block of a command; 0 or an error. */
static int qx_send_block(struct qx_bridge *bridge, uint8_t *block, size_t len,
			 deadline_t until)
{
	const struct qx_way_row *row = bridge->row;
	struct usb_pipe *pipe = &bridge->usb.pipe;
	deadline_t limit = qx_soon(row->send_ms, until);
	int ret;

	if (bridge->out)
		ret = pipe->ops->transfer(pipe, bridge->out, block, len, limit);
	else if (row->way == QX_BY_REQUEST)
		ret = pipe->ops->control(pipe, TO_ENDPOINT, PHOENIXTEC_SAY, 0,
					 0, block, len, limit);
	else
		ret = pipe->ops->control(pipe, TO_INTERFACE, SET_REPORT,
					 row->value, 0, block, len, limit);
	if (ret == -EPIPE && bridge->out)
		(void)pipe->ops->clear_halt(pipe, bridge->out);
	if (ret == -ENODEV || (ret == -ETIMEDOUT && deadline_passed(until)))
		return ret;
	return ret == (int)len ? 0 : -EIO;
}

/** Fuji's: 80 06, length + 1, 03, three characters, length of the answer. */
static int qx_send_fuji(struct qx_bridge *bridge, const char *command,
			deadline_t until)
{
	uint8_t block[8] = { 0x80, 0x06, 0, 0x03 };
	size_t len = strlen(command);

	block[2] = (uint8_t)(len + 1);
	memcpy(block + 4, command, len);
	block[7] = !strcmp(command, "Q1")  ? 47
		   : !strcmp(command, "F") ? 22
		   : !strcmp(command, "I") ? 39
					   : 0;
	return qx_send_block(bridge, block, sizeof(block), until);
}

static int qx_send_ablerex(struct qx_bridge *bridge, const char *command,
			   deadline_t until)
{
	uint8_t block[47] = { 0x05, 0x00 };
	size_t len = strlen(command);
	int ret;

	block[2] = (uint8_t)(len + 1);
	memcpy(block + 3, command, len);
	block[3 + len] = '\r';
	ret = qx_send_block(bridge, block, sizeof(block), until);
	return ret < 0 ? ret : clock_sleep_ms(ABLEREX_MS, until);
}

/** Cut the command into blocks. */
static int qx_send_blocks(struct qx_bridge *bridge, const char *command,
			  deadline_t until)
{
	const struct qx_way_row *row = bridge->row;
	size_t head = row->flags & QX_COUNTED ? 1 : 0;
	size_t len = strlen(command), at = 0, room = row->block - head;
	char text[QX_COMMAND_MAX + 1];

	memcpy(text, command, len);
	text[len++] = '\r';
	/* These go out whole, and no longer than they are. */
	if (bridge->out || row->way == QX_BY_REQUEST)
		room = len;
	while (at < len) {
		uint8_t block[BLOCK_MAX] = { 0 };
		size_t count = len - at < room ? len - at : room;
		int ret;

		if (head)
			block[0] = (uint8_t)(row->mark | count);
		memcpy(block + head, text + at, count);
		ret = qx_send_block(bridge, block,
				    room == len ? head + count : row->block,
				    until);
		if (ret < 0)
			return ret;
		at += count;
	}
	return 0;
}

static int qx_send(struct qx_bridge *bridge, const char *command,
		   deadline_t until)
{
	switch (bridge->row->way) {
	case QX_BY_ENDPOINT:
		return qx_send_fuji(bridge, command, until);
	case QX_BY_FEATURE:
		return qx_send_ablerex(bridge, command, until);
	default:
		return qx_send_blocks(bridge, command, until);
	}
}

/** A packet of an answer: its bytes, 0 for none (any more), or an error. */
static int qx_read_packet(struct qx_bridge *bridge, uint8_t *packet,
			  size_t size, deadline_t limit, deadline_t until)
{
	struct usb_pipe *pipe = &bridge->usb.pipe;
	int ret;

	if (bridge->row->way == QX_BY_FEATURE)
		ret = pipe->ops->control(pipe, FROM_INTERFACE, GET_REPORT,
					 bridge->row->value, 0, packet, size,
					 limit);
	else
		ret = pipe->ops->transfer(pipe, bridge->in, packet, size, limit);
	if (ret == -EPIPE && bridge->row->way != QX_BY_FEATURE)
		(void)pipe->ops->clear_halt(pipe, bridge->in);
	if (ret >= 0 || ret == -ENODEV)
		return ret;
	if (ret == -ETIMEDOUT && deadline_passed(until))
		return ret;
	/* Some obey, and fail to say so: who asks looks at the status. */
	return 0;
}

/** Add the text in a packet; true at its end. */
static bool qx_add_text(const uint8_t *from, size_t count, char *answer,
			size_t size, int *len)
{
	for (size_t i = 0; i < count && (size_t)*len < size; i++) {
		/* What is stale may be behind the CR, and NUL before all. */
		if (from[i] == '\r')
			return true;
		if (*len > 0 || from[i])
			answer[(*len)++] = (char)from[i];
	}
	return (size_t)*len == size;
}

static int qx_receive(struct qx_bridge *bridge, char *answer, size_t size,
		      deadline_t until)
{
	const struct qx_way_row *row = bridge->row;
	bool is_piped = bridge->in == PIPED_IN;
	size_t packet_size = is_piped ? PIPED_PACKET : row->packet;
	deadline_t whole = qx_soon(QX_WHOLE_MS, until);
	size_t head = row->flags & QX_COUNTED ? 1 : 0;
	uint8_t packet[PACKET_MAX];
	int len = 0;

	for (int i = 0; i < PACKETS_MAX; i++) {
		int ret = qx_read_packet(bridge, packet, packet_size,
					 qx_soon(QX_FIRST_MS, whole), until);
		size_t count = (size_t)ret;

		if (ret <= 0)
			return ret < 0 ? ret : len;
		if (head) {
			count = packet[0] & COUNT_MASK;
			if (count > (size_t)ret - 1)
				count = (size_t)ret - 1;
			if (count == 0)
				break;
		}
		if (qx_add_text(packet + head, count, answer, size, &len) ||
		    is_piped || row->flags & QX_ONCE)
			break;
		/* Else it is asked faster than it hears of more. */
		if (row->flags & QX_AND_PIPED && count <= 2)
			(void)clock_sleep_ms(ARMAC_PAUSE_MS, whole);
	}
	return len;
}

/** Let go what another program asked for, and did not wait for. */
static int qx_drain(struct qx_bridge *bridge, deadline_t until)
{
	uint8_t waste[PACKET_MAX];
	int ret = 1;

	for (int i = 0; i < DRAINS_MAX && ret > 0; i++)
		ret = qx_read_packet(bridge, waste, bridge->row->packet,
				     qx_soon(bridge->row->drain_ms, until),
				     until);
	return ret < 0 ? ret : 0;
}

/** They would not hear of it: say what Megatec's say to what they do not know. */
static int qx_repeat(const char *command, char *answer, size_t size)
{
	size_t len = strlen(command);

	memcpy(answer, command, len < size ? len : size);
	return (int)(len < size ? len : size);
}

static bool qx_is_beyond(const struct qx_way_row *row, const char *command)
{
	static const char unheard[][4] = { "QGS", "QS", "QPI", "M", "D" };

	if (row->way == QX_BY_ENDPOINT)
		return strlen(command) > 3;
	for (size_t i = 0; row->flags & QX_AND_PIPED &&
			   i < sizeof(unheard) / sizeof(unheard[0]);
	     i++) {
		if (strcmp(command, unheard[i]) == 0)
			return true;
	}
	return strlen(command) > QX_COMMAND_MAX;
}

static int qx_bridge_ask(struct qx_port *port, const char *command,
			 char *answer, size_t size, deadline_t until)
{
	struct qx_bridge *bridge = (struct qx_bridge *)port; /* first member */
	int ret = 0;

	if (bridge->row->way == QX_BY_STRING)
		return qx_strings_ask(bridge, command, answer, size, until);
	if (qx_is_beyond(bridge->row, command))
		return qx_repeat(command, answer, size);
	if (bridge->row->drain_ms && bridge->in == ANSWERS_AT)
		ret = qx_drain(bridge, until);
	if (ret == 0)
		ret = qx_send(bridge, command, until);
	return ret < 0 ? ret : qx_receive(bridge, answer, size, until);
}

static void qx_bridge_close(struct qx_port *port)
{
	struct qx_bridge *bridge = (struct qx_bridge *)port;
	struct usb_pipe *pipe = &bridge->usb.pipe;

	pipe->ops->close(pipe);
}

static const struct qx_port_ops qx_bridge_ops = {
	.ask = qx_bridge_ask,
	.close = qx_bridge_close,
};

/** Richcomm's newer ones have pipes of 64 bytes: 82 in, 02 out. */
static void qx_look_for_pipes(struct qx_bridge *bridge, deadline_t until)
{
	struct usb_pipe *pipe = &bridge->usb.pipe;
	uint8_t bytes[CONFIGURATION_MAX];
	bool in = false, out = false;
	int len = pipe->ops->control(pipe, FROM_DEVICE, GET_DESCRIPTOR,
				     CONFIGURATION, 0, bytes, sizeof(bytes),
				     qx_soon(QX_FIRST_MS, until));

	for (int at = 0; len - at >= ENDPOINT_LEN && bytes[at] >= 2;
	     at += bytes[at]) {
		if (bytes[at + 1] != ENDPOINT_TYPE ||
		    bytes[at + 4] != PIPED_PACKET)
			continue;
		in |= bytes[at + 2] == PIPED_IN;
		out |= bytes[at + 2] == ORDERS_AT;
	}
	if (in && out) {
		bridge->in = PIPED_IN;
		bridge->out = ORDERS_AT;
	}
}

/** By `subdriver`, or by what the device is. */
static int qx_choose_way(struct qx_bridge *bridge, struct ups *ups, size_t id)
{
	const char *subdriver = ups_value(ups, "subdriver");

	if (subdriver)
		bridge->row = qx_find_way(subdriver);
	else if (id < qx_usb_ids_count)
		bridge->row = qx_way_of(id);
	if (bridge->row)
		return 0;
	if (!subdriver)
		return ups_fail(
			ups, -EINVAL,
			"[%s] is a USB device that nobody knows: subdriver must say what it is",
			ups->name);
	return ups_fail(ups, -EINVAL, "[%s] there is no subdriver %s",
			ups->name, subdriver);
}

int qx_bridge_open(struct qx_bridge *bridge, struct ups *ups, deadline_t until)
{
	const char *language = ups_value(ups, "langid_fix");
	int ret = usb_pipe_open(&bridge->usb, ups, qx_usb_ids, qx_usb_ids_count,
				0);

	if (ret < 0)
		return ret;
	ret = qx_choose_way(bridge, ups, (size_t)ret);
	if (ret < 0) {
		qx_bridge_close(&bridge->port);
		return ret;
	}
	bridge->port.ops = &qx_bridge_ops;
	bridge->in = ANSWERS_AT;
	bridge->out = bridge->row->way == QX_BY_ENDPOINT ? ORDERS_AT : 0;
	bridge->language = 0x0409;
	if (language && *language)
		bridge->language = (uint16_t)strtoul(language, NULL, 16);
	if (bridge->row->flags & QX_AND_PIPED)
		qx_look_for_pipes(bridge, until);
	if (bridge->row->way == QX_BY_STRING)
		qx_strings_start(bridge, until);
	return 0;
}
