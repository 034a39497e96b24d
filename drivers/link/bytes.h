/* SPDX-License-Identifier: MIT */
/*
 * A link that carries bytes, and what protocols of bytes have in common. The
 * protocol never learns whether a serial port or a USB bridge is behind it.
 */
#ifndef LINK_BYTES_H
#define LINK_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "base/ups.h"

struct byte_link;

/**
 * Errors:
 *   -ETIMEDOUT  @until came first
 *   -ENODEV     the far end is gone
 *   -EIO        anything else went wrong; worth a retry
 */
struct byte_link_ops {
	/** Write all of it. Returns 0. */
	int (*write)(struct byte_link *link, const void *bytes, size_t len,
		     deadline_t until);

	/** Wait for bytes and take what is there; returns how many, >= 1. */
	int (*read)(struct byte_link *link, void *bytes, size_t size,
		    deadline_t until);

	/** Throw away what has come and was not read. Does not wait. */
	void (*drain)(struct byte_link *link);

	/** Let go of it, and leave its lines as they are. */
	void (*close)(struct byte_link *link);
};

/** First member of what the carrier needs. */
struct byte_link {
	const struct byte_link_ops *ops;
};

/** Let go of it; nothing to do if it was never opened, and is zeros. */
void bytes_close(struct byte_link *link);

/** Write, with @gap_ms after each byte: some devices take no more at once. */
int bytes_write_slowly(struct byte_link *link, const void *bytes, size_t len,
		       int gap_ms, deadline_t until);

/** Read exactly @len bytes. On -ETIMEDOUT some may have been taken. */
int bytes_read(struct byte_link *link, void *bytes, size_t len,
	       deadline_t until);

/**
 * Read up to and including the byte @end. What comes before it is in @line,
 * with a 0 behind it; NUL bytes in it count as '0', which some devices mean
 * by them. Returns its length, -ETIMEDOUT (then *@got, if not NULL, bytes of
 * an unfinished line are there), or -EPROTO when @size was not enough.
 */
int bytes_read_line(struct byte_link *link, char end, char *line, size_t size,
		    size_t *got, deadline_t until);

/** Throw away what comes until nothing has come for @quiet_ms. */
void bytes_settle(struct byte_link *link, int quiet_ms, deadline_t until);

/**
 * Store the sentence for a device that answered with @error: gone, silent or
 * not what it was asked (-EPROTO). Anything else becomes -EIO. Returns it.
 */
int bytes_fail(struct ups *ups, int error);

#endif
