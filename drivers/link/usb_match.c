// SPDX-License-Identifier: MIT
/* Chooses a USB device as NUT's matcher does. */
#include "link/usb_find.h"

#include <errno.h>
#include <stdio.h>

static const char *const usb_keys[USB_KEYS] = {
	[USB_KEY_VENDORID] = "vendorid", [USB_KEY_PRODUCTID] = "productid",
	[USB_KEY_VENDOR] = "vendor",     [USB_KEY_PRODUCT] = "product",
	[USB_KEY_SERIAL] = "serial",     [USB_KEY_BUS] = "bus",
	[USB_KEY_DEVICE] = "device",     [USB_KEY_BUSPORT] = "busport",
};

int usb_match_start(struct usb_match *match, struct ups *ups)
{
	for (int i = 0; i < USB_KEYS; i++) {
		const char *expression = ups_value(ups, usb_keys[i]);

		match->is_set[i] = expression != NULL;
		if (expression &&
		    pattern_compile(&match->pattern[i], expression) < 0)
			return ups_fail(
				ups, -EINVAL,
				"[%s] %s = %.60s is no regular expression that can be used",
				ups->name, usb_keys[i], expression);
	}
	return 0;
}

bool usb_match_needs_string(const struct usb_match *match,
			    const struct usb_device *device)
{
	for (int i = 0; i < USB_STRINGS; i++) {
		if (match->is_set[USB_KEY_VENDOR + i] &&
		    device->has_string[i] && !device->string[i][0])
			return true;
	}
	return false;
}

bool usb_match_device(const struct usb_match *match,
		      const struct usb_device *device)
{
	char number[USB_KEYS][8];
	const char *text[USB_KEYS] = {
		[USB_KEY_VENDORID] = number[USB_KEY_VENDORID],
		[USB_KEY_PRODUCTID] = number[USB_KEY_PRODUCTID],
		[USB_KEY_VENDOR] = device->string[USB_VENDOR],
		[USB_KEY_PRODUCT] = device->string[USB_PRODUCT],
		[USB_KEY_SERIAL] = device->string[USB_SERIAL],
		[USB_KEY_BUS] = number[USB_KEY_BUS],
		[USB_KEY_DEVICE] = number[USB_KEY_DEVICE],
		[USB_KEY_BUSPORT] = number[USB_KEY_BUSPORT],
	};

	/* In the form in which NUT compares and prints them. */
	(void)snprintf(number[USB_KEY_VENDORID], sizeof(number[0]), "%04x",
		       device->vendor_id);
	(void)snprintf(number[USB_KEY_PRODUCTID], sizeof(number[0]), "%04x",
		       device->product_id);
	(void)snprintf(number[USB_KEY_BUS], sizeof(number[0]), "%03u",
		       device->bus);
	(void)snprintf(number[USB_KEY_DEVICE], sizeof(number[0]), "%03u",
		       device->device);
	(void)snprintf(number[USB_KEY_BUSPORT], sizeof(number[0]), "%03u",
		       device->port);

	for (int i = 0; i < USB_KEYS; i++) {
		if (match->is_set[i] &&
		    !pattern_matches(&match->pattern[i], text[i]))
			return false;
	}
	return true;
}
