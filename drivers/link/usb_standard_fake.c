// SPDX-License-Identifier: MIT
/* The descriptors of emulated devices (USB 2.0, 9.6; HID 1.11, 6.2.1). */
#include <errno.h>
#include <string.h>

#include "link/usb_fake.h"

#define GET_STATUS     0
#define GET_DESCRIPTOR 6
#define SET_DESCRIPTOR 7
#define SET_IDLE       0x0a
#define SET_PROTOCOL   0x0b
#define TYPE_MASK      0x60 /* of a request: standard, class, vendor */
#define TYPE_CLASS     0x20
#define CLASS_HID      3
#define ENGLISH        0x0409
#define INTERVAL_MS    10

enum descriptor {
	DESCRIPTOR_DEVICE = 1,
	DESCRIPTOR_CONFIGURATION = 2,
	DESCRIPTOR_STRING = 3,
	DESCRIPTOR_INTERFACE = 4,
	DESCRIPTOR_ENDPOINT = 5,
	DESCRIPTOR_HID = 0x21,
	DESCRIPTOR_REPORT = 0x22,
};

/* A vendor's page with eight bytes in and out, as most bridges have one. */
static const uint8_t usb_fake_report[] = {
	0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01, 0x15, 0x00,
	0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x08, 0x09, 0x01,
	0x81, 0x02, 0x95, 0x08, 0x09, 0x01, 0x91, 0x02, 0xc0,
};

static const uint8_t *usb_fake_report_of(const struct usb_fake *fake,
					 uint8_t index, size_t *len)
{
	const struct usb_fake_kind *kind = fake->kind;

	if (index > 0) {
		*len = kind->second_descriptor_len;
		return index == 1 ? kind->second_descriptor : NULL;
	}
	*len = kind->report_descriptor ? kind->report_descriptor_len
				       : sizeof(usb_fake_report);
	return kind->report_descriptor ? kind->report_descriptor
				       : usb_fake_report;
}

static uint8_t *usb_fake_put(uint8_t *to, const void *bytes, size_t len)
{
	memcpy(to, bytes, len);
	return to + len;
}

static int usb_fake_put_device(const struct usb_fake *fake, uint8_t *data)
{
	const struct usb_fake_kind *kind = fake->kind;
	const uint8_t bytes[18] = {
		18,
		DESCRIPTOR_DEVICE,
		0x10,
		0x01, /* USB 1.1 */
		0,
		0,
		0,
		8, /* of endpoint 0 */
		(uint8_t)kind->vendor_id,
		(uint8_t)(kind->vendor_id >> 8),
		(uint8_t)kind->product_id,
		(uint8_t)(kind->product_id >> 8),
		(uint8_t)kind->release,
		(uint8_t)(kind->release >> 8),
		usb_fake_string(fake, USB_VENDOR)[0] ? 1 + USB_VENDOR : 0,
		usb_fake_string(fake, USB_PRODUCT)[0] ? 1 + USB_PRODUCT : 0,
		usb_fake_string(fake, USB_SERIAL)[0] ? 1 + USB_SERIAL : 0,
		1,
	};

	return (int)(usb_fake_put(data, bytes, sizeof(bytes)) - data);
}

static uint8_t *usb_fake_put_hid(const struct usb_fake *fake, uint8_t index,
				 uint8_t *to)
{
	size_t len;
	uint8_t bytes[9] = { 9, DESCRIPTOR_HID,   0x00, 0x01, 0,
			     1, DESCRIPTOR_REPORT };

	(void)usb_fake_report_of(fake, index, &len);
	bytes[7] = (uint8_t)len;
	bytes[8] = (uint8_t)(len >> 8);
	return usb_fake_put(to, bytes, sizeof(bytes));
}

