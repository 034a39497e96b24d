/* SPDX-License-Identifier: MIT */
/* USB bridges with a UPS that speaks Q* behind them, in memory. */
#ifndef QX_BRIDGE_FAKE_H
#define QX_BRIDGE_FAKE_H

#include "link/usb_fake.h"
#include "qx/qx_fake.h"

#define QX_BRIDGE_FAKE_MAX 160

struct qx_bridge_fake {
	/* What came and is not yet a command; what is answered, up to its CR. */
	char command[QX_BRIDGE_FAKE_MAX], answer[QX_BRIDGE_FAKE_MAX];
	size_t command_len, answer_len;
	bool has_ended;
	int expected; /* Fuji's: how much it was told to answer */

	/* For the tests to set. */
	uint8_t stale[8]; /* a packet that another program left */
	bool has_stale;
	bool only_stays; /* MEC0003: of all orders, only index 10 works */
	int strings[16], string_count; /* the first that were asked for */
};

extern const struct usb_fake_kind qx_fake_cypress, qx_fake_phoenix,
	qx_fake_phoenixtec, qx_fake_ippon, qx_fake_bn150t, qx_fake_gtec_usb,
	qx_fake_sgs, qx_fake_ablerex, qx_fake_armac, qx_fake_armac_pipes,
	qx_fake_fuji, qx_fake_krauler, qx_fake_fabula, qx_fake_hunnox,
	qx_fake_snr;

#endif
