// SPDX-License-Identifier: MIT
/* Fuzzes what a UPS of the SEC protocol may say. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	line_fuzz("gamatronic", "", bytes, len);
	line_fuzz("tripplitesu", "", bytes, len);
	return 0;
}
