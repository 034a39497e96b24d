// SPDX-License-Identifier: MIT
/* Finds, opens and carries what is no HID power device. */
#include "link/usb_pipe.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

static struct usb_handle *usb_pipe_handle(struct usb_pipe *pipe)
{
	return &((struct usb_pipe_link *)pipe)->handle; /* its first member */
}

static int usb_pipe_control(struct usb_pipe *pipe, uint8_t type,
			    uint8_t request, uint16_t value, uint16_t index,
			    void *data, size_t len, deadline_t until)
{
	return usb_handle_control(usb_pipe_handle(pipe), type, request, value,
				  index, data, len, until);
}

static int usb_pipe_transfer(struct usb_pipe *pipe, uint8_t endpoint,
			     void *data, size_t len, deadline_t until)
{
	return usb_handle_transfer(usb_pipe_handle(pipe), endpoint, data, len,
				   until);
}

static int usb_pipe_clear_halt(struct usb_pipe *pipe, uint8_t endpoint)
{
	return usb_handle_clear_halt(usb_pipe_handle(pipe), endpoint);
}

static void usb_pipe_close(struct usb_pipe *pipe)
{
	usb_handle_close(usb_pipe_handle(pipe));
}

static const struct usb_pipe_ops usb_pipe_ops = {
	.control = usb_pipe_control,
	.transfer = usb_pipe_transfer,
	.clear_halt = usb_pipe_clear_halt,
	.close = usb_pipe_close,
};

size_t usb_find_id(const struct usb_device *device, const struct usb_id *ids,
		   size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct usb_id *id = &ids[i];

		if (device->vendor_id == id->vendor_id &&
		    device->product_id == id->product_id &&
		    (!id->vendor ||
		     !strcasecmp(device->string[USB_VENDOR], id->vendor)) &&
		    (!id->product ||
		     !strcasecmp(device->string[USB_PRODUCT], id->product)))
			break;
	}
	return i;
}

/* Everything on the bus, and what of it the section means. */
struct usb_pipe_search {
	struct ups *ups;
	const struct usb_id *ids;
	size_t ids_count;
	struct usb_match match;
	bool named; /* the section gives the IDs: a table need not */
	size_t devices;
	struct usb_device device[USB_DEVICES_MAX];
};

static bool usb_pipe_is_meant(struct usb_pipe_search *search,
			      struct usb_device *device, bool moved)
{
	const struct ups *ups = search->ups;

	if (ups->identity[0])
		return usb_is_same(ups->identity, device, moved);
	if (usb_match_needs_string(&search->match, device))
		(void)usb_read_strings(device); /* unknown: "" */
	return usb_match_device(&search->match, device) &&
	       (search->named ||
		usb_find_id(device, search->ids, search->ids_count) !=
			search->ids_count);
}

/** The next one that is meant from @from on, or search->devices. */
static size_t usb_pipe_next(struct usb_pipe_search *search, size_t from,
			    bool moved)
{
	while (from < search->devices &&
	       !usb_pipe_is_meant(search, &search->device[from], moved))
		from++;
	return from;
}

static int usb_pipe_weigh_rivals(struct usb_pipe_search *search, size_t which)
{
	static const char sentence[] =
		"[%s] fits the USB devices %s and %s; serial or busport must choose%s";
	struct ups *ups = search->ups;
	const char *first = search->device[which].name;
	size_t other = usb_pipe_next(search, which + 1, false);

	if (other == search->devices || ups_value(ups, "allow_duplicates"))
		return 0;
	if (ups->strict)
		return ups_fail(ups, -EINVAL, sentence, ups->name, first,
				search->device[other].name, "");
	ups_note(ups, sentence, ups->name, first, search->device[other].name,
		 "; the first is taken");
	return 0;
}

/** The device of the section; search->devices if it is not there. */
static size_t usb_pipe_find(struct usb_pipe_search *search)
{
	size_t which = usb_pipe_next(search, 0, false);

	if (which == search->devices && search->ups->identity[0])
		which = usb_pipe_next(search, 0, true);
	return which;
}

static int usb_pipe_take(struct usb_pipe_link *link, struct ups *ups,
			 const struct usb_device *device, uint8_t interface)
{
	int ret;

	/* The first transfer may come too early for one that slept. */
	if (usb_keep_awake(USB_SYSFS, device) > 0)
		(void)clock_sleep_ms(USB_WAKE_MS, deadline_in_ms(USB_WAKE_MS));
	ret = usb_handle_open(&link->handle, device);
	if (ret == 0) {
		ret = usb_handle_claim(&link->handle, interface);
		if (ret < 0)
			usb_handle_close(&link->handle);
	}
	if (ret < 0)
		return ups_fail(ups, ret, "[%s] USB device %s (%04x:%04x) %s",
				ups->name, device->name, device->vendor_id,
				device->product_id,
				ret == -EBUSY ? "is held by another process"
					      : "could not be opened");
	return 0;
}

int usb_pipe_open(struct usb_pipe_link *link, struct ups *ups,
		  const struct usb_id *ids, size_t count, uint8_t interface)
{
	struct usb_pipe_search search = {
		.ups = ups,
		.ids = ids,
		.ids_count = count,
		.named = ups_value(ups, "vendorid") &&
			 ups_value(ups, "productid"),
	};
	size_t which;
	int ret = usb_match_start(&search.match, ups);

	if (ret < 0)
		return ret;
	*link = (struct usb_pipe_link){
		.pipe = { .ops = &usb_pipe_ops },
		.handle = { .fd = -1 },
	};
	search.devices = usb_list(USB_SYSFS, search.device, USB_DEVICES_MAX);
	which = usb_pipe_find(&search);
	if (which == search.devices)
		return ups_fail(ups, -ENODEV, "[%s] no such USB device",
				ups->name);
	if (!ups->identity[0])
		ret = usb_pipe_weigh_rivals(&search, which);
	if (ret == 0)
		ret = usb_pipe_take(link, ups, &search.device[which], interface);
	if (ret < 0)
		return ret;
	if (!ups->identity[0])
		usb_keep_identity(ups, search.device, search.devices,
				  &search.device[which]);
	return (int)usb_find_id(&search.device[which], ids, count);
}

int usb_pipe_fail(struct ups *ups, int error)
{
	switch (error) {
	case -ENODEV:
		return ups_fail(ups, error, "[%s] it left the USB", ups->name);
	case -ETIMEDOUT:
		return ups_fail(ups, error, "[%s] does not answer", ups->name);
	case -EPIPE:
		return ups_fail(ups, -EPROTO, "[%s] refuses a transfer",
				ups->name);
	case -EPROTO:
		ups->in_doubt = true;
		return ups_fail(ups, error,
				"[%s] answers something else than it was asked",
				ups->name);
	default:
		return ups_fail(ups, -EIO, "[%s] its USB transfers fail",
				ups->name);
	}
}
