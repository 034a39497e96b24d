// SPDX-License-Identifier: MIT
/* Fuzzes the reader of hardware lists. */
#include <assert.h>
#include <stdint.h>

#include "cmd/coverage.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct coverage counted;

	coverage_count(&counted, (const char *)bytes, len);
	assert(counted.both <= counted.native && counted.both <= counted.nut);
	assert(counted.native <= counted.rows && counted.nut <= counted.rows);
	return 0;
}
