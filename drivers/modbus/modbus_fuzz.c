// SPDX-License-Identifier: MIT
/* Fuzzes what a Modbus device on a line may answer. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const drivers[] = {
		"apc_modbus",
		"huawei-ups2000",
		"must_ep2000pro",
		"adelsystem_cbi",
	};

	if (len == 0)
		return 0;
	line_fuzz(drivers[*bytes % 4], "", bytes + 1, len - 1);
	return 0;
}
