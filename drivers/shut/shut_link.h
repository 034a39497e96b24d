/* SPDX-License-Identifier: MIT */
/*
 * HID reports in packets over a serial line. Sources: MGE, "Simplified SHUT"
 * (51029473zaac); networkupstools/nut, drivers/libshut.c.
 *
 *   type | length | 1 … 8 bytes | xor of these
 *
 * The length is there twice, in both halves of its byte. Who receives a packet
 * answers it with ACK, or with NAK to have it once more. A request is the
 * SETUP packet of USB, with what is written in the packets behind it.
 */
#ifndef SHUT_SHUT_LINK_H
#define SHUT_SHUT_LINK_H

#include <stdbool.h>

#include "link/bytes.h"
#include "link/report.h"

#define SHUT_DATA_MAX   8
#define SHUT_PACKET_MAX (2 + SHUT_DATA_MAX + 1)

/* Single bytes. A sync is answered by itself, and says what else is wanted. */
enum shut_byte {
	SHUT_ACK = 0x06,
	SHUT_NAK = 0x15,
	SHUT_SYNC_ALL = 0x16,   /* all notifications */
	SHUT_SYNC_SOME = 0x17,  /* those of the status */
	SHUT_SYNC_QUIET = 0x18, /* none */
};

enum shut_type {
	SHUT_REQUEST = 0x01,
	SHUT_RESPONSE = 0x04,
	SHUT_NOTIFY = 0x05,
	SHUT_LAST = 0x80, /* or-ed to the last packet */
};

/* USB 2.0, 9.4.3; HID 1.11, 7.1. */
enum shut_descriptor {
	SHUT_DEVICE = 0x01,
	SHUT_HID = 0x21,
	SHUT_REPORT = 0x22,
};

#define SHUT_DEVICE_LEN 18
#define SHUT_HID_LEN    9

struct shut_link {
	struct report_link link; /* for the HID engine */
	struct byte_link *bytes; /* the caller's */
	bool is_lost;            /* in the middle of something: sync first */
	/** Which of its report descriptors is the real one: 0 or 1. */
	uint8_t descriptor_index;
};

/** Begin on an open line; nothing is sent yet. */
void shut_start(struct shut_link *shut, struct byte_link *bytes);

/**
 * Find a common beginning. Returns 0, -ETIMEDOUT if nobody answers, or the
 * error of the line.
 */
int shut_sync(struct shut_link *shut, deadline_t until);

/**
 * Read a descriptor, at most @size bytes of it; returns its length. Errors as
 * those of a report_link.
 */
int shut_read_descriptor(struct shut_link *shut, enum shut_descriptor type,
			 uint8_t index, uint8_t *bytes, size_t size,
			 deadline_t until);

/** Build a packet of 1 … 8 bytes; returns its length. */
size_t shut_build(uint8_t packet[SHUT_PACKET_MAX], uint8_t type,
		  const uint8_t *data, size_t len);

#endif
