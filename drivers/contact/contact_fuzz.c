// SPDX-License-Identifier: MIT
/* Fuzzes what modem lines may say. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	line_fuzz("genericups", len % 2 ? "upstype = 7" : "upstype = 11", bytes,
		  len);
	return 0;
}
