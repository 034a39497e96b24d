/* SPDX-License-Identifier: MIT */
/* What is said of a device on the USB, in words. */
#ifndef RIG_DEVICE_WORDS_H
#define RIG_DEVICE_WORDS_H

#include "link/usb_fake.h"
#include "words.h"

/** What is wrong with it, from when on, and for how long. */
struct device_trouble {
	enum usb_fake_way way;
	int from;  /* so many transfers later */
	int times; /* 0: for good */
};

/** Take "stall", "mute times 2", "timeout from 7". Dies on nonsense. */
struct device_trouble device_take_trouble(const struct words *words, int from);

#endif
