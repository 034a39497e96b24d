// SPDX-License-Identifier: MIT
/* Fuzzes what a UPS with Richcomm's dry contacts may say. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct usb_id device = { 0x0925, 0x1234, NULL, NULL };

	line_fuzz_usb("richcomm_usb", &device, "", bytes, len);
	return 0;
}
