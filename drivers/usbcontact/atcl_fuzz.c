// SPDX-License-Identifier: MIT
/* Fuzzes what an "ATCL FOR UPS" may say. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct usb_id device = { 0x0001, 0, "ATCL FOR UPS", NULL };

	line_fuzz_usb("nutdrv_atcl_usb", &device, "", bytes, len);
	return 0;
}
