// SPDX-License-Identifier: MIT
/* Modbus in HID reports, and which reports those are. */
#include "modbus/apc_usb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "link/usb_pipe.h"

#define APC_USB_DESCRIPTOR_MAX 4096
#define APC_USB_TRANSFER_MS    1000
#define APC_USB_STRAYS_MAX     64 /* reports of other things in a row */

/* Page and usage of what goes to the UPS, and of what comes from it. */
#define APC_USB_TO_UPS   0xff8600fcu
#define APC_USB_FROM_UPS 0xff8600fdu

/* Items of a report descriptor, without their length (HID 1.11, 6.2.2). */
enum apc_usb_item {
	APC_USB_PAGE = 0x04,
	APC_USB_USAGE = 0x08,
	APC_USB_INPUT = 0x80,
	APC_USB_REPORT_ID = 0x84,
	APC_USB_OUTPUT = 0x90,
	APC_USB_ITEM_MASK = 0xfc,
};

struct apc_usb {
	struct byte_link link;
	struct usb_pipe_link usb;
	struct apc_usb_reports reports;
	size_t at, end; /* of what came and was not read */
	uint8_t report[APC_USB_REPORT];
};

int apc_usb_find_reports(const uint8_t *descriptor, size_t len,
			 struct apc_usb_reports *reports)
{
	uint32_t page = 0, usage = 0;
	uint8_t id = 0;
	size_t at = 0;

	*reports = (struct apc_usb_reports){ 0 };
	while (at < len) {
		size_t size = (descriptor[at] & 3) == 3 ? 4 : descriptor[at] & 3;
		uint8_t item = descriptor[at++] & APC_USB_ITEM_MASK;
		uint32_t value = 0;

		if (size > len - at)
			break;
		for (size_t i = 0; i < size; i++)
			value |= (uint32_t)descriptor[at + i] << 8 * i;
		at += size;
		if (item == APC_USB_PAGE)
			page = value << 16;
		else if (item == APC_USB_USAGE)
			usage = size == 4 ? value : page | value;
		else if (item == APC_USB_REPORT_ID)
			id = (uint8_t)value;
		else if (item == APC_USB_OUTPUT && usage == APC_USB_TO_UPS)
			reports->out_id = id;
		else if (item == APC_USB_INPUT && usage == APC_USB_FROM_UPS)
			reports->in_id = id;
	}
	return reports->out_id && reports->in_id ? 0 : -EPROTO;
}

static struct apc_usb *apc_usb_of(struct byte_link *link)
{
	return (struct apc_usb *)link; /* its first member */
}

/** What a byte link has no word for is worth a retry. */
static int apc_usb_error(struct apc_usb *usb, uint8_t endpoint, int error)
{
	struct usb_pipe *pipe = &usb->usb.pipe;

	if (error == -EPIPE)
		(void)pipe->ops->clear_halt(pipe, endpoint);
	return error == -ENODEV || error == -ETIMEDOUT ? error : -EIO;
}

static int apc_usb_write(struct byte_link *link, const void *bytes, size_t len,
			 deadline_t until)
{
	struct apc_usb *usb = apc_usb_of(link);
	struct usb_pipe *pipe = &usb->usb.pipe;
	const uint8_t *from = bytes;

	while (len > 0) {
		uint8_t report[APC_USB_REPORT] = { usb->reports.out_id };
		size_t part =
			len < sizeof(report) - 1 ? len : sizeof(report) - 1;
		int ret;

		memcpy(report + 1, from, part);
		ret = pipe->ops->transfer(
			pipe, APC_USB_OUT, report, sizeof(report),
			deadline_earlier(until,
					 deadline_in_ms(APC_USB_TRANSFER_MS)));
		if (ret < 0)
			return apc_usb_error(usb, APC_USB_OUT, ret);
		from += part;
		len -= part;
	}
	return 0;
}

/** The next report of ours; the UPS tells of its state by others. */
static int apc_usb_fetch(struct apc_usb *usb, deadline_t until)
{
	struct usb_pipe *pipe = &usb->usb.pipe;

	for (int i = 0; i < APC_USB_STRAYS_MAX; i++) {
		int ret = pipe->ops->transfer(pipe, APC_USB_IN, usb->report,
					      sizeof(usb->report), until);

		if (ret < 0)
			return apc_usb_error(usb, APC_USB_IN, ret);
		if (ret > 1 && usb->report[0] == usb->reports.in_id) {
			usb->at = 1;
			usb->end = (size_t)ret;
			return 0;
		}
		if (deadline_passed(until))
			return -ETIMEDOUT;
	}
	return -EIO;
}

static int apc_usb_read(struct byte_link *link, void *bytes, size_t size,
			deadline_t until)
{
	struct apc_usb *usb = apc_usb_of(link);
	int ret = usb->at < usb->end ? 0 : apc_usb_fetch(usb, until);
	size_t len = usb->end - usb->at;

	if (ret < 0)
		return ret;
	if (len > size)
		len = size;
	memcpy(bytes, usb->report + usb->at, len);
	usb->at += len;
	return (int)len;
}

static void apc_usb_drain(struct byte_link *link)
{
	struct apc_usb *usb = apc_usb_of(link);

	usb->at = usb->end = 0;
}

static void apc_usb_close(struct byte_link *link)
{
	struct apc_usb *usb = apc_usb_of(link);

	usb->usb.pipe.ops->close(&usb->usb.pipe);
	free(usb);
}

static const struct byte_link_ops apc_usb_ops = {
	.write = apc_usb_write,
	.read = apc_usb_read,
	.drain = apc_usb_drain,
	.close = apc_usb_close,
};

static int apc_usb_read_descriptor(struct apc_usb *usb, deadline_t until)
{
	struct usb_pipe *pipe = &usb->usb.pipe;
	uint8_t descriptor[APC_USB_DESCRIPTOR_MAX];
	int ret = pipe->ops->control(
		pipe, 0x81, 0x06, 0x2200, 0, descriptor, sizeof(descriptor),
		deadline_earlier(until, deadline_in_ms(APC_USB_TRANSFER_MS)));

	return ret < 0 ? ret
		       : apc_usb_find_reports(descriptor, (size_t)ret,
					      &usb->reports);
}

int apc_usb_open(struct ups *ups, struct byte_link **link, deadline_t until)
{
	static const struct usb_id ids[] = {
		{ .vendor_id = APC_USB_VENDOR, .product_id = APC_USB_PRODUCT },
	};
	struct apc_usb *usb = calloc(1, sizeof(*usb));
	int ret;

	if (!usb)
		return ups_fail(ups, -EIO, "[%s] no memory", ups->name);
	usb->link.ops = &apc_usb_ops;
	ret = usb_pipe_open(&usb->usb, ups, ids, 1, 0);
	if (ret < 0) {
		free(usb);
		return ret;
	}
	ret = apc_usb_read_descriptor(usb, until);
	if (ret < 0) {
		apc_usb_close(&usb->link);
		return ret == -EPROTO
			       ? ups_fail(ups, -EOPNOTSUPP,
					  "[%s] has no Modbus on its USB; perhaps it is not enabled in its menu, else driver = usbhid-ups serves it",
					  ups->name)
			       : usb_pipe_fail(ups, ret);
	}
	*link = &usb->link;
	return 0;
}
