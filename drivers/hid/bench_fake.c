// SPDX-License-Identifier: MIT
/* Sets up a section and a fake unit for the tests of the engine. */
#include "hid/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/ladder.h"

static void hid_bench_note(void *arg, const char *sentence)
{
	struct hid_bench *bench = arg;

	bench->notes++;
	(void)snprintf(bench->note, sizeof(bench->note), "%s", sentence);
}

void hid_bench_start(struct hid_bench *bench, const char *keys)
{
	char text[512];
	int len;

	memset(bench, 0, sizeof(*bench));
	bench->patience_ms = 8000;
	len = snprintf(text, sizeof(text),
		       "[u]\ndriver = usbhid-ups\nport = auto\n%s\n", keys);
	(void)conf_parse(&bench->conf, "ups.conf", text, (size_t)len, NULL);
	bench->ups.conf = &bench->conf;
	bench->ups.section = conf_find_section(&bench->conf, "u");
	bench->ups.name = "u";
	bench->ups.note = hid_bench_note;
	bench->ups.note_arg = bench;
}

int hid_bench_attach(struct hid_bench *bench, uint16_t vendor_id,
		     uint16_t product_id, const char *product)
{
	const struct hid_identity identity = { vendor_id, product_id, "",
					       product };
	int ret = hid_attach(&bench->unit, &bench->ups, &bench->fake.link,
			     &identity, deadline_in_ms(bench->patience_ms));

	bench->opened_at = bench->fake.transfers;
	return ret;
}

int hid_bench_open(struct hid_bench *bench, const char *name, const char *keys)
{
	const char *ids = name + strlen(name) - strlen("0463-ffff");

	hid_bench_start(bench, keys);
	hid_fake_load(&bench->fake, name);
	return hid_bench_attach(bench, (uint16_t)strtoul(ids, NULL, 16),
				(uint16_t)strtoul(ids + 5, NULL, 16), name);
}

int hid_bench_cut(struct hid_bench *bench, enum ups_command wanted,
		  struct ups_cut *cut, char *transfers, size_t size)
{
	int from = bench->fake.transfers;
	int ret;

	*cut = (struct ups_cut){
		.wanted = wanted,
		.off_after_s = UPS_UNKNOWN_S,
		.on_after_s = UPS_UNKNOWN_S,
	};
	ret = hid_ladder_cut(&bench->unit, cut,
			     deadline_in_ms(bench->patience_ms));
	hid_fake_print(&bench->fake, from, transfers, size);
	return ret;
}
