// SPDX-License-Identifier: MIT
/* What all emulated devices on the USB have in common, and what ails them. */
#include "link/usb_fake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define GET_DESCRIPTOR    6
#define DESCRIPTOR_STRING 3

extern const struct usb_fake_kind *const __start_usb_fakes[]
	__attribute__((weak, visibility("hidden")));
extern const struct usb_fake_kind *const __stop_usb_fakes[]
	__attribute__((weak, visibility("hidden")));

/* A UPS that has no line at all. */
static const struct line_fake_kind usb_fake_no_line = { .name = "usb" };

const struct usb_fake_kind *usb_fake_find(const char *name)
{
	const struct usb_fake_kind *const *kind = __start_usb_fakes;

	for (; kind < __stop_usb_fakes; kind++) {
		if (!strcmp((*kind)->name, name))
			return *kind;
	}
	return NULL;
}

void usb_fake_start(struct usb_fake *fake, const struct usb_fake_kind *kind,
		    struct line_fake *ups)
{
	memset(fake, 0, sizeof(*fake));
	fake->kind = kind;
	fake->ups = ups;
	fake->address = 1;
	(void)snprintf(fake->place, sizeof(fake->place), "1-1");
	fake->state = calloc(1, kind->state_size ? kind->state_size : 1);
	line_fake_start(ups, kind->inner ? kind->inner : &usb_fake_no_line);
	if (fake->state && kind->start)
		kind->start(fake);
}

void usb_fake_end(struct usb_fake *fake)
{
	line_fake_end(fake->ups);
	free(fake->state);
	fake->state = NULL;
}

const char *usb_fake_string(const struct usb_fake *fake, enum usb_string which)
{
	const char *text = fake->kind->string[which];

	if (which == USB_SERIAL && fake->serial[0])
		return fake->serial;
	return text ? text : "";
}

void usb_fake_move(struct usb_fake *fake, const char *place)
{
	(void)snprintf(fake->place, sizeof(fake->place), "%s", place);
	fake->address++;
}

static bool usb_fake_suffers(const struct usb_fake *fake, enum usb_fake_way way)
{
	return fake->way == way && fake->transfers >= fake->way_from &&
	       (!fake->way_times ||
		fake->transfers < fake->way_from + fake->way_times);
}

bool usb_fake_is_there(const struct usb_fake *fake)
{
	return !usb_fake_suffers(fake, USB_FAKE_GONE);
}

/** Does what the host says reach anybody? */
static bool usb_fake_hears(const struct usb_fake *fake)
{
	return !usb_fake_suffers(fake, USB_FAKE_IGNORE) &&
	       !line_fake_is_off(fake->ups);
}

static void usb_fake_note(struct usb_fake *fake, uint8_t endpoint,
			  const struct usb_fake_setup *setup, const void *data,
			  size_t len, int result)
{
	struct usb_fake_transfer transfer = {
		.at_ms = clock_now_ms(),
		.endpoint = endpoint,
		.result = result,
		.len = len < USB_FAKE_DATA_MAX ? len : USB_FAKE_DATA_MAX,
	};

	if (setup)
		transfer.setup = *setup;
	memcpy(transfer.data, data, transfer.len);
	if (fake->transfers < USB_FAKE_TRANSFERS_MAX)
		fake->journal[fake->transfers] = transfer;
	fake->transfers++;
	if (fake->noted)
		fake->noted(fake, &transfer);
}

/** What ails a transfer before the device has seen it; 0: nothing. */
static int usb_fake_refuses(struct usb_fake *fake)
{
	if (fake->moves_at && fake->transfers + 1 >= fake->moves_at) {
		fake->moves_at = 0;
		fake->has_moved = true;
		fake->address++;
		return -ENODEV;
	}
	if (!usb_fake_is_there(fake))
		return -ENODEV;
	if (usb_fake_suffers(fake, USB_FAKE_STALL))
		return -EPIPE;
	if (usb_fake_suffers(fake, USB_FAKE_TIMEOUT))
		return -ETIMEDOUT;
	return 0;
}

/** What becomes of an answer of @len bytes; returns the length on the bus. */
static int usb_fake_spoil(struct usb_fake *fake, uint8_t *data, int len)
{
	if (len < 0)
		return len;
	if (usb_fake_suffers(fake, USB_FAKE_LONG))
		return -EOVERFLOW;
	if (usb_fake_suffers(fake, USB_FAKE_SHORT))
		return len / 2;
	for (int i = 0; i < len && usb_fake_suffers(fake, USB_FAKE_GARBAGE); i++)
		data[i] = line_fake_noise(fake->ups);
	return len;
}

