/* SPDX-License-Identifier: MIT */
/*
 * For fuzzers of drivers: a port, a USB device or a network, at whose far end the
 * fuzzer sits. Who links it links no net.c, serial.c, usb_find.c, usb_handle.c.
 */
#ifndef LINK_LINE_FUZZ_H
#define LINK_LINE_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "link/usb_pipe.h"

/**
 * Open, ask, cut, cancel and close a UPS of "driver = @driver" and the lines
 * @keys that answers with @bytes, whatever it is asked. Aborts when the driver
 * breaks its contract.
 */
void line_fuzz(const char *driver, const char *keys, const uint8_t *bytes,
	       size_t len);

/** The same for a device on the USB; its strings are those of @device. */
void line_fuzz_usb(const char *driver, const struct usb_id *device,
		   const char *keys, const uint8_t *bytes, size_t len);

/** An answer of at most @size bytes to @len bytes; its length, 0 for none. */
typedef size_t (*line_fuzz_answer_fn)(const uint8_t *question, size_t len,
				      uint8_t *answer, size_t size);

/**
 * The same for a device on the network. @answer builds what it says from
 * line_fuzz_next(), as far as that has to fit to be heard at all.
 */
void line_fuzz_net(const char *driver, const char *keys,
		   line_fuzz_answer_fn answer, const uint8_t *bytes, size_t len);

/** The next byte of the input, 0 at its end; for those that play it. */
uint8_t line_fuzz_next(void);

/** Is there any left? */
bool line_fuzz_has_more(void);

/** Plays the device of line_fuzz_usb(). */
void line_fuzz_plug(const struct usb_id *device);

/** Plays the device of line_fuzz_net(). */
void line_fuzz_plug_net(line_fuzz_answer_fn answer);

#endif
