// SPDX-License-Identifier: MIT
/* HID reports over USB control transfers. */
#include "link/usb.h"

#include <errno.h>
#include <string.h>

#include <libusb.h>

/* HID 1.11, 7.1 and 7.2 */
#define GET_REPORT         0x01
#define SET_REPORT         0x09
#define DESCRIPTOR_HID     0x21
#define DESCRIPTOR_REPORT  0x22
#define HID_DESCRIPTOR_LEN 9

#define TO_INTERFACE   (LIBUSB_RECIPIENT_INTERFACE | LIBUSB_ENDPOINT_OUT)
#define FROM_INTERFACE (LIBUSB_RECIPIENT_INTERFACE | LIBUSB_ENDPOINT_IN)

/* Its full report descriptor belongs to a second HID descriptor (9PX). */
#define EATON_VENDOR         0x0463
#define EATON_SECOND_RELEASE 0x0202

/* libusb refuses a control transfer with more. */
#define CONTROL_MAX 4096

static int usb_control(struct usb_link *usb, uint8_t type, uint8_t request,
		       uint16_t value, uint8_t *data, size_t len,
		       deadline_t until)
{
	return usb_handle_control(&usb->handle, type, request, value,
				  usb->interface, data, len, until);
}

static struct usb_link *usb_of(struct report_link *link)
{
	return (struct usb_link *)link; /* its first member */
}

static uint16_t usb_report_value(enum report_type type, uint8_t id)
{
	return (uint16_t)((type + 1) << 8 | id);
}

static int usb_get_report(struct report_link *link, enum report_type type,
			  uint8_t id, uint8_t *report, size_t size,
			  deadline_t until)
{
	size_t skip = id == 0; /* such a device sends no ID byte */
	int ret;

	if (size > REPORT_MAX || size <= skip)
		return -EIO;
	report[0] = 0;
	ret = usb_control(usb_of(link),
			  FROM_INTERFACE | LIBUSB_REQUEST_TYPE_CLASS,
			  GET_REPORT, usb_report_value(type, id), report + skip,
			  size - skip, until);
	return ret < 0 ? ret : ret + (int)skip;
}

static int usb_set_report(struct report_link *link, enum report_type type,
			  const uint8_t *report, size_t len, deadline_t until)
{
	uint8_t copy[REPORT_MAX]; /* libusb wants to be able to write */
	size_t skip;
	int ret;

	if (len == 0 || len > sizeof(copy))
		return -EIO;
	memcpy(copy, report, len);
	skip = report[0] == 0;
	ret = usb_control(usb_of(link), TO_INTERFACE | LIBUSB_REQUEST_TYPE_CLASS,
			  SET_REPORT, usb_report_value(type, report[0]),
			  copy + skip, len - skip, until);
	if (ret < 0)
		return ret;
	return (size_t)ret == len - skip ? 0 : -EIO;
}

/** The length that a HID descriptor states for its first report descriptor. */
static uint16_t usb_stated_len(const uint8_t *bytes, int len)
{
	for (int at = 0; len - at >= 2 && bytes[at] >= 2;) {
		const uint8_t *one = bytes + at;

		if (one[0] > len - at)
			break;
		if (one[1] == DESCRIPTOR_HID && one[0] >= HID_DESCRIPTOR_LEN &&
		    one[6] == DESCRIPTOR_REPORT)
			return (uint16_t)(one[7] | one[8] << 8);
		at += one[0];
	}
	return 0;
}

/** The length that the device states for report descriptor @index. */
static int usb_ask_len(struct usb_link *usb, uint16_t index, deadline_t until)
{
	uint8_t hid[HID_DESCRIPTOR_LEN] = { 0 };
	int ret = usb_control(usb, FROM_INTERFACE, LIBUSB_REQUEST_GET_DESCRIPTOR,
			      DESCRIPTOR_HID << 8 | index, hid, sizeof(hid),
			      until);

	if (ret >= 0)
		ret = usb_stated_len(hid, ret);
	return ret == 0 ? -EIO : ret;
}

/** @max: the least of what fits into @descriptor and into a transfer. */
static int usb_read_second(struct usb_link *usb, uint8_t *descriptor, int max,
			   deadline_t until)
{
	int len = usb_ask_len(usb, 1, until);

	/* Cut off, it would lack its end, and there is what switches off. */
	if (len < 0 || len > max)
		return len < 0 ? len : -E2BIG;
	return usb_control(usb, FROM_INTERFACE, LIBUSB_REQUEST_GET_DESCRIPTOR,
			   DESCRIPTOR_REPORT << 8 | 1, descriptor, (size_t)len,
			   until);
}

static int usb_read_descriptor(struct report_link *link, uint8_t *descriptor,
			       size_t size, deadline_t until)
{
	struct usb_link *usb = usb_of(link);
	int max = size < CONTROL_MAX ? (int)size : CONTROL_MAX;
	int len = usb->descriptor_len;

	if (usb->has_second) {
		int ret = usb_read_second(usb, descriptor, max, until);

		if (ret > 0)
			return ret;
		/* 4703 bytes of a 9PX with lithium: its short one, then. */
		usb->has_second = false;
	}
	if (len == 0)
		len = usb_ask_len(usb, 0, until);
	if (len < 0)
		return len;
	return usb_control(usb, FROM_INTERFACE, LIBUSB_REQUEST_GET_DESCRIPTOR,
			   DESCRIPTOR_REPORT << 8, descriptor,
			   (size_t)(len < max ? len : max), until);
}

static void usb_close(struct report_link *link)
{
	usb_handle_close(&usb_of(link)->handle);
}

static const struct report_link_ops usb_ops = {
	.get_report = usb_get_report,
	.set_report = usb_set_report,
	.read_descriptor = usb_read_descriptor,
	.close = usb_close,
};

/** From the configuration: what the device says by itself can be wrong. */
static uint16_t usb_configured_len(struct usb_link *usb)
{
	uint8_t extra[USB_EXTRA_MAX] = { 0 };

	return usb_stated_len(
		extra, usb_handle_extra(&usb->handle, usb->interface, extra));
}

int usb_open(struct usb_link *usb, const struct usb_device *device,
	     uint8_t interface)
{
	int ret;

	*usb = (struct usb_link){
		.link = { .ops = &usb_ops },
		.interface = interface,
	};
	ret = usb_handle_open(&usb->handle, device);
	if (ret < 0)
		return ret;
	usb->has_second = device->vendor_id == EATON_VENDOR &&
			  device->release == EATON_SECOND_RELEASE;
	usb->descriptor_len = usb_configured_len(usb);

	ret = usb_handle_claim(&usb->handle, interface);
	if (ret < 0)
		usb_close(&usb->link);
	return ret;
}
