/* SPDX-License-Identifier: MIT */
/* What the tests of the engine share: a section, a fake unit, an open driver. */
#ifndef HID_BENCH_H
#define HID_BENCH_H

#include "hid/hid.h"
#include "hid/hid_fake.h"

struct hid_bench {
	struct conf conf;
	struct ups ups;
	struct hid_fake fake;
	struct hid_unit unit;
	int patience_ms; /* of open() and of a cut */
	int opened_at;   /* transfers that open() took */
	int notes;
	char note[UPS_SENTENCE_MAX]; /* the last one */
};

/** A section with the lines @keys, and no device yet. */
void hid_bench_start(struct hid_bench *bench, const char *keys);

/** Attach to bench->fake as it is. */
int hid_bench_attach(struct hid_bench *bench, uint16_t vendor_id,
		     uint16_t product_id, const char *product);

/** All of it, for a unit of testdata/: its IDs are the end of its name. */
int hid_bench_open(struct hid_bench *bench, const char *name, const char *keys);

/** Cut, and print the transfers that it took. */
int hid_bench_cut(struct hid_bench *bench, enum ups_command wanted,
		  struct ups_cut *cut, char *transfers, size_t size);

#endif
