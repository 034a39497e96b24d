// SPDX-License-Identifier: MIT
/* Would the device of a section be found at the end, and what would it do? */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "hid/scan.h"
#include "link/usb_describe.h"

/** The devices that fit a section; two are enough to know. */
struct hid_matches {
	const struct usb_device *device[2];
	enum hid_look look; /* of the first */
	struct ups_found found;
	int count;
	bool is_there; /* one fits, but it is no UPS */
};

static bool hid_match_is_set(const struct usb_match *match)
{
	for (int i = 0; i < USB_KEYS; i++) {
		if (match->is_set[i])
			return true;
	}
	return false;
}

static void hid_check_device(const struct hid_scan *scan,
			     const struct usb_device *device,
			     struct hid_matches *matches, deadline_t until)
{
	struct ups_found found;
	enum hid_look look = hid_scan_device(scan, device, &found, until);

	matches->is_there = true;
	if (look == HID_LOOK_OTHER)
		return;
	if (matches->count == 0) {
		matches->look = look;
		matches->found = found;
	}
	if (matches->count < 2)
		matches->device[matches->count] = device;
	matches->count++;
}

static int hid_check_matches(const struct hid_matches *matches, struct ups *ups)
{
	if (matches->count == 0)
		return ups_fail(
			ups, -ENODEV,
			matches->is_there
				? "[%s] the USB device that it names is no HID power device"
				: "[%s] no such USB device",
			ups->name);
	if (matches->count > 1 && !ups_value(ups, "allow_duplicates"))
		return ups_fail(
			ups, -EINVAL,
			"[%s] fits the USB devices %s and %s; serial or busport must choose",
			ups->name, matches->device[0]->name,
			matches->device[1]->name);
	if (matches->look == HID_LOOK_CAN)
		return 0;
	return ups_fail(ups,
			matches->look == HID_LOOK_HELD ? -EBUSY : -EOPNOTSUPP,
			"[%s] %c%s", ups->name,
			tolower((unsigned char)matches->found.problem[0]),
			matches->found.problem + 1);
}

int hid_check_on(const struct hid_bus *bus, struct ups *ups,
		 struct ups_found *found, struct ups_cut *cut, deadline_t until)
{
	struct usb_device device[USB_DEVICES_MAX];
	struct hid_matches matches = { .count = 0 };
	struct hid_scan scan = { .bus = bus };
	struct usb_match match;
	size_t devices;
	int ret = usb_match_start(&match, ups);

	if (ret < 0)
		return ret;
	scan.any_maker = hid_match_is_set(&match);
	devices = usb_list(bus->sysfs, device, USB_DEVICES_MAX);
	for (size_t i = 0; i < devices; i++) {
		if (usb_match_device(&match, &device[i]))
			hid_check_device(&scan, &device[i], &matches, until);
	}
	*found = matches.found;
	if (matches.count > 0)
		usb_describe(matches.device[0], found->who, sizeof(found->who));
	ret = hid_check_matches(&matches, ups);
	if (ret < 0)
		return ret;
	scan.ups = ups;
	scan.cut = cut;
	cut->how[0] = '\0';
	(void)hid_scan_device(&scan, matches.device[0], &matches.found, until);
	if (cut->how[0])
		return 0;
	return ups_fail(ups, -EOPNOTSUPP,
			"[%s] it offers nothing that is known to work for \"%s\"",
			ups->name, ups_command_name(cut->wanted));
}
