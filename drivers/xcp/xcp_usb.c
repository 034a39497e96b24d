// SPDX-License-Identifier: MIT
/*
 * XCP on the USB, NUT's bcmxcp_usb: a frame in a control transfer, and the
 * answer from an interrupt endpoint. Two makers have two requests for it.
 */
#include <errno.h>
#include <string.h>

#include "link/usb_bytes.h"
#include "xcp/xcp.h"

#define XCP_USB_IN          0x81
#define XCP_USB_PACKET      128
#define XCP_USB_TRANSFER_MS 1000
#define XCP_USB_GREETINGS   3
#define XCP_USB_ANSWER_MS   2000

struct xcp_usb {
	struct xcp xcp;
	struct usb_bytes bytes;
};

static int xcp_usb_send(struct usb_pipe *pipe, uint8_t type, uint8_t request,
			uint16_t value, const uint8_t *bytes, size_t len,
			deadline_t until)
{
	uint8_t frame[XCP_FRAME_MAX];
	int ret;

	if (len > sizeof(frame))
		return -EIO;
	memcpy(frame, bytes, len);
	ret = pipe->ops->control(
		pipe, type, request, value, 0, frame, len,
		deadline_earlier(until, deadline_in_ms(XCP_USB_TRANSFER_MS)));
	return ret < 0 ? ret : (size_t)ret == len ? 0 : -EIO;
}

/** Powerware's: SET_DESCRIPTOR of string 4. */
static int xcp_usb_write_powerware(struct usb_pipe *pipe, const uint8_t *bytes,
				   size_t len, deadline_t until)
{
	return xcp_usb_send(pipe, 0x00, 0x07, 0x0304, bytes, len, until);
}

/** Phoenixtec's, which HP sells too: a request of its own. */
static int xcp_usb_write_phoenixtec(struct usb_pipe *pipe, const uint8_t *bytes,
				    size_t len, deadline_t until)
{
	return xcp_usb_send(pipe, 0x42, 0x0d, 0, bytes, len, until);
}

static const struct usb_bytes_packing xcp_usb_powerware = {
	.write = xcp_usb_write_powerware,
	.endpoint = XCP_USB_IN,
	.packet = XCP_USB_PACKET,
};

static const struct usb_bytes_packing xcp_usb_phoenixtec = {
	.write = xcp_usb_write_phoenixtec,
	.endpoint = XCP_USB_IN,
	.packet = XCP_USB_PACKET,
};

static const struct usb_id xcp_usb_ids[] = {
	{ .vendor_id = 0x0592, .product_id = 0x0002 }, /* Powerware */
	{ .vendor_id = 0x06da, .product_id = 0x0002 }, /* Phoenixtec */
	{ .vendor_id = 0x03f0, .product_id = 0x1f01 }, /* HP T500 */
	{ .vendor_id = 0x03f0, .product_id = 0x1f02 }, /* HP T750 */
};

#define XCP_USB_IDS (sizeof(xcp_usb_ids) / sizeof(xcp_usb_ids[0]))

static int xcp_usb_greet(struct xcp *xcp, deadline_t until)
{
	int ret = -ETIMEDOUT;

	for (int i = 0; i < XCP_USB_GREETINGS && ret < 0 && ret != -ENODEV; i++)
		ret = xcp_greet(xcp, XCP_USB_ANSWER_MS, until);
	return ret;
}

static int xcp_usb_open(struct ups *ups, deadline_t until)
{
	struct xcp_usb *state = ups->state;
	int ret = usb_bytes_open(&state->bytes, ups, xcp_usb_ids, XCP_USB_IDS,
				 &xcp_usb_powerware, until);

	if (ret < 0)
		return ret;
	if (ret > 0)
		state->bytes.packing = &xcp_usb_phoenixtec;
	state->xcp.link = &state->bytes.link;
	ret = xcp_usb_greet(&state->xcp, until);
	if (ret < 0) {
		xcp_close(ups);
		return usb_pipe_fail(ups, ret);
	}
	return 0;
}

static const char *const xcp_usb_nut_names[] = { "bcmxcp_usb", NULL };

static const struct ups_driver xcp_usb_driver = {
	.name = "xcp_usb",
	.summary = "Eaton, Powerware and HP (XCP) on the USB",
	.nut_names = xcp_usb_nut_names,
	.state_size = sizeof(struct xcp_usb),
	.open = xcp_usb_open,
	.cut = xcp_cut,
	.status = xcp_get_status,
	.close = xcp_close,
};

UPS_DRIVER(xcp_usb_driver);
