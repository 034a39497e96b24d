// SPDX-License-Identifier: MIT
/* The hidraw carrier: finds the node by way of the USB device in sysfs. */
#include "link/hidraw.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/hidraw.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <unistd.h>

#include "link/node.h"

/* Input and output reports came with Linux 5.11, after some C libraries. */
#define GET_INPUT(len)  _IOC(_IOC_WRITE | _IOC_READ, 'H', 0x0a, len)
#define SET_OUTPUT(len) _IOC(_IOC_WRITE | _IOC_READ, 'H', 0x0b, len)

/** A hidraw node. */
struct hidraw_node {
	char name[32]; /* hidraw0 */
	dev_t number;
};

static struct hidraw_link *hidraw_of(struct report_link *link)
{
	return (struct hidraw_link *)link; /* its first member */
}

static int hidraw_ioctl(struct report_link *link, unsigned long request,
			void *data, deadline_t until)
{
	int ret;

	if (deadline_passed(until))
		return -ETIMEDOUT;
	ret = ioctl(hidraw_of(link)->fd, request, data);
	if (ret >= 0)
		return ret;
	switch (errno) {
	case EPIPE:
	case ETIMEDOUT:
	case ENODEV:
	case EOVERFLOW:
		return -errno;
	case ENOTTY: /* an old kernel does not know the request */
	case EINVAL:
		return -EPIPE;
	default:
		return -EIO;
	}
}

static int hidraw_get_report(struct report_link *link, enum report_type type,
			     uint8_t id, uint8_t *report, size_t size,
			     deadline_t until)
{
	if (size == 0 || size > REPORT_MAX || type == REPORT_OUTPUT)
		return -EIO;
	report[0] = id;
	return hidraw_ioctl(link,
			    type == REPORT_INPUT ? GET_INPUT(size)
						 : HIDIOCGFEATURE(size),
			    report, until);
}

static int hidraw_set_report(struct report_link *link, enum report_type type,
			     const uint8_t *report, size_t len, deadline_t until)
{
	uint8_t copy[REPORT_MAX]; /* the request may be written to */
	int ret;

	if (len == 0 || len > sizeof(copy) || type == REPORT_INPUT)
		return -EIO;
	memcpy(copy, report, len);
	ret = hidraw_ioctl(link,
			   type == REPORT_OUTPUT ? SET_OUTPUT(len)
						 : HIDIOCSFEATURE(len),
			   copy, until);
	if (ret < 0)
		return ret;
	return (size_t)ret == len ? 0 : -EIO;
}

static int hidraw_read_descriptor(struct report_link *link, uint8_t *descriptor,
				  size_t size, deadline_t until)
{
	struct hidraw_report_descriptor read = { .size = 0 };
	int len = 0;
	int ret = hidraw_ioctl(link, HIDIOCGRDESCSIZE, &len, until);

	if (ret < 0)
		return ret;
	if (len <= 0 || len > HID_MAX_DESCRIPTOR_SIZE || (size_t)len > size)
		return -EIO;
	read.size = (uint32_t)len;
	ret = hidraw_ioctl(link, HIDIOCGRDESC, &read, until);
	if (ret < 0)
		return ret;
	memcpy(descriptor, read.value, (size_t)len);
	return len;
}

static void hidraw_close(struct report_link *link)
{
	struct hidraw_link *hidraw = hidraw_of(link);

	if (hidraw->fd >= 0)
		(void)close(hidraw->fd);
	hidraw->fd = -1;
}

static const struct report_link_ops hidraw_ops = {
	.get_report = hidraw_get_report,
	.set_report = hidraw_set_report,
	.read_descriptor = hidraw_read_descriptor,
	.close = hidraw_close,
};

/** The first entry of @directory that begins with @prefix, put behind it. */
static int hidraw_enter(char path[USB_PATH_MAX], const char *prefix)
{
	size_t len = strlen(path);
	struct dirent *entry;
	int ret = -ENODEV;
	DIR *dir = opendir(path);

	if (!dir)
		return -ENODEV;
	while (ret < 0 && (entry = readdir(dir))) {
		int more;

		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		more = snprintf(path + len, USB_PATH_MAX - len, "/%s",
				entry->d_name);
		ret = more > 0 && (size_t)more < USB_PATH_MAX - len ? 0 : -EIO;
	}
	closedir(dir);
	return ret;
}

/** @path is the interface: 0003:0463:FFFF.0001/hidraw/hidraw0/dev. */
static int hidraw_find(char path[USB_PATH_MAX], struct hidraw_node *node)
{
	static const char *const prefixes[] = { "0003:", "hidraw", "hidraw" };
	const char *name;

	for (int i = 0; i < 3; i++) {
		if (hidraw_enter(path, prefixes[i]) < 0)
			return -ENODEV;
	}
	name = strrchr(path, '/') + 1;
	if (strlen(name) >= sizeof(node->name))
		return -ENODEV;
	memcpy(node->name, name, strlen(name) + 1);
	if (hidraw_enter(path, "dev") < 0)
		return -ENODEV;
	return node_read_number(path, &node->number);
}

/** Give the interface at @path to the kernel's driver; it may refuse. */
static void hidraw_bind(const char *sysfs, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	char bind[USB_PATH_MAX];
	int len = snprintf(bind, sizeof(bind), "%s/bus/usb/drivers/usbhid/bind",
			   sysfs);
	int fd;

	if (len < 0 || (size_t)len >= sizeof(bind))
		return;
	fd = open(bind, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	/* Whether it worked shows in whether there is a node then. */
	if (write(fd, name, strlen(name)) < 0)
		errno = 0;
	(void)close(fd);
}

static int hidraw_open_node(const char *dev, const struct hidraw_node *node)
{
	int fd = node_open(dev, node->name, node->number, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	return fd == -ENOENT || fd == -ENODEV || fd == -ENXIO ? -ENODEV : -EIO;
}

int hidraw_open(struct hidraw_link *hidraw, const char *sysfs, const char *dev,
		const struct usb_device *device, uint8_t interface)
{
	char path[USB_PATH_MAX], copy[USB_PATH_MAX];
	struct hidraw_node node;

	*hidraw = (struct hidraw_link){
		.link = { .ops = &hidraw_ops },
		.fd = -1,
	};
	if (usb_interface_path(sysfs, device, interface, path) < 0)
		return -ENODEV;
	memcpy(copy, path, strlen(path) + 1);
	if (hidraw_find(path, &node) < 0) {
		hidraw_bind(sysfs, copy);
		if (hidraw_find(copy, &node) < 0)
			return -ENODEV;
	}
	hidraw->fd = hidraw_open_node(dev, &node);
	return hidraw->fd < 0 ? hidraw->fd : 0;
}
