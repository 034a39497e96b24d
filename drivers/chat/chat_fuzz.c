// SPDX-License-Identifier: MIT
/* Fuzzes what the UPSes of the table may say. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const drivers[] = {
		"etapro", "everups", "bestfcom",   "bestfortress",
		"rhino",  "isbmex",  "victronups", "nutdrv_siemens_sitop",
	};

	if (len > 0)
		line_fuzz(drivers[bytes[0] % 8u], "", bytes + 1, len - 1);
	return 0;
}
