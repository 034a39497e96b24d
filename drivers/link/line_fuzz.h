/* SPDX-License-Identifier: MIT */
/*
 * For fuzzers of serial drivers: a port at whose far end the fuzzer sits.
 * A fuzzer that links it links no serial.c.
 */
#ifndef LINK_LINE_FUZZ_H
#define LINK_LINE_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/**
 * Open, ask, cut, cancel and close a UPS of "driver = @driver" and the lines
 * @keys that answers with @bytes, whatever it is asked. Aborts when the driver
 * breaks its contract.
 */
void line_fuzz(const char *driver, const char *keys, const uint8_t *bytes,
	       size_t len);

#endif
