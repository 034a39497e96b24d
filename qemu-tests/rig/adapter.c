/* SPDX-License-Identifier: MIT */
/* The adapter's requests, and the bytes that pass through it. */
#include "adapter.h"
#include "usb_requests.h"

#include <stdlib.h>
#include <string.h>
#include <usbredirparser.h>

#define ADAPTER_VENDOR  0x0403
#define ADAPTER_PRODUCT 0x6001
#define ADAPTER_RELEASE 0x0400

#define ADAPTER_PACKET    64 /* two bytes of each are the status */
#define ADAPTER_QUEUE_MAX 4096
#define ADAPTER_WANTS_MAX 16
#define ADAPTER_IN        0x81
#define ADAPTER_OUT       0x02

enum adapter_request {
	ADAPTER_SET_LINES = 1,
	ADAPTER_SET_SPEED = 3,
	ADAPTER_SET_DATA = 4,
	ADAPTER_GET_LINES = 5,
	ADAPTER_GET_LATENCY = 10,
};

struct adapter {
	struct line *line;
	size_t queued;
	uint8_t queue[ADAPTER_QUEUE_MAX];
	int wants; /* transfers of the host that wait for bytes */
	uint64_t want[ADAPTER_WANTS_MAX];
	uint8_t shown; /* the status as last sent */
};

static uint8_t adapter_status(const struct adapter *adapter)
{
	unsigned int inputs = adapter->line->fake.inputs;

	return (uint8_t)(0x01 | (inputs & SERIAL_CTS ? 0x10 : 0) |
			 (inputs & SERIAL_DSR ? 0x20 : 0) |
			 (inputs & SERIAL_RNG ? 0x40 : 0) |
			 (inputs & SERIAL_DCD ? 0x80 : 0));
}

/* The divisor has eighths; its last bit is in the index. */
static int adapter_speed(unsigned int value, unsigned int index)
{
	static const int eighths[] = { 0, 4, 2, 1, 3, 5, 6, 7 };
	unsigned int divisor = value & 0x3fff;

	if (divisor < 2)
		return divisor ? 2000000 : 3000000;
	divisor = 8 * divisor +
		  (unsigned int)eighths[value >> 14 | (index & 1) << 2];
	return (int)((8 * 3000000 + divisor / 2) / divisor);
}

/* Not every speed can be divided down to: as near as a line takes it. */
static int adapter_round_speed(int speed)
{
	static const int speeds[] = { 300,  600,   1200,  2400,  4800,
				      9600, 19200, 38400, 57600, 115200 };
	size_t i;

	for (i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++)
		if (abs(speed - speeds[i]) * 50 < speeds[i])
			return speeds[i];
	return speed;
}

static void adapter_set_lines(struct line *line, unsigned int value)
{
	unsigned int outputs = line->outputs;

	if (value & 0x100)
		outputs = value & 1 ? outputs | SERIAL_DTR
				    : outputs & ~(unsigned int)SERIAL_DTR;
	if (value & 0x200)
		outputs = value & 2 ? outputs | SERIAL_RTS
				    : outputs & ~(unsigned int)SERIAL_RTS;
	line_set_outputs(line, outputs, line->is_break);
}

static int adapter_request(struct usb *usb, const struct usb_pending *request,
			   uint8_t *answer)
{
	const uint8_t *setup = request->setup;
	struct adapter *adapter = usb->adapter;
	unsigned int value = setup[2] | (unsigned int)setup[3] << 8;
	unsigned int index = setup[4] | (unsigned int)setup[5] << 8;

	if (setup[0] == 0xc0) {
		answer[0] = setup[1] == ADAPTER_GET_LATENCY
				    ? 16
				    : adapter_status(adapter);
		answer[1] = 0x60;
		return setup[1] == ADAPTER_GET_LATENCY ? 1
		       : setup[1] == ADAPTER_GET_LINES ? 2
						       : -1;
	}
	if (setup[0] != 0x40)
		return USB_NOT_MINE;
	if (setup[1] == ADAPTER_SET_LINES)
		adapter_set_lines(adapter->line, value);
	else if (setup[1] == ADAPTER_SET_SPEED)
		line_set_speed(adapter->line,
			       adapter_round_speed(adapter_speed(value, index)));
	else if (setup[1] == ADAPTER_SET_DATA)
		line_set_outputs(adapter->line, adapter->line->outputs,
				 value & 0x4000);
	return 0;
}

