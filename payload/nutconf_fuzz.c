// SPDX-License-Identifier: MIT
/* Fuzzes nut.conf. */
#include <assert.h>
#include <string.h>

#include "handover_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct handover_file file; /* large */
	static struct handover handover;
	bool switched_off = false;

	if (len > sizeof(file.text))
		return -1;
	memset(&handover, 0, sizeof(handover));
	handover.poweroff_wait_ms = -1;
	memcpy(file.text, bytes, len);
	file.len = len;
	handover_read_nut_conf(&handover, "nut.conf", &file, NULL,
			       &switched_off);
	assert(handover.poweroff_wait_ms >= -1 &&
	       handover.poweroff_wait_ms <= HANDOVER_WAIT_MAX_MS);
	assert(handover.notes <= HANDOVER_NOTES_MAX);
	return 0;
}
