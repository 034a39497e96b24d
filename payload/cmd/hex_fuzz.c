// SPDX-License-Identifier: MIT
/* Fuzzes hexadecimal text. */
#include <assert.h>
#include <string.h>

#include "cmd/hex.h"

int LLVMFuzzerTestOneInput(const uint8_t *text, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *text, size_t len)
{
	uint8_t bytes[64];
	struct hex_problem problem;
	int ret = hex_parse((const char *)text, len, bytes, sizeof(bytes),
			    &problem);

	assert(ret != 0 && ret <= (int)sizeof(bytes));
	assert(problem.line > 0);
	assert(ret > 0 || problem.sentence[0]);
	return 0;
}
