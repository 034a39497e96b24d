// SPDX-License-Identifier: MIT
/* Fuzzes what a Powervar UPS may say. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	line_fuzz("powervar-cs", "offdelay = 30", bytes, len);
	return 0;
}
