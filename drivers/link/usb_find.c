// SPDX-License-Identifier: MIT
/* Reads the USB devices from sysfs. */
#include "link/usb_find.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLASS_HID     0x03
#define CLASS_HUB     0x09
#define SUBCLASS_BOOT 0x01

/* Where a device descriptor says which strings there are. */
#define DEVICE_DESCRIPTOR_LEN 18
#define STRING_INDEX_AT       14

static int usb_read_file(const char *path, void *bytes, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;
	int ret;

	if (fd < 0)
		return -errno;
	len = read(fd, bytes, size);
	ret = len < 0 ? -errno : (int)len;
	(void)close(fd); /* only read */
	return ret;
}

/** @directory/@name; false if that is too long for @path. */
static bool usb_join(char path[USB_PATH_MAX], const char *directory,
		     const char *name)
{
	int len = snprintf(path, USB_PATH_MAX, "%s/%s", directory, name);

	return len > 0 && len < USB_PATH_MAX;
}

/** The text of one attribute, trimmed; "" if it is not there. */
static void usb_read_text(const char *directory, const char *attribute,
			  char *text, size_t size)
{
	char path[USB_PATH_MAX];
	int len = 0;
	size_t start = 0;

	if (usb_join(path, directory, attribute))
		len = usb_read_file(path, text, size - 1);
	if (len < 0)
		len = 0;
	while (len > 0 && isspace((unsigned char)text[len - 1]))
		len--;
	text[len] = '\0';
	while (start < (size_t)len && isspace((unsigned char)text[start]))
		start++;
	memmove(text, text + start, strlen(text + start) + 1);
}

static unsigned long usb_read_number(const char *directory,
				     const char *attribute, int base)
{
	char text[16];

	usb_read_text(directory, attribute, text, sizeof(text));
	return strtoul(text, NULL, base);
}

static bool usb_device_path(const char *sysfs, const char *name,
			    char path[USB_PATH_MAX])
{
	int len = snprintf(path, USB_PATH_MAX, "%s/bus/usb/devices/%s", sysfs,
			   name);

	return len > 0 && len < USB_PATH_MAX;
}

/** The number of the last port in "1.4.2". */
static uint8_t usb_last_port(const char *devpath)
{
	const char *dot = strrchr(devpath, '.');

	return (uint8_t)strtoul(dot ? dot + 1 : devpath, NULL, 10);
}

/** @name has been looked at: it fits. */
static void usb_read_device(const char *directory, const char *name,
			    struct usb_device *device)
{
	static const char *const attributes[USB_STRINGS] = {
		[USB_VENDOR] = "manufacturer",
		[USB_PRODUCT] = "product",
		[USB_SERIAL] = "serial",
	};
	uint8_t descriptor[DEVICE_DESCRIPTOR_LEN] = { 0 };
	char path[USB_PATH_MAX];
	char devpath[32];

	*device = (struct usb_device){
		.vendor_id =
			(uint16_t)usb_read_number(directory, "idVendor", 16),
		.product_id =
			(uint16_t)usb_read_number(directory, "idProduct", 16),
		.release = (uint16_t)usb_read_number(directory, "bcdDevice", 16),
		.bus = (uint8_t)usb_read_number(directory, "busnum", 10),
		.device = (uint8_t)usb_read_number(directory, "devnum", 10),
	};
	memcpy(device->name, name, strlen(name) + 1);
	usb_read_text(directory, "devpath", devpath, sizeof(devpath));
	device->port = usb_last_port(devpath);

	if (usb_join(path, directory, "descriptors"))
		(void)usb_read_file(path, descriptor, sizeof(descriptor));
	for (int i = 0; i < USB_STRINGS; i++) {
		usb_read_text(directory, attributes[i], device->string[i],
			      sizeof(device->string[i]));
		device->has_string[i] = device->string[i][0] ||
					descriptor[STRING_INDEX_AT + i] != 0;
	}
}

static int usb_compare(const void *a, const void *b)
{
	const struct usb_device *one = a;
	const struct usb_device *other = b;

	if (one->bus != other->bus)
		return one->bus - other->bus;
	return one->device - other->device;
}

