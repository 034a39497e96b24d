/* SPDX-License-Identifier: MIT */
/*
 * A UPS on the USB that is no HID power device, emulated. A kind lies beside
 * its driver and says what its endpoints do; the UPS itself, that is what it
 * feels and what it was told, is a line_fake: the one behind a bridge, or
 * with a kind without `inner` one that hears nothing of a line. Who carries
 * the transfers (a unit test in virtual time, the redirection into a virtual
 * machine) is not its concern.
 */
#ifndef LINK_USB_FAKE_H
#define LINK_USB_FAKE_H

#include "link/line_fake.h"
#include "link/usb_string.h"

#define USB_FAKE_ENDPOINTS_MAX 4
#define USB_FAKE_TRANSFERS_MAX 1024
#define USB_FAKE_DATA_MAX      64   /* that the journal keeps of one */
#define USB_FAKE_ANSWER_MAX    4096 /* no control transfer has more */

#define USB_FAKE_IN 0x80 /* of an endpoint, and of a request's type */

struct usb_fake;

enum usb_fake_pipe {
	USB_FAKE_BULK = 2, /* as in an endpoint descriptor */
	USB_FAKE_INTERRUPT = 3,
};

struct usb_fake_endpoint {
	uint8_t address; /* 0 ends the list */
	enum usb_fake_pipe pipe;
	uint8_t packet; /* its largest, bytes; 0: 8 */
};

/** A control request, as USB 2.0, 9.3 has it. */
struct usb_fake_setup {
	uint8_t type, request;
	uint16_t value, index, length;
};

/** A kind of device. Const, registered by USB_FAKE(). */
struct usb_fake_kind {
	const char *name; /* driver, or bridge: "cypress", "riello_usb" */
	uint16_t vendor_id, product_id, release;
	const char *string[USB_STRINGS]; /* NULL: it has none */
	uint8_t interface_class, interface_subclass;
	struct usb_fake_endpoint endpoint[USB_FAKE_ENDPOINTS_MAX];
	const uint8_t *report_descriptor; /* of class 3; NULL: an empty one */
	size_t report_descriptor_len;
	/* Of its second HID descriptor; NULL: it has none. */
	const uint8_t *second_descriptor;
	size_t second_descriptor_len;
	/* Its strings are how it is spoken to: control() is asked first. */
	bool speaks_by_strings;
	const struct line_fake_kind *inner; /* behind the bridge, or NULL */
	size_t state_size;                  /* bytes at fake->state, zeroed */

	/** It was switched on. Optional. */
	void (*start)(struct usb_fake *fake);

	/**
	 * A request of the protocol; in by bit 7 of its type. Returns how many
	 * bytes of @data it took or gave (setup->length at most have room),
	 * -EPIPE to stall, -ETIMEDOUT for one that it never answers, -ENOSYS
	 * if it is none of the protocol. Optional.
	 */
	int (*control)(struct usb_fake *fake,
		       const struct usb_fake_setup *setup, uint8_t *data);

	/**
	 * The host asks an endpoint for at most @size bytes. Returns how many
	 * there are, -EAGAIN while it has nothing to say, -EPIPE, -EOVERFLOW.
	 * Not called before fake->ready_ms. Optional.
	 */
	int (*in)(struct usb_fake *fake, uint8_t endpoint, uint8_t *data,
		  size_t size);

	/** Bytes for an endpoint. Returns how many it took, or -EPIPE. */
	int (*out)(struct usb_fake *fake, uint8_t endpoint, const uint8_t *data,
		   size_t len);
};

/** What is wrong with the device or its cable. */
enum usb_fake_way {
	USB_FAKE_HEALTHY,
	USB_FAKE_STALL,   /* it refuses each transfer */
	USB_FAKE_TIMEOUT, /* it answers none, and does nothing */
	USB_FAKE_MUTE,    /* it acts, and says nothing */
	USB_FAKE_GONE,    /* it has left the bus */
	USB_FAKE_SHORT,   /* it says only half of what it has to say */
	USB_FAKE_LONG,    /* it says more than was asked */
	USB_FAKE_GARBAGE, /* it says other bytes, as many */
	USB_FAKE_IGNORE,  /* it acknowledges, and does nothing */
	USB_FAKE_LATE,    /* it acts, and answers when nobody waits any more */
};

