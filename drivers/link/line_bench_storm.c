// SPDX-License-Identifier: MIT
/* Cuts with every fault of a line, of the USB or of a network in turn. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/line_bench.h"

/* Beside its ways: a device that takes another address. */
#define LINE_BENCH_MOVES    (-1)
#define LINE_BENCH_SLOW_MS  700
/* Beyond its deadline a call may finish what it is at. */
#define LINE_BENCH_GRACE_MS 200

static void line_bench_die(const struct line_bench *bench, const char *what,
			   int value)
{
	const struct usb_fake *usb = &bench->usb;

	if (usb->kind)
		fprintf(stderr, "%s: way %d from transfer %d, %d times",
			usb->kind->name, usb->way, usb->way_from,
			usb->way_times);
	else if (bench->net.kind)
		fprintf(stderr, "%s: way %d from datagram %d, %d times",
			bench->net.kind->name, bench->net.way,
			bench->net.way_from, bench->net.way_times);
	else
		fprintf(stderr, "%s: way %d from byte %d",
			bench->fake.kind->name, bench->fake.way,
			bench->fake.way_from);
	fprintf(stderr, ": %s (%d): %s\n", what, value, bench->ups.problem);
	abort();
}

/** Is the device going to switch off, or off already? */
static bool line_bench_is_ordered(const struct line_bench *bench)
{
	return bench->fake.off_at_ms != LINE_FAKE_NEVER;
}

/** What PID 1 takes for "perhaps"; every other failure means "not". */
static bool line_bench_is_in_doubt(const struct line_bench *bench, int ret)
{
	return ret == -ETIMEDOUT || ret == -EIO || ret == -ENODEV ||
	       (ret == -EPROTO && bench->ups.in_doubt);
}

static void line_bench_judge(struct line_bench *bench, int ret,
			     const struct ups_cut *cut,
			     enum line_bench_answer answer)
{
	bool ordered = line_bench_is_ordered(bench);

	if (ret < 0 && ordered &&
	    !(bench->ups.state && line_bench_is_in_doubt(bench, ret)))
		line_bench_die(bench, "ordered, and nobody says so", ret);
	if (ret < 0 && strncmp(bench->ups.problem, "[u] ", 4) != 0)
		line_bench_die(bench, "a failure without a sentence", ret);
	if (ret == 0 && cut->proof == UPS_VERIFIED && !ordered)
		line_bench_die(bench, "verified, and it is not true", ret);
	if (ret == 0 && answer == LINE_BENCH_ANSWERS && !ordered)
		line_bench_die(bench, "done, and it is not true", ret);
	if (bench->fake.way == LINE_FAKE_HEALTHY &&
	    bench->usb.way == USB_FAKE_HEALTHY && !bench->usb.has_moved &&
	    bench->net.way == NET_FAKE_HEALTHY && (ret < 0 || !ordered))
		line_bench_die(bench, "a healthy device was not cut", ret);
}

/** What is cut in a storm. */
struct line_bench_subject {
	const char *driver;
	const char *keys;
	enum line_bench_answer answer;
	const struct line_fake_kind *kind;
	const struct usb_fake_kind *usb_kind; /* or this */
	const struct net_fake_kind *net_kind; /* or this */
};

static struct line_bench *
line_bench_new_of(const struct line_bench_subject *subject)
{
	if (subject->usb_kind)
		return line_bench_new_usb(subject->driver, subject->usb_kind,
					  subject->keys);
	if (subject->net_kind)
		return line_bench_new_net(subject->driver, subject->net_kind,
					  subject->keys);
	return line_bench_new(subject->driver, subject->kind, subject->keys);
}

/** @way of each sort, from @from on. */
static void line_bench_trouble(struct line_bench *bench,
			       const struct line_bench_subject *subject,
			       int way, int from, int times)
{
	if (way == LINE_BENCH_MOVES) {
		bench->usb.moves_at = from + 1;
	} else if (subject->usb_kind) {
		bench->usb.way = (enum usb_fake_way)way;
		bench->usb.way_from = from;
		bench->usb.way_times = times;
	} else if (subject->net_kind) {
		bench->net.way = (enum net_fake_way)way;
		bench->net.way_from = from;
		bench->net.way_times = times;
		bench->net.trouble_ms = LINE_BENCH_SLOW_MS;
	} else {
		bench->fake.way = (enum line_fake_way)way;
		bench->fake.way_from = from;
	}
	bench->fake.trouble_ms = LINE_BENCH_SLOW_MS;
}

