/* SPDX-License-Identifier: MIT */
/* An SMS UPS in memory. */
#ifndef SMS_SMS_FAKE_H
#define SMS_SMS_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"

struct sms_fake {
	uint8_t frame[7];
	size_t len;
	bool hides; /* that it counts */
};

extern const struct line_fake_kind sms_fake_kind;

#endif
