// SPDX-License-Identifier: MIT
/* Finds the unit that a section means, or the one that was open before. */
#include "hid/search.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Cuts that usbfs fails before hidraw goes first. */
#define USBFS_FAILURES_MAX 2

struct hid_search {
	const struct hid_bus *bus;
	struct ups *ups;
	struct hid_unit *unit;
	union hid_carrier *carrier;
	struct usb_match match;
	size_t devices;
	struct usb_device device[USB_DEVICES_MAX];
};

int hid_open_usbfs(union hid_carrier *carrier, const char *sysfs,
		   const struct usb_device *device, uint8_t interface)
{
	(void)sysfs; /* the numbers of the device are enough */
	return usb_open(&carrier->usb, device, interface);
}

int hid_open_hidraw(union hid_carrier *carrier, const char *sysfs,
		    const struct usb_device *device, uint8_t interface)
{
	return hidraw_open(&carrier->hidraw, sysfs, HIDRAW_DEV, device,
			   interface);
}

static bool hid_is_of_family(const struct usb_device *device)
{
	return hid_find_family(device->vendor_id, device->product_id,
			       device->string[USB_VENDOR],
			       device->string[USB_PRODUCT])
		       ->ids != NULL;
}

/**
 * Does the kernel know the interface, and as what? Returns 1 for a power
 * device (whose descriptor is parsed then), 0 for another one, and -ENOENT
 * when the device itself has to be asked: the kernel asks once, and some UPSes
 * answer that with nonsense.
 */
static int hid_peek(const struct hid_bus *bus, struct hid_descriptor *descriptor,
		    const struct usb_device *device,
		    const struct usb_interface *interface)
{
	uint8_t bytes[HID_DESCRIPTOR_MAX];
	int len;

	descriptor->collections = 0;
	if (!interface->is_bound)
		return interface->is_boot ? 0 : -ENOENT;
	len = usb_peek_descriptor(bus->sysfs, device, interface->number, bytes,
				  sizeof(bytes));
	if (len >= 0 && hid_parse(descriptor, bytes, (size_t)len) == 0) {
		if (hid_is_power_device(descriptor))
			return 1;
		if (interface->is_boot || !hid_is_of_family(device))
			return 0;
	}
	descriptor->collections = 0;
	return -ENOENT;
}

/** Take what was opened into use, or let go of it. */
static int hid_take(struct hid_search *search, const struct usb_device *device,
		    deadline_t until)
{
	const struct hid_identity identity = {
		.vendor_id = device->vendor_id,
		.product_id = device->product_id,
		.vendor = device->string[USB_VENDOR],
		.product = device->string[USB_PRODUCT],
	};
	struct report_link *link = &search->carrier->link;
	int ret;

	ret = hid_attach(search->unit, search->ups, link, &identity, until);
	if (ret < 0)
		link->ops->close(link);
	return ret;
}

static int hid_open_interface(struct hid_search *search,
			      const struct usb_device *device,
			      const struct usb_interface *interface,
			      deadline_t until)
{
	const struct hid_bus *bus = search->bus;
	struct ups *ups = search->ups;
	bool swap = ups->failures >= USBFS_FAILURES_MAX;
	bool was_open = false;
	int result = 0;

	/* Who detaches a keyboard on a running system makes no friends. */
	if (hid_peek(bus, &search->unit->descriptor, device, interface) == 0)
		return -ENODEV;

	for (int i = 0; i < HID_CARRIERS; i++) {
		int which = swap ? HID_CARRIERS - 1 - i : i;
		int ret = bus->open[which](search->carrier, bus->sysfs, device,
					   interface->number);

		if (ret < 0) {
			/* What the carrier says that goes first matters. */
			result = result ? result : ret;
			continue;
		}
		was_open = true;
		/* The kernel read the short descriptor of two. */
		if (which == 0 && search->carrier->usb.has_second)
			search->unit->descriptor.collections = 0;
		if (which != 0)
			ups_note(ups,
				 "[%s] usbfs cannot be used; it is spoken to over hidraw",
				 ups->name);
		result = hid_take(search, device, until);
		if (result != -EIO && result != -EPROTO)
			return result;
	}
	if (was_open)
		return result;
	return ups_fail(ups, result, "[%s] USB device %s (%04x:%04x) %s",
			ups->name, device->name, device->vendor_id,
			device->product_id,
			result == -EBUSY ? "is held by another process"
					 : "could not be opened");
}

/** The first HID interface that can be commanded. */
static int hid_open_device(struct hid_search *search,
			   const struct usb_device *device, deadline_t until)
{
	struct usb_interface interface[USB_INTERFACES_MAX];
	size_t count = usb_list_hid(search->bus->sysfs, device, interface,
				    USB_INTERFACES_MAX);
	int ret = -ENODEV;

	if (count > 0 && usb_keep_awake(search->bus->sysfs, device) > 0)
		(void)clock_sleep_ms(USB_WAKE_MS, until); /* or less */
	for (size_t i = 0; i < count; i++) {
		ret = hid_open_interface(search, device, &interface[i], until);
		if (ret == 0 || ret == -EBUSY)
			break;
	}
	return ret;
}