/* Answer what the host has asked for, as far as there is something to say. */
static void adapter_flush(struct usb *usb)
{
	struct adapter *adapter = usb->adapter;

	while (adapter->wants > 0 &&
	       (adapter->queued || adapter->shown != adapter_status(adapter))) {
		uint8_t packet[ADAPTER_PACKET] = { adapter_status(adapter),
						   0x60 };
		size_t len = adapter->queued < ADAPTER_PACKET - 2
				     ? adapter->queued
				     : ADAPTER_PACKET - 2;
		struct usb_redir_bulk_packet_header header = {
			.endpoint = ADAPTER_IN,
			.status = usb_redir_success,
			.length = (uint16_t)(len + 2),
		};

		adapter->shown = packet[0];
		memcpy(packet + 2, adapter->queue, len);
		adapter->queued -= len;
		memmove(adapter->queue, adapter->queue + len, adapter->queued);
		usbredirparser_send_bulk_packet(usb->parser, adapter->want[0],
						&header, packet, (int)(len + 2));
		adapter->wants--;
		memmove(adapter->want, adapter->want + 1,
			(size_t)adapter->wants * sizeof(adapter->want[0]));
	}
}

static void adapter_carry(void *carrier, const uint8_t *bytes, size_t len)
{
	struct usb *usb = carrier;
	struct adapter *adapter = usb->adapter;

	if (!usb->connected || adapter->queued + len > ADAPTER_QUEUE_MAX)
		return;
	memcpy(adapter->queue + adapter->queued, bytes, len);
	adapter->queued += len;
}

static void adapter_take(void *priv, uint64_t id,
			 struct usb_redir_bulk_packet_header *header,
			 uint8_t *data, int len)
{
	struct usb *usb = priv;
	struct adapter *adapter = usb->adapter;
	struct usb_redir_bulk_packet_header answer = *header;

	if (header->endpoint == ADAPTER_IN &&
	    adapter->wants < ADAPTER_WANTS_MAX) {
		adapter->want[adapter->wants++] = id;
		return;
	}
	answer.status = header->endpoint == ADAPTER_OUT ? usb_redir_success
							: usb_redir_stall;
	if (header->endpoint == ADAPTER_OUT)
		line_receive(adapter->line, data, (size_t)len);
	if (data)
		usbredirparser_free_packet_data(usb->parser, data);
	usbredirparser_send_bulk_packet(usb->parser, id, &answer, NULL, 0);
}

static void adapter_give_up(struct usb *usb, uint64_t id)
{
	struct adapter *adapter = usb->adapter;
	struct usb_redir_bulk_packet_header answer = {
		.endpoint = ADAPTER_IN,
		.status = usb_redir_cancelled,
	};
	int i;

	for (i = 0; i < adapter->wants && adapter->want[i] != id; i++)
		;
	if (i == adapter->wants)
		return;
	adapter->wants--;
	memmove(adapter->want + i, adapter->want + i + 1,
		(size_t)(adapter->wants - i) * sizeof(adapter->want[0]));
	usbredirparser_send_bulk_packet(usb->parser, id, &answer, NULL, 0);
}

static size_t adapter_configuration(const struct ups *ups, uint8_t *out)
{
	static const uint8_t bytes[] = {
		9,
		2,
		32,
		0,
		1,
		1,
		0,
		0x80,
		50,
		9,
		4,
		0,
		0,
		2,
		0xff,
		0,
		0,
		0,
		7,
		5,
		ADAPTER_IN,
		2,
		ADAPTER_PACKET,
		0,
		0,
		7,
		5,
		2,
		2,
		ADAPTER_PACKET,
		0,
		0,
	};

	(void)ups;
	memcpy(out, bytes, sizeof(bytes));
	return sizeof(bytes);
}

static void adapter_start(struct usb *usb)
{
	usb->parser->bulk_packet_func = adapter_take;
}

static void adapter_connect(struct usb *usb)
{
	struct adapter *adapter = usb->adapter;

	adapter->wants = 0;
	adapter->queued = 0;
	adapter->shown = 0;
}

static const struct usb_function adapter_function = {
	.interface_class = 0xff,
	.endpoint = { { ADAPTER_IN, usb_redir_type_bulk, 0 },
		      { ADAPTER_OUT, usb_redir_type_bulk, 0 } },
	.configuration = adapter_configuration,
	.start = adapter_start,
	.connect = adapter_connect,
	.request = adapter_request,
	.give_up = adapter_give_up,
	.send = adapter_flush,
};

void adapter_make(struct usb *usb, struct line *line)
{
	struct adapter *adapter = calloc(1, sizeof(*adapter));
	struct ups *ups = usb->ups;

	if (!adapter)
		words_die(NULL, "out of memory");
	adapter->line = line;
	line->carry = adapter_carry;
	line->carrier = usb;
	usb->adapter = adapter;
	usb->function = &adapter_function;
	ups->vendor = ADAPTER_VENDOR;
	ups->product = ADAPTER_PRODUCT;
	ups->release = ADAPTER_RELEASE;
	strcpy(ups->manufacturer, "FTDI");
	strcpy(ups->model, "USB Serial");
}
