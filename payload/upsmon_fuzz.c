// SPDX-License-Identifier: MIT
/* Fuzzes upsmon.conf. */
#include <assert.h>
#include <string.h>

#include "handover_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void say(void *arg, const char *file, int line, const char *sentence)
{
	(void)arg;
	(void)file;
	(void)line;
	assert(!strchr(sentence, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct conf_report report = { .say = say };
	static struct handover_file file; /* large */
	static struct handover handover;

	if (len > sizeof(file.text))
		return -1;
	memset(&handover, 0, sizeof(handover));
	memcpy(file.text, bytes, len);
	file.len = len;
	handover_read_upsmon(&handover, "upsmon.conf", &file, &report);
	assert(handover.primaries <= HANDOVER_UPS_MAX);
	for (int i = 0; i < handover.primaries; i++)
		assert(memchr(handover.primary[i], '\0', UPS_NAME_MAX) !=
		       handover.primary[i]);
	assert(!handover.flag_path[0] || handover.flag_path[0] == '/');
	assert(memchr(handover.flag_path, '\0', HANDOVER_PATH_MAX));
	return 0;
}
