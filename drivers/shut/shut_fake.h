/* SPDX-License-Identifier: MIT */
/* A HID UPS in memory at the far end of a serial line. */
#ifndef SHUT_SHUT_FAKE_H
#define SHUT_SHUT_FAKE_H

#include "hid/hid_fake.h"
#include "link/line_fake.h"
#include "shut/shut_link.h"

struct shut_fake {
	struct hid_fake hid;
	uint16_t bcd_device;
	/* The packet that comes in. */
	uint8_t packet[SHUT_PACKET_MAX];
	size_t len;
	/* A write whose report is coming. */
	bool is_set;
	uint8_t report[REPORT_MAX];
	size_t report_len, report_want;
	/* The answer that goes out, packet by packet. */
	uint8_t answer[HID_DESCRIPTOR_MAX];
	size_t answer_len, answer_at, sent;
	bool is_notifying;
	/* How it misbehaves. */
	bool notifies;    /* says something by itself before every answer */
	bool wants_all;   /* knows only SHUT_SYNC_ALL */
	bool refuses;     /* answers NAK to every write */
	int spoils;       /* so many packets have a wrong sum */
	int not_accepted; /* so many requests are answered by NAK */
};

extern const struct line_fake_kind shut_fake_ellipse; /* "shut" */
extern const struct line_fake_kind shut_fake_eaton;   /* "shut-eaton" */

#endif
