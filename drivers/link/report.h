/* SPDX-License-Identifier: MIT */
/*
 * A link that carries HID reports. The protocol talks to this and never
 * learns whether usbfs, hidraw or a serial line is behind it.
 */
#ifndef LINK_REPORT_H
#define LINK_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

/** As on the wire minus one: HID 1.11, 7.2.1. */
enum report_type {
	REPORT_INPUT,
	REPORT_OUTPUT,
	REPORT_FEATURE,
};

#define REPORT_TYPES 3

/* Room for a report. Real ones have at most 64 bytes. */
#define REPORT_MAX 256

struct report_link;

/**
 * Every call is one transfer, without a retry, that ends at @until. A report
 * begins with its ID byte in memory, 0 for a device without report IDs, no
 * matter what the wire looks like. Errors:
 *   -EPIPE      the device stalls: it does not support that request
 *   -ETIMEDOUT  no answer by @until
 *   -ENODEV     it is gone
 *   -EOVERFLOW  the answer is longer than @size
 *   -EIO        anything else went wrong on the wire; worth a retry
 */
struct report_link_ops {
	/** Asks for @size bytes and returns how many came, ID included. */
	int (*get_report)(struct report_link *link, enum report_type type,
			  uint8_t id, uint8_t *report, size_t size,
			  deadline_t until);

	/** Returns 0 when the device acknowledged. */
	int (*set_report)(struct report_link *link, enum report_type type,
			  const uint8_t *report, size_t len, deadline_t until);

	/** Returns the length of the report descriptor read. */
	int (*read_descriptor)(struct report_link *link, uint8_t *descriptor,
			       size_t size, deadline_t until);

	/** Let go of the device, and change nothing about it. */
	void (*close)(struct report_link *link);
};

/** First member of what the carrier needs. */
struct report_link {
	const struct report_link_ops *ops;
};

#endif