static int usb_fake_put_configuration(const struct usb_fake *fake, uint8_t *data)
{
	const struct usb_fake_kind *kind = fake->kind;
	const struct usb_fake_endpoint *endpoint = kind->endpoint;
	uint8_t head[18] = {
		9, DESCRIPTOR_CONFIGURATION, 0, 0, 1, 1, 0, 0xa0, 50,
		9, DESCRIPTOR_INTERFACE,     0, 0, 0,
	};
	uint8_t *to = data + sizeof(head);

	head[14] = kind->interface_class;
	head[15] = kind->interface_subclass;
	if (kind->interface_class == CLASS_HID)
		to = usb_fake_put_hid(fake, 0, to);
	for (int i = 0; i < USB_FAKE_ENDPOINTS_MAX && endpoint[i].address; i++) {
		const uint8_t bytes[7] = {
			7,
			DESCRIPTOR_ENDPOINT,
			endpoint[i].address,
			(uint8_t)endpoint[i].pipe,
			endpoint[i].packet ? endpoint[i].packet : 8,
			0,
			INTERVAL_MS,
		};

		to = usb_fake_put(to, bytes, sizeof(bytes));
		head[13]++;
	}
	head[2] = (uint8_t)(to - data); /* fewer than 64 bytes */
	(void)usb_fake_put(data, head, sizeof(head));
	return (int)(to - data);
}

int usb_fake_put_string(const char *text, size_t len, uint8_t *data)
{
	if (len > 126)
		len = 126;
	data[0] = (uint8_t)(2 + 2 * len);
	data[1] = DESCRIPTOR_STRING;
	for (size_t i = 0; i < len; i++) {
		data[2 + 2 * i] = (uint8_t)text[i];
		data[3 + 2 * i] = 0;
	}
	return data[0];
}

static int usb_fake_put_text(const struct usb_fake *fake, uint8_t index,
			     uint8_t *data)
{
	static const uint8_t languages[4] = { 4, DESCRIPTOR_STRING,
					      ENGLISH & 0xff, ENGLISH >> 8 };
	const char *text;

	if (index == 0)
		return (int)(usb_fake_put(data, languages, sizeof(languages)) -
			     data);
	if (index > USB_STRINGS)
		return -EPIPE;
	text = usb_fake_string(fake, (enum usb_string)(index - 1));
	return text[0] ? usb_fake_put_string(text, strlen(text), data) : -EPIPE;
}

static int usb_fake_describe(const struct usb_fake *fake, uint16_t value,
			     uint8_t *data)
{
	const uint8_t *report;
	size_t len;

	switch (value >> 8) {
	case DESCRIPTOR_DEVICE:
		return usb_fake_put_device(fake, data);
	case DESCRIPTOR_CONFIGURATION:
		return value & 0xff ? -EPIPE
				    : usb_fake_put_configuration(fake, data);
	case DESCRIPTOR_STRING:
		return usb_fake_put_text(fake, value & 0xff, data);
	case DESCRIPTOR_HID:
		if (!usb_fake_report_of(fake, value & 0xff, &len))
			return -EPIPE;
		return (int)(usb_fake_put_hid(fake, value & 0xff, data) - data);
	case DESCRIPTOR_REPORT:
		report = usb_fake_report_of(fake, value & 0xff, &len);
		if (!report)
			return -EPIPE;
		if (len > USB_FAKE_ANSWER_MAX)
			len = USB_FAKE_ANSWER_MAX;
		return (int)(usb_fake_put(data, report, len) - data);
	default:
		return -EPIPE;
	}
}

bool usb_fake_is_kernels(const struct usb_fake_setup *setup)
{
	if ((setup->type & TYPE_MASK) == TYPE_CLASS)
		return setup->request == SET_IDLE ||
		       setup->request == SET_PROTOCOL;
	/* No kernel sets descriptors. */
	return (setup->type & TYPE_MASK) == 0 &&
	       setup->request != SET_DESCRIPTOR;
}

int usb_fake_standard(const struct usb_fake *fake,
		      const struct usb_fake_setup *setup, uint8_t *data)
{
	int ret = -EPIPE;

	if (!(setup->type & USB_FAKE_IN)) /* nothing to set here */
		return usb_fake_is_kernels(setup) ? setup->length : -EPIPE;
	if (setup->type & TYPE_MASK)
		return -EPIPE;
	if (setup->request == GET_DESCRIPTOR) {
		ret = usb_fake_describe(fake, setup->value, data);
	} else if (setup->request == GET_STATUS) {
		memset(data, 0, 2);
		ret = 2;
	}
	return ret > setup->length ? setup->length : ret;
}
