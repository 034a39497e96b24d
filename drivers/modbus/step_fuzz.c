// SPDX-License-Identifier: MIT
/* Fuzzes the lines of commands that a section may have. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "modbus/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct modbus_delays delays = { 65, 65535 };
	char *text = malloc(len + 1);
	const char *line = text;
	struct modbus_step step;

	if (!text)
		return 0;
	memcpy(text, bytes, len);
	text[len] = '\0';
	while (modbus_next_step(&line, &delays, &step) > 0) {
		assert(step.address >= 0 && step.address <= 0xffff);
		assert(step.count >= 0 && step.count <= MODBUS_VALUES_MAX);
		assert(step.ms >= 0 && step.ms <= 10000);
		assert(step.off_s >= UPS_UNKNOWN_S);
	}
	free(text);
	return 0;
}
