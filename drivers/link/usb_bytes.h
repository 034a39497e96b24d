/* SPDX-License-Identifier: MIT */
/*
 * A byte link over USB transfers: what the makers of UPSes put between the
 * USB and a protocol that they had before.
 */
#ifndef LINK_USB_BYTES_H
#define LINK_USB_BYTES_H

#include "link/bytes.h"
#include "link/usb_pipe.h"

#define USB_BYTES_MAX 128 /* of one transfer in */

/** How bytes are packed. Const. Errors are those of usb_pipe.h. */
struct usb_bytes_packing {
	/** What has to be said once after it was opened. Optional. */
	int (*start)(struct usb_pipe *pipe, deadline_t until);

	/** Send all of it. Returns 0. */
	int (*write)(struct usb_pipe *pipe, const uint8_t *bytes, size_t len,
		     deadline_t until);

	uint8_t endpoint; /* that bytes come from, */
	size_t packet;    /* so many at once */
	/**
	 * What of a packet of @len bytes, at most USB_BYTES_MAX, is meant:
	 * returns how many from @first on. Optional: all.
	 */
	size_t (*unpack)(const uint8_t *packet, size_t len, size_t *first);
};

struct usb_bytes {
	struct byte_link link;
	struct usb_pipe_link usb;
	const struct usb_bytes_packing *packing;
	uint8_t bytes[USB_BYTES_MAX]; /* that came and were not read */
	size_t at, end;
};

/** As usb_pipe_open(), for interface 0, and start() of @packing behind it. */
int usb_bytes_open(struct usb_bytes *bytes, struct ups *ups,
		   const struct usb_id *ids, size_t count,
		   const struct usb_bytes_packing *packing, deadline_t until);

#endif
