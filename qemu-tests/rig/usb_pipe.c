/* SPDX-License-Identifier: MIT */
/* The interrupt pipe of the emulated UPS. */
#include "usb_pipe.h"

#include <string.h>
#include <usbredirparser.h>

#define ENDPOINT_IN 0x81

static void
usb_pipe_open(void *priv, uint64_t id,
	      struct usb_redir_start_interrupt_receiving_header *wanted)
{
	struct usb *usb = priv;
	struct usb_redir_interrupt_receiving_status_header status = {
		.status = wanted->endpoint == ENDPOINT_IN ? usb_redir_success
							  : usb_redir_inval,
		.endpoint = wanted->endpoint,
	};

	usb->receiving = wanted->endpoint == ENDPOINT_IN;
	usbredirparser_send_interrupt_receiving_status(usb->parser, id, &status);
}

static void
usb_pipe_close(void *priv, uint64_t id,
	       struct usb_redir_stop_interrupt_receiving_header *wanted)
{
	struct usb *usb = priv;
	struct usb_redir_interrupt_receiving_status_header status = {
		.endpoint = wanted->endpoint,
	};

	usb->receiving = false;
	usbredirparser_send_interrupt_receiving_status(usb->parser, id, &status);
}

/* Nobody writes to it. */
static void usb_pipe_drop(void *priv, uint64_t id,
			  struct usb_redir_interrupt_packet_header *header,
			  uint8_t *data, int len)
{
	struct usb *usb = priv;

	(void)id;
	(void)header;
	(void)len;
	usbredirparser_free_packet_data(usb->parser, data);
}

void usb_pipe_start(struct usb *usb)
{
	struct usbredirparser *parser = usb->parser;

	parser->start_interrupt_receiving_func = usb_pipe_open;
	parser->stop_interrupt_receiving_func = usb_pipe_close;
	parser->interrupt_packet_func = usb_pipe_drop;
}

void usb_pipe_send(struct usb *usb)
{
	struct usb_redir_interrupt_packet_header header = {
		.endpoint = ENDPOINT_IN,
	};
	uint8_t packet[UPS_REPORT_MAX + 1];
	const uint8_t *data;
	size_t len;
	int report, ids = usb->ups->layout.ids;

	if (!usb->receiving)
		return;
	ups_refresh(usb->ups);
	for (report = 0; report < 256; report++) {
		data = ups_report(usb->ups, REPORT_INPUT, (uint8_t)report, &len);
		if (!len || len > UPS_REPORT_MAX ||
		    !memcmp(usb->shown[report], data, len))
			continue;
		memcpy(usb->shown[report], data, len);
		packet[0] = (uint8_t)report;
		memcpy(packet + ids, data, len);
		header.length = (uint16_t)(len + (size_t)ids);
		usbredirparser_send_interrupt_packet(
			usb->parser, usb->interrupt_id++, &header, packet,
			header.length);
	}
}
