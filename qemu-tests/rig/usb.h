/* SPDX-License-Identifier: MIT */
/*
 * The emulated UPS as a USB device, over the usbredir protocol: descriptors,
 * control requests, the interrupt pipe, and being unplugged.
 */
#ifndef RIG_USB_H
#define RIG_USB_H

#include <stdbool.h>
#include <stdint.h>

#include "ups.h"

#define USB_PENDING_MAX 8

struct usbredirparser;

/** A control transfer that is answered later. */
struct usb_pending {
	bool used;
	int64_t due_ms;
	uint64_t id;
	uint8_t setup[8]; /* as on the wire */
	uint8_t data[UPS_REPORT_MAX];
	int len;
	bool spoiled; /* by a hang: judged already */
};

struct usb;

#define USB_ENDPOINTS_MAX 4

/** What the device is, beyond being on the bus. */
struct usb_function {
	uint8_t interface_class;
	struct {
		uint8_t address, type, interval;
	} endpoint[USB_ENDPOINTS_MAX]; /* besides 0; packets of 64 bytes */
	/** Its configuration descriptor, if no request() knows it. */
	size_t (*configuration)(const struct ups *ups, uint8_t *out);
	/** There is a new parser: set what else it calls. */
	void (*start)(struct usb *usb);
	/** It comes on the bus. Optional. */
	void (*connect)(struct usb *usb);
	/** As usb_request(), or USB_NOT_MINE: a request of another kind. */
	int (*request)(struct usb *usb, const struct usb_pending *request,
		       uint8_t *answer);
	/** The host waits no longer for transfer @id. Optional. */
	void (*give_up)(struct usb *usb, uint64_t id);
	/** Send what has changed, or waits. */
	void (*send)(struct usb *usb);
	/** When there may be something to send, or INT64_MAX. Optional. */
	int64_t (*next_ms)(const struct usb *usb);
};

struct adapter;
struct device;

struct usb {
	struct ups *ups;
	const struct usb_function *function;
	struct adapter *adapter; /* of a serial adapter */
	struct device *device;   /* of what is no HID UPS */
	struct usbredirparser *parser;
	int fd;
	bool greeted;       /* the other side's hello is here */
	bool plugged;       /* into the bus */
	bool connected;     /* and the other side was told */
	int64_t plug_at_ms; /* again, or UPS_NEVER */
	bool receiving;     /* the interrupt pipe is polled */
	uint64_t interrupt_id;
	uint8_t configuration;
	uint8_t shown[256][UPS_REPORT_MAX]; /* input reports as last sent */
	struct usb_pending pending[USB_PENDING_MAX];
};

/** A HID UPS. */
extern const struct usb_function usb_hid_function;

/** The other end of @fd is a new QEMU. Takes @fd. */
void usb_start(struct usb *usb, int fd);
void usb_stop(struct usb *usb);

void usb_plug(struct usb *usb, bool plugged);

/** Read and answer what has come. Returns false when QEMU has gone. */
bool usb_read(struct usb *usb);

/** Send what waits: late answers, changed input reports, the device itself. */
void usb_tick(struct usb *usb);

int64_t usb_next_ms(const struct usb *usb);

#endif
