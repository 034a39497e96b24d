// SPDX-License-Identifier: MIT
/* The one bus of a unit test. */
#include "link/usb_virtual.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "link/usb_handle.h"

/* A machine has its bus as it has its clock. */
static struct usb_fake *usb_virtual_fake[USB_VIRTUAL_MAX];
static size_t usb_virtual_count;

void usb_virtual_plug(struct usb_fake *fake)
{
	if (usb_virtual_count == USB_VIRTUAL_MAX)
		abort();
	usb_virtual_fake[usb_virtual_count++] = fake;
}

void usb_virtual_clear(void)
{
	usb_virtual_count = 0;
}

static void usb_virtual_describe(const struct usb_fake *fake,
				 struct usb_device *device)
{
	*device = (struct usb_device){
		.vendor_id = fake->kind->vendor_id,
		.product_id = fake->kind->product_id,
		.release = fake->kind->release,
		.bus = 1,
		.device = fake->address,
		.port = (uint8_t)atoi(strchr(fake->place, '-') + 1),
	};
	memcpy(device->name, fake->place, sizeof(device->name));
	for (int i = 0; i < USB_STRINGS; i++) {
		const char *text = usb_fake_string(fake, (enum usb_string)i);

		strncpy(device->string[i], text, USB_STRING_MAX - 1);
		device->has_string[i] = text[0] != '\0';
	}
}

size_t usb_list(const char *sysfs, struct usb_device *devices, size_t max)
{
	size_t count = 0;

	(void)sysfs;
	for (size_t i = 0; i < usb_virtual_count && count < max; i++) {
		if (usb_fake_is_there(usb_virtual_fake[i]))
			usb_virtual_describe(usb_virtual_fake[i],
					     &devices[count++]);
	}
	return count;
}

/** The one that was listed as @device, if it has not moved since. */
static struct usb_fake *usb_virtual_find(const struct usb_device *device)
{
	for (size_t i = 0; i < usb_virtual_count; i++) {
		struct usb_fake *fake = usb_virtual_fake[i];

		if (!strcmp(fake->place, device->name) &&
		    fake->address == device->device)
			return fake;
	}
	return NULL;
}

/* A device that shows no report descriptor is not for the HID driver. */
size_t usb_list_hid(const char *sysfs, const struct usb_device *device,
		    struct usb_interface *interfaces, size_t max)
{
	const struct usb_fake *fake = usb_virtual_find(device);

	(void)sysfs;
	if (!fake || !fake->kind->report_descriptor || max == 0)
		return 0;
	interfaces[0] = (struct usb_interface){ 0 };
	return 1;
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

int usb_keep_awake(const char *sysfs, const struct usb_device *device)
{
	(void)sysfs;
	(void)device;
	return 0;
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

/* In the handle are the device and the address that it had then. */
static struct usb_fake *usb_virtual_of(struct usb_handle *usb)
{
	struct usb_fake *fake = (struct usb_fake *)usb->handle;

	return fake && usb->fd == fake->address && usb_fake_is_there(fake)
		       ? fake
		       : NULL;
}

int usb_handle_open(struct usb_handle *usb, const struct usb_device *device)
{
	struct usb_fake *fake = usb_virtual_find(device);

	*usb = (struct usb_handle){
		.fd = fake ? fake->address : -1,
		.handle = (struct libusb_device_handle *)fake,
	};
	return usb_virtual_of(usb) ? 0 : -ENODEV;
}

int usb_handle_claim(struct usb_handle *usb, uint8_t interface)
{
	(void)interface;
	return usb_virtual_of(usb) ? 0 : -ENODEV;
}

/* The HID descriptor is to be asked for. */
int usb_handle_extra(struct usb_handle *usb, uint8_t interface,
		     uint8_t extra[USB_EXTRA_MAX])
{
	(void)usb;
	(void)interface;
	(void)extra;
	return 0;
}

static int usb_virtual_wait(int ret, deadline_t until)
{
	if (ret == -ETIMEDOUT)
		(void)clock_sleep_ms(deadline_left_ms(until), until);
	return ret;
}

int usb_handle_control(struct usb_handle *usb, uint8_t type, uint8_t request,
		       uint16_t value, uint16_t index, void *data, size_t len,
		       deadline_t until)
{
	const struct usb_fake_setup setup = { type, request, value, index,
					      (uint16_t)len };
	struct usb_fake *fake = usb_virtual_of(usb);
	uint8_t answer[USB_FAKE_ANSWER_MAX] = { 0 };
	int ret;

	if (deadline_passed(until))
		return -ETIMEDOUT;
	if (!fake)
		return -ENODEV;
	if (len > sizeof(answer)) /* nor does libusb */
		return -EINVAL;
	if (!(type & USB_FAKE_IN) && len > 0)
		memcpy(answer, data, len);
	ret = usb_fake_control(fake, &setup, answer);
	if (type & USB_FAKE_IN && ret > 0)
		memcpy(data, answer, (size_t)ret);
	return usb_virtual_wait(ret, until);
}

static int usb_virtual_in(struct usb_fake *fake, uint8_t endpoint, void *data,
			  size_t len, deadline_t until)
{
	for (;;) {
		int ret = usb_fake_in(fake, endpoint, data, len);

		if (ret != -EAGAIN)
			return ret;
		if (deadline_passed(until)) {
			usb_fake_give_up(fake, endpoint);
			return -ETIMEDOUT;
		}
		(void)clock_sleep_ms(deadline_left_ms(usb_fake_next_ms(fake)),
				     until);
	}
}

int usb_handle_transfer(struct usb_handle *usb, uint8_t endpoint, void *data,
			size_t len, deadline_t until)
{
	struct usb_fake *fake = usb_virtual_of(usb);

	if (deadline_passed(until))
		return -ETIMEDOUT;
	if (!fake)
		return -ENODEV;
	if (endpoint & USB_FAKE_IN)
		return usb_virtual_in(fake, endpoint, data, len, until);
	return usb_virtual_wait(usb_fake_out(fake, endpoint, data, len), until);
}

int usb_handle_clear_halt(struct usb_handle *usb, uint8_t endpoint)
{
	struct usb_fake *fake = usb_virtual_of(usb);

	(void)endpoint;
	if (!fake)
		return -ENODEV;
	fake->clears++;
	return 0;
}

void usb_handle_close(struct usb_handle *usb)
{
	*usb = (struct usb_handle){ .fd = -1 };
}

int usb_read_strings(struct usb_device *device)
{
	(void)device; /* usb_list() knows them all */
	return 0;
}
