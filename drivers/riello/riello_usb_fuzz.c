// SPDX-License-Identifier: MIT
/* Fuzzes what a Riello UPS on the USB may say. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct usb_id device = { 0x04b4, 0x5500, NULL, NULL };

	line_fuzz_usb("riello_usb", &device, "", bytes, len);
	return 0;
}
