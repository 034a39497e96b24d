// SPDX-License-Identifier: MIT
/*
 * Which USB devices are bridges, from sysfs: what is behind one shows only
 * when it is asked, and that is for whoever it belongs to.
 */
#include "qx/scan.h"

#include <stdio.h>

#include "link/usb_describe.h"
#include "qx/bridge.h"

#define QX_STEP_S 6

static void qx_scan_judge(const struct qx_way_row *row, struct ups_found *found)
{
	found->family = row->name;
	if (row->limits & QX_NO_CUT) {
		(void)snprintf(
			found->problem, sizeof(found->problem),
			"It cannot be told to switch off: its bridge carries questions only.");
		return;
	}
	found->commands = UPS_CAN(UPS_RETURN);
	if (!(row->limits & QX_NEVER_R))
		found->commands |= UPS_CAN(UPS_STAYOFF);
	found->step_s = QX_STEP_S;
	(void)snprintf(
		found->problem, sizeof(found->problem),
		"By its USB name only: it was not asked whether a UPS is behind it.");
}

int qx_scan(void (*found)(void *arg, const struct ups_found *found), void *arg,
	    deadline_t until)
{
	struct usb_device device[USB_DEVICES_MAX];
	size_t devices = usb_list(USB_SYSFS, device, USB_DEVICES_MAX);

	(void)until; /* nothing is asked */
	for (size_t i = 0; i < devices; i++) {
		struct ups_found one = {
			.step_s = UPS_UNKNOWN_S,
			.mains = UPS_MAINS_UNKNOWN,
		};
		size_t id =
			usb_find_id(&device[i], qx_usb_ids, qx_usb_ids_count);

		if (id == qx_usb_ids_count)
			continue;
		qx_scan_judge(qx_way_of(id), &one);
		usb_describe(&device[i], one.who, sizeof(one.who));
		usb_write_keys(device, devices, i, one.keys, sizeof(one.keys));
		found(arg, &one);
	}
	return 0;
}
