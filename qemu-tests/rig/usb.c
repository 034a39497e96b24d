/* SPDX-License-Identifier: MIT */
/* The UPS on the bus: usbredir packets in and out. */
#include "usb.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <usbredirparser.h>

#include "usb_requests.h"

static int usb_read_socket(void *priv, uint8_t *data, int count)
{
	struct usb *usb = priv;
	ssize_t got = read(usb->fd, data, (size_t)count);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	return got ? (int)got : -1;
}

static int usb_write_socket(void *priv, uint8_t *data, int count)
{
	struct usb *usb = priv;
	ssize_t put = write(usb->fd, data, (size_t)count);

	if (put < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	return (int)put;
}

static void usb_log(void *priv, int level, const char *message)
{
	struct usb *usb = priv;

	if (level <= usbredirparser_warning)
		fprintf(stderr, "usb %s: %s\n", usb->ups->name, message);
}

static void usb_flush(struct usb *usb)
{
	while (usb->parser && usbredirparser_has_data_to_write(usb->parser))
		if (usbredirparser_do_write(usb->parser) < 0)
			break;
}

static void usb_connect(struct usb *usb)
{
	struct usb_redir_interface_info_header interface = {
		.interface_count = 1,
		.interface_class = { usb->function->interface_class },
	};
	struct usb_redir_device_connect_header device = {
		.speed = usb_redir_speed_full,
		.vendor_id = usb->ups->vendor,
		.product_id = usb->ups->product,
		.device_version_bcd = usb->ups->release,
	};
	struct usb_redir_ep_info_header endpoints;
	int i, at;

	memset(&endpoints, 0, sizeof(endpoints));
	memset(endpoints.type, usb_redir_type_invalid, sizeof(endpoints.type));
	/* 0 and 16 are the control endpoint's two directions. */
	endpoints.type[0] = endpoints.type[16] = usb_redir_type_control;
	endpoints.max_packet_size[0] = endpoints.max_packet_size[16] = 8;
	for (i = 0; i < USB_ENDPOINTS_MAX; i++) {
		at = usb->function->endpoint[i].address;
		at = (at & 0x80) >> 3 | (at & 0x0f);
		if (!at)
			continue;
		endpoints.type[at] = usb->function->endpoint[i].type;
		endpoints.interval[at] = usb->function->endpoint[i].interval;
		endpoints.max_packet_size[at] = 64;
	}
	if (usb->function->connect)
		usb->function->connect(usb);
	usbredirparser_send_ep_info(usb->parser, &endpoints);
	usbredirparser_send_interface_info(usb->parser, &interface);
	usbredirparser_send_device_connect(usb->parser, &device);
	usb->connected = true;
	usb->receiving = false;
	usb->configuration = 0;
}

static void usb_hello(void *priv, struct usb_redir_hello_header *hello)
{
	struct usb *usb = priv;

	(void)hello;
	usb->greeted = true;
}

static void usb_reset(void *priv)
{
	struct usb *usb = priv;

	usb->configuration = 0;
	usb->receiving = false;
}

static void
usb_set_configuration(void *priv, uint64_t id,
		      struct usb_redir_set_configuration_header *wanted)
{
	struct usb *usb = priv;
	struct usb_redir_configuration_status_header status = {
		.status = usb_redir_success,
		.configuration = wanted->configuration,
	};

	usb->configuration = wanted->configuration;
	usbredirparser_send_configuration_status(usb->parser, id, &status);
}

static void usb_get_configuration(void *priv, uint64_t id)
{
	struct usb *usb = priv;
	struct usb_redir_configuration_status_header status = {
		.status = usb_redir_success,
		.configuration = usb->configuration,
	};

	usbredirparser_send_configuration_status(usb->parser, id, &status);
}

static void usb_set_alt_setting(void *priv, uint64_t id,
				struct usb_redir_set_alt_setting_header *wanted)
{
	struct usb *usb = priv;
	struct usb_redir_alt_setting_status_header status = {
		.status = wanted->alt ? usb_redir_stall : usb_redir_success,
		.interface = wanted->interface,
	};

	usbredirparser_send_alt_setting_status(usb->parser, id, &status);
}

static void usb_get_alt_setting(void *priv, uint64_t id,
				struct usb_redir_get_alt_setting_header *wanted)
{
	struct usb *usb = priv;
	struct usb_redir_alt_setting_status_header status = {
		.interface = wanted->interface,
	};

	usbredirparser_send_alt_setting_status(usb->parser, id, &status);
}

static void usb_answer(struct usb *usb, const struct usb_pending *request,
		       int status, uint8_t *data, int len)
{
	const uint8_t *setup = request->setup;
	bool in = setup[0] & 0x80;
	struct usb_redir_control_packet_header header = {
		.endpoint = in ? 0x80 : 0,
		.requesttype = setup[0],
		.request = setup[1],
		.status = (uint8_t)status,
		.value = (uint16_t)(setup[2] | setup[3] << 8),
		.index = (uint16_t)(setup[4] | setup[5] << 8),
		.length = (uint16_t)len,
	};

	usbredirparser_send_control_packet(usb->parser, request->id, &header,
					   in && len ? data : NULL,
					   in ? len : 0);
}

static void usb_serve(struct usb *usb, struct usb_pending *request)
{
	uint8_t answer[LAYOUT_BYTES_MAX] = { 0 };
	int len = usb_request(usb, request, answer);

	if (!usb->connected)
		return;
	if (len == USB_NO_ANSWER)
		return;
	if (len == USB_TOO_LONG)
		usb_answer(usb, request, usb_redir_babble, NULL, 0);
	else if (len < 0)
		usb_answer(usb, request, usb_redir_stall, NULL, 0);
	else
		usb_answer(usb, request, usb_redir_success, answer, len);
}

static void usb_control(void *priv, uint64_t id,
			struct usb_redir_control_packet_header *header,
			uint8_t *data, int len)
{
	struct usb *usb = priv;
	struct usb_pending request = {
		.id = id,
		.setup = {
			header->requesttype, header->request,
			header->value & 0xff, header->value >> 8,
			header->index & 0xff, header->index >> 8,
			header->length & 0xff, header->length >> 8,
		},
		.len = len < UPS_REPORT_MAX ? len : UPS_REPORT_MAX,
	};
	int64_t delay_ms;
	int i;

	if (data) {
		memcpy(request.data, data, (size_t)request.len);
		usbredirparser_free_packet_data(usb->parser, data);
	}
	delay_ms = usb_request_delay_ms(usb, &request);
	if (!delay_ms) {
		usb_serve(usb, &request);
		return;
	}
	request.used = true;
	request.due_ms = now_ms() + delay_ms;
	for (i = 0; i < USB_PENDING_MAX; i++) {
		if (usb->pending[i].used)
			continue;
		usb->pending[i] = request;
		return;
	}
	usb_answer(usb, &request, usb_redir_stall, NULL, 0);
}

/* The host has lost patience: the device drops the request. */
static void usb_cancel(void *priv, uint64_t id)
{
	struct usb *usb = priv;
	int i;

	if (usb->function->give_up)
		usb->function->give_up(usb, id);
	for (i = 0; i < USB_PENDING_MAX; i++) {
		if (!usb->pending[i].used || usb->pending[i].id != id)
			continue;
		usb->pending[i].used = false;
		usb_answer(usb, &usb->pending[i], usb_redir_cancelled, NULL, 0);
	}
}

static void usb_ignore_disconnect(void *priv)
{
	(void)priv;
}

void usb_start(struct usb *usb, int fd)
{
	uint32_t caps[USB_REDIR_CAPS_SIZE] = { 0 };
	struct usbredirparser *parser = usbredirparser_create();

	if (!parser)
		words_die(NULL, "out of memory");
	usb->fd = fd;
	usb->parser = parser;
	usb->greeted = usb->connected = usb->receiving = false;
	usb->plug_at_ms = UPS_NEVER;
	memset(usb->pending, 0, sizeof(usb->pending));
	parser->priv = usb;
	parser->log_func = usb_log;
	parser->read_func = usb_read_socket;
	parser->write_func = usb_write_socket;
	parser->hello_func = usb_hello;
	parser->reset_func = usb_reset;
	parser->set_configuration_func = usb_set_configuration;
	parser->get_configuration_func = usb_get_configuration;
	parser->set_alt_setting_func = usb_set_alt_setting;
	parser->get_alt_setting_func = usb_get_alt_setting;
	parser->cancel_data_packet_func = usb_cancel;
	parser->control_packet_func = usb_control;
	usb->function->start(usb);
	parser->device_disconnect_ack_func = usb_ignore_disconnect;
	/* What qemu-xhci asks of its peer. */
	usbredirparser_caps_set_cap(caps, usb_redir_cap_connect_device_version);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_ep_info_max_packet_size);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_64bits_ids);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_32bits_bulk_length);
	usbredirparser_init(parser, "lastwatt rig", caps, USB_REDIR_CAPS_SIZE,
			    usbredirparser_fl_usb_host);
	usb_flush(usb);
}