/** Is it a request of the protocol? */
static bool usb_fake_is_own(const struct usb_fake *fake,
			    const struct usb_fake_setup *setup)
{
	return !usb_fake_is_kernels(setup) ||
	       (fake->kind->speaks_by_strings &&
		setup->request == GET_DESCRIPTOR &&
		setup->value >> 8 == DESCRIPTOR_STRING);
}

static int usb_fake_serve(struct usb_fake *fake,
			  const struct usb_fake_setup *setup, uint8_t *data)
{
	bool in = setup->type & USB_FAKE_IN;
	int ret = -ENOSYS;

	if (!usb_fake_hears(fake))
		return in ? -ETIMEDOUT : setup->length;
	if (fake->kind->control)
		ret = fake->kind->control(fake, setup, data);
	if (ret == -ENOSYS)
		ret = usb_fake_standard(fake, setup, data);
	if (!in)
		return ret;
	return usb_fake_suffers(fake, USB_FAKE_MUTE)
		       ? -ETIMEDOUT
		       : usb_fake_spoil(fake, data, ret);
}

int usb_fake_control(struct usb_fake *fake, const struct usb_fake_setup *setup,
		     uint8_t *data)
{
	bool in = setup->type & USB_FAKE_IN;
	int ret;

	if (!usb_fake_is_own(fake, setup))
		return usb_fake_is_there(fake)
			       ? usb_fake_standard(fake, setup, data)
			       : -ENODEV;
	ret = usb_fake_refuses(fake);
	if (ret == 0)
		ret = usb_fake_serve(fake, setup, data);
	if (ret >= 0 && usb_fake_suffers(fake, USB_FAKE_LATE))
		ret = -ETIMEDOUT;
	usb_fake_note(fake, 0, setup, data,
		      !in       ? setup->length
		      : ret > 0 ? (size_t)ret
				: 0,
		      ret);
	return ret;
}

int usb_fake_out(struct usb_fake *fake, uint8_t endpoint, const void *data,
		 size_t len)
{
	int ret = usb_fake_refuses(fake);

	if (ret == 0 && !fake->kind->out)
		ret = -EPIPE;
	if (ret == 0)
		ret = usb_fake_hears(fake)
			      ? fake->kind->out(fake, endpoint, data, len)
			      : (int)len;
	if (ret >= 0 && usb_fake_suffers(fake, USB_FAKE_LATE))
		ret = -ETIMEDOUT;
	usb_fake_note(fake, endpoint, NULL, data, len, ret);
	return ret;
}

int usb_fake_in(struct usb_fake *fake, uint8_t endpoint, void *data, size_t size)
{
	int ret = usb_fake_refuses(fake);

	if (ret == 0 && !fake->kind->in)
		ret = -EPIPE;
	/* One that is off by now still says what it was about to say. */
	if (ret == 0 &&
	    (usb_fake_suffers(fake, USB_FAKE_MUTE) ||
	     usb_fake_suffers(fake, USB_FAKE_LATE) ||
	     (line_fake_is_off(fake->ups) && fake->ups->waiting == 0)))
		ret = -ETIMEDOUT;
	if (ret == 0 && clock_now_ms() < fake->ready_ms)
		ret = -EAGAIN;
	if (ret == 0)
		ret = fake->kind->in(fake, endpoint, data, size);
	if (ret == -EAGAIN || ret == -ETIMEDOUT)
		return -EAGAIN;
	ret = usb_fake_spoil(fake, data, ret);
	usb_fake_note(fake, endpoint, NULL, data, ret > 0 ? (size_t)ret : 0,
		      ret);
	return ret;
}

void usb_fake_give_up(struct usb_fake *fake, uint8_t endpoint)
{
	usb_fake_note(fake, endpoint, NULL, "", 0, -ETIMEDOUT);
}

int64_t usb_fake_next_ms(const struct usb_fake *fake)
{
	int64_t now_ms = clock_now_ms();
	int64_t next_ms = line_fake_next_ms(fake->ups);

	if (fake->ready_ms > now_ms)
		return fake->ready_ms;
	return next_ms > now_ms ? next_ms : now_ms + 1;
}