#define USB_FAKE_WAYS 10

/** One transfer, for the journal. */
struct usb_fake_transfer {
	int64_t at_ms;
	uint8_t endpoint; /* 0: control, with @setup */
	struct usb_fake_setup setup;
	int result; /* bytes, or negative */
	size_t len; /* of @data */
	uint8_t data[USB_FAKE_DATA_MAX];
};

struct usb_fake {
	const struct usb_fake_kind *kind;
	void *state;
	struct line_fake *ups; /* what it feels and what it was told */
	int64_t ready_ms;      /* for in(): not before that, whatever waits */
	/* Where it is: usb_fake_move(). */
	char place[32]; /* sysfs': "1-1" */
	uint8_t address;
	char serial[32]; /* of its own, instead of the kind's */
	/* What is wrong with it. */
	enum usb_fake_way way;
	int way_from;  /* takes effect after so many transfers */
	int way_times; /* and hits so many; 0: all of them */
	int moves_at;  /* at that transfer it gets a new address; 0: never */
	bool has_moved;
	/** Told of every transfer that is over; may be NULL. */
	void (*noted)(struct usb_fake *fake,
		      const struct usb_fake_transfer *transfer);
	/* What went to and fro. */
	int transfers, clears;
	struct usb_fake_transfer journal[USB_FAKE_TRANSFERS_MAX];
};

/* For whoever carries the transfers. */

/**
 * Switch one on, as the device on the USB of the UPS @ups, which is started
 * with it as line_fake_start() says. Frees with usb_fake_end().
 */
void usb_fake_start(struct usb_fake *fake, const struct usb_fake_kind *kind,
		    struct line_fake *ups);
void usb_fake_end(struct usb_fake *fake);

/** The kind called @name, or NULL. */
const struct usb_fake_kind *usb_fake_find(const char *name);

/**
 * A control transfer, standard requests included. @data has room for
 * setup->length bytes and for USB_FAKE_ANSWER_MAX. Returns how many went, or
 * -EPIPE, -ENODEV, -EOVERFLOW, or -ETIMEDOUT, for which the host has to wait.
 */
int usb_fake_control(struct usb_fake *fake, const struct usb_fake_setup *setup,
		     uint8_t *data);

/** Bytes for an endpoint; returns as usb_fake_control(). */
int usb_fake_out(struct usb_fake *fake, uint8_t endpoint, const void *data,
		 size_t len);

/**
 * Ask an endpoint; returns as usb_fake_control(), and -EAGAIN as long as the
 * device has nothing to say. Ask again, at usb_fake_next_ms() for one, or
 * give up.
 */
int usb_fake_in(struct usb_fake *fake, uint8_t endpoint, void *data,
		size_t size);
void usb_fake_give_up(struct usb_fake *fake, uint8_t endpoint);

/** When it may have something to say, after now; INT64_MAX: when it is told. */
int64_t usb_fake_next_ms(const struct usb_fake *fake);

bool usb_fake_is_there(const struct usb_fake *fake);

/** It left the bus, and came back at @place with a new address. */
void usb_fake_move(struct usb_fake *fake, const char *place);

/** The text of a string of its own, "" if it has none. */
const char *usb_fake_string(const struct usb_fake *fake, enum usb_string which);

/** Is it one of those that the kernel of the host makes by itself? */
bool usb_fake_is_kernels(const struct usb_fake_setup *setup);

/**
 * Answer a standard request (USB 2.0, 9.4; HID 1.11, 7.1) for a device as the
 * kind is. Returns as usb_fake_control().
 */
int usb_fake_standard(const struct usb_fake *fake,
		      const struct usb_fake_setup *setup, uint8_t *data);

/* For the kinds. */

/** Put @text as a string descriptor; returns its length. */
int usb_fake_put_string(const char *text, size_t len, uint8_t *data);

#define USB_FAKE(kind)                                              \
	static const struct usb_fake_kind *const usb_fake_of_##kind \
		__attribute__((used, section("usb_fakes"))) = &(kind)

#endif
