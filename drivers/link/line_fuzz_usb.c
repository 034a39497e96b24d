// SPDX-License-Identifier: MIT
/* A USB device that does what the fuzzer says, transfer by transfer. */
#include <errno.h>
#include <string.h>

#include "link/line_fuzz.h"

#define ENDPOINT_IN 0x80

/* There is one device, as in usb_virtual.c. */
static struct usb_device line_fuzz_device;

void line_fuzz_plug(const struct usb_id *device)
{
	line_fuzz_device = (struct usb_device){
		.name = "1-1",
		.vendor_id = device->vendor_id,
		.product_id = device->product_id,
		.bus = 1,
		.device = 1,
		.port = 1,
	};
	if (device->vendor)
		strncpy(line_fuzz_device.string[USB_VENDOR], device->vendor,
			USB_STRING_MAX - 1);
	if (device->product)
		strncpy(line_fuzz_device.string[USB_PRODUCT], device->product,
			USB_STRING_MAX - 1);
}

size_t usb_list(const char *sysfs, struct usb_device *devices, size_t max)
{
	(void)sysfs;
	if (max == 0 || !line_fuzz_device.vendor_id)
		return 0;
	devices[0] = line_fuzz_device;
	return 1;
}

size_t usb_list_hid(const char *sysfs, const struct usb_device *device,
		    struct usb_interface *interfaces, size_t max)
{
	(void)sysfs;
	(void)device;
	(void)interfaces;
	(void)max;
	return 0;
}

int usb_interface_path(const char *sysfs, const struct usb_device *device,
		       uint8_t interface, char path[USB_PATH_MAX])
{
	(void)sysfs;
	(void)device;
	(void)interface;
	(void)path;
	return -ENOENT;
}

int usb_peek_descriptor(const char *sysfs, const struct usb_device *device,
			uint8_t interface, uint8_t *bytes, size_t size)
{
	(void)sysfs;
	(void)device;
	(void)interface;
	(void)bytes;
	(void)size;
	return -ENOENT;
}

int usb_keep_awake(const char *sysfs, const struct usb_device *device)
{
	(void)sysfs;
	(void)device;
	return 0;
}

int usb_handle_open(struct usb_handle *usb, const struct usb_device *device)
{
	(void)device;
	*usb = (struct usb_handle){ .fd = -1 };
	return 0;
}

int usb_handle_claim(struct usb_handle *usb, uint8_t interface)
{
	(void)usb;
	(void)interface;
	return 0;
}

/** One that fails as @byte says: all of its values that mean a failure. */
static int line_fuzz_error(uint8_t byte, deadline_t until)
{
	static const int errors[] = { -EPIPE, -EIO, -EOVERFLOW, -ENODEV };

	if (byte >= 0xfc)
		return errors[byte - 0xfc];
	(void)clock_sleep_ms(deadline_left_ms(until), until);
	return -ETIMEDOUT;
}

/* The first byte is the length; 0, which ends the input, is silence. */
static int line_fuzz_in(uint8_t *data, size_t len, deadline_t until)
{
	uint8_t first = line_fuzz_next();

	if (deadline_passed(until))
		return -ETIMEDOUT;
	if (first == 0 || first >= 0xfc)
		return line_fuzz_error(first, until);
	/* An empty one, which is no silence. */
	if (first == 0xfb)
		return 0;
	if (len > first)
		len = first;
	for (size_t i = 0; i < len; i++)
		data[i] = line_fuzz_next();
	return (int)len;
}

static int line_fuzz_out(size_t len, deadline_t until)
{
	uint8_t first = line_fuzz_next();

	if (deadline_passed(until))
		return -ETIMEDOUT;
	return first >= 0xfa ? line_fuzz_error(first, until) : (int)len;
}

int usb_handle_extra(struct usb_handle *usb, uint8_t interface,
		     uint8_t extra[USB_EXTRA_MAX])
{
	int len = line_fuzz_next(); /* USB_EXTRA_MAX at most */

	(void)usb;
	(void)interface;
	for (int i = 0; i < len; i++)
		extra[i] = line_fuzz_next();
	return len;
}

int usb_handle_control(struct usb_handle *usb, uint8_t type, uint8_t request,
		       uint16_t value, uint16_t index, void *data, size_t len,
		       deadline_t until)
{
	(void)usb;
	(void)request;
	(void)value;
	(void)index;
	return type & ENDPOINT_IN ? line_fuzz_in(data, len, until)
				  : line_fuzz_out(len, until);
}

int usb_handle_transfer(struct usb_handle *usb, uint8_t endpoint, void *data,
			size_t len, deadline_t until)
{
	(void)usb;
	return endpoint & ENDPOINT_IN ? line_fuzz_in(data, len, until)
				      : line_fuzz_out(len, until);
}

int usb_handle_clear_halt(struct usb_handle *usb, uint8_t endpoint)
{
	(void)usb;
	(void)endpoint;
	return 0;
}

void usb_handle_close(struct usb_handle *usb)
{
	(void)usb;
}

int usb_read_strings(struct usb_device *device)
{
	(void)device;
	return 0;
}
