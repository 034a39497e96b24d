// SPDX-License-Identifier: MIT
/* What all emulated devices on the network have in common, and what ails them. */
#include "link/net_fake.h"

#include <stdlib.h>
#include <string.h>

extern const struct net_fake_kind *const __start_net_fakes[]
	__attribute__((weak, visibility("hidden")));
extern const struct net_fake_kind *const __stop_net_fakes[]
	__attribute__((weak, visibility("hidden")));

/* A UPS that has no line at all. */
static const struct line_fake_kind net_fake_no_line = { .name = "net" };

const struct net_fake_kind *const *net_fake_kinds(size_t *count)
{
	*count = (size_t)(__stop_net_fakes - __start_net_fakes);
	return __start_net_fakes;
}

const struct net_fake_kind *net_fake_find(const char *name)
{
	size_t count;
	const struct net_fake_kind *const *kind = net_fake_kinds(&count);

	for (size_t i = 0; i < count; i++) {
		if (!strcmp(kind[i]->name, name))
			return kind[i];
	}
	return NULL;
}

void net_fake_start(struct net_fake *fake, const struct net_fake_kind *kind,
		    struct line_fake *ups)
{
	memset(fake, 0, sizeof(*fake));
	fake->kind = kind;
	fake->ups = ups;
	fake->state = calloc(1, kind->state_size ? kind->state_size : 1);
	line_fake_start(ups, &net_fake_no_line);
	if (fake->state && kind->start)
		kind->start(fake);
}

void net_fake_end(struct net_fake *fake)
{
	line_fake_end(fake->ups);
	free(fake->state);
	fake->state = NULL;
}

/** Does @way hit what was received last? */
static bool net_fake_suffers(const struct net_fake *fake, enum net_fake_way way)
{
	return fake->way == way && fake->received > fake->way_from &&
	       (!fake->way_times ||
		fake->received <= fake->way_from + fake->way_times);
}

bool net_fake_is_there(const struct net_fake *fake)
{
	return fake->way != NET_FAKE_GONE || fake->received < fake->way_from ||
	       (fake->way_times &&
		fake->received >= fake->way_from + fake->way_times);
}

void net_fake_connect(struct net_fake *fake)
{
	fake->held_len = 0;
	if (fake->kind->connected)
		fake->kind->connected(fake);
}

void net_fake_receive(struct net_fake *fake, const void *bytes, size_t len)
{
	fake->received++;
	if (net_fake_suffers(fake, NET_FAKE_DEAF) ||
	    net_fake_suffers(fake, NET_FAKE_GONE))
		return;
	fake->kind->receive(fake, bytes, len);
	/* A stream never repeats. */
	if (net_fake_suffers(fake, NET_FAKE_TWICE) && !fake->kind->is_stream)
		fake->kind->receive(fake, bytes, len);
}

static void net_fake_carry(struct net_fake *fake, const uint8_t *bytes,
			   size_t len)
{
	bool slow = net_fake_suffers(fake, NET_FAKE_SLOW);

	if (fake->carry && len)
		fake->carry(fake, bytes, len, slow ? fake->trouble_ms : 0);
}

/** The answer to the question before, and keep this one for the next. */
static void net_fake_send_stale(struct net_fake *fake, const void *bytes,
				size_t len)
{
	uint8_t before[NET_FAKE_MESSAGE_MAX];
	size_t before_len = fake->held_len;

	memcpy(before, fake->held, before_len);
	memcpy(fake->held, bytes, len);
	fake->held_len = len;
	net_fake_carry(fake, before, before_len);
}

void net_fake_send(struct net_fake *fake, const void *bytes, size_t len)
{
	uint8_t noise[NET_FAKE_MESSAGE_MAX];

	if (len > sizeof(noise))
		len = sizeof(noise);
	if (net_fake_suffers(fake, NET_FAKE_SILENT))
		return;
	if (net_fake_suffers(fake, NET_FAKE_STALE)) {
		net_fake_send_stale(fake, bytes, len);
	} else if (net_fake_suffers(fake, NET_FAKE_GARBAGE)) {
		for (size_t i = 0; i < len; i++)
			noise[i] = line_fake_noise(fake->ups);
		net_fake_carry(fake, noise, len);
	} else if (net_fake_suffers(fake, NET_FAKE_SHORT)) {
		net_fake_carry(fake, bytes, len / 2);
	} else {
		net_fake_carry(fake, bytes, len);
	}
}
