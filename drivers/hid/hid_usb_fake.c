// SPDX-License-Identifier: MIT
/* The units of testdata/ on the USB, by the name of their files. */
#include "hid/hid_usb_fake.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "hid/hid_fake.h"
#include "hid/testdata.h"

#define HID_USB_FAKE_MS 1000

static void hid_usb_fake_start(struct usb_fake *fake)
{
	hid_fake_load(fake->state, fake->kind->name);
}

/** GET_REPORT and SET_REPORT; without IDs there is no ID byte on the wire. */
static int hid_usb_fake_control(struct usb_fake *fake,
				const struct usb_fake_setup *setup,
				uint8_t *data)
{
	struct hid_fake *unit = fake->state;
	struct report_link *link = &unit->link;
	enum report_type type = (enum report_type)((setup->value >> 8) - 1);
	uint8_t id = (uint8_t)setup->value, report[REPORT_MAX] = { id };
	size_t skip = id == 0, len = setup->length + skip;
	deadline_t until = deadline_in_ms(HID_USB_FAKE_MS);
	int ret;

	if ((setup->type & 0x7f) != 0x21 || type > REPORT_FEATURE)
		return -ENOSYS;
	if (len > sizeof(report))
		len = sizeof(report);
	if (setup->request == 0x01) {
		ret = link->ops->get_report(link, type, id, report, len, until);
		if (ret > (int)skip)
			memcpy(data, report + skip, (size_t)ret - skip);
		return ret < 0 ? ret : ret - (int)skip;
	}
	if (setup->request != 0x09)
		return -ENOSYS;
	memcpy(report + skip, data, len - skip);
	ret = link->ops->set_report(link, type, report, len, until);
	return ret < 0 ? ret : setup->length;
}

const struct usb_fake_kind *usb_fake_find_hid(const char *name)
{
	/* A process has one bus, and one of these on it. */
	static uint8_t bytes[HID_DESCRIPTOR_MAX];
	static struct usb_fake_kind kind;
	const char *end = name + strlen(name);
	unsigned int vendor, product;

	if (end - name < 10 ||
	    sscanf(end - 10, "-%4x-%4x", &vendor, &product) != 2)
		return NULL;
	kind = (struct usb_fake_kind){
		.name = name,
		.vendor_id = (uint16_t)vendor,
		.product_id = (uint16_t)product,
		.interface_class = 3,
		.endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 } },
		.report_descriptor = bytes,
		.report_descriptor_len =
			testdata_hex(name, bytes, sizeof(bytes)),
		.state_size = sizeof(struct hid_fake),
		.start = hid_usb_fake_start,
		.control = hid_usb_fake_control,
	};
	return &kind;
}