void usb_stop(struct usb *usb)
{
	if (usb->parser)
		usbredirparser_destroy(usb->parser);
	if (usb->fd >= 0)
		close(usb->fd);
	usb->parser = NULL;
	usb->fd = -1;
	usb->connected = false;
}

void usb_plug(struct usb *usb, bool plugged)
{
	if (usb->plugged == plugged)
		return;
	usb->plugged = plugged;
	usb->plug_at_ms = UPS_NEVER;
	timeline_say(usb->ups->timeline, "plug", "ups", "%s", usb->ups->name,
		     "state", "%s", plugged ? "in" : "out", NULL);
	if (!plugged)
		ups_forget(usb->ups);
	if (!plugged && usb->connected) {
		usbredirparser_send_device_disconnect(usb->parser);
		usb->connected = false;
		memset(usb->pending, 0, sizeof(usb->pending));
	}
	usb_tick(usb);
}

bool usb_read(struct usb *usb)
{
	int ret = usbredirparser_do_read(usb->parser);

	usb_tick(usb);
	return ret != usbredirparser_read_io_error;
}

void usb_tick(struct usb *usb)
{
	struct usb_pending request;
	int64_t now = now_ms();
	int i;

	if (usb->plug_at_ms != UPS_NEVER && usb->plug_at_ms <= now)
		usb_plug(usb, true);
	if (!usb->parser)
		return;
	if (usb->greeted && usb->plugged && !usb->connected)
		usb_connect(usb);
	for (i = 0; i < USB_PENDING_MAX; i++) {
		if (!usb->pending[i].used || usb->pending[i].due_ms > now)
			continue;
		request = usb->pending[i];
		usb->pending[i].used = false;
		usb_serve(usb, &request);
	}
	if (usb->connected)
		usb->function->send(usb);
	usb_flush(usb);
}

int64_t usb_next_ms(const struct usb *usb)
{
	int64_t next = INT64_MAX;
	int i;

	if (usb->function->next_ms)
		next = usb->function->next_ms(usb);
	if (usb->plug_at_ms != UPS_NEVER && usb->plug_at_ms < next)
		next = usb->plug_at_ms;
	for (i = 0; i < USB_PENDING_MAX; i++)
		if (usb->pending[i].used && usb->pending[i].due_ms < next)
			next = usb->pending[i].due_ms;
	return next;
}
