// SPDX-License-Identifier: MIT
/* Sets up a section and a device for the tests of serial drivers. */
#include "link/line_bench.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/serial_virtual.h"

#define LINE_BENCH_SLOW_MS  700
/* Beyond its deadline a call may finish what it is at. */
#define LINE_BENCH_GRACE_MS 200

static void line_bench_die(const struct line_bench *bench, const char *what,
			   int value)
{
	fprintf(stderr, "%s: way %d from byte %d: %s (%d): %s\n",
		bench->fake.kind->name, bench->fake.way, bench->fake.way_from,
		what, value, bench->ups.problem);
	abort();
}

static void line_bench_note(void *arg, const char *sentence)
{
	struct line_bench *bench = arg;

	bench->notes++;
	(void)snprintf(bench->note, sizeof(bench->note), "%s", sentence);
}

void line_bench_start(struct line_bench *bench, const char *driver,
		      const struct line_fake_kind *kind, const char *keys)
{
	char text[1024];
	int len = snprintf(text, sizeof(text),
			   "[u]\ndriver = %s\nport = /dev/ttyS0\n%s\n", driver,
			   keys);

	memset(bench, 0, sizeof(*bench));
	(void)conf_parse(&bench->conf, "ups.conf", text, (size_t)len, NULL);
	bench->patience_ms = 30000;
	bench->ups.note = line_bench_note;
	bench->ups.note_arg = bench;
	line_fake_start(&bench->fake, kind);
	serial_virtual_plug(&bench->fake);
}

void line_bench_end(struct line_bench *bench)
{
	fleet_release(&bench->ups);
	serial_virtual_plug(NULL);
	line_fake_end(&bench->fake);
}

int line_bench_arm(struct line_bench *bench)
{
	int ret = fleet_arm(&bench->ups, &bench->conf,
			    conf_find_section(&bench->conf, "u"),
			    deadline_in_ms(bench->patience_ms));

	bench->armed_at = bench->fake.received;
	return ret;
}

int line_bench_cut(struct line_bench *bench, enum ups_command wanted,
		   struct ups_cut *cut)
{
	int ret = bench->ups.state ? 0 : line_bench_arm(bench);

	*cut = (struct ups_cut){ .wanted = wanted };
	return ret < 0 ? ret
		       : fleet_cut(&bench->ups, cut,
				   deadline_in_ms(bench->patience_ms));
}

const char *line_bench_sent(struct line_bench *bench, int from)
{
	size_t at = 0;

	bench->sent[0] = '\0';
	for (int i = from; i < bench->fake.received; i++) {
		uint8_t byte = bench->fake.in[i].byte;
		char one[8];

		if (byte == '\r' || byte == '\n')
			(void)snprintf(one, sizeof(one), "\\%c",
				       byte == '\r' ? 'r' : 'n');
		else
			(void)snprintf(one, sizeof(one),
				       isprint(byte) ? "%c" : "<%02x>", byte);
		if (at + strlen(one) >= sizeof(bench->sent))
			break;
		at += (size_t)snprintf(bench->sent + at,
				       sizeof(bench->sent) - at, "%s", one);
	}
	return bench->sent;
}

/** Is the device going to switch off, or off already? */
static bool line_bench_is_ordered(const struct line_bench *bench)
{
	return bench->fake.off_at_ms != LINE_FAKE_NEVER;
}

static void line_bench_judge(struct line_bench *bench, int ret,
			     const struct ups_cut *cut,
			     enum line_bench_answer answer)
{
	bool ordered = line_bench_is_ordered(bench);

	if (ret < 0 && strncmp(bench->ups.problem, "[u] ", 4) != 0)
		line_bench_die(bench, "a failure without a sentence", ret);
	if (ret == 0 && cut->proof == UPS_VERIFIED && !ordered)
		line_bench_die(bench, "verified, and it is not true", ret);
	if (ret == 0 && answer == LINE_BENCH_ANSWERS && !ordered)
		line_bench_die(bench, "done, and it is not true", ret);
	if (bench->fake.way == LINE_FAKE_HEALTHY && (ret < 0 || !ordered))
		line_bench_die(bench, "a healthy device was not cut", ret);
}

/** One cut; returns how many bytes the device received. */
static int line_bench_try(const char *driver, const struct line_fake_kind *kind,
			  const char *keys, enum line_bench_answer answer,
			  enum line_fake_way way, int from)
{
	struct line_bench *bench = calloc(1, sizeof(*bench));
	int64_t start_ms = clock_now_ms(), took_ms;
	struct ups_cut cut;
	int ret, received;

	if (!bench)
		abort();
	line_bench_start(bench, driver, kind, keys);
	bench->fake.way = way;
	bench->fake.way_from = from;
	bench->fake.trouble_ms = LINE_BENCH_SLOW_MS;
	ret = line_bench_cut(bench, UPS_RETURN, &cut);
	took_ms = clock_now_ms() - start_ms;
	if (took_ms > 2 * (bench->patience_ms + LINE_BENCH_GRACE_MS))
		line_bench_die(bench, "too late", (int)took_ms);
	line_bench_judge(bench, ret, &cut, answer);
	received = bench->fake.received;
	line_bench_end(bench);
	free(bench);
	return received;
}

void line_bench_storm(const char *driver, const struct line_fake_kind *kind,
		      const char *keys, enum line_bench_answer answer)
{
	int bytes = line_bench_try(driver, kind, keys, answer,
				   LINE_FAKE_HEALTHY, 0);

	for (int way = LINE_FAKE_SILENT; way < LINE_FAKE_WAYS; way++) {
		for (int from = 0; from <= bytes; from++)
			(void)line_bench_try(driver, kind, keys, answer,
					     (enum line_fake_way)way, from);
	}
}
