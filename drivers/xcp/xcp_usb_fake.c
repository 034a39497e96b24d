// SPDX-License-Identifier: MIT
/* The emulated USB side of XCP UPSes, of either maker. */
#include "xcp/xcp_usb_fake.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "xcp/xcp_fake.h"

#define XCP_USB_FAKE_PADDING 3 /* zeros behind an answer */
/* No HID: NUT's bcmxcp_usb would not take it away from the kernel's driver. */
#define CLASS_OF_THE_VENDOR  0xff

static int xcp_usb_fake_powerware(struct usb_fake *fake,
				  const struct usb_fake_setup *setup,
				  uint8_t *data)
{
	if (setup->type != 0x00 || setup->request != 0x07)
		return -ENOSYS;
	if (setup->value != 0x0304 || setup->index != 0)
		return -EPIPE;
	line_fake_receive(fake->ups, data, setup->length);
	return setup->length;
}

static int xcp_usb_fake_phoenixtec(struct usb_fake *fake,
				   const struct usb_fake_setup *setup,
				   uint8_t *data)
{
	if (setup->type != 0x42 || setup->request != 0x0d)
		return -ENOSYS;
	if (setup->value != 0 || setup->index != 0)
		return -EPIPE;
	line_fake_receive(fake->ups, data, setup->length);
	return setup->length;
}

/** A whole answer, as far as it fits, and zeros. */
static int xcp_usb_fake_in(struct usb_fake *fake, uint8_t endpoint,
			   uint8_t *data, size_t size)
{
	const struct line_fake *ups = fake->ups;
	struct xcp_usb_fake *state = fake->state;
	size_t len;

	(void)endpoint;
	if (ups->waiting == 0)
		return -EAGAIN;
	if (ups->out[ups->waiting - 1].at_ms > clock_now_ms()) {
		fake->ready_ms = ups->out[ups->waiting - 1].at_ms;
		return -EAGAIN;
	}
	if (state->empties > 0) {
		state->empties--;
		return 0;
	}
	len = line_fake_take(fake->ups, data, size);
	if (len + XCP_USB_FAKE_PADDING <= size) {
		memset(data + len, 0, XCP_USB_FAKE_PADDING);
		len += XCP_USB_FAKE_PADDING;
	}
	return (int)len;
}

const struct usb_fake_kind xcp_usb_fake_kind = {
	.name = "bcmxcp_usb",
	.vendor_id = 0x0592,
	.product_id = 0x0002,
	.release = 0x0100,
	.string = { "Powerware", "Powerware UPS" },
	.interface_class = CLASS_OF_THE_VENDOR,
	.endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 } },
	.inner = &xcp_fake_kind,
	.state_size = sizeof(struct xcp_usb_fake),
	.control = xcp_usb_fake_powerware,
	.in = xcp_usb_fake_in,
};

const struct usb_fake_kind xcp_usb_phoenixtec_fake_kind = {
	.name = "bcmxcp_usb-phoenixtec",
	.vendor_id = 0x06da,
	.product_id = 0x0002,
	.release = 0x0100,
	.string = { "Phoenixtec", "PowerWare UPS" },
	.interface_class = CLASS_OF_THE_VENDOR,
	.endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 } },
	.inner = &xcp_fake_kind,
	.state_size = sizeof(struct xcp_usb_fake),
	.control = xcp_usb_fake_phoenixtec,
	.in = xcp_usb_fake_in,
};

USB_FAKE(xcp_usb_fake_kind);
USB_FAKE(xcp_usb_phoenixtec_fake_kind);
