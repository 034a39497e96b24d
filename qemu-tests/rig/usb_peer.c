/* SPDX-License-Identifier: MIT */
/*
 * usb-peer.so, to be preloaded into a NUT driver for USB in place of libusb.
 * Its bus has the one device of usb_plugged.h. The declarations are those of
 * libusb 1.0, of which a driver needs two dozen.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "usb_plugged.h"

enum peer_error {
	PEER_IO = -1,
	PEER_NO_DEVICE = -4,
	PEER_NOT_FOUND = -5,
	PEER_TIMEOUT = -7,
	PEER_OVERFLOW = -8,
	PEER_PIPE = -9,
};

struct peer_endpoint {
	uint8_t length, type, address, attributes;
	uint16_t packet;
	uint8_t interval, refresh, sync;
	const uint8_t *extra;
	int extra_length;
};

struct peer_interface {
	uint8_t length, type, number, alternate, endpoints, class, subclass,
		protocol, name;
	const struct peer_endpoint *endpoint;
	const uint8_t *extra;
	int extra_length;
};

struct peer_alternates {
	const struct peer_interface *interface;
	int count;
};

struct peer_configuration {
	uint8_t length, type;
	uint16_t total;
	uint8_t interfaces, value, name, attributes, power;
	const struct peer_alternates *alternates;
	const uint8_t *extra;
	int extra_length;
	/* Not libusb's: what the pointers lead to. */
	struct peer_alternates the_alternates[2];
	struct peer_interface the_interface;
	struct peer_endpoint the_endpoint[USB_FAKE_ENDPOINTS_MAX];
	uint8_t hid[9];
};

struct peer_version {
	uint16_t major, minor, micro, nano;
	const char *candidate, *describe;
};

/* Before the driver changes its folder: some devices lie in files. */
static void __attribute__((constructor)) peer_start(void)
{
	if (getenv("RIG_USB_DEVICE"))
		(void)usb_plugged();
}

int libusb_init(void **context);
int libusb_init(void **context)
{
	if (context)
		*context = NULL;
	return usb_plugged() ? 0 : PEER_IO;
}

static int peer_error(int ret)
{
	switch (ret) {
	case -EPIPE:
		return PEER_PIPE;
	case -ETIMEDOUT:
		return PEER_TIMEOUT;
	case -EOVERFLOW:
		return PEER_OVERFLOW;
	case -ENODEV:
		return PEER_NO_DEVICE;
	default:
		return ret < 0 ? PEER_IO : ret;
	}
}

static void peer_sleep_ms(int64_t ms)
{
	const struct timespec time = { .tv_sec = ms / 1000,
				       .tv_nsec = ms % 1000 * 1000000 };

	(void)nanosleep(&time, NULL);
}

int libusb_control_transfer(void *handle, uint8_t type, uint8_t request,
			    uint16_t value, uint16_t index, uint8_t *data,
			    uint16_t len, unsigned int timeout_ms);
int libusb_control_transfer(void *handle, uint8_t type, uint8_t request,
			    uint16_t value, uint16_t index, uint8_t *data,
			    uint16_t len, unsigned int timeout_ms)
{
	const struct usb_fake_setup setup = { type, request, value, index, len };
	bool in = type & USB_FAKE_IN;
	uint8_t answer[USB_FAKE_ANSWER_MAX] = { 0 };
	int ret;

	(void)handle;
	if (len > sizeof(answer))
		len = sizeof(answer);
	if (!in && len)
		memcpy(answer, data, len);
	ret = usb_fake_control(usb_plugged(), &setup, answer);
	if (in && ret > 0)
		memcpy(data, answer, (size_t)ret < len ? (size_t)ret : len);
	if (ret == -ETIMEDOUT)
		peer_sleep_ms(timeout_ms);
	return peer_error(ret);
}

static int peer_in(uint8_t endpoint, uint8_t *data, size_t len,
		   unsigned int timeout_ms)
{
	unsigned int waited_ms;
	int ret;

	for (waited_ms = 0;; waited_ms++) {
		ret = usb_fake_in(usb_plugged(), endpoint, data, len);
		if (ret != -EAGAIN)
			return ret;
		if (waited_ms >= timeout_ms)
			break;
		peer_sleep_ms(1);
	}
	usb_fake_give_up(usb_plugged(), endpoint);
	return -ETIMEDOUT;
}

int libusb_interrupt_transfer(void *handle, uint8_t endpoint, uint8_t *data,
			      int len, int *done, unsigned int timeout_ms);
int libusb_interrupt_transfer(void *handle, uint8_t endpoint, uint8_t *data,
			      int len, int *done, unsigned int timeout_ms)
{
	int ret;

	(void)handle;
	if (endpoint & USB_FAKE_IN) {
		ret = peer_in(endpoint, data, (size_t)len, timeout_ms);
	} else {
		ret = usb_fake_out(usb_plugged(), endpoint, data, (size_t)len);
		if (ret == -ETIMEDOUT)
			peer_sleep_ms(timeout_ms);
	}
	*done = ret > 0 ? ret : 0;
	return ret < 0 ? peer_error(ret) : 0;
}

int libusb_bulk_transfer(void *handle, uint8_t endpoint, uint8_t *data, int len,
			 int *done, unsigned int timeout_ms);
int libusb_bulk_transfer(void *handle, uint8_t endpoint, uint8_t *data, int len,
			 int *done, unsigned int timeout_ms)
{
	return libusb_interrupt_transfer(handle, endpoint, data, len, done,
					 timeout_ms);
}

