// SPDX-License-Identifier: MIT
/*
 * The USB carrier. libusb is given a file descriptor of ours and is told not
 * to look for devices: so it starts no thread that waits on netlink, reads no
 * device that is not meant, and finding a device costs a few reads of sysfs.
 */
#include "link/usb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <libusb.h>

#define USBFS_DIR   "/dev/bus/usb"
#define USBFS_MAJOR 189

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

static int usb_error(int ret)
{
	switch (ret) {
	case LIBUSB_ERROR_PIPE:
		return -EPIPE;
	case LIBUSB_ERROR_TIMEOUT:
		return -ETIMEDOUT;
	case LIBUSB_ERROR_NO_DEVICE:
		return -ENODEV;
	case LIBUSB_ERROR_BUSY:
		return -EBUSY;
	case LIBUSB_ERROR_OVERFLOW:
		return -EOVERFLOW;
	default:
		return ret < 0 ? -EIO : ret;
	}
}

static int usb_control(struct usb_link *usb, uint8_t type, uint8_t request,
		       uint16_t value, uint8_t *data, size_t len,
		       deadline_t until)
{
	int left_ms = deadline_left_ms(until);

	/* For libusb, 0 is for ever. */
	if (left_ms == 0)
		return -ETIMEDOUT;
	return usb_error(libusb_control_transfer(
		usb->handle, type, request, value, usb->interface, data,
		(uint16_t)len, (unsigned int)left_ms));
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

static int usb_read_descriptor(struct report_link *link, uint8_t *descriptor,
			       size_t size, deadline_t until)
{
	struct usb_link *usb = usb_of(link);
	size_t len = usb->descriptor_len;

	if (len == 0) {
		uint8_t hid[HID_DESCRIPTOR_LEN] = { 0 };
		int ret = usb_control(
			usb, FROM_INTERFACE, LIBUSB_REQUEST_GET_DESCRIPTOR,
			DESCRIPTOR_HID << 8 | usb->descriptor_index, hid,
			sizeof(hid), until);

		if (ret < 0)
			return ret;
		len = usb_stated_len(hid, ret);
	}
	if (len == 0)
		return -EIO;
	if (len > size)
		len = size;
	return usb_control(usb, FROM_INTERFACE, LIBUSB_REQUEST_GET_DESCRIPTOR,
			   DESCRIPTOR_REPORT << 8 | usb->descriptor_index,
			   descriptor, len, until);
}

static void usb_close(struct report_link *link)
{
	struct usb_link *usb = usb_of(link);

	/*
	 * No libusb_release_interface(): it would give the device back to the
	 * kernel's driver. Closing the node is all that is needed.
	 */
	if (usb->handle)
		libusb_close(usb->handle);
	if (usb->context)
		libusb_exit(usb->context);
	if (usb->fd >= 0)
		(void)close(usb->fd);
	usb->handle = NULL;
	usb->context = NULL;
	usb->fd = -1;
}

static const struct report_link_ops usb_ops = {
	.get_report = usb_get_report,
	.set_report = usb_set_report,
	.read_descriptor = usb_read_descriptor,
	.close = usb_close,
};

static int usb_open_node(const struct usb_device *device)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), USBFS_DIR "/%03u/%03u", device->bus,
		       device->device);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		/* No devtmpfs here, or a bare one. What exists may fail. */
		char bus[32];

		(void)snprintf(bus, sizeof(bus), USBFS_DIR "/%03u", device->bus);
		(void)mkdir("/dev/bus", 0755);
		(void)mkdir(USBFS_DIR, 0755);
		(void)mkdir(bus, 0755);
		(void)mknod(path, S_IFCHR | 0600,
			    makedev(USBFS_MAJOR, (device->bus - 1) * 128 +
							 device->device - 1));
		fd = open(path, O_RDWR | O_CLOEXEC);
	}
	if (fd >= 0)
		return fd;
	return errno == ENOENT || errno == ENODEV || errno == ENXIO ? -ENODEV
								    : -EIO;
}

/** Open the device, and no interface of it. */
static int usb_open_device(struct usb_link *usb, const struct usb_device *device)
{
	const struct libusb_init_option options[] = {
		{ .option = LIBUSB_OPTION_NO_DEVICE_DISCOVERY },
	};
	int ret;

	*usb = (struct usb_link){
		.link = { .ops = &usb_ops },
		.fd = usb_open_node(device),
	};
	if (usb->fd < 0)
		return usb->fd;
	ret = libusb_init_context(&usb->context, options, 1);
	if (ret == 0)
		ret = libusb_wrap_sys_device(usb->context, usb->fd,
					     &usb->handle);
	if (ret == 0)
		return 0;
	usb_close(&usb->link);
	return usb_error(ret);
}

/** From the configuration: what the device says by itself can be wrong. */
static uint16_t usb_configured_len(struct usb_link *usb)
{
	struct libusb_config_descriptor *config;
	uint16_t len = 0;

	if (libusb_get_active_config_descriptor(libusb_get_device(usb->handle),
						&config) != 0)
		return 0;
	for (int i = 0; i < config->bNumInterfaces && len == 0; i++) {
		const struct libusb_interface *interface = &config->interface[i];
		const struct libusb_interface_descriptor *first =
			interface->altsetting;

		if (interface->num_altsetting > 0 &&
		    first->bInterfaceNumber == usb->interface)
			len = usb_stated_len(first->extra, first->extra_length);
	}
	libusb_free_config_descriptor(config);
	return len;
}

int usb_open(struct usb_link *usb, const struct usb_device *device,
	     uint8_t interface)
{
	int ret = usb_open_device(usb, device);

	if (ret < 0)
		return ret;
	usb->interface = interface;
	if (device->vendor_id == EATON_VENDOR &&
	    device->release == EATON_SECOND_RELEASE)
		usb->descriptor_index = 1;
	else
		usb->descriptor_len = usb_configured_len(usb);

	(void)libusb_set_auto_detach_kernel_driver(usb->handle, 1);
	ret = usb_error(libusb_claim_interface(usb->handle, interface));
	if (ret < 0)
		usb_close(&usb->link);
	return ret;
}

int usb_read_strings(struct usb_device *device)
{
	struct usb_link usb;
	struct libusb_device_descriptor descriptor;
	uint8_t index[USB_STRINGS];
	int ret = usb_open_device(&usb, device);

	if (ret < 0)
		return ret;
	ret = usb_error(libusb_get_device_descriptor(
		libusb_get_device(usb.handle), &descriptor));
	if (ret == 0) {
		index[USB_VENDOR] = descriptor.iManufacturer;
		index[USB_PRODUCT] = descriptor.iProduct;
		index[USB_SERIAL] = descriptor.iSerialNumber;
	}
	for (int i = 0; ret == 0 && i < USB_STRINGS; i++) {
		int len;

		if (device->string[i][0] || index[i] == 0)
			continue;
		len = libusb_get_string_descriptor_ascii(
			usb.handle, index[i],
			(unsigned char *)device->string[i], USB_STRING_MAX);
		while (len > 0 && device->string[i][len - 1] == ' ')
			len--;
		device->string[i][len > 0 ? len : 0] = '\0';
	}
	usb_close(&usb.link);
	return ret;
}
