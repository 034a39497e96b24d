// SPDX-License-Identifier: MIT
/* Makes a route again: device, carrier, address, next hop, neighbour. */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link/netlink.h"
#include "link/route.h"

#define ROUTE_LOOK_MS 50

struct route_work {
	const struct route *route;
	int fd;
	const struct route_device *wanted; /* by name, then by address */
	int index;                         /* of the device in hand, 0: none */
	unsigned int flags;                /* its IFF_… */
	bool by_name;
	bool has_address;
	char *done;
	size_t size;
};

static void route_done(struct route_work *work, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void route_done(struct route_work *work, const char *format, ...)
{
	size_t len = work->done ? strlen(work->done) : 0;
	va_list args;

	if (!work->done)
		return;
	if (len > 0 && len + 2 < work->size) {
		memcpy(work->done + len, ", ", 3);
		len += 2;
	}
	va_start(args, format);
	(void)vsnprintf(work->done + len, work->size - len, format, args);
	va_end(args);
}

static size_t route_len(const struct route *route)
{
	return route->family == AF_INET ? 4 : 16;
}

static int route_hear_link(void *arg, const struct nlmsghdr *answer)
{
	const size_t body = sizeof(struct ifinfomsg);
	struct route_work *work = arg;
	const struct ifinfomsg *message = NLMSG_DATA(answer);
	const char *name = netlink_find(answer, body, IFLA_IFNAME, 1);
	const void *mac =
		netlink_find(answer, body, IFLA_ADDRESS, ROUTE_MAC_LEN);
	bool same_mac = mac && netlink_len(mac) == ROUTE_MAC_LEN &&
			memcmp(mac, work->wanted->mac, ROUTE_MAC_LEN) == 0;
	bool same_name =
		name &&
		strnlen(name, netlink_len(name)) == strlen(work->wanted->name) &&
		!memcmp(name, work->wanted->name, strlen(work->wanted->name));

	if (answer->nlmsg_type != RTM_NEWLINK || work->by_name)
		return 0;
	/* Names can change when udev is gone; a card keeps its address. */
	if (same_name ||
	    (same_mac && !work->index && work->wanted->kind == ROUTE_PLAIN)) {
		work->index = message->ifi_index;
		work->flags = message->ifi_flags;
		work->by_name = same_name;
	}
	return 0;
}

static int route_look(struct route_work *work, const struct route_device *device)
{
	struct netlink_message message;

	(void)netlink_start(&message, RTM_GETLINK, NLM_F_DUMP,
			    sizeof(struct ifinfomsg));
	work->wanted = device;
	work->index = 0;
	work->flags = 0;
	work->by_name = false;
	return netlink_ask(work->fd, &message, route_hear_link, work);
}

static int route_set_up(struct route_work *work, const char *name)
{
	struct netlink_message message;
	struct ifinfomsg *body;
	int ret;

	if (work->flags & IFF_UP)
		return 0;
	body = netlink_start(&message, RTM_NEWLINK, 0, sizeof(*body));
	body->ifi_index = work->index;
	body->ifi_flags = IFF_UP;
	body->ifi_change = IFF_UP;
	ret = netlink_order(work->fd, &message);
	if (ret == 0)
		route_done(work, "%s up", name);
	return ret;
}

/** A VLAN on the device in hand. */
static int route_make_vlan(struct route_work *work,
			   const struct route_device *device)
{
	struct netlink_message message;
	struct rtattr *info, *data;
	int ret;

	(void)netlink_start(&message, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
			    sizeof(struct ifinfomsg));
	netlink_put(&message, IFLA_IFNAME, device->name,
		    strlen(device->name) + 1);
	netlink_put(&message, IFLA_LINK, &work->index, sizeof(work->index));
	info = netlink_start_nest(&message, IFLA_LINKINFO);
	netlink_put(&message, IFLA_INFO_KIND, "vlan", strlen("vlan"));
	data = netlink_start_nest(&message, IFLA_INFO_DATA);
	netlink_put(&message, IFLA_VLAN_ID, &device->vlan, sizeof(device->vlan));
	netlink_end_nest(&message, data);
	netlink_end_nest(&message, info);
	ret = netlink_order(work->fd, &message);
	if (ret == 0)
		route_done(work, "%s made", device->name);
	return ret == -EEXIST ? 0 : ret; /* another keeper was faster */
}

/**
 * Have the device of this depth, or what serves in its place, in hand and up.
 * -ENODEV if there is nothing.
 */
static int route_raise(struct route_work *work, int depth)
{
	const struct route *route = work->route;
	const struct route_device *device = &route->device[depth];
	int ret;

	if (depth == route->devices)
		return -ENODEV;
	ret = route_look(work, device);
	if (ret == 0 && work->index)
		return route_set_up(work, device->name);
	if (ret < 0 || device->kind == ROUTE_PLAIN || device->kind == ROUTE_LOST)
		return ret < 0 ? ret : -ENODEV;

	ret = route_raise(work, depth + 1);
	if (ret < 0 || device->kind == ROUTE_MASTER)
		return ret;
	ret = route_make_vlan(work, device);
	if (ret == 0)
		ret = route_look(work, device);
	if (ret < 0 || !work->index)
		return ret < 0 ? ret : -ENODEV;
	return route_set_up(work, device->name);
}

static int route_hear_flags(void *arg, const struct nlmsghdr *answer)
{
	struct route_work *work = arg;
	const struct ifinfomsg *message = NLMSG_DATA(answer);

	work->flags = message->ifi_flags;
	return 0;
}

static int route_await_carrier(struct route_work *work, deadline_t until)
{
	struct netlink_message message;
	struct ifinfomsg *body;

	for (;;) {
		int ret;

		body = netlink_start(&message, RTM_GETLINK, 0, sizeof(*body));
		body->ifi_index = work->index;
		ret = netlink_ask(work->fd, &message, route_hear_flags, work);
		if (ret < 0 || work->flags & IFF_LOWER_UP)
			return ret;
		if (clock_sleep_ms(ROUTE_LOOK_MS, until) < 0)
			return -ENETDOWN;
	}
}

static int route_hear_own_address(void *arg, const struct nlmsghdr *answer)
{
	struct route_work *work = arg;
	const struct route *route = work->route;
	const struct ifaddrmsg *message = NLMSG_DATA(answer);
	size_t len = route_len(route);
	const void *address =
		netlink_find(answer, sizeof(*message), IFA_LOCAL, len);

	if (!address)
		address = netlink_find(answer, sizeof(*message), IFA_ADDRESS,
				       len);
	if (answer->nlmsg_type == RTM_NEWADDR && address &&
	    (int)message->ifa_index == work->index &&
	    memcmp(address, &route->source, len) == 0)
		work->has_address = true;
	return 0;
}

static int route_give_address(struct route_work *work)
{
	const struct route *route = work->route;
	struct netlink_message message;
	struct ifaddrmsg *body =
		netlink_start(&message, RTM_GETADDR, NLM_F_DUMP, sizeof(*body));
	char text[48];
	int ret;

	body->ifa_family = (unsigned char)route->family;
	work->has_address = false;
	ret = netlink_ask(work->fd, &message, route_hear_own_address, work);
	if (ret < 0 || work->has_address)
		return ret;

	body = netlink_start(&message, RTM_NEWADDR,
			     NLM_F_CREATE | NLM_F_REPLACE, sizeof(*body));
	body->ifa_family = (unsigned char)route->family;
	body->ifa_prefixlen = route->prefix_len;
	body->ifa_index = (unsigned int)work->index;
	/* It was ours a minute ago: nobody has to be asked. */
	if (route->family == AF_INET6)
		body->ifa_flags = IFA_F_NODAD;
	netlink_put(&message, IFA_LOCAL, &route->source, route_len(route));
	netlink_put(&message, IFA_ADDRESS, &route->source, route_len(route));
	ret = netlink_order(work->fd, &message);
	route_print_address(route->family, &route->source, text);
	if (ret == 0)
		route_done(work, "%s/%d", text, route->prefix_len);
	return ret;
}

/** Does the kernel go that way already? */
static bool route_is_there(struct route_work *work)
{
	const struct route *route = work->route;
	struct route now;

	return route_find(&now, route->family, &route->host) == 0 &&
	       now.has_gateway == route->has_gateway &&
	       memcmp(&now.source, &route->source, route_len(route)) == 0 &&
	       (!now.has_gateway ||
		memcmp(&now.gateway, &route->gateway, route_len(route)) == 0);
}

/** A route for this host alone; whatever else there is stays. */
static int route_give_route(struct route_work *work)
{
	const struct route *route = work->route;
	struct netlink_message message;
	struct rtmsg *body;
	char text[48];
	int ret;

	if (route_is_there(work))
		return 0;
	body = netlink_start(&message, RTM_NEWROUTE,
			     NLM_F_CREATE | NLM_F_REPLACE, sizeof(*body));
	body->rtm_family = (unsigned char)route->family;
	body->rtm_dst_len = (unsigned char)(8 * route_len(route));
	body->rtm_table = RT_TABLE_MAIN;
	body->rtm_protocol = RTPROT_STATIC;
	body->rtm_type = RTN_UNICAST;
	body->rtm_scope = route->has_gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	/* The gateway's own network may be unknown by now. */
	if (route->has_gateway)
		body->rtm_flags = RTNH_F_ONLINK;
	netlink_put(&message, RTA_DST, &route->host, route_len(route));
	netlink_put(&message, RTA_OIF, &work->index, sizeof(work->index));
	netlink_put(&message, RTA_PREFSRC, &route->source, route_len(route));
	if (route->has_gateway)
		netlink_put(&message, RTA_GATEWAY, &route->gateway,
			    route_len(route));
	ret = netlink_order(work->fd, &message);
	route_print_address(route->family,
			    route->has_gateway ? &route->gateway : &route->host,
			    text);
	if (ret == 0)
		route_done(work, "route %s%s",
			   route->has_gateway ? "via " : "to ", text);
	return ret;
}

/**
 * Saves a question to the network; stale, so that it is verified by the first
 * answer. One that is there knows better.
 */
static void route_give_neighbour(struct route_work *work)
{
	const struct route *route = work->route;
	struct netlink_message message;
	struct ndmsg *body;

	if (!route->has_mac)
		return;
	body = netlink_start(&message, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL,
			     sizeof(*body));
	body->ndm_family = (uint8_t)route->family;
	body->ndm_ifindex = work->index;
	body->ndm_state = NUD_STALE;
	netlink_put(&message, NDA_DST,
		    route->has_gateway ? &route->gateway : &route->host,
		    route_len(route));
	netlink_put(&message, NDA_LLADDR, route->mac, ROUTE_MAC_LEN);
	(void)netlink_order(work->fd, &message); /* it is only a help */
}

int route_restore(const struct route *route, char *done, size_t size,
		  deadline_t until)
{
	struct route_work work = {
		.route = route,
		.fd = netlink_open(),
		.done = done,
		.size = size,
	};
	int ret;

	if (done)
		done[0] = '\0';
	if (work.fd < 0)
		return -errno;
	ret = route_raise(&work, 0);
	if (ret == 0)
		ret = route_await_carrier(&work, until);
	if (ret == 0 && !route->is_local)
		ret = route_give_address(&work);
	if (ret == 0 && !route->is_local)
		ret = route_give_route(&work);
	if (ret == 0 && !route->is_local)
		route_give_neighbour(&work);
	(void)close(work.fd);
	return ret;
}
