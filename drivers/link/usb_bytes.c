// SPDX-License-Identifier: MIT
/* Bytes in USB transfers, packed as somebody has packed them. */
#include "link/usb_bytes.h"

#include <errno.h>
#include <string.h>

#define USB_BYTES_PAUSE_MS 10 /* after a packet with nothing in it */

static struct usb_bytes *usb_bytes_of(struct byte_link *link)
{
	return (struct usb_bytes *)link; /* its first member */
}

/** What a byte link has no word for is worth a retry. */
static int usb_bytes_error(int error)
{
	return error == -ENODEV || error == -ETIMEDOUT ? error : -EIO;
}

static int usb_bytes_write(struct byte_link *link, const void *bytes,
			   size_t len, deadline_t until)
{
	struct usb_bytes *usb = usb_bytes_of(link);
	int ret = usb->packing->write(&usb->usb.pipe, bytes, len, until);

	return ret < 0 ? usb_bytes_error(ret) : 0;
}

/** The next packet; it may have nothing in it. */
static int usb_bytes_fetch(struct usb_bytes *usb, deadline_t until)
{
	const struct usb_bytes_packing *packing = usb->packing;
	struct usb_pipe *pipe = &usb->usb.pipe;
	int ret = pipe->ops->transfer(pipe, packing->endpoint, usb->bytes,
				      packing->packet, until);

	if (ret == -EPIPE)
		(void)pipe->ops->clear_halt(pipe, packing->endpoint);
	if (ret < 0)
		return usb_bytes_error(ret);
	usb->at = 0;
	usb->end = (size_t)ret;
	if (packing->unpack)
		usb->end = packing->unpack(usb->bytes, usb->end, &usb->at) +
			   usb->at;
	return 0;
}

static int usb_bytes_read(struct byte_link *link, void *bytes, size_t size,
			  deadline_t until)
{
	struct usb_bytes *usb = usb_bytes_of(link);
	size_t len;

	while (usb->at == usb->end) {
		int ret = usb_bytes_fetch(usb, until);

		if (ret == 0 && usb->at == usb->end)
			ret = clock_sleep_ms(USB_BYTES_PAUSE_MS, until);
		if (ret < 0)
			return ret;
	}
	len = usb->end - usb->at;
	if (len > size)
		len = size;
	memcpy(bytes, usb->bytes + usb->at, len);
	usb->at += len;
	return (int)len;
}

static void usb_bytes_drain(struct byte_link *link)
{
	struct usb_bytes *usb = usb_bytes_of(link);

	usb->at = usb->end = 0;
}

static void usb_bytes_close(struct byte_link *link)
{
	struct usb_pipe *pipe = &usb_bytes_of(link)->usb.pipe;

	pipe->ops->close(pipe);
}

static const struct byte_link_ops usb_bytes_ops = {
	.write = usb_bytes_write,
	.read = usb_bytes_read,
	.drain = usb_bytes_drain,
	.close = usb_bytes_close,
};

int usb_bytes_open(struct usb_bytes *bytes, struct ups *ups,
		   const struct usb_id *ids, size_t count,
		   const struct usb_bytes_packing *packing, deadline_t until)
{
	int which = usb_pipe_open(&bytes->usb, ups, ids, count, 0), ret = 0;

	if (which < 0)
		return which;
	bytes->link.ops = &usb_bytes_ops;
	bytes->packing = packing;
	bytes->at = bytes->end = 0;
	if (packing->start)
		ret = packing->start(&bytes->usb.pipe, until);
	if (ret < 0) {
		usb_bytes_close(&bytes->link);
		return usb_pipe_fail(ups, ret);
	}
	return which;
}
