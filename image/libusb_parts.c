// SPDX-License-Identifier: MIT
/*
 * Parts of libusb that are ours: what its linux_netlink.c would do, and the
 * little that it needs of sscanf().
 */
#include <stdarg.h>
#include <stdlib.h>

#include "libusbi.h"
#include "os/linux_usbfs.h"

/*
 * We tell libusb which device to use, and find a device that came back by
 * ourselves; so it needs no thread that listens to the kernel, and no socket
 * that could fail.
 */
int linux_netlink_start_event_monitor(void)
{
	return LIBUSB_SUCCESS;
}

int linux_netlink_stop_event_monitor(void)
{
	return LIBUSB_SUCCESS;
}

void linux_netlink_hotplug_poll(void)
{
}

/*
 * libusb's sscanf(): its config.h gives it this name. Only the conversions
 * that it uses, %d and %hhu, for the C library's brings 13 KiB for floating
 * point numbers along.
 */
int sscanf(const char *text, const char *format, ...)
{
	va_list results;
	int done = 0;
	long number;
	char *end;

	va_start(results, format);
	while (*format) {
		if (*format != '%') {
			if (*text++ != *format++)
				break;
			continue;
		}
		number = strtol(text, &end, 10);
		if (end == text)
			break;
		text = end;
		if (format[1] == 'd') {
			*va_arg(results, int *) = (int)number;
			format += 2;
		} else {
			*va_arg(results, uint8_t *) = (uint8_t)number;
			format += 4;
		}
		done++;
	}
	va_end(results);
	return done;
}
