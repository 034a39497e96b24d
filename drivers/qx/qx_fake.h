/* SPDX-License-Identifier: MIT */
/* UPSes that speak Q*, in memory: a kind for every dialect that differs. */
#ifndef QX_QX_FAKE_H
#define QX_QX_FAKE_H

#include "link/line_fake.h"
#include "qx/qx.h"

struct qx_fake {
	char line[QX_ANSWER_MAX];
	size_t len;
	int64_t hushed_until_ms;
	bool starts_itself; /* Omron: An was said */

	/* What is odd about it; for the tests to set. */
	bool denies;         /* takes no order to switch off */
	bool denies_r;       /* takes none with an R */
	bool denies_again;   /* takes none while it counts */
	bool denies_unasked; /* takes none before a cancel */
	bool forgets;        /* takes one, and counts nothing */
	bool hides;          /* its status shows no countdown */
	bool ignores_cancel; /* says yes, if it says so at all */
	bool sticks;         /* its status always shows one */
	bool mumbles;        /* answers orders with other words */
	bool stars;          /* begins its first status with a star */
	bool cuts_short;     /* leaves out the last bit */
	bool sends_nuls;     /* for '0' in the bits */
	const char *model;   /* what it answers to WH, or NULL */
	int hush_ms;         /* says nothing for so long after an order */
};

extern const struct line_fake_kind qx_fake_megatec, qx_fake_mecer,
	qx_fake_voltronic, qx_fake_voltronic_qs, qx_fake_voltronic_qs_hex,
	qx_fake_mustek, qx_fake_megatec_old, qx_fake_bestups,
	qx_fake_masterguard, qx_fake_gtec, qx_fake_omron, qx_fake_axpert;

#endif
