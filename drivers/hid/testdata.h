/* SPDX-License-Identifier: MIT */
/* Reads testdata/: the descriptors of real devices and what they hold. */
#ifndef HID_TESTDATA_H
#define HID_TESTDATA_H

#include <stddef.h>
#include <stdint.h>

#define TESTDATA_DIR "drivers/hid/testdata/"

/** Bytes of testdata/@name.hex; dies when they cannot be read. */
size_t testdata_hex(const char *name, uint8_t *bytes, size_t size);

/** Names of all descriptors of testdata/, sorted; returns how many. */
size_t testdata_names(char (*names)[64], size_t max);

#endif
