// SPDX-License-Identifier: MIT
/* A dump of the kernel's log, whose lines anybody may have written. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/report_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report_facts facts = { .has_last = true };
	char why[UPS_SENTENCE_MAX];

	facts.last.is_stopped = facts.last.is_forced = true;
	report_read_dump(&facts.log, (const char *)data, size);
	for (int i = 1; i < facts.log.lines; i++) {
		if (facts.log.at[i] < facts.log.at[i - 1])
			abort();
	}
	(void)report_judge(&facts, why, sizeof(why));
	return 0;
}
