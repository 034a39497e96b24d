/* SPDX-License-Identifier: MIT */
/* Brings transfers to an emulated device, and tells of them. */
#include "device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <usbredirparser.h>

#include "usb_requests.h"

#define DEVICE_WANTS_MAX 16
#define DEVICE_IN_MAX    1024

/** The host waits for an endpoint to say something, or to take it. */
struct device_want {
	uint64_t id;
	uint8_t endpoint;
	size_t size;
};

/** What the host says just now; told once, and before what comes of it. */
struct device_saying {
	const char *where;
	char setup[20];
	const uint8_t *bytes;
	int len;
	bool told;
};

struct device {
	struct usb_function function; /* what it is on the bus */
	struct line *line;
	struct usb_fake fake;
	struct device_saying saying;
	int wants;
	struct device_want want[DEVICE_WANTS_MAX];
};

static const char *device_result(int ret)
{
	switch (ret) {
	case -EPIPE:
		return "stall";
	case -EOVERFLOW:
		return "long";
	case -ENODEV:
		return "gone";
	case -ETIMEDOUT:
		return "timeout";
	default:
		return ret < 0 ? "error" : "ok";
	}
}

/* A transfer of the protocol, in the timeline. */
static void device_tell(struct usb *usb, const char *where, const char *setup,
			const uint8_t *bytes, int len, int ret)
{
	struct shown shown;

	timeline_show(&shown, bytes, len > 0 ? (size_t)len : 0);
	timeline_say(usb->ups->timeline, "transfer", "ups", "%s",
		     usb->ups->name, "endpoint", "%s", where, "setup", "%s",
		     setup, "data", "%s", shown.data, "text", "%s", shown.text,
		     "result", "%s", device_result(ret), NULL);
}

static void device_tell_saying(struct usb *usb, int ret)
{
	struct device_saying *saying = &usb->device->saying;

	if (!saying->told)
		device_tell(usb, saying->where, saying->setup, saying->bytes,
			    saying->len, ret);
	saying->told = true;
}

static void device_tell_before(void *carrier)
{
	device_tell_saying(carrier, 0);
}

static int device_request(struct usb *usb, const struct usb_pending *request,
			  uint8_t *answer)
{
	const uint8_t *bytes = request->setup;
	const struct usb_fake_setup setup = {
		.type = bytes[0],
		.request = bytes[1],
		.value = (uint16_t)(bytes[2] | bytes[3] << 8),
		.index = (uint16_t)(bytes[4] | bytes[5] << 8),
		.length = (uint16_t)(bytes[6] | bytes[7] << 8),
	};
	struct device *device = usb->device;
	struct device_saying *saying = &device->saying;
	bool in = setup.type & USB_FAKE_IN;
	int transfers = device->fake.transfers, ret;

	*saying = (struct device_saying){
		.where = "00",
		.bytes = request->data,
		.len = in ? 0 : request->len,
	};
	snprintf(saying->setup, sizeof(saying->setup), "%02x %02x %04x %04x",
		 setup.type, setup.request, setup.value, setup.index);
	if (!in)
		memcpy(answer, request->data, (size_t)request->len);
	ret = usb_fake_control(&device->fake, &setup, answer);
	if (in) {
		saying->bytes = answer;
		saying->len = ret;
	}
	if (device->fake.transfers != transfers)
		device_tell_saying(usb, ret);
	else
		timeline_say(usb->ups->timeline, "control", "ups", "%s",
			     usb->ups->name, "setup", "%s", saying->setup, NULL);
	saying->told = true;
	if (ret > setup.length || ret == -EOVERFLOW)
		return USB_TOO_LONG;
	return ret == -ETIMEDOUT ? USB_NO_ANSWER : ret < 0 ? -1 : ret;
}

static void device_answer(struct usb *usb, const struct device_want *want,
			  int ret, uint8_t *data)
{
	struct usb_redir_bulk_packet_header header = {
		.endpoint = want->endpoint,
		.status = ret == -EPIPE       ? usb_redir_stall
			  : ret == -EOVERFLOW ? usb_redir_babble
			  : ret == -ECANCELED ? usb_redir_cancelled
			  : ret < 0           ? usb_redir_ioerror
					      : usb_redir_success,
		.length = (uint16_t)(ret > 0 ? ret : 0),
	};
	int len = want->endpoint & USB_FAKE_IN && ret > 0 ? ret : 0;

	usbredirparser_send_bulk_packet(usb->parser, want->id, &header,
					len ? data : NULL, len);
}

static void device_drop_want(struct device *device, int i)
{
	device->wants--;
	memmove(&device->want[i], &device->want[i + 1],
		(size_t)(device->wants - i) * sizeof(device->want[0]));
}

/* Ask the device what it has for a host that waits; false: nothing yet. */
static bool device_serve(struct usb *usb, const struct device_want *want)
{
	struct usb_fake *fake = &usb->device->fake;
	uint8_t data[DEVICE_IN_MAX];
	char where[4];
	int ret;

	if (!(want->endpoint & USB_FAKE_IN))
		return false; /* one that is not taken, ever */
	ret = usb_fake_in(fake, want->endpoint, data, want->size);
	if (ret == -EAGAIN || ret == -ENODEV)
		return false;
	snprintf(where, sizeof(where), "%02x", want->endpoint);
	device_tell(usb, where, "", data, ret, ret);
	device_answer(usb, want, ret, data);
	return true;
}

