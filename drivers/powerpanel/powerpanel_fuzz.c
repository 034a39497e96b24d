// SPDX-License-Identifier: MIT
/* Fuzzes what a CyberPower UPS may say, in either protocol. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len == 0)
		return 0;
	line_fuzz("powerpanel",
		  bytes[0] & 1 ? "protocol = text" : "protocol = binary",
		  bytes + 1, len - 1);
	return 0;
}
