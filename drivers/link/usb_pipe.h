/* SPDX-License-Identifier: MIT */
/*
 * A link that carries single USB transfers, for the protocols on USB that are
 * no HID power devices: bridges to a serial protocol, and makers' own.
 */
#ifndef LINK_USB_PIPE_H
#define LINK_USB_PIPE_H

#include "link/usb_handle.h"

struct usb_pipe;

/**
 * Every call is one transfer, without a retry, that ends at @until. Errors:
 *   -EPIPE      the device stalls
 *   -ETIMEDOUT  no answer by @until
 *   -ENODEV     it is gone
 *   -EOVERFLOW  the answer is longer than @len
 *   -EIO        anything else; worth a retry
 */
struct usb_pipe_ops {
	/** A control transfer as USB 2.0, 9.3; returns how many bytes went. */
	int (*control)(struct usb_pipe *pipe, uint8_t type, uint8_t request,
		       uint16_t value, uint16_t index, void *data, size_t len,
		       deadline_t until);

	/**
	 * A bulk or interrupt transfer, whichever the endpoint is for, in if
	 * bit 7 of @endpoint is set; returns how many bytes went.
	 */
	int (*transfer)(struct usb_pipe *pipe, uint8_t endpoint, void *data,
			size_t len, deadline_t until);

	/** After a stall of an endpoint. */
	int (*clear_halt)(struct usb_pipe *pipe, uint8_t endpoint);

	/** Let go of the device, and change nothing about it. */
	void (*close)(struct usb_pipe *pipe);
};

/** First member of what the carrier needs. */
struct usb_pipe {
	const struct usb_pipe_ops *ops;
};

struct usb_pipe_link {
	struct usb_pipe pipe;
	struct usb_handle handle;
};

/** A device that a driver knows; a string of NULL is any. Case is ignored. */
struct usb_id {
	uint16_t vendor_id;
	uint16_t product_id;
	const char *vendor;
	const char *product;
};

/** The first row of @ids that @device is, or @count. */
size_t usb_find_id(const struct usb_device *device, const struct usb_id *ids,
		   size_t count);

/**
 * Open @interface of the device that the section means, by the keys of
 * usb_find.h, among those of @ids; one that ups->identity knows already is
 * found by that. With both vendorid and productid in the section it need not
 * be in @ids. Two that fit: an error if ups->strict, else the first, and a
 * note. Returns the row of @ids (@count if it is in none), or a negative errno
 * with a sentence.
 */
int usb_pipe_open(struct usb_pipe_link *link, struct ups *ups,
		  const struct usb_id *ids, size_t count, uint8_t interface);

/**
 * Store the sentence for a transfer that ended with @error: gone, silent,
 * refused (-EPIPE becomes -EPROTO) or not what it was asked (-EPROTO).
 * Anything else becomes -EIO. Returns it.
 */
int usb_pipe_fail(struct ups *ups, int error);

#endif
