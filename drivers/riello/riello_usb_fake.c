// SPDX-License-Identifier: MIT
/* The emulated bridge of Riello, with the emulated UPS behind it. */
#include "riello/riello_fake.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"

#define RIELLO_USB_FAKE_EACH_MS 10 /* between packets, full or empty */

static int riello_usb_fake_control(struct usb_fake *fake,
				   const struct usb_fake_setup *setup,
				   uint8_t *data)
{
	static const uint8_t features[] = { 0xb0, 0x04, 0x00, 0x00, 0x03 };

	(void)fake;
	if (setup->type != 0x21 || setup->request != 0x09)
		return -ENOSYS;
	if (setup->value != 0x0300 || setup->length != sizeof(features) ||
	    memcmp(data, features, sizeof(features)) != 0)
		return -EPIPE;
	return setup->length;
}

static int riello_usb_fake_out(struct usb_fake *fake, uint8_t endpoint,
			       const uint8_t *data, size_t len)
{
	size_t count = data[0] & 0x07;

	if (endpoint != 0x02 || len != 8)
		return -EPIPE;
	line_fake_receive(fake->ups, data + 1, count);
	return (int)len;
}

/* As it was seen: the count below a mark, and zeros without a meaning. */
static int riello_usb_fake_in(struct usb_fake *fake, uint8_t endpoint,
			      uint8_t *data, size_t size)
{
	(void)endpoint;
	if (size < 8)
		return -EOVERFLOW;
	memset(data, 0, 8);
	data[0] = (uint8_t)(0xf0 | line_fake_take(fake->ups, data + 1, 7));
	fake->ready_ms = clock_now_ms() + RIELLO_USB_FAKE_EACH_MS;
	return 8;
}

const struct usb_fake_kind riello_usb_fake_kind = {
	.name = "riello_usb",
	.vendor_id = 0x04b4,
	.product_id = 0x5500,
	.release = 0x0100,
	.string = { "Cypress Semiconductor", "USB to Serial" },
	.interface_class = 3,
	.endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 },
		      { 0x02, USB_FAKE_INTERRUPT, 8 } },
	.inner = &riello_fake_kind,
	.control = riello_usb_fake_control,
	.in = riello_usb_fake_in,
	.out = riello_usb_fake_out,
};

USB_FAKE(riello_usb_fake_kind);
