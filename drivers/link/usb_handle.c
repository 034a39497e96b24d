// SPDX-License-Identifier: MIT
/*
 * libusb is given a file descriptor of ours and is told not to look for
 * devices: so it starts no thread that waits on netlink, reads no device that
 * is not meant, and finding a device costs a few reads of sysfs.
 */
#include "link/usb_handle.h"

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

int usb_handle_open(struct usb_handle *usb, const struct usb_device *device)
{
	const struct libusb_init_option options[] = {
		{ .option = LIBUSB_OPTION_NO_DEVICE_DISCOVERY },
	};
	int ret;

	*usb = (struct usb_handle){ .fd = usb_open_node(device) };
	if (usb->fd < 0)
		return usb->fd;
	ret = libusb_init_context(&usb->context, options, 1);
	if (ret == 0)
		ret = libusb_wrap_sys_device(usb->context, usb->fd,
					     &usb->handle);
	if (ret == 0)
		return 0;
	usb_handle_close(usb);
	return usb_error(ret);
}

int usb_handle_claim(struct usb_handle *usb, uint8_t interface)
{
	(void)libusb_set_auto_detach_kernel_driver(usb->handle, 1);
	return usb_error(libusb_claim_interface(usb->handle, interface));
}

int usb_handle_extra(struct usb_handle *usb, uint8_t interface,
		     uint8_t extra[USB_EXTRA_MAX])
{
	struct libusb_config_descriptor *config;
	int len = 0;

	if (libusb_get_active_config_descriptor(libusb_get_device(usb->handle),
						&config) != 0)
		return 0;
	for (int i = 0; i < config->bNumInterfaces && len == 0; i++) {
		const struct libusb_interface *one = &config->interface[i];
		const struct libusb_interface_descriptor *first =
			one->altsetting;

		if (one->num_altsetting < 1 ||
		    first->bInterfaceNumber != interface)
			continue;
		len = first->extra_length < USB_EXTRA_MAX ? first->extra_length
							  : USB_EXTRA_MAX;
		if (len > 0)
			memcpy(extra, first->extra, (size_t)len);
	}
	libusb_free_config_descriptor(config);
	return len;
}

int usb_handle_control(struct usb_handle *usb, uint8_t type, uint8_t request,
		       uint16_t value, uint16_t index, void *data, size_t len,
		       deadline_t until)
{
	int left_ms = deadline_left_ms(until);

	/* For libusb, 0 is for ever. */
	if (left_ms == 0)
		return -ETIMEDOUT;
	return usb_error(libusb_control_transfer(
		usb->handle, type, request, value, index, data, (uint16_t)len,
		(unsigned int)left_ms));
}

int usb_handle_transfer(struct usb_handle *usb, uint8_t endpoint, void *data,
			size_t len, deadline_t until)
{
	int left_ms = deadline_left_ms(until), done = 0, ret;

	if (left_ms == 0)
		return -ETIMEDOUT;
	/* Of an interrupt endpoint the kernel makes an interrupt transfer. */
	ret = usb_error(libusb_bulk_transfer(usb->handle, endpoint, data,
					     (int)len, &done,
					     (unsigned int)left_ms));
	return ret < 0 && !(ret == -ETIMEDOUT && done > 0) ? ret : done;
}

int usb_handle_clear_halt(struct usb_handle *usb, uint8_t endpoint)
{
	return usb_error(libusb_clear_halt(usb->handle, endpoint));
}

void usb_handle_close(struct usb_handle *usb)
{
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

int usb_read_strings(struct usb_device *device)
{
	struct usb_handle usb;
	struct libusb_device_descriptor descriptor;
	uint8_t index[USB_STRINGS];
	int ret = usb_handle_open(&usb, device);

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
	usb_handle_close(&usb);
	return ret;
}
