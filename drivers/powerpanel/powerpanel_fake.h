/* SPDX-License-Identifier: MIT */
/* CyberPower UPSes in memory: one that speaks text, one of the older ones. */
#ifndef POWERPANEL_POWERPANEL_FAKE_H
#define POWERPANEL_POWERPANEL_FAKE_H

#include "link/line_fake.h"

struct powerpanel_fake {
	char line[32];
	size_t len;
	char refuses; /* the command that begins so */
};

extern const struct line_fake_kind powerpanel_text_fake_kind;
extern const struct line_fake_kind powerpanel_binary_fake_kind;

#endif