/** One rehearsal; returns how much the device saw. */
static int line_bench_try_rehearsal(const struct line_bench_subject *subject,
				    int way, int from, int times)
{
	struct line_bench *bench = line_bench_new_of(subject);
	struct ups_cut cut;
	bool armed;
	int ret, seen;

	line_bench_trouble(bench, subject, way, from, times);
	ret = line_bench_rehearse(bench, &cut, &armed);
	if (line_bench_is_ordered(bench) && !armed)
		line_bench_die(bench, "goes off, and nobody says so", ret);
	if (ret == 0 && armed)
		line_bench_die(bench, "done, and perhaps it goes off", ret);
	if (way == LINE_FAKE_HEALTHY &&
	    (armed || (ret < 0 && ret != -EOPNOTSUPP)))
		line_bench_die(bench, "a healthy device was not rehearsed", ret);
	seen = bench->ups.driver && bench->ups.driver->rehearses
		       ? line_bench_seen(bench)
		       : -1;
	line_bench_delete(bench);
	return seen;
}

/** One cut; returns how much the device saw. */
static int line_bench_try(const struct line_bench_subject *subject, int way,
			  int from, int times)
{
	struct line_bench *bench = line_bench_new_of(subject);
	int64_t start_ms = clock_now_ms(), took_ms;
	struct ups_cut cut;
	int ret, seen;

	line_bench_trouble(bench, subject, way, from, times);
	ret = line_bench_cut(bench, UPS_RETURN, &cut);
	took_ms = clock_now_ms() - start_ms;
	if (took_ms > 2 * (bench->patience_ms + LINE_BENCH_GRACE_MS))
		line_bench_die(bench, "too late", (int)took_ms);
	line_bench_judge(bench, ret, &cut, subject->answer);
	seen = line_bench_seen(bench);
	line_bench_delete(bench);
	return seen;
}

/** Nothing but @wanted will do: then it is done, or nothing is. */
static void line_bench_try_exactly(const struct line_bench_subject *subject,
				   enum ups_command wanted, bool mains)
{
	struct line_bench *bench = line_bench_new_of(subject);
	struct ups_cut cut = { .wanted = wanted, .exact = true };
	int ret;

	line_fake_feel(&bench->fake, mains, 90);
	ret = line_bench_arm(bench);
	if (ret == 0)
		ret = fleet_cut(&bench->ups, &cut,
				deadline_in_ms(bench->patience_ms));
	if (ret == 0 && cut.given != wanted)
		line_bench_die(bench, "given, and not what was asked for",
			       cut.given);
	/* What goes off at once may well be silent after that. */
	if (ret == -EOPNOTSUPP && line_bench_is_ordered(bench))
		line_bench_die(bench, "cut, though it says that it cannot", ret);
	line_bench_delete(bench);
}

static void line_bench_be_exact(const struct line_bench_subject *subject)
{
	for (int wanted = UPS_RETURN; wanted <= UPS_REBOOT; wanted++) {
		line_bench_try_exactly(subject, (enum ups_command)wanted, true);
		line_bench_try_exactly(subject, (enum ups_command)wanted, false);
	}
}

/** All that can ail it, at each byte, transfer or datagram. Their number. */
static int line_bench_sweep(const struct line_bench_subject *subject, int way,
			    int ways)
{
	int last = line_bench_try(subject, LINE_FAKE_HEALTHY, 0, 0);
	int rehearsed =
		line_bench_try_rehearsal(subject, LINE_FAKE_HEALTHY, 0, 0);

	line_bench_be_exact(subject);
	for (int i = way; i < ways; i++) {
		for (int from = 0; from <= rehearsed; from++)
			(void)line_bench_try_rehearsal(subject, i, from, 1);
	}
	for (; way < ways; way++) {
		for (int from = 0; from <= last; from++) {
			(void)line_bench_try(subject, way, from, 0);
			if (!subject->kind) /* a line does not heal */
				(void)line_bench_try(subject, way, from, 1);
		}
	}
	return last;
}

void line_bench_storm(const char *driver, const struct line_fake_kind *kind,
		      const char *keys, enum line_bench_answer answer)
{
	const struct line_bench_subject subject = { driver, keys, answer,
						    .kind = kind };

	(void)line_bench_sweep(&subject, LINE_FAKE_SILENT, LINE_FAKE_WAYS);
}

void line_bench_storm_usb(const char *driver, const struct usb_fake_kind *kind,
			  const char *keys, enum line_bench_answer answer)
{
	const struct line_bench_subject subject = { driver, keys, answer,
						    .usb_kind = kind };
	int last = line_bench_sweep(&subject, USB_FAKE_STALL, USB_FAKE_WAYS);

	for (int from = 0; from <= last; from++)
		(void)line_bench_try(&subject, LINE_BENCH_MOVES, from, 0);
}

void line_bench_storm_net(const char *driver, const struct net_fake_kind *kind,
			  const char *keys, enum line_bench_answer answer)
{
	const struct line_bench_subject subject = { driver, keys, answer,
						    .net_kind = kind };

	(void)line_bench_sweep(&subject, NET_FAKE_SILENT, NET_FAKE_WAYS);
}
