/* SPDX-License-Identifier: MIT */
/* USB devices, serial lines, and serial lines behind a USB adapter. */
#include "ports.h"

#include "adapter.h"
#include "device.h"

static bool port_is_usb(const struct bench *bench, int i)
{
	return bench->ups[i]->port == UPS_ON_USB ||
	       bench->ups[i]->port == UPS_ON_ADAPTER ||
	       bench->ups[i]->port == UPS_IS_DEVICE;
}

void port_make(struct bench *bench, int i)
{
	struct ups *ups = bench->ups[i];
	struct usb *usb = &bench->usb[i];

	usb->ups = ups;
	usb->fd = -1;
	usb->plugged = ups->plugged;
	usb->plug_at_ms = UPS_NEVER;
	usb->function = &usb_hid_function;
	if (ups->port == UPS_ON_USB)
		return;
	if (ups->port == UPS_IS_DEVICE) {
		bench->line[i] = device_make(usb);
		return;
	}
	bench->line[i] = line_make(ups);
	if (ups->port == UPS_ON_ADAPTER)
		adapter_make(usb, bench->line[i]);
}

enum vm_port port_kind(const struct bench *bench, int i)
{
	if (port_is_usb(bench, i))
		return VM_USB;
	return bench->ups[i]->port == UPS_ON_SERIAL ? VM_SERIAL : VM_USB_SERIAL;
}

void port_start(struct bench *bench, int i, int fd)
{
	if (port_is_usb(bench, i))
		usb_start(&bench->usb[i], fd);
	else
		line_start(bench->line[i], fd);
}

void port_stop(struct bench *bench, int i)
{
	if (port_is_usb(bench, i))
		usb_stop(&bench->usb[i]);
	/* A machine without current drives no outputs. */
	if (bench->line[i]) {
		line_set_outputs(bench->line[i], 0, false);
		line_stop(bench->line[i]);
	}
}

int port_fd(const struct bench *bench, int i)
{
	return port_is_usb(bench, i) ? bench->usb[i].fd : bench->line[i]->fd;
}

int64_t port_next_ms(const struct bench *bench, int i)
{
	int64_t usb = INT64_MAX, line = INT64_MAX;

	if (port_is_usb(bench, i))
		usb = usb_next_ms(&bench->usb[i]);
	if (bench->line[i])
		line = line_next_ms(bench->line[i]);
	return usb < line ? usb : line;
}

void port_read(struct bench *bench, int i)
{
	if (port_is_usb(bench, i) ? !usb_read(&bench->usb[i])
				  : !line_read(bench->line[i]))
		port_stop(bench, i);
}

void port_tick(struct bench *bench, int i)
{
	if (bench->line[i])
		line_tick(bench->line[i]);
	if (!port_is_usb(bench, i))
		return;
	if (bench->ups[i]->port == UPS_IS_DEVICE
		    ? !device_is_there(&bench->usb[i])
		    : bench->line[i] &&
			      !line_fake_is_there(&bench->line[i]->fake))
		usb_plug(&bench->usb[i], false);
	usb_tick(&bench->usb[i]);
}
