// SPDX-License-Identifier: MIT
/* The emulated device of the tests of USB pipes. */
#include "link/usb_echo_fake.h"

#include <errno.h>
#include <string.h>

struct usb_echo {
	uint8_t data[64];
	int len;
};

static int usb_echo_control(struct usb_fake *fake,
			    const struct usb_fake_setup *setup, uint8_t *data)
{
	struct usb_echo *echo = fake->state;

	if (setup->request != 0x01 && setup->request != 0x09)
		return -ENOSYS;
	if (setup->type & USB_FAKE_IN) {
		memcpy(data, echo->data, (size_t)echo->len);
		return echo->len;
	}
	memcpy(echo->data, data, setup->length);
	echo->len = setup->length;
	return echo->len;
}

static int usb_echo_in(struct usb_fake *fake, uint8_t endpoint, uint8_t *data,
		       size_t size)
{
	struct usb_echo *echo = fake->state;
	int len = echo->len;

	if (endpoint != 0x81)
		return -EPIPE;
	if (len == 0)
		return -EAGAIN;
	if ((size_t)len > size)
		return -EOVERFLOW;
	memcpy(data, echo->data, (size_t)len);
	echo->len = 0;
	return len;
}

static int usb_echo_out(struct usb_fake *fake, uint8_t endpoint,
			const uint8_t *data, size_t len)
{
	struct usb_echo *echo = fake->state;

	(void)endpoint;
	memcpy(echo->data, data, len);
	echo->len = (int)len;
	return echo->len;
}

#define ECHO_KIND(product)                                                  \
	.name = "echo", .vendor_id = 0x0001, .product_id = 0,               \
	.string = { "ACME", product }, .interface_class = 3,                \
	.endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 },                      \
		      { 0x02, USB_FAKE_INTERRUPT, 8 } },                    \
	.state_size = sizeof(struct usb_echo), .control = usb_echo_control, \
	.in = usb_echo_in, .out = usb_echo_out

const struct usb_fake_kind usb_echo_kind = { ECHO_KIND("Echo") };
const struct usb_fake_kind usb_echo_other_kind = { ECHO_KIND("Other") };
