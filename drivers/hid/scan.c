// SPDX-License-Identifier: MIT
/* What there is on USB, and what each of it could be told. */
#include "hid/scan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "hid/numbers.h"
#include "hid/status.h"
#include "link/usb_describe.h"

#define SECONDS_OF_SKP_STEP 6

static void hid_scan_problem(struct ups_found *found, const char *problem)
{
	(void)snprintf(found->problem, sizeof(found->problem), "%s", problem);
}

/** The steps in which the delay of a rung can be set. */
static int hid_scan_step_s(const struct hid_match *match)
{
	switch (match->rung->step[match->steps - 1].value) {
	case HID_OFF_DELAY:
		return hid_raw_to_seconds(match->trigger, 2) -
		       hid_raw_to_seconds(match->trigger, 1);
	case HID_MINUTES_SECONDS:
		return 1;
	case HID_DELAY_INDEX:
		return SECONDS_OF_SKP_STEP;
	default:
		return UPS_UNKNOWN_S;
	}
}

/** The first rung; who cannot reboot the load is asked to bring it back. */
static bool hid_scan_first(const struct hid_unit *unit, enum ups_command wanted,
			   struct hid_match *match)
{
	struct hid_position at = { .rung = NULL };
	struct hid_position again = { .rung = NULL };

	return hid_next_match(unit, (uint8_t)wanted, &at, match) ||
	       (wanted == UPS_REBOOT &&
		hid_next_match(unit, UPS_RETURN, &again, match));
}

/** What the section's delays would come to, on the first rung. */
static void hid_scan_compute(const struct hid_scan *scan, struct hid_unit *unit)
{
	struct hid_numbers numbers;
	struct hid_match match;
	int step_s;

	if (!scan->ups || !hid_scan_first(unit, scan->cut->wanted, &match))
		return;
	hid_read_delays(unit);
	hid_numbers_compute(unit, &match, &numbers);
	hid_numbers_report(&numbers, &match, UPS_SENT, scan->cut);
	step_s = hid_scan_step_s(&match);
	if (step_s == UPS_UNKNOWN_S && ups_value(scan->ups, "offdelay"))
		ups_note(scan->ups,
			 "[%s] offdelay has no effect: this unit takes its own time",
			 scan->ups->name);
	if (step_s != UPS_UNKNOWN_S && numbers.off_after_s != unit->off_s)
		ups_note(scan->ups,
			 "[%s] an offdelay of %d s becomes %d s: the unit counts in steps of %d s",
			 scan->ups->name, unit->off_s, numbers.off_after_s,
			 step_s);
}

static enum hid_look hid_scan_judge(const struct hid_scan *scan,
				    struct hid_unit *unit,
				    struct ups_found *found)
{
	unit->ups = scan->ups;
	hid_unit_settle_family(unit);
	hid_scan_compute(scan, unit);
	found->family = unit->family->name;
	for (int wanted = UPS_RETURN; wanted <= UPS_REBOOT; wanted++) {
		struct hid_position at = { .rung = NULL };
		struct hid_match match;

		if (!hid_next_match(unit, (uint8_t)wanted, &at, &match))
			continue;
		found->commands |= UPS_CAN(match.rung->given);
		if (found->step_s == UPS_UNKNOWN_S)
			found->step_s = hid_scan_step_s(&match);
	}
	if (found->commands)
		return HID_LOOK_CAN;
	hid_scan_problem(
		found,
		"It cannot be told to switch off: it offers nothing that is known to work.");
	return HID_LOOK_CANNOT;
}

static void hid_scan_start(struct hid_unit *unit,
			   const struct usb_device *device)
{
	memset(unit, 0, sizeof(*unit));
	unit->family = hid_find_family(device->vendor_id, device->product_id,
				       device->string[USB_VENDOR],
				       device->string[USB_PRODUCT]);
}

/** Ask what only the device knows, and let go of it. */
static void hid_scan_read(struct hid_unit *unit, struct ups_found *found,
			  deadline_t until)
{
	struct ups_status status;

	if (hid_status_read(unit, &status, until) == 0)
		found->mains = status.mains;
	unit->link->ops->close(unit->link);
}

/**
 * By the descriptor that the kernel has read. Over its driver the device can
 * be asked without taking it from anybody.
 */
static enum hid_look hid_scan_peek(const struct hid_scan *scan,
				   const struct usb_device *device,
				   const struct usb_interface *interface,
				   struct ups_found *found, deadline_t until)
{
	uint8_t bytes[HID_DESCRIPTOR_MAX];
	const char *sysfs = scan->bus->sysfs;
	union hid_carrier carrier;
	struct hid_unit unit;
	int len = usb_peek_descriptor(sysfs, device, interface->number, bytes,
				      sizeof(bytes));

