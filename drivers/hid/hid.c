// SPDX-License-Identifier: MIT
/*
 * The driver for USB HID power devices, NUT's usbhid-ups: finds the one that a
 * section of ups.conf means and commands it by its family's ladder.
 */
#include "hid/hid.h"

#include "base/kconfig.h"
#include "hid/scan.h"
#include "hid/search.h"

static const struct hid_bus hid_bus = {
	.sysfs = USB_SYSFS,
	.open = { hid_open_usbfs, hid_open_hidraw },
	.read_strings = usb_read_strings,
};

struct hid_state {
	struct hid_unit unit; /* first: for hid_cut() */
	union hid_carrier carrier;
	bool is_open;
};

static void hid_close(struct ups *ups)
{
	struct hid_state *state = ups->state;

	if (state->is_open)
		state->carrier.link.ops->close(&state->carrier.link);
	state->is_open = false;
}

static int hid_open(struct ups *ups, deadline_t until)
{
	struct hid_state *state = ups->state;
	int ret =
		hid_search(&hid_bus, ups, &state->unit, &state->carrier, until);

	state->is_open = ret == 0;
	return ret;
}

static int hid_check(struct ups *ups, struct ups_found *found,
		     struct ups_cut *cut, deadline_t until)
{
	return hid_check_on(&hid_bus, ups, found, cut, until);
}

static const char *const hid_nut_names[] = { "usbhid-ups", NULL };

static const struct ups_driver hid_driver = {
	.name = "hid",
	.summary = "USB HID power devices",
	.nut_names = hid_nut_names,
	.rehearses = true,
	.state_size = sizeof(struct hid_state),
	.open = hid_open,
	.cut = hid_cut,
	.status = hid_status,
	.cancel = hid_cancel,
	.check = IS_ENABLED(CONFIG_COMMAND_CHECK) ? hid_check : NULL,
	.scan = IS_ENABLED(CONFIG_SCAN) ? hid_scan : NULL,
	.close = hid_close,
};

UPS_DRIVER(hid_driver);
