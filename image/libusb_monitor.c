// SPDX-License-Identifier: MIT
/*
 * Takes the place of libusb's linux_netlink.c. We tell libusb which device to
 * use, and find a device that came back by ourselves; so it needs no thread
 * that listens to the kernel, and no socket that could fail.
 */
#include "libusbi.h"
#include "os/linux_usbfs.h"

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
