// SPDX-License-Identifier: MIT
/* Brings datagrams and streams to an emulated UPS, and tells of them. */
#include "net.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "netns.h"

static void net_tell(struct net *net, const char *to, const uint8_t *bytes,
		     size_t len)
{
	struct shown shown;

	timeline_show(&shown, bytes, len);
	timeline_say(net->ups->timeline, "net", "ups", "%s", net->ups->name,
		     "to", "%s", to, "data", "%s", shown.data, "text", "%s",
		     shown.text, "len", "%d", (int)len, NULL);
}

/* Before what comes of it. */
static void net_tell_saying(void *carrier)
{
	struct net *net = carrier;

	if (net->saying)
		net_tell(net, "ups", net->saying, net->saying_len);
	net->saying = NULL;
}

static void net_carry(struct net_fake *fake, const uint8_t *bytes, size_t len,
		      int delay_ms)
{
	struct net *net = fake->carrier;

	net_tell_saying(net);
	net_tell(net, "host", bytes, len);
	listener_answer(&net->listener, bytes, len, delay_ms);
}

static void net_connected(void *arg, bool open)
{
	struct net *net = arg;

	timeline_say(net->ups->timeline, "connection", "ups", "%s",
		     net->ups->name, "state", "%s", open ? "open" : "closed",
		     NULL);
	if (open)
		net_fake_connect(&net->fake);
}

static void net_received(void *arg, const uint8_t *bytes, size_t len)
{
	struct net *net = arg;

	net->saying = bytes;
	net->saying_len = len;
	net_fake_receive(&net->fake, bytes, len);
	net_tell_saying(net);
}

static void net_find_addresses(struct net *net, int port)
{
	/* What the machine sees at 10.0.2.2 and fec0::2 is here. */
	static const char *const own[] = { "127.0.0.1", "::1" };
	struct listener *listener = &net->listener;
	struct listener_address *address = listener->address;

	if (!net->ups->listen[0]) {
		listener_parse(&address[0], own[0], port);
		listener_parse(&address[1], own[1], port);
		listener->addresses = 2;
		return;
	}
	if (!listener_parse(address, net->ups->listen, port))
		words_die(NULL, "%s: \"%s\" is no address", net->ups->name,
			  net->ups->listen);
	listener->addresses = 1;
	netns_add(address);
}

static void net_watch(const struct net *net, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(net->epoll, EPOLL_CTL_ADD, fd, &event))
		words_die(NULL, "epoll: %s", strerror(errno));
}

struct net *net_make(struct ups *ups)
{
	const struct net_fake_kind *kind = net_fake_find(ups->line_kind);
	struct net *net = calloc(1, sizeof(*net));

	if (!kind)
		words_die(NULL, "%s: there is no device \"%s\" on the network",
			  ups->name, ups->line_kind);
	if (!net)
		words_die(NULL, "out of memory");
	net->ups = ups;
	net->vlan = (struct vlan){ .id = ups->vlan, .near = -1, .far = -1 };
	net->line = line_alloc(ups, kind->name);
	net->line->bridged = true;
	net->line->carrier = net;
	net->line->before = net_tell_saying;
	net_fake_start(&net->fake, kind, &net->line->fake);
	net->fake.carry = net_carry;
	net->fake.carrier = net;
	line_join(net->line);
	listener_make(&net->listener, kind->is_stream);
	net->epoll = epoll_create1(EPOLL_CLOEXEC);
	net_watch(net, net->listener.epoll);
	net->listener.connected = net_connected;
	net->listener.received = net_received;
	net->listener.arg = net;
	net_find_addresses(net, ups->net_port ? ups->net_port : kind->port);
	net_suffer(net, &ups->net_trouble);
	net_tick(net);
	return net;
}

void net_start(struct net *net, int near, int far)
{
	net->vlan.near = near;
	net->vlan.far = far;
	if (near >= 0) {
		net_watch(net, near);
		net_watch(net, far);
	}
}

void net_stop(struct net *net)
{
	listener_hang_up(&net->listener);
	if (net->vlan.near >= 0) {
		close(net->vlan.near);
		close(net->vlan.far);
	}
	net->vlan.near = net->vlan.far = -1;
}

int net_fd(const struct net *net)
{
	return net->epoll;
}

void net_read(struct net *net)
{
	if (net->vlan.near >= 0)
		vlan_carry(&net->vlan);
	listener_read(&net->listener);
}

void net_tick(struct net *net)
{
	listener_tick(&net->listener);
	if (net_fake_is_there(&net->fake))
		listener_open(&net->listener);
	else
		listener_close(&net->listener);
}

int64_t net_next_ms(const struct net *net)
{
	return listener_next_ms(&net->listener);
}

void net_suffer(struct net *net, const struct net_trouble *trouble)
{
	struct net_fake *fake = &net->fake;

	fake->way = trouble->way;
	fake->way_from = fake->received + trouble->from;
	fake->way_times = trouble->times;
	fake->trouble_ms = trouble->ms;
}
