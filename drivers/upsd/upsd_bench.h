/* SPDX-License-Identifier: MIT */
/*
 * What the tests share: an emulated upsd on the loopback interface, and the
 * driver commanding its UPS through the fleet as PID 1 does. In real time.
 */
#ifndef UPSD_UPSD_BENCH_H
#define UPSD_UPSD_BENCH_H

#include "base/fleet.h"
#include "base/rehearse.h"
#include "link/serve_fake.h"
#include "upsd/upsd_fake.h"

#define UPSD_BENCH_LONG_MS    60000
#define UPSD_BENCH_SHORTLY_MS 200

struct upsd_bench {
	struct serve_fake *serve;
	struct upsd_fake *fake;
	struct conf conf;
	struct ups ups;
	char note[UPS_SENTENCE_MAX]; /* the last one */
	int patience_ms;             /* of open() and of a cut */
	bool is_served;
};

/** The lines of a section that the fake's user has. */
#define UPSD_BENCH_USER \
	"username = " UPSD_FAKE_USER "\npassword = \"a \\\"b\\\\\\#\"\n"

/** Fixtures of cmocka: the fake can be set up until the first arm. */
int upsd_bench_start(void **state);
int upsd_bench_end(void **state);

/** Open "@name@127.0.0.1" with the lines @keys. */
int upsd_bench_arm_as(struct upsd_bench *bench, const char *name,
		      const char *keys);

/** The UPS that there is, as its user. */
int upsd_bench_arm(struct upsd_bench *bench);

/** Cut; what is not in @cut is filled in. */
int upsd_bench_cut_at(struct upsd_bench *bench, struct ups_cut *cut);
int upsd_bench_cut(struct upsd_bench *bench, enum ups_command wanted,
		   struct ups_cut *cut);

#endif
