// SPDX-License-Identifier: MIT
/*
 * Serial ports in sysfs. A port of a USB adapter lies in the folder of the
 * adapter's interface, as "ttyUSB0" (usb-serial) or "tty/ttyACM0" (cdc-acm).
 */
#include "link/serial_place.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* More ports than an adapter has. */
#define SERIAL_PORTS 64

/** The number behind "ttyUSB" and its like, or -1. */
static long serial_number_of(const char *name)
{
	const char *digits = name + strcspn(name, "0123456789");
	char *end;
	long number = strtol(digits, &end, 10);

	return strncmp(name, "tty", 3) != 0 || end == digits || *end ? -1
								     : number;
}

/** The port in @folder with the lowest number above @above; "": none. */
static void serial_next_in(const char *folder, long above,
			   char name[SERIAL_PLACE_MAX])
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	long lowest = LONG_MAX;

	*name = '\0';
	while (dir && (entry = readdir(dir))) {
		long number = serial_number_of(entry->d_name);

		if (number <= above || number >= lowest ||
		    strlen(entry->d_name) >= SERIAL_PLACE_MAX)
			continue;
		lowest = number;
		(void)strcpy(name, entry->d_name);
	}
	if (dir)
		(void)closedir(dir); /* only read */
}

/** The same for an interface, whichever driver has it. */
static bool serial_next_port(const char *interface, long above,
			     char name[SERIAL_PLACE_MAX])
{
	char folder[PATH_MAX];

	serial_next_in(interface, above, name);
	if (!*name && snprintf(folder, sizeof(folder), "%s/tty", interface) > 0)
		serial_next_in(folder, above, name);
	return *name;
}

/** Cut @path behind its last part that is a USB interface; that part. */
static const char *serial_cut_at_interface(char *path)
{
	char *found = NULL, *end = NULL;

	for (char *part = strchr(path, '/'); part; part = strchr(part, '/')) {
		size_t len = strcspn(++part, "/");

		if (memchr(part, '-', len) && memchr(part, ':', len) &&
		    memchr(part, '.', len)) {
			found = part;
			end = part + len;
		}
	}
	if (end)
		*end = '\0';
	return found;
}

/** The adapter of the device @number, to @place; "" if it is on none. */
static void serial_find_adapter(dev_t number, const char *sysfs,
				char place[SERIAL_PLACE_MAX])
{
	char link[PATH_MAX], path[PATH_MAX];
	char name[SERIAL_PLACE_MAX], port[SERIAL_PLACE_MAX] = "";
	const char *interface;
	int index = -1;

	*place = '\0';
	(void)snprintf(link, sizeof(link), "%s/dev/char/%u:%u", sysfs,
		       major(number), minor(number)); /* short */
	if (!realpath(link, path) ||
	    strlen(strrchr(path, '/') + 1) >= sizeof(name))
		return;
	(void)strcpy(name, strrchr(path, '/') + 1);
	interface = serial_cut_at_interface(path);
	do {
		index++;
	} while (interface && index < SERIAL_PORTS &&
		 serial_next_port(path, index ? serial_number_of(port) : -1,
				  port) &&
		 strcmp(port, name) != 0);
	if (interface && *port && strlen(interface) + 8 < SERIAL_PLACE_MAX)
		(void)snprintf(place, SERIAL_PLACE_MAX, "%s/%d", interface,
			       index); /* it fits */
}

int serial_find_place(const char *port, const char *sysfs,
		      struct serial_place *place)
{
	char path[PATH_MAX];
	struct stat device;

	*place = (struct serial_place){ 0 };
	if (!realpath(port, path) || stat(path, &device) ||
	    !S_ISCHR(device.st_mode) || strlen(path) >= sizeof(place->device))
		return -ENODEV;
	(void)strcpy(place->device, path);
	serial_find_adapter(device.st_rdev, sysfs, place->place);
	return !*place->place && !strcmp(port, path) ? -ENODEV : 0;
}

int serial_find_device(const char *place, const char *sysfs, char *device,
		       size_t size)
{
	char folder[PATH_MAX], name[SERIAL_PLACE_MAX];
	const char *index = strchr(place, '/');
	long above = -1;
	int len;

	if (!index || strstr(place, ".."))
		return -ENODEV;
	(void)snprintf(folder, sizeof(folder), "%s/bus/usb/devices/%.*s", sysfs,
		       (int)(index - place), place); /* short */
	for (int i = atoi(index + 1); i >= 0; i--) {
		if (!serial_next_port(folder, above, name))
			return -ENODEV;
		above = serial_number_of(name);
	}
	len = snprintf(device, size, "/dev/%s", name);
	return len < 0 || (size_t)len >= size ? -ENODEV : 0;
}

const char *serial_choose_port(const char *port, const char *old_device,
			       const char *place, const char *sysfs,
			       char device[SERIAL_PLACE_MAX])
{
	char path[PATH_MAX];
	bool leads = realpath(port, path);

	if (place && *place) {
		if (serial_find_device(place, sysfs, device,
				       SERIAL_PLACE_MAX) == 0)
			return device;
		/* A link that leads elsewhere now was set by one who knows. */
		return leads && old_device && strcmp(path, old_device) != 0
			       ? port
			       : NULL;
	}
	return !leads && old_device && *old_device ? old_device : port;
}
