// SPDX-License-Identifier: MIT
/* Fuzzes what a Microdowell UPS may say. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	line_fuzz("microdowell", "", bytes, len);
	return 0;
}