/* One after the other at each endpoint, as they were asked for. */
static void device_send(struct usb *usb)
{
	struct device *device = usb->device;
	bool waits[256] = { false };
	int i = 0;

	while (i < device->wants) {
		uint8_t endpoint = device->want[i].endpoint;

		if (!waits[endpoint] && device_serve(usb, &device->want[i])) {
			device_drop_want(device, i);
			continue;
		}
		waits[endpoint] = true;
		i++;
	}
}

static void device_take(void *priv, uint64_t id,
			struct usb_redir_bulk_packet_header *header,
			uint8_t *data, int len)
{
	struct usb *usb = priv;
	struct device *device = usb->device;
	struct device_want want = {
		.id = id,
		.endpoint = header->endpoint,
		.size = header->length < DEVICE_IN_MAX ? header->length
						       : DEVICE_IN_MAX,
	};
	bool waits = want.endpoint & USB_FAKE_IN;
	char where[4];

	if (!waits) {
		int ret;

		snprintf(where, sizeof(where), "%02x", want.endpoint);
		device->saying = (struct device_saying){
			.where = where,
			.bytes = data,
			.len = len,
		};
		ret = usb_fake_out(&device->fake, want.endpoint, data,
				   (size_t)len);
		device_tell_saying(usb, ret);
		waits = ret == -ETIMEDOUT;
		if (!waits)
			device_answer(usb, &want, ret, NULL);
	}
	if (data)
		usbredirparser_free_packet_data(usb->parser, data);
	if (waits && device->wants < DEVICE_WANTS_MAX)
		device->want[device->wants++] = want;
}

/* The host waits no longer. */
static void device_give_up(struct usb *usb, uint64_t id)
{
	struct device *device = usb->device;
	char where[4];
	int i;

	for (i = 0; i < device->wants; i++) {
		struct device_want want = device->want[i];

		if (want.id != id)
			continue;
		device_drop_want(device, i);
		device_answer(usb, &want, -ECANCELED, NULL);
		if (!(want.endpoint & USB_FAKE_IN))
			return;
		usb_fake_give_up(&device->fake, want.endpoint);
		snprintf(where, sizeof(where), "%02x", want.endpoint);
		device_tell(usb, where, "", NULL, 0, -ETIMEDOUT);
		return;
	}
}

static int64_t device_next_ms(const struct usb *usb)
{
	const struct device *device = usb->device;

	return device->wants ? usb_fake_next_ms(&device->fake) : INT64_MAX;
}

static void device_start(struct usb *usb)
{
	usb->parser->bulk_packet_func = device_take;
}

static void device_connect(struct usb *usb)
{
	usb->device->wants = 0;
}

/*
 * To the redirection every endpoint is one of bulk transfers: then QEMU asks
 * for each packet when the host does, and the device says nothing unasked.
 * The host's kernel knows better from the descriptors.
 */
static void device_describe(struct device *device)
{
	const struct usb_fake_kind *kind = device->fake.kind;
	struct usb_function *function = &device->function;
	int i;

	*function = (struct usb_function){
		.interface_class = kind->interface_class,
		.start = device_start,
		.connect = device_connect,
		.request = device_request,
		.give_up = device_give_up,
		.send = device_send,
		.next_ms = device_next_ms,
	};
	for (i = 0; i < USB_ENDPOINTS_MAX && kind->endpoint[i].address; i++) {
		function->endpoint[i].address = kind->endpoint[i].address;
		function->endpoint[i].type = usb_redir_type_bulk;
	}
}

struct line *device_make(struct usb *usb)
{
	struct device *device = calloc(1, sizeof(*device));
	struct ups *ups = usb->ups;
	const struct usb_fake_kind *kind = usb_fake_find(ups->line_kind);

	if (!kind)
		words_die(NULL, "%s: there is no device \"%s\" on the USB",
			  ups->name, ups->line_kind);
	if (!device)
		words_die(NULL, "out of memory");
	device->line = line_alloc(ups, kind->name);
	device->line->bridged = true;
	device->line->carrier = usb;
	device->line->before = device_tell_before;
	usb_fake_start(&device->fake, kind, &device->line->fake);
	line_join(device->line);
	/* Most have no serial number: only one that the file gives. */
	if (strcmp(ups->serial, ups->name))
		snprintf(device->fake.serial, sizeof(device->fake.serial),
			 "%.31s", ups->serial);
	ups->vendor = kind->vendor_id;
	ups->product = kind->product_id;
	ups->release = kind->release;
	device_describe(device);
	usb->device = device;
	usb->function = &device->function;
	device_suffer(usb, &ups->device_trouble);
	return device->line;
}

void device_suffer(struct usb *usb, const struct device_trouble *trouble)
{
	struct usb_fake *fake = &usb->device->fake;

	fake->way = trouble->way;
	fake->way_from = fake->transfers + trouble->from;
	fake->way_times = trouble->times;
}

bool device_is_there(const struct usb *usb)
{
	return usb_fake_is_there(&usb->device->fake);
}
