// SPDX-License-Identifier: MIT
/* Names of what a device on the network suffers. */
#include "net_words.h"

static int net_way_find(const char *name)
{
	static const char *const names[NET_FAKE_WAYS] = {
		[NET_FAKE_HEALTHY] = "healthy", [NET_FAKE_SILENT] = "silent",
		[NET_FAKE_DEAF] = "deaf",       [NET_FAKE_GARBAGE] = "garbage",
		[NET_FAKE_SHORT] = "short",     [NET_FAKE_SLOW] = "slow",
		[NET_FAKE_STALE] = "stale",     [NET_FAKE_GONE] = "gone",
		[NET_FAKE_TWICE] = "twice",
	};

	return words_find(names, NET_FAKE_WAYS, name);
}

struct net_trouble net_take_trouble(const struct words *words, int from)
{
	const char *name = words_need(words, from++, "what ails the network");
	int way = net_way_find(name);
	struct net_trouble trouble = { .way = (enum net_fake_way)way };

	if (way < 0)
		words_die(words->file, "\"%s\" is nothing that ails a network",
			  name);
	if (way == NET_FAKE_SLOW)
		trouble.ms = (int)words_time_ms(words, from++);
	words_take_span(words, from, &trouble.from, &trouble.times);
	return trouble;
}
