// SPDX-License-Identifier: MIT
/* The variable of the firmware, whoever wrote it. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t bytes[RECORD_BYTES_MAX];
	struct record record;

	if (record_unpack(&record, data, size) == 0 &&
	    (record_pack(&record, bytes) != size ||
	     memcmp(bytes, data, size) != 0))
		abort();
	return 0;
}
