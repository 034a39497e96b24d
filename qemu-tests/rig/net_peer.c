// SPDX-License-Identifier: MIT
/*
 * Puts an emulated UPS on a free UDP port of the loopback interface, where any
 * program may ask it, and writes down on stdout what came and what it did.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "line_words.h"
#include "link/net_fake.h"
#include "peer_say.h"
#include "timeline.h"

#define NET_PEER_LIMIT_S 60

static const char usage[] =
	"usage: net-peer [OPTION]... KIND\n"
	"       net-peer --kinds\n"
	"\n"
	"Ends after the limit, or when its stdin is closed.\n"
	"\n"
	"  --limit S      end after S seconds (60)\n"
	"  --mains        it has mains; else it is on battery\n"
	"  --charge PCT   of its battery (15)\n";

struct net_peer {
	struct line_fake ups;
	struct net_fake net;
	struct sockaddr_in from; /* who asked last */
	int fd;
	struct peer_say say;
	int64_t until_ms;
};

static void net_peer_carry(struct net_fake *fake, const uint8_t *bytes,
			   size_t len, int delay_ms)
{
	struct net_peer *peer = fake->carrier;

	(void)delay_ms; /* nothing ails it */
	(void)!sendto(peer->fd, bytes, len, 0, (struct sockaddr *)&peer->from,
		      sizeof(peer->from));
}

/** Returns its port. */
static int net_peer_start(struct net_peer *peer)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(address);

	peer->fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (peer->fd < 0 || bind(peer->fd, (struct sockaddr *)&address, len) ||
	    getsockname(peer->fd, (struct sockaddr *)&address, &len))
		words_die(NULL, "no UDP port: %s", strerror(errno));
	return ntohs(address.sin_port);
}

static void net_peer_read(struct net_peer *peer)
{
	uint8_t bytes[NET_FAKE_MESSAGE_MAX];
	socklen_t len = sizeof(peer->from);
	ssize_t got = recvfrom(peer->fd, bytes, sizeof(bytes), 0,
			       (struct sockaddr *)&peer->from, &len);

	if (got <= 0)
		return;
	peer_say_bytes(&peer->say, "received", bytes, (size_t)got);
	net_fake_receive(&peer->net, bytes, (size_t)got);
}

static void net_peer_run(struct net_peer *peer)
{
	struct pollfd poll_fd[] = {
		{ .fd = peer->fd, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};

	while (now_ms() < peer->until_ms) {
		char end;

		(void)poll(poll_fd, 2, 100);
		if (poll_fd[0].revents)
			net_peer_read(peer);
		if (poll_fd[1].revents && read(STDIN_FILENO, &end, 1) <= 0)
			return;
		peer_say_off(&peer->say, &peer->ups);
	}
}

static int net_peer_print_kinds(void)
{
	size_t count, i;
	const struct net_fake_kind *const *kinds = net_fake_kinds(&count);

	for (i = 0; i < count; i++)
		puts(kinds[i]->name);
	return 0;
}

static void net_peer_take_options(struct net_peer *peer, int argc, char **argv)
{
	static const struct option options[] = {
		{ "limit", required_argument, NULL, 'l' },
		{ "mains", no_argument, NULL, 'm' },
		{ "charge", required_argument, NULL, 'c' },
		{ "kinds", no_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	int option, limit_s = NET_PEER_LIMIT_S, charge_pct = 15;
	const struct net_fake_kind *kind;
	bool mains = false;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'k')
			exit(net_peer_print_kinds());
		else if (option == 'm')
			mains = true;
		else if (option == 'l')
			limit_s = atoi(optarg);
		else if (option == 'c')
			charge_pct = atoi(optarg);
		else
			words_die(NULL, "bad option\n%s", usage);
	}
	kind = argc - optind == 1 ? net_fake_find(argv[optind]) : NULL;
	if (!kind || kind->is_stream)
		words_die(NULL, "a kind with datagrams is needed\n%s", usage);
	net_fake_start(&peer->net, kind, &peer->ups);
	peer->net.carry = net_peer_carry;
	peer->net.carrier = peer;
	peer->say.start_ms = now_ms();
	peer->until_ms = peer->say.start_ms + 1000LL * limit_s;
	line_fake_feel(&peer->ups, mains, charge_pct);
	peer->ups.told = peer_say_told;
	peer->ups.arg = &peer->say;
}

int main(int argc, char **argv)
{
	struct net_peer *peer = calloc(1, sizeof(*peer));

	if (!peer)
		words_die(NULL, "out of memory");
	net_peer_take_options(peer, argc, argv);
	peer_say(&peer->say, "port %d", net_peer_start(peer));
	net_peer_run(peer);
	peer_say_end(&peer->say, &peer->ups);
	close(peer->fd);
	net_fake_end(&peer->net);
	free(peer);
	return 0;
}
