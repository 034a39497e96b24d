// SPDX-License-Identifier: MIT
/* Fuzzes what an XCP UPS on the USB may say. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct usb_id device = { 0x0592, 0x0002, NULL, NULL };

	line_fuzz_usb("bcmxcp_usb", &device, "", bytes, len);
	return 0;
}
