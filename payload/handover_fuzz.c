// SPDX-License-Identifier: MIT
/*
 * Fuzzes what a handover says: the facts, a NUL byte, ups.conf. The sums are
 * put right, for no fuzzer finds them; and what was read must be the same when
 * it is written and read once more.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "handover_format.h"

#define SUMS_MAX 128

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void add_sums(struct handover_file *facts,
		     const struct handover_file *conf)
{
	facts->len += (size_t)snprintf(facts->text + facts->len, SUMS_MAX,
				       "UPS_CONF %zu %08x\n", conf->len,
				       handover_crc32(conf->text, conf->len));
	facts->len += (size_t)snprintf(facts->text + facts->len, SUMS_MAX,
				       "END %zu %08x\n", facts->len,
				       handover_crc32(facts->text, facts->len));
}

static void check_again(const struct handover *handover)
{
	static struct handover_file facts, conf; /* large, as all of them */
	static struct handover again;

	if (handover_format_conf(handover, &conf) < 0 ||
	    handover_format_facts(handover, &conf, &facts) < 0)
		return;
	assert(handover_parse(&again, &facts, &conf) == 0);
	assert(again.flag == handover->flag);
	assert(again.from_apcupsd == handover->from_apcupsd);
	assert(again.poweroff_wait_ms == handover->poweroff_wait_ms);
	assert(strcmp(again.flag_path, handover->flag_path) == 0);
	assert(strcmp(again.boot_id, handover->boot_id) == 0);
	assert(again.primaries == handover->primaries);
	for (int i = 0; i < again.primaries; i++) {
		const char *name = again.primary[i];
		int section = conf_find_section(&again.conf, name);
		int before = conf_find_section(&handover->conf, name);
		const char *driver, *driver_before;

		assert(strcmp(name, handover->primary[i]) == 0);
		if (section < 0 || before < 0)
			continue;
		driver = conf_value(&again.conf, section, "driver");
		driver_before = conf_value(&handover->conf, before, "driver");
		assert(!driver == !driver_before);
		assert(!driver || strcmp(driver, driver_before) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct handover_file facts, conf;
	static struct handover handover;
	const uint8_t *end = len ? memchr(bytes, '\0', len) : NULL;
	size_t first = end ? (size_t)(end - bytes) : len;

	if (len > sizeof(facts.text) - 2 * SUMS_MAX)
		return -1;
	memcpy(facts.text, bytes, first);
	facts.len = first;
	conf.len = end ? len - first - 1 : 0;
	memcpy(conf.text, bytes + len - conf.len, conf.len);

	/* As it is, it has to be refused. */
	assert(handover_parse(&handover, &facts, &conf) < 0);
	add_sums(&facts, &conf);
	if (handover_parse(&handover, &facts, &conf) < 0)
		return 0;
	assert(handover.primaries <= HANDOVER_UPS_MAX);
	assert(handover.notes <= HANDOVER_NOTES_MAX);
	assert(conf_is_sound(&handover.conf));
	check_again(&handover);
	return 0;
}
