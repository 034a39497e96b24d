/* SPDX-License-Identifier: MIT */
/* Plugs the device of usb_plugged.h into the bus of usb_virtual.h. */
#include <stdlib.h>

#include "link/usb_virtual.h"
#include "usb_plugged.h"

static void __attribute__((constructor)) usb_host_start(void)
{
	struct usb_fake *fake = getenv("RIG_USB_DEVICE") ? usb_plugged() : NULL;

	if (fake)
		usb_virtual_plug(fake);
}
