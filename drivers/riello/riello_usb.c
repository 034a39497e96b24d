// SPDX-License-Identifier: MIT
/*
 * Riello on the USB, NUT's riello_usb: eight bytes a packet, of which the
 * first one says how many of the others are meant.
 */
#include <errno.h>
#include <string.h>

#include "link/usb_bytes.h"
#include "riello/riello.h"

#define RIELLO_GREETINGS   4
#define RIELLO_PACKET      8
#define RIELLO_TEXT_MAX    7 /* in a packet */
#define RIELLO_COUNT_MASK  0x07
#define RIELLO_DIGIT       0x30
#define RIELLO_IN          0x81
#define RIELLO_OUT         0x02
#define RIELLO_TRANSFER_MS 1000
/* Its bridge passes a packet on at 1200 baud or faster. */
#define RIELLO_PACKET_MS   200

struct riello_usb {
	struct riello riello;
	struct usb_bytes bytes;
};

/** The bridge forgets its line settings when it leaves the bus. */
static int riello_usb_start(struct usb_pipe *pipe, deadline_t until)
{
	uint8_t features[] = { 0xb0, 0x04, 0x00, 0x00, 0x03 };
	int ret = pipe->ops->control(
		pipe, 0x21, 0x09, 0x0300, 0, features, sizeof(features),
		deadline_earlier(until, deadline_in_ms(RIELLO_TRANSFER_MS)));

	/* One that refuses may have them all the same. */
	return ret == -EPIPE || ret > 0 ? 0 : ret;
}

static int riello_usb_write(struct usb_pipe *pipe, const uint8_t *bytes,
			    size_t len, deadline_t until)
{
	while (len > 0) {
		size_t part = len < RIELLO_TEXT_MAX ? len : RIELLO_TEXT_MAX;
		uint8_t packet[RIELLO_PACKET];
		int ret;

		memset(packet, '0', sizeof(packet));
		packet[0] = (uint8_t)(RIELLO_DIGIT + part);
		memcpy(packet + 1, bytes, part);
		ret = pipe->ops->transfer(
			pipe, RIELLO_OUT, packet, sizeof(packet),
			deadline_earlier(until,
					 deadline_in_ms(RIELLO_TRANSFER_MS)));
		if (ret == -EPIPE)
			(void)pipe->ops->clear_halt(pipe, RIELLO_OUT);
		if (ret >= 0)
			ret = clock_sleep_ms(RIELLO_PACKET_MS, until);
		if (ret < 0)
			return ret;
		bytes += part;
		len -= part;
	}
	return 0;
}

static size_t riello_usb_unpack(const uint8_t *packet, size_t len, size_t *first)
{
	size_t count = len > 0 ? packet[0] & RIELLO_COUNT_MASK : 0;

	*first = len > 0 ? 1 : 0;
	return count < len ? count : len - *first;
}

static const struct usb_bytes_packing riello_usb_packing = {
	.start = riello_usb_start,
	.write = riello_usb_write,
	.endpoint = RIELLO_IN,
	.packet = RIELLO_PACKET,
	.unpack = riello_usb_unpack,
};

static int riello_usb_open(struct ups *ups, deadline_t until)
{
	static const struct usb_id ids[] = {
		{ .vendor_id = 0x04b4, .product_id = 0x5500 },
	};
	struct riello_usb *state = ups->state;
	int ret = usb_bytes_open(&state->bytes, ups, ids, 1,
				 &riello_usb_packing, until);

	if (ret < 0)
		return ret;
	state->riello.link = &state->bytes.link;
	ret = riello_greet(ups, RIELLO_GREETINGS, until);
	if (ret < 0) {
		riello_close(ups);
		return usb_pipe_fail(ups, ret);
	}
	return 0;
}

static const char *const riello_usb_nut_names[] = { "riello_usb", NULL };

static const struct ups_driver riello_usb_driver = {
	.name = "riello_usb",
	.summary = "Riello (GPSER) on the USB",
	.nut_names = riello_usb_nut_names,
	.rehearses = true,
	.state_size = sizeof(struct riello_usb),
	.open = riello_usb_open,
	.cut = riello_cut,
	.status = riello_status,
	.cancel = riello_cancel,
	.close = riello_close,
};

UPS_DRIVER(riello_usb_driver);