size_t usb_list(const char *sysfs, struct usb_device *devices, size_t max)
{
	char path[USB_PATH_MAX];
	struct dirent *entry;
	size_t count = 0;
	DIR *dir;

	dir = usb_device_path(sysfs, "", path) ? opendir(path) : NULL;
	if (!dir)
		return 0;
	while (count < max && (entry = readdir(dir))) {
		/* Interfaces have a colon, and root hubs no dash. */
		if (strchr(entry->d_name, ':') || !strchr(entry->d_name, '-') ||
		    strlen(entry->d_name) >= sizeof(devices->name) ||
		    !usb_device_path(sysfs, entry->d_name, path))
			continue;
		if (usb_read_number(path, "bDeviceClass", 16) == CLASS_HUB)
			continue;
		usb_read_device(path, entry->d_name, &devices[count]);
		/* One that is just going away has lost its numbers. */
		if (devices[count].bus && devices[count].device)
			count++;
	}
	closedir(dir);
	qsort(devices, count, sizeof(*devices), usb_compare);
	return count;
}

/** The HID device below an interface: "0003:0463:FFFF.0001". */
static bool usb_find_hid(const char *interface_path, char path[USB_PATH_MAX])
{
	struct dirent *entry;
	bool found = false;
	DIR *dir = opendir(interface_path);

	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		char hid_path[USB_PATH_MAX];

		found = strncmp(entry->d_name, "0003:", 5) == 0 &&
			usb_join(hid_path, interface_path, entry->d_name) &&
			usb_join(path, hid_path, "report_descriptor");
	}
	closedir(dir);
	return found;
}

/** Reads on in @dir to the next HID interface; false at the end. */
static bool usb_next_hid(DIR *dir, const char *directory, const char *name,
			 char path[USB_PATH_MAX],
			 struct usb_interface *interface)
{
	size_t name_len = strlen(name);
	char hid_path[USB_PATH_MAX];
	struct dirent *entry;

	while ((entry = readdir(dir))) {
		if (strncmp(entry->d_name, name, name_len) != 0 ||
		    entry->d_name[name_len] != ':' ||
		    !usb_join(path, directory, entry->d_name) ||
		    usb_read_number(path, "bInterfaceClass", 16) != CLASS_HID)
			continue;
		*interface = (struct usb_interface){
			.number = (uint8_t)usb_read_number(
				path, "bInterfaceNumber", 16),
			.is_boot = usb_read_number(path, "bInterfaceSubClass",
						   16) == SUBCLASS_BOOT,
			.is_bound = usb_find_hid(path, hid_path),
		};
		return true;
	}
	return false;
}

size_t usb_list_hid(const char *sysfs, const struct usb_device *device,
		    struct usb_interface *interfaces, size_t max)
{
	char directory[USB_PATH_MAX], path[USB_PATH_MAX];
	size_t count = 0;
	DIR *dir = NULL;

	if (usb_device_path(sysfs, device->name, directory))
		dir = opendir(directory);
	if (!dir)
		return 0;
	while (count < max && usb_next_hid(dir, directory, device->name, path,
					   &interfaces[count]))
		count++;
	closedir(dir);
	return count;
}

int usb_interface_path(const char *sysfs, const struct usb_device *device,
		       uint8_t interface, char path[USB_PATH_MAX])
{
	char directory[USB_PATH_MAX];
	struct usb_interface at;
	int ret = -ENOENT;
	DIR *dir = NULL;

	if (usb_device_path(sysfs, device->name, directory))
		dir = opendir(directory);
	if (!dir)
		return -ENOENT;
	while (ret < 0 && usb_next_hid(dir, directory, device->name, path, &at))
		ret = at.number == interface ? 0 : -ENOENT;
	closedir(dir);
	return ret;
}

int usb_keep_awake(const char *sysfs, const struct usb_device *device)
{
	char directory[USB_PATH_MAX], path[USB_PATH_MAX], control[8];
	ssize_t len;
	int fd;

	if (!usb_device_path(sysfs, device->name, directory) ||
	    !usb_join(path, directory, "power/control"))
		return -EIO;
	usb_read_text(directory, "power/control", control, sizeof(control));
	if (strcmp(control, "auto") != 0)
		return 0;
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = write(fd, "on", 2);
	(void)close(fd); /* the kernel has taken it or not */
	return len == 2 ? 1 : -EIO;
}

int usb_peek_descriptor(const char *sysfs, const struct usb_device *device,
			uint8_t interface, uint8_t *bytes, size_t size)
{
	char path[USB_PATH_MAX], hid_path[USB_PATH_MAX];
	int ret = usb_interface_path(sysfs, device, interface, path);

	if (ret < 0)
		return ret;
	if (!usb_find_hid(path, hid_path))
		return -ENOENT;
	return usb_read_file(hid_path, bytes, size);
}
