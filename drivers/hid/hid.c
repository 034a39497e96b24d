// SPDX-License-Identifier: MIT
/*
 * The driver for USB HID power devices, NUT's usbhid-ups: finds the one that a
 * section of ups.conf means and commands it by its family's ladder.
 */
#include "hid/hid.h"

#include <errno.h>

#include "base/kconfig.h"
#include "hid/ladder.h"
#include "hid/scan.h"
#include "hid/status.h"
#include "link/usb.h"

struct hid_state {
	struct hid_unit unit;
	struct usb_link usb;
	bool is_open;
};

/** The search for the device of a section. */
struct hid_search {
	struct ups *ups;
	struct hid_state *state;
	struct usb_match match;
	size_t devices;
	struct usb_device device[USB_DEVICES_MAX];
};

/**
 * Does the kernel know the interface, and as what? Returns 1 for a power
 * device (whose descriptor is parsed then), 0 for another one, and -ENOENT
 * when the device itself has to be asked.
 */
static int hid_peek(struct hid_descriptor *descriptor,
		    const struct usb_device *device,
		    const struct usb_interface *interface)
{
	uint8_t bytes[HID_DESCRIPTOR_MAX];
	int len;

	descriptor->collections = 0;
	if (!interface->is_bound)
		return interface->is_boot ? 0 : -ENOENT;
	len = usb_peek_descriptor(USB_SYSFS, device, interface->number, bytes,
				  sizeof(bytes));
	if (len >= 0 && hid_parse(descriptor, bytes, (size_t)len) == 0)
		return hid_is_power_device(descriptor);
	descriptor->collections = 0;
	return -ENOENT;
}

static int hid_open_interface(struct hid_search *search,
			      const struct usb_device *device,
			      const struct usb_interface *interface,
			      deadline_t until)
{
	const struct hid_identity identity = {
		.vendor_id = device->vendor_id,
		.product_id = device->product_id,
		.vendor = device->string[USB_VENDOR],
		.product = device->string[USB_PRODUCT],
	};
	struct hid_state *state = search->state;
	struct ups *ups = search->ups;
	int ret;

	/* Who detaches a keyboard on a running system makes no friends. */
	ret = hid_peek(&state->unit.descriptor, device, interface);
	if (ret == 0)
		return -ENODEV;

	ret = usb_open(&state->usb, device, interface->number);
	if (ret < 0)
		return ups_fail(ups, ret, "[%s] USB device %s (%04x:%04x) %s",
				ups->name, device->name, device->vendor_id,
				device->product_id,
				ret == -EBUSY ? "is held by another process"
					      : "could not be opened");
	/* The kernel read the short descriptor of two; see usb_open(). */
	if (state->usb.descriptor_index != 0)
		state->unit.descriptor.collections = 0;
	ret = hid_attach(&state->unit, ups, &state->usb.link, &identity, until);
	if (ret < 0)
		state->usb.link.ops->close(&state->usb.link);
	return ret;
}

/** The first HID interface that can be commanded. */
static int hid_open_device(struct hid_search *search,
			   const struct usb_device *device, deadline_t until)
{
	struct usb_interface interface[USB_INTERFACES_MAX];
	size_t count =
		usb_list_hid(USB_SYSFS, device, interface, USB_INTERFACES_MAX);
	int ret = -ENODEV;

	for (size_t i = 0; i < count; i++) {
		ret = hid_open_interface(search, device, &interface[i], until);
		if (ret == 0 || ret == -EBUSY)
			break;
	}
	return ret;
}

/** Is it as good a match as the device that was opened? */
static bool hid_is_rival(const struct usb_device *device,
			 const struct usb_device *opened)
{
	struct usb_interface interface[USB_INTERFACES_MAX];
	struct hid_descriptor descriptor;
	size_t count =
		usb_list_hid(USB_SYSFS, device, interface, USB_INTERFACES_MAX);

	if (count > 0 && device->vendor_id == opened->vendor_id &&
	    device->product_id == opened->product_id)
		return true;
	for (size_t i = 0; i < count; i++) {
		if (hid_peek(&descriptor, device, &interface[i]) == 1)
			return true;
	}
	return false;
}