static int peer_describe(uint16_t value, uint16_t index, uint8_t *data,
			 uint16_t len)
{
	const struct usb_fake_setup setup = { 0x80, 6, value, index, len };

	return usb_fake_standard(usb_plugged(), &setup, data);
}

int libusb_get_string_descriptor_ascii(void *handle, uint8_t index,
				       uint8_t *data, int len);
int libusb_get_string_descriptor_ascii(void *handle, uint8_t index,
				       uint8_t *data, int len)
{
	uint8_t text[255];
	int got = libusb_control_transfer(handle, 0x80, 6,
					  (uint16_t)(0x300 | index), 0x0409,
					  text, sizeof(text), 1000);
	int i;

	if (got < 0)
		return got;
	for (i = 0; 2 * i + 2 < got && i + 1 < len; i++)
		data[i] = text[2 * i + 2];
	data[i] = '\0';
	return i;
}

int libusb_get_device_descriptor(void *device, uint8_t *descriptor);
int libusb_get_device_descriptor(void *device, uint8_t *descriptor)
{
	(void)device;
	/* In memory as on the wire. */
	return peer_describe(0x100, 0, descriptor, 18) == 18 ? 0 : PEER_IO;
}

int libusb_get_config_descriptor(void *device, uint8_t index,
				 struct peer_configuration **out);
int libusb_get_config_descriptor(void *device, uint8_t index,
				 struct peer_configuration **out)
{
	const struct usb_fake_kind *kind = usb_plugged()->kind;
	struct peer_configuration *made = calloc(1, sizeof(*made));
	uint8_t i = 0;

	(void)device;
	if (!made || index) {
		free(made);
		return PEER_NOT_FOUND;
	}
	for (; i < USB_FAKE_ENDPOINTS_MAX && kind->endpoint[i].address; i++)
		made->the_endpoint[i] = (struct peer_endpoint){
			.length = 7,
			.type = 5,
			.address = kind->endpoint[i].address,
			.attributes = (uint8_t)kind->endpoint[i].pipe,
			.packet = kind->endpoint[i].packet ?: 8,
		};
	(void)peer_describe(0x2100, 0, made->hid, sizeof(made->hid));
	made->the_interface = (struct peer_interface){
		.length = 9,
		.type = 4,
		.endpoints = i,
		.class = kind->interface_class,
		.subclass = kind->interface_subclass,
		.endpoint = made->the_endpoint,
		.extra = made->hid,
		.extra_length = sizeof(made->hid),
	};
	/* NUT 2.8.5 reads that of a second interface, whether it is there. */
	for (i = 0; i < 2; i++)
		made->the_alternates[i] = (struct peer_alternates){
			.interface = &made->the_interface, .count = 1
		};
	made->length = 9;
	made->type = 2;
	made->interfaces = made->value = 1;
	made->alternates = made->the_alternates;
	*out = made;
	return 0;
}

int libusb_get_active_config_descriptor(void *device,
					struct peer_configuration **out);
int libusb_get_active_config_descriptor(void *device,
					struct peer_configuration **out)
{
	return libusb_get_config_descriptor(device, 0, out);
}

void libusb_free_config_descriptor(struct peer_configuration *made);
void libusb_free_config_descriptor(struct peer_configuration *made)
{
	free(made);
}

ssize_t libusb_get_device_list(void *context, void ***list);
ssize_t libusb_get_device_list(void *context, void ***list)
{
	static void *devices[2];

	(void)context;
	devices[0] = usb_plugged();
	*list = devices;
	return 1;
}

void libusb_free_device_list(void **list, int unreference);
void libusb_free_device_list(void **list, int unreference)
{
	(void)list;
	(void)unreference;
}

int libusb_open(void *device, void **handle);
int libusb_open(void *device, void **handle)
{
	*handle = device;
	return 0;
}

void *libusb_get_device(void *handle);
void *libusb_get_device(void *handle)
{
	return handle;
}

/* Where it is plugged in. */
#define PEER_IS_ONE(name)                        \
	uint8_t libusb_get_##name(void *device); \
	uint8_t libusb_get_##name(void *device)  \
	{                                        \
		(void)device;                    \
		return 1;                        \
	}

PEER_IS_ONE(bus_number)
PEER_IS_ONE(device_address)
PEER_IS_ONE(port_number)

const char *libusb_strerror(int error);
const char *libusb_strerror(int error)
{
	return error == PEER_TIMEOUT ? "timeout"
	       : error == PEER_PIPE  ? "stall"
				     : "other error";
}

const struct peer_version *libusb_get_version(void);
const struct peer_version *libusb_get_version(void)
{
	static const struct peer_version version = { 1, 0, 26, 0, "", "" };

	return &version;
}

/* What is of no consequence here. */
#define PEER_DOES_NOTHING(name)          \
	int libusb_##name(void *handle); \
	int libusb_##name(void *handle)  \
	{                                \
		(void)handle;            \
		return 0;                \
	}

PEER_DOES_NOTHING(exit)
PEER_DOES_NOTHING(close)
PEER_DOES_NOTHING(claim_interface)
PEER_DOES_NOTHING(release_interface)
PEER_DOES_NOTHING(detach_kernel_driver)
PEER_DOES_NOTHING(kernel_driver_active)
PEER_DOES_NOTHING(set_auto_detach_kernel_driver)
PEER_DOES_NOTHING(set_configuration)
PEER_DOES_NOTHING(set_interface_alt_setting)
PEER_DOES_NOTHING(reset_device)
PEER_DOES_NOTHING(clear_halt)
