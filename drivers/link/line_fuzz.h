/* SPDX-License-Identifier: MIT */
/*
 * For fuzzers of drivers: a port, or a USB device, at whose far end the fuzzer
 * sits. A fuzzer that links it links no serial.c, usb_find.c, usb_handle.c.
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

/** The next byte of the input, 0 at its end; for the two that play it. */
uint8_t line_fuzz_next(void);

/** Plays the device of line_fuzz_usb(). */
void line_fuzz_plug(const struct usb_id *device);

#endif
