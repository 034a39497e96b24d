// SPDX-License-Identifier: MIT
/* The emulated "ATCL FOR UPS". */
#include "usbcontact/atcl_fake.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"

#define ATCL_FAKE_OFF_S   30
/* It says nothing new before that. */
#define ATCL_FAKE_EACH_MS 1000

static int atcl_fake_in(struct usb_fake *fake, uint8_t endpoint, uint8_t *data,
			size_t size)
{
	const struct line_fake *ups = fake->ups;

	(void)endpoint;
	if (size < 8)
		return -EOVERFLOW;
	fake->ready_ms = clock_now_ms() + ATCL_FAKE_EACH_MS;
	memset(data, 0, 8);
	data[0] = ups->mains ? 3 : ups->charge_pct < 10 ? 2 : 1;
	return 8;
}

static int atcl_fake_out(struct usb_fake *fake, uint8_t endpoint,
			 const uint8_t *data, size_t len)
{
	static const uint8_t order[8] = { 0x01 };
	struct atcl_fake *state = fake->state;

	if (endpoint != 0x02)
		return -EPIPE;
	if (len != sizeof(order) || memcmp(data, order, len) != 0)
		return (int)len;
	if (++state->orders % 2 == 0 && !fake->ups->mains)
		line_fake_order(fake->ups, ATCL_FAKE_OFF_S, LINE_FAKE_STAYS_OFF,
				0);
	return (int)len;
}

const struct usb_fake_kind atcl_fake_kind = {
	.name = "nutdrv_atcl_usb",
	.vendor_id = 0x0001,
	.product_id = 0x0000,
	.release = 0x0100,
	.string = { "ATCL FOR UPS", "ATCL FOR UPS" },
	.interface_class = 3,
	.endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 },
		      { 0x02, USB_FAKE_INTERRUPT, 8 } },
	.state_size = sizeof(struct atcl_fake),
	.in = atcl_fake_in,
	.out = atcl_fake_out,
};

USB_FAKE(atcl_fake_kind);
