// SPDX-License-Identifier: MIT
/* The emulated APC on the USB: Modbus in HID reports 0x90 and 0x89. */
#include <errno.h>
#include <string.h>

#include "modbus/apc_usb.h"
#include "modbus/modbus_fake.h"

/* clang-format off */
static const uint8_t apc_usb_fake_descriptor[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, /* UPS */
	0x85, 0x07, 0x09, 0x44, 0x75, 0x08, 0x95, 0x01, 0x81, 0x02,
	0x06, 0x86, 0xff, /* Modbus: to the UPS, from the UPS */
	0x85, 0x90, 0x09, 0xfc, 0x75, 0x08, 0x95, 0x3f, 0x91, 0x02,
	0x85, 0x89, 0x0b, 0xfd, 0x00, 0x86, 0xff, 0x81, 0x02,
	0xc0,
};
/* clang-format on */

static void apc_usb_fake_start(struct usb_fake *usb)
{
	modbus_fake_set_up(usb->state, "modbus-apc", usb->ups);
}

static int apc_usb_fake_out(struct usb_fake *usb, uint8_t endpoint,
			    const uint8_t *data, size_t len)
{
	struct modbus_fake *fake = usb->state;
	/* The longest question that a UPS is asked; the rest is padding. */
	size_t question = 6;

	if (endpoint != APC_USB_OUT || len != APC_USB_REPORT || data[0] != 0x90)
		return -EPIPE;
	fake->ups = usb->ups;
	if (data[2] == 16)
		question = 7 + (size_t)(data[7] < 50 ? data[7] : 50);
	fake->said = 0;
	fake->held_len = line_fake_is_off(usb->ups)
				 ? 0
				 : modbus_fake_answer(fake, data + 1, question,
						      fake->held);
	return (int)len;
}

static int apc_usb_fake_in(struct usb_fake *usb, uint8_t endpoint,
			   uint8_t *data, size_t size)
{
	struct modbus_fake *fake = usb->state;
	size_t len = fake->held_len - fake->said;

	if (endpoint != APC_USB_IN || size < APC_USB_REPORT)
		return -EPIPE;
	if (len == 0)
		return -EAGAIN;
	memset(data, 0, APC_USB_REPORT);
	if (fake->chatters && fake->said == 0 && line_fake_noise(usb->ups) % 2) {
		data[0] = 0x07;
		return 2;
	}
	if (len > APC_USB_REPORT - 1)
		len = APC_USB_REPORT - 1;
	data[0] = 0x89;
	memcpy(data + 1, fake->held + fake->said, len);
	fake->said += len;
	return APC_USB_REPORT;
}

const struct usb_fake_kind modbus_fake_usb_kind = {
	.name = "modbus-apc",
	.vendor_id = APC_USB_VENDOR,
	.product_id = APC_USB_PRODUCT,
	.release = 0x0001,
	.string = { "American Power Conversion", "Smart-UPS SRT 1500",
		    "AS1234567890" },
	.interface_class = 3,
	.endpoint = { { APC_USB_IN, USB_FAKE_INTERRUPT, APC_USB_REPORT },
		      { APC_USB_OUT, USB_FAKE_INTERRUPT, APC_USB_REPORT } },
	.report_descriptor = apc_usb_fake_descriptor,
	.report_descriptor_len = sizeof(apc_usb_fake_descriptor),
	.state_size = sizeof(struct modbus_fake),
	.start = apc_usb_fake_start,
	.in = apc_usb_fake_in,
	.out = apc_usb_fake_out,
};

USB_FAKE(modbus_fake_usb_kind);
