// SPDX-License-Identifier: MIT
/* Fuzzes what an SMS UPS may say. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	line_fuzz("sms_ser", "", bytes, len);
	return 0;
}
