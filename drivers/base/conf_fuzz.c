// SPDX-License-Identifier: MIT
/* Fuzzes ups.conf, and a parsed one that comes out of a pipe. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void say(void *arg, const char *file, int line, const char *sentence)
{
	(void)arg;
	(void)file;
	assert(line >= 0);
	assert(strlen(sentence) < CONF_SENTENCE_MAX + 64);
	assert(!strchr(sentence, '\n'));
}

static void look_up(const struct conf *conf)
{
	for (int i = 0; i < conf->sections; i++) {
		const char *name = conf_section_name(conf, i);
		int found = conf_find_section(conf, name);

		assert(found >= 0 && found <= i);
		(void)conf_value(conf, i, "driver");
		(void)conf_value_line(conf, i, "port");
	}
	for (int i = 0; i < conf->entries; i++) {
		const struct conf_entry *entry = &conf->entry[i];
		const char *key = conf->text + entry->key;

		assert(conf_value(conf, entry->section, key));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct conf_report report = { .say = say };
	static struct conf conf; /* large; conf_parse() begins anew */
	int ret = conf_parse(&conf, "ups.conf", (const char *)bytes, len,
			     &report);

	assert(ret == 0 || ret == -E2BIG);
	assert(conf_is_sound(&conf));
	look_up(&conf);

	/* The second half as lastwatt.conf behind that. */
	ret = conf_parse_more(&conf, "lastwatt.conf",
			      (const char *)bytes + len / 2, len - len / 2,
			      &report);
	assert(ret == 0 || ret == -E2BIG);
	assert(conf_is_sound(&conf));
	look_up(&conf);
	for (int i = 0; i < conf.entries; i++)
		(void)conf_place(&conf, conf.entry[i].line);

	/* What is sound must be safe, whoever made it. */
	memcpy(&conf, bytes, len < sizeof(conf) ? len : sizeof(conf));
	if (conf_is_sound(&conf))
		for (int i = 0; i < conf.sections; i++)
			(void)conf_value(&conf, i, conf_section_name(&conf, i));
	return 0;
}
