/* SPDX-License-Identifier: MIT */
/* The control requests that the emulated device knows, and what they find. */
#ifndef RIG_USB_REQUESTS_H
#define RIG_USB_REQUESTS_H

#include <stddef.h>
#include <stdint.h>

#include "usb.h"

/** The device sends more than the host has asked for. */
#define USB_TOO_LONG (-2)

/** Not a request that is served here. */
#define USB_NOT_MINE (-3)

/** It answers nothing, and the host has to give up. */
#define USB_NO_ANSWER (-4)

/**
 * Serve one request. What is to be sent back goes to @answer, which has room
 * for a report and for a descriptor; returns its length (for a write: how much
 * was taken), -1 for a stall, USB_TOO_LONG or USB_NO_ANSWER.
 */
int usb_request(struct usb *usb, const struct usb_pending *request,
		uint8_t *answer);

/**
 * How long the answer has to wait, for a device that is slow or hangs. Marks
 * a hanging write as spoiled, for it is judged only once.
 */
int64_t usb_request_delay_ms(struct usb *usb, struct usb_pending *request);

#endif