/** To cut the wrong one of two is worse than to say that there are two. */
static int hid_refuse_rivals(struct hid_search *search,
			     const struct usb_device *opened)
{
	struct ups *ups = search->ups;

	if (ups_value(ups, "allow_duplicates"))
		return 0;
	for (size_t i = 0; i < search->devices; i++) {
		const struct usb_device *device = &search->device[i];

		if (device != opened &&
		    usb_match_device(&search->match, device) &&
		    hid_is_rival(device, opened))
			return ups_fail(
				ups, -EINVAL,
				"[%s] fits the USB devices %s and %s; serial or busport must choose",
				ups->name, opened->name, device->name);
	}
	return 0;
}

static int hid_search(struct hid_search *search, deadline_t until)
{
	struct ups *ups = search->ups;
	int result = -ENODEV;

	search->devices = usb_list(USB_SYSFS, search->device, USB_DEVICES_MAX);
	for (size_t i = 0; i < search->devices; i++) {
		struct usb_device *device = &search->device[i];
		int ret;

		if (usb_match_needs_string(&search->match, device))
			(void)usb_read_strings(device); /* unknown: "" */
		if (!usb_match_device(&search->match, device))
			continue;
		ret = hid_open_device(search, device, until);
		if (ret == 0) {
			search->state->is_open = true;
			return hid_refuse_rivals(search, device);
		}
		/*
		 * Who cannot be commanded makes room for another one. One that
		 * is busy or ill may be the one that is meant, unless nobody
		 * knows its maker: perhaps it is no UPS.
		 */
		if (ret != -ENODEV && ret != -EOPNOTSUPP &&
		    hid_is_known_maker(device->vendor_id))
			return ret;
		if (ret != -ENODEV)
			result = ret;
	}
	if (result == -ENODEV)
		return ups_fail(ups, result, "[%s] no such USB device",
				ups->name);
	return result;
}

static void hid_close(struct ups *ups)
{
	struct hid_state *state = ups->state;

	if (state->is_open)
		state->usb.link.ops->close(&state->usb.link);
	state->is_open = false;
}

static int hid_open(struct ups *ups, deadline_t until)
{
	struct hid_search search = { .ups = ups, .state = ups->state };
	int ret = usb_match_start(&search.match, ups);

	if (ret < 0)
		return ret;
	ret = hid_search(&search, until);
	if (ret < 0)
		hid_close(ups);
	return ret;
}

static int hid_fail(struct ups *ups, int error, const char *what)
{
	switch (error) {
	case -ENODEV:
		return ups_fail(ups, error, "[%s] went away", ups->name);
	case -ETIMEDOUT:
		return ups_fail(ups, error, "[%s] does not answer", ups->name);
	case -EOPNOTSUPP:
		return ups_fail(ups, error, "[%s] has no way to be %s",
				ups->name, what);
	case -EPROTO:
	case -EPIPE:
		return ups_fail(ups, -EPROTO, "[%s] refuses to be %s",
				ups->name, what);
	default:
		return ups_fail(ups, -EIO, "[%s] transfers to it fail",
				ups->name);
	}
}

static int hid_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct hid_state *state = ups->state;
	int ret = hid_ladder_cut(&state->unit, cut, until);

	return ret < 0 ? hid_fail(ups, ret, "cut") : 0;
}

static int hid_status(struct ups *ups, struct ups_status *status,
		      deadline_t until)
{
	struct hid_state *state = ups->state;
	int ret = hid_status_read(&state->unit, status, until);

	return ret < 0 ? hid_fail(ups, ret, "read") : 0;
}

static int hid_cancel(struct ups *ups, deadline_t until)
{
	struct hid_state *state = ups->state;
	int ret = hid_ladder_cancel(&state->unit, until);

	return ret < 0 ? hid_fail(ups, ret, "cancelled") : 0;
}

static const char *const hid_nut_names[] = { "usbhid-ups", NULL };

static const struct ups_driver hid_driver = {
	.name = "hid",
	.summary = "USB HID power devices",
	.nut_names = hid_nut_names,
	.state_size = sizeof(struct hid_state),
	.open = hid_open,
	.cut = hid_cut,
	.status = hid_status,
	.cancel = hid_cancel,
	.scan = IS_ENABLED(CONFIG_SCAN) ? hid_scan : NULL,
	.close = hid_close,
};

UPS_DRIVER(hid_driver);