/** Is it as good a match as the device that was opened? */
static bool hid_is_rival(const struct hid_bus *bus,
			 const struct usb_device *device,
			 const struct usb_device *opened)
{
	struct usb_interface interface[USB_INTERFACES_MAX];
	struct hid_descriptor descriptor;
	size_t count =
		usb_list_hid(bus->sysfs, device, interface, USB_INTERFACES_MAX);

	if (count > 0 && device->vendor_id == opened->vendor_id &&
	    device->product_id == opened->product_id)
		return true;
	for (size_t i = 0; i < count; i++) {
		if (hid_peek(bus, &descriptor, device, &interface[i]) == 1)
			return true;
	}
	return false;
}

/**
 * When another device fits as well: whoever checks a configuration wants to
 * know, and at the end the first is better than none.
 */
static int hid_weigh_rivals(struct hid_search *search,
			    const struct usb_device *opened)
{
	static const char sentence[] =
		"[%s] fits the USB devices %s and %s; serial or busport must choose%s";
	struct ups *ups = search->ups;

	if (ups_value(ups, "allow_duplicates"))
		return 0;
	for (size_t i = 0; i < search->devices; i++) {
		const struct usb_device *device = &search->device[i];

		if (device == opened ||
		    !usb_match_device(&search->match, device) ||
		    !hid_is_rival(search->bus, device, opened))
			continue;
		if (ups->strict)
			return ups_fail(ups, -EINVAL, sentence, ups->name,
					opened->name, device->name, "");
		ups_note(ups, sentence, ups->name, opened->name, device->name,
			 "; the first is taken");
		return 0;
	}
	return 0;
}

static bool hid_is_meant(struct hid_search *search, struct usb_device *device,
			 int turn)
{
	if (search->ups->identity[0])
		return usb_is_same(search->ups->identity, device, turn == 1);
	if (usb_match_needs_string(&search->match, device))
		(void)search->bus->read_strings(device); /* unknown: "" */
	return usb_match_device(&search->match, device);
}

/** It is open. Is it the right one, beyond doubt? Then remember it. */
static int hid_settle(struct hid_search *search, const struct usb_device *device)
{
	struct report_link *link = &search->carrier->link;
	int ret;

	if (search->ups->identity[0])
		return 0;
	ret = hid_weigh_rivals(search, device);
	if (ret < 0)
		link->ops->close(link);
	else
		usb_keep_identity(search->ups, search->device, search->devices,
				  device);
	return ret;
}

/** Returns 1 when none of the devices can be opened. */
static int hid_search_turn(struct hid_search *search, int turn, int *result,
			   deadline_t until)
{
	for (size_t i = 0; i < search->devices; i++) {
		struct usb_device *device = &search->device[i];
		int ret;

		if (!hid_is_meant(search, device, turn))
			continue;
		ret = hid_open_device(search, device, until);
		if (ret == 0)
			return hid_settle(search, device);
		/*
		 * Who cannot be commanded makes room for another one. One that
		 * is busy or ill may be the one that is meant, unless nobody
		 * knows its maker: perhaps it is no UPS.
		 */
		if (ret != -ENODEV && ret != -EOPNOTSUPP &&
		    hid_is_known_maker(device->vendor_id))
			return ret;
		if (ret != -ENODEV)
			*result = ret;
	}
	return 1;
}

/** Nothing was found: is what the section names there, but something else? */
static int hid_fail_missing(struct hid_search *search)
{
	struct ups *ups = search->ups;

	for (size_t i = 0; i < search->devices && !ups->identity[0]; i++) {
		const struct usb_device *device = &search->device[i];

		if (search->match.is_set[USB_KEY_VENDORID] &&
		    usb_match_device(&search->match, device))
			return ups_fail(
				ups, -ENODEV,
				"[%s] USB device %s (%04x:%04x) is no HID power device",
				ups->name, device->name, device->vendor_id,
				device->product_id);
	}
	return ups_fail(ups, -ENODEV, "[%s] no such USB device", ups->name);
}

int hid_search(const struct hid_bus *bus, struct ups *ups, struct hid_unit *unit,
	       union hid_carrier *carrier, deadline_t until)
{
	struct hid_search search = {
		.bus = bus,
		.ups = ups,
		.unit = unit,
		.carrier = carrier,
	};
	int turns = ups->identity[0] ? 2 : 1;
	int result = -ENODEV;
	int ret = usb_match_start(&search.match, ups);

	if (ret < 0)
		return ret;
	search.devices = usb_list(bus->sysfs, search.device, USB_DEVICES_MAX);
	for (int turn = 0; turn < turns; turn++) {
		ret = hid_search_turn(&search, turn, &result, until);
		if (ret <= 0)
			return ret;
	}
	return result == -ENODEV ? hid_fail_missing(&search) : result;
}
