// SPDX-License-Identifier: MIT
/* An emulated upsd and its client, for the tests of the driver. */
#include "upsd/upsd_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void upsd_bench_hear(void *arg, const char *sentence)
{
	struct upsd_bench *bench = arg;

	(void)snprintf(bench->note, sizeof(bench->note), "%s", sentence);
}

int upsd_bench_start(void **state)
{
	struct upsd_bench *bench = calloc(1, sizeof(*bench));

	if (!bench)
		return -1;
	bench->serve = serve_fake_net(&upsd_fake_kind);
	bench->fake = bench->serve->net.state;
	bench->ups.note = upsd_bench_hear;
	bench->ups.note_arg = bench;
	bench->patience_ms = UPSD_BENCH_LONG_MS;
	*state = bench;
	return 0;
}

int upsd_bench_end(void **state)
{
	struct upsd_bench *bench = *state;

	fleet_release(&bench->ups);
	serve_fake_end(bench->serve);
	free(bench);
	return 0;
}

/** Open "@name@127.0.0.1" with @keys; what was set up is served from now on. */
int upsd_bench_arm_as(struct upsd_bench *bench, const char *name,
		      const char *keys)
{
	char text[512];
	int len = snprintf(text, sizeof(text),
			   "[u]\ndriver = upsd\nport = %s@127.0.0.1:%d\n%s\n",
			   name, bench->serve->port, keys);

	if (!bench->is_served)
		serve_fake_go(bench->serve);
	bench->is_served = true;
	(void)conf_parse(&bench->conf, "ups.conf", text, (size_t)len, NULL);
	return fleet_arm(&bench->ups, &bench->conf, 1,
			 deadline_in_ms(bench->patience_ms));
}

int upsd_bench_arm(struct upsd_bench *bench)
{
	return upsd_bench_arm_as(bench, "far", UPSD_BENCH_USER);
}

int upsd_bench_cut_at(struct upsd_bench *bench, struct ups_cut *cut)
{
	return fleet_cut(&bench->ups, cut, deadline_in_ms(bench->patience_ms));
}

int upsd_bench_cut(struct upsd_bench *bench, enum ups_command wanted,
		   struct ups_cut *cut)
{
	*cut = (struct ups_cut){ .wanted = wanted };
	return upsd_bench_cut_at(bench, cut);
}
