// SPDX-License-Identifier: MIT
/* The emulated UPS with Richcomm's dry contacts. */
#include "usbcontact/richcomm_fake.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"

#define RICHCOMM_FAKE_OFF_S  15
#define RICHCOMM_FAKE_BACK_S 5
#define RICHCOMM_FAKE_GAP_MS 900 /* it overhears what comes sooner */

static void richcomm_fake_start(struct usb_fake *fake)
{
	struct richcomm_fake *state = fake->state;

	state->stale = 1;
}

static void richcomm_fake_obey(struct usb_fake *fake, uint8_t half)
{
	struct richcomm_fake *state = fake->state;

	if (half == 0) {
		state->prepared = true;
		state->since_ms = clock_now_ms();
	} else if (state->prepared && !fake->ups->mains &&
		   clock_now_ms() - state->since_ms >= RICHCOMM_FAKE_GAP_MS) {
		state->prepared = false;
		line_fake_order(fake->ups, RICHCOMM_FAKE_OFF_S,
				LINE_FAKE_WITH_MAINS, RICHCOMM_FAKE_BACK_S);
	}
}

static int richcomm_fake_control(struct usb_fake *fake,
				 const struct usb_fake_setup *setup,
				 uint8_t *data)
{
	struct richcomm_fake *state = fake->state;

	if (setup->type != 0x21 || setup->request != 0x09)
		return -ENOSYS;
	if (setup->value != 0x0200 || setup->length != 4)
		return -EPIPE;
	state->waits = true;
	if (data[0] == 0x02)
		richcomm_fake_obey(fake, data[1]);
	return setup->length;
}

static int richcomm_fake_in(struct usb_fake *fake, uint8_t endpoint,
			    uint8_t *data, size_t size)
{
	struct richcomm_fake *state = fake->state;
	uint8_t answer[6] = { 0x01, 0, 0, 0, 0x86 };

	(void)endpoint;
	if (!state->waits)
		return -EAGAIN;
	if (size < sizeof(answer))
		return -EOVERFLOW;
	state->waits = false;
	answer[3] = (uint8_t)((fake->ups->mains ? 0x04 : 0) |
			      (fake->ups->charge_pct < 10 ? 0 : 0x02));
	if (state->stale > 0) {
		state->stale--;
		memset(answer, 0, sizeof(answer));
		answer[0] = 0x80;
	}
	memcpy(data, answer, sizeof(answer));
	return sizeof(answer);
}

const struct usb_fake_kind richcomm_fake_kind = {
	.name = "richcomm_usb",
	.vendor_id = 0x0925,
	.product_id = 0x1234,
	.release = 0x0100,
	.string = { "Richcomm", "UPS USB Mon V1.4" },
	.interface_class = 3,
	.endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 } },
	.state_size = sizeof(struct richcomm_fake),
	.start = richcomm_fake_start,
	.control = richcomm_fake_control,
	.in = richcomm_fake_in,
};

USB_FAKE(richcomm_fake_kind);
