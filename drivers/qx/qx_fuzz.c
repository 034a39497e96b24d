// SPDX-License-Identifier: MIT
/* Fuzzes what a UPS that speaks Q* may say, in whichever dialect. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const keys[] = {
		"",
		"protocol = voltronic",
		"protocol = voltronic-qs-hex",
		"protocol = gtec",
		"protocol = omron",
		"stayoff",
		"protocol = q1\nignoresab",
	};
	size_t which = len > 0 ? bytes[0] % (sizeof(keys) / sizeof(keys[0])) : 0;

	if (len > 0)
		line_fuzz("nutdrv_qx", keys[which], bytes + 1, len - 1);
	return 0;
}
