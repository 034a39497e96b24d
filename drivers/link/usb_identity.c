// SPDX-License-Identifier: MIT
/* Knows a USB device again that left the bus, wherever it is now. */
#include <stdio.h>
#include <string.h>

#include "link/usb_find.h"

/**
 * What a device is, and on the next line where. The first line is enough to
 * know it by when there is a serial number in it.
 */
static void usb_name_identity(const struct usb_device *device, bool with_serial,
			      char text[UPS_IDENTITY_MAX])
{
	(void)snprintf(text, UPS_IDENTITY_MAX, "%04x:%04x %s\n%s",
		       device->vendor_id, device->product_id,
		       with_serial ? device->string[USB_SERIAL] : "",
		       device->name);
}

void usb_keep_identity(struct ups *ups, const struct usb_device *devices,
		       size_t count, const struct usb_device *opened)
{
	bool with_serial = true;

	for (size_t i = 0; i < count; i++) {
		const struct usb_device *device = &devices[i];

		if (device != opened && device->vendor_id == opened->vendor_id &&
		    device->product_id == opened->product_id &&
		    strcmp(device->string[USB_SERIAL],
			   opened->string[USB_SERIAL]) == 0)
			with_serial = false;
	}
	usb_name_identity(opened, with_serial, ups->identity);
}

bool usb_is_same(const char *identity, const struct usb_device *device,
		 bool moved)
{
	const char *end = strchr(identity, '\n');
	bool has_serial = end && end > identity && end[-1] != ' ';
	char text[UPS_IDENTITY_MAX];

	usb_name_identity(device, has_serial, text);
	if (!moved)
		return strcmp(text, identity) == 0;
	return has_serial &&
	       strncmp(text, identity, (size_t)(end - identity) + 1) == 0;
}