	hid_scan_start(&unit, device);
	if (len < 0 ||
	    hid_parse(&unit.descriptor, bytes, (size_t)len) == -E2BIG ||
	    !hid_is_power_device(&unit.descriptor))
		return HID_LOOK_OTHER;
	unit.link = &carrier.link;
	if (scan->bus->open[HID_OVER_HIDRAW](&carrier, sysfs, device,
					     interface->number) == 0)
		hid_scan_read(&unit, found, until);
	return hid_scan_judge(scan, &unit, found);
}

static enum hid_look hid_scan_closed(const struct hid_scan *scan,
				     const struct usb_device *device, int error,
				     struct ups_found *found)
{
	if (error == -ENODEV ||
	    !(scan->any_maker || hid_is_known_maker(device->vendor_id)))
		return HID_LOOK_OTHER;
	hid_scan_problem(
		found,
		error == -EBUSY
			? "Another program holds it, perhaps NUT's driver: what it can do shows when that has ended."
			: "It could not be opened or read: what it can do is not known.");
	return HID_LOOK_HELD;
}

/** Nobody holds it, or a program. Ask it, if it lets us. */
static enum hid_look hid_scan_ask(const struct hid_scan *scan,
				  const struct usb_device *device,
				  const struct usb_interface *interface,
				  struct ups_found *found, deadline_t until)
{
	union hid_carrier carrier;
	struct hid_unit unit;
	int ret = scan->bus->open[HID_OVER_USBFS](&carrier, scan->bus->sysfs,
						  device, interface->number);

	if (ret < 0)
		return hid_scan_closed(scan, device, ret, found);
	hid_scan_start(&unit, device);
	unit.link = &carrier.link;
	ret = hid_unit_describe(&unit, until);
	if (ret < 0) {
		carrier.link.ops->close(&carrier.link);
		return hid_scan_closed(scan, device, ret, found);
	}
	hid_scan_read(&unit, found, until);
	return hid_scan_judge(scan, &unit, found);
}

static enum hid_look hid_scan_interface(const struct hid_scan *scan,
					const struct usb_device *device,
					const struct usb_interface *interface,
					struct ups_found *found,
					deadline_t until)
{
	*found = (struct ups_found){
		.step_s = UPS_UNKNOWN_S,
		.mains = UPS_MAINS_UNKNOWN,
	};
	if (interface->is_bound)
		return hid_scan_peek(scan, device, interface, found, until);
	/* Who opens a keyboard may take it away. */
	if (interface->is_boot)
		return HID_LOOK_OTHER;
	return hid_scan_ask(scan, device, interface, found, until);
}

/** A device may have several interfaces, and one of them that switches. */
enum hid_look hid_scan_device(const struct hid_scan *scan,
			      const struct usb_device *device,
			      struct ups_found *best, deadline_t until)
{
	struct usb_interface interface[USB_INTERFACES_MAX];
	size_t count = usb_list_hid(scan->bus->sysfs, device, interface,
				    USB_INTERFACES_MAX);
	enum hid_look look = HID_LOOK_OTHER;

	for (size_t i = 0; i < count && look < HID_LOOK_CAN; i++) {
		struct ups_found found;
		enum hid_look this = hid_scan_interface(
			scan, device, &interface[i], &found, until);

		if (this > look) {
			look = this;
			*best = found;
		}
	}
	return look;
}

int hid_scan_tree(const struct hid_scan *scan, deadline_t until)
{
	struct usb_device device[USB_DEVICES_MAX];
	size_t devices = usb_list(scan->bus->sysfs, device, USB_DEVICES_MAX);

	for (size_t i = 0; i < devices; i++) {
		struct ups_found found;

		if (hid_scan_device(scan, &device[i], &found, until) ==
		    HID_LOOK_OTHER)
			continue;
		usb_describe(&device[i], found.who, sizeof(found.who));
		usb_write_keys(device, devices, i, found.keys,
			       sizeof(found.keys));
		scan->found(scan->arg, &found);
	}
	return 0;
}

int hid_scan(void (*found)(void *arg, const struct ups_found *found), void *arg,
	     deadline_t until)
{
	static const struct hid_bus bus = {
		.sysfs = USB_SYSFS,
		.open = { hid_open_usbfs, hid_open_hidraw },
		.read_strings = usb_read_strings,
	};
	const struct hid_scan scan = {
		.bus = &bus,
		.found = found,
		.arg = arg,
	};

	return hid_scan_tree(&scan, until);
}
