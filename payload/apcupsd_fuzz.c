// SPDX-License-Identifier: MIT
/* Fuzzes apcupsd.conf. */
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
	(void)conf_parse(&handover.conf, "", "", 0, NULL); /* a sound one */
	memcpy(file.text, bytes, len);
	file.len = len;
	handover_read_apcupsd(&handover, "apcupsd.conf", &file, &report);
	assert(conf_is_sound(&handover.conf));
	assert(!handover.flag_path[0] || handover.flag_path[0] == '/');
	assert(handover.primaries <= 1);
	if (!handover.primaries)
		return 0;
	/* What is ours to cut can be found, and is one. */
	assert(handover.conf.sections == 2);
	assert(conf_find_section(&handover.conf, handover.primary[0]) == 1);
	assert(conf_value(&handover.conf, 1, "driver"));
	assert(conf_value(&handover.conf, 1, "port"));
	return 0;
}
