// SPDX-License-Identifier: MIT
/* Fuzzes what a UPS may say over SHUT. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	line_fuzz("mge-shut", "", bytes, len);
	return 0;
}
