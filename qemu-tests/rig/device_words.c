/* SPDX-License-Identifier: MIT */
/* Names of what a device on the USB suffers. */
#include "device_words.h"

static int device_way_find(const char *name)
{
	static const char *const names[USB_FAKE_WAYS] = {
		[USB_FAKE_HEALTHY] = "healthy", [USB_FAKE_STALL] = "stall",
		[USB_FAKE_TIMEOUT] = "timeout", [USB_FAKE_MUTE] = "mute",
		[USB_FAKE_GONE] = "gone",       [USB_FAKE_SHORT] = "short",
		[USB_FAKE_LONG] = "long",       [USB_FAKE_GARBAGE] = "garbage",
		[USB_FAKE_IGNORE] = "ignore",   [USB_FAKE_LATE] = "late",
	};

	return words_find(names, USB_FAKE_WAYS, name);
}

struct device_trouble device_take_trouble(const struct words *words, int from)
{
	const char *name = words_need(words, from++, "what ails the device");
	int way = device_way_find(name);
	struct device_trouble trouble = { .way = (enum usb_fake_way)way };

	if (way < 0)
		words_die(words->file, "\"%s\" is nothing that ails a device",
			  name);
	words_take_span(words, from, &trouble.from, &trouble.times);
	return trouble;
}
