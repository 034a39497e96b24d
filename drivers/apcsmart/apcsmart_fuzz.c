// SPDX-License-Identifier: MIT
/* Fuzzes what a Smart-UPS may say. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const keys[] = { "", "sdtype = 1",
					    "advorder = 43210", "awd = 12" };

	line_fuzz(len % 8 ? "apcsmart" : "apcsmart-old", keys[len % 4], bytes,
		  len);
	return 0;
}
