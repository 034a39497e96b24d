// SPDX-License-Identifier: MIT
/* Fuzzes what an older Tripp Lite UPS may say. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct usb_id device = { 0x09ae, 0x0001, NULL, NULL };

	line_fuzz_usb("tripplite_usb", &device, "", bytes, len);
	return 0;
}
