/* SPDX-License-Identifier: MIT */
/* UPSes that need a few words, in memory. */
#ifndef CHAT_CHAT_FAKE_H
#define CHAT_CHAT_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"

struct chat_fake {
	char line[64];
	size_t len;
	bool refuses; /* answers a cut with something else */
	bool restarts;
	int on_s;      /* a timer: -1 none */
	bool greeted;  /* the bytes that come are a command */
	bool is_super; /* has heard a password */
};

extern const struct line_fake_kind chat_fake_etapro;
extern const struct line_fake_kind chat_fake_everups;
extern const struct line_fake_kind chat_fake_best;
extern const struct line_fake_kind chat_fake_fortress;
extern const struct line_fake_kind chat_fake_victron;
extern const struct line_fake_kind chat_fake_sitop;
extern const struct line_fake_kind chat_fake_rhino;
extern const struct line_fake_kind chat_fake_isbmex;

#endif
