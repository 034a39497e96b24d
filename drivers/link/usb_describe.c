// SPDX-License-Identifier: MIT
/* Prints USB devices. Their strings are their maker's, and may be anything. */
#include "link/usb_describe.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct usb_text {
	char *text;
	size_t size;
	size_t len;
};

static void usb_add(struct usb_text *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** What does not fit is cut off. */
static void usb_add(struct usb_text *out, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(out->text + out->len, out->size - out->len, format,
			args);
	va_end(args);
	if (len > 0)
		out->len += (size_t)len;
	if (out->len >= out->size)
		out->len = out->size - 1;
}

static void usb_add_printable(struct usb_text *out, const char *string)
{
	for (; *string; string++)
		usb_add(out, "%c",
			isprint((unsigned char)*string) ? *string : '?');
}

void usb_describe(const struct usb_device *device, char *text, size_t size)
{
	struct usb_text out = { .text = text, .size = size };

	*text = '\0';
	for (int i = USB_VENDOR; i <= USB_PRODUCT; i++) {
		usb_add_printable(&out, device->string[i]);
		if (device->string[i][0])
			usb_add(&out, " ");
	}
	usb_add(&out, "(%04x:%04x", device->vendor_id, device->product_id);
	if (device->string[USB_SERIAL][0]) {
		usb_add(&out, ", serial ");
		usb_add_printable(&out, device->string[USB_SERIAL]);
	}
	usb_add(&out, ") on USB %s", device->name);
}

/**
 * As an expression that matches @string. In brackets a character stands for
 * itself; a backslash would need another one for the file. What has no place
 * there is any character.
 */
static void usb_add_expression(struct usb_text *out, const char *string)
{
	for (; *string; string++) {
		unsigned char c = (unsigned char)*string;

		if (!isprint(c) || c == '\\' || c == '"' || c == '^')
			usb_add(out, ".");
		else if (strchr(".[*+?(){|$", c))
			usb_add(out, "[%c]", c);
		else
			usb_add(out, "%c", c);
	}
}

static bool usb_is_twin(const struct usb_device *a, const struct usb_device *b)
{
	return a != b && a->vendor_id == b->vendor_id &&
	       a->product_id == b->product_id &&
	       strcmp(a->string[USB_SERIAL], b->string[USB_SERIAL]) == 0;
}

void usb_write_keys(const struct usb_device *devices, size_t count,
		    size_t which, char *text, size_t size)
{
	const struct usb_device *device = &devices[which];
	struct usb_text out = { .text = text, .size = size };
	bool has_twin = false;

	*text = '\0';
	for (size_t i = 0; i < count; i++)
		has_twin |= usb_is_twin(device, &devices[i]);
	usb_add(&out, "vendorid = %04x\nproductid = %04x\n", device->vendor_id,
		device->product_id);
	if (device->string[USB_SERIAL][0]) {
		usb_add(&out, "serial = \"");
		usb_add_expression(&out, device->string[USB_SERIAL]);
		usb_add(&out, "\"\n");
	}
	if (has_twin)
		usb_add(&out, "bus = %03u\nbusport = %03u\n", device->bus,
			device->port);
}
