// SPDX-License-Identifier: MIT
/* The UPS that is not there, at the far end of a network. */
#include <stdio.h>
#include <string.h>

#include "fake/wire.h"
#include "link/net_fake.h"

/* What has come of a line that is not over. */
struct wire_fake {
	size_t len;
	char line[128];
};

static enum line_fake_back wire_fake_back(const char *wanted)
{
	return !strcmp(wanted, "return")   ? LINE_FAKE_WITH_MAINS
	       : !strcmp(wanted, "reboot") ? LINE_FAKE_BY_CLOCK
					   : LINE_FAKE_STAYS_OFF;
}

/** "NUMBER cut WANTED OFF ON", "NUMBER cancel", "NUMBER hello" */
static void wire_fake_obey(struct net_fake *fake, const char *line)
{
	char answer[32], wanted[16];
	int number, off_after_s, on_after_s;

	if (sscanf(line, "%d", &number) != 1)
		return;
	if (sscanf(line, "%*d cut %15s %d %d", wanted, &off_after_s,
		   &on_after_s) == 3)
		line_fake_order(fake->ups, off_after_s, wire_fake_back(wanted),
				on_after_s);
	else if (strstr(line, " cancel"))
		line_fake_cancel(fake->ups);
	(void)snprintf(answer, sizeof(answer), "%d ok\n", number);
	net_fake_send(fake, answer, strlen(answer));
}

static void wire_fake_connected(struct net_fake *fake)
{
	struct wire_fake *state = fake->state;

	state->len = 0;
}

static void wire_fake_receive(struct net_fake *fake, const uint8_t *bytes,
			      size_t len)
{
	struct wire_fake *state = fake->state;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != '\n') {
			if (state->len < sizeof(state->line) - 1)
				state->line[state->len++] = (char)bytes[i];
			continue;
		}
		state->line[state->len] = '\0';
		state->len = 0;
		wire_fake_obey(fake, state->line);
	}
}

static const struct net_fake_kind wire_udp_kind = {
	.name = "fake-udp",
	.port = WIRE_PORT,
	.state_size = sizeof(struct wire_fake),
	.receive = wire_fake_receive,
};

static const struct net_fake_kind wire_tcp_kind = {
	.name = "fake-tcp",
	.is_stream = true,
	.port = WIRE_PORT,
	.state_size = sizeof(struct wire_fake),
	.connected = wire_fake_connected,
	.receive = wire_fake_receive,
};

NET_FAKE(wire_udp_kind);
NET_FAKE(wire_tcp_kind);
