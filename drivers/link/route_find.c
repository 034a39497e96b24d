// SPDX-License-Identifier: MIT
/* Asks the kernel how it would reach a host, and over what. */
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link/netlink.h"
#include "link/route.h"

static size_t route_address_len(const struct route *route)
{
	return route->family == AF_INET ? 4 : 16;
}

static bool route_copy_address(const struct route *route,
			       struct route_address *address,
			       const struct nlmsghdr *answer, size_t body,
			       uint16_t type)
{
	size_t len = route_address_len(route);
	const void *value = netlink_find(answer, body, type, len);

	if (value)
		memcpy(address, value, len);
	return value;
}

/* What is being looked for, and what was found. */
struct route_search {
	struct route *route;
	int fd;
	int index;  /* of a network device */
	int lower;  /* below it, 0 if there is none */
	bool found; /* what a dump was searched for */
};

static int route_hear_route(void *arg, const struct nlmsghdr *answer)
{
	const size_t body = sizeof(struct rtmsg);
	struct route_search *search = arg;
	struct route *route = search->route;
	const struct rtmsg *message = NLMSG_DATA(answer);
	const void *index = netlink_find(answer, body, RTA_OIF, sizeof(int));
	const void *via =
		netlink_find(answer, body, RTA_VIA, sizeof(struct rtvia));

	if (answer->nlmsg_type != RTM_NEWROUTE || !index)
		return -EPROTO;
	/* An IPv4 route over an IPv6 next hop is beyond us. */
	if (via ||
	    (message->rtm_type != RTN_UNICAST && message->rtm_type != RTN_LOCAL))
		return -ENETUNREACH;
	memcpy(&search->index, index, sizeof(int));
	route->is_local = message->rtm_type == RTN_LOCAL;
	route->has_gateway = route_copy_address(route, &route->gateway, answer,
						body, RTA_GATEWAY);
	return route_copy_address(route, &route->source, answer, body,
				  RTA_PREFSRC)
		       ? 0
		       : -EADDRNOTAVAIL;
}

static int route_ask_route(struct route_search *search)
{
	struct route *route = search->route;
	struct netlink_message message;
	struct rtmsg *body =
		netlink_start(&message, RTM_GETROUTE, 0, sizeof(*body));

	body->rtm_family = (unsigned char)route->family;
	body->rtm_dst_len = (unsigned char)(8 * route_address_len(route));
	netlink_put(&message, RTA_DST, &route->host, route_address_len(route));
	return netlink_ask(search->fd, &message, route_hear_route, search);
}

static int route_hear_address(void *arg, const struct nlmsghdr *answer)
{
	struct route_search *search = arg;
	struct route *route = search->route;
	const struct ifaddrmsg *message = NLMSG_DATA(answer);
	struct route_address address = { 0 };

	if (answer->nlmsg_type != RTM_NEWADDR)
		return 0;
	if ((route_copy_address(route, &address, answer, sizeof(*message),
				IFA_LOCAL) ||
	     route_copy_address(route, &address, answer, sizeof(*message),
				IFA_ADDRESS)) &&
	    memcmp(&address, &route->source, route_address_len(route)) == 0)
		route->prefix_len = message->ifa_prefixlen;
	return 0;
}

static int route_ask_address(struct route_search *search)
{
	struct netlink_message message;
	struct ifaddrmsg *body =
		netlink_start(&message, RTM_GETADDR, NLM_F_DUMP, sizeof(*body));

	body->ifa_family = (unsigned char)search->route->family;
	search->route->prefix_len =
		(uint8_t)(8 * route_address_len(search->route));
	return netlink_ask(search->fd, &message, route_hear_address, search);
}

static int route_hear_neighbour(void *arg, const struct nlmsghdr *answer)
{
	struct route_search *search = arg;
	struct route *route = search->route;
	const struct ndmsg *message = NLMSG_DATA(answer);
	const struct route_address *hop =
		route->has_gateway ? &route->gateway : &route->host;
	struct route_address address = { 0 };
	const void *mac = netlink_find(answer, sizeof(*message), NDA_LLADDR,
				       ROUTE_MAC_LEN);

	if (answer->nlmsg_type != RTM_NEWNEIGH || !mac ||
	    message->ndm_ifindex != search->index ||
	    message->ndm_state & (NUD_FAILED | NUD_INCOMPLETE | NUD_NOARP) ||
	    !route_copy_address(route, &address, answer, sizeof(*message),
				NDA_DST) ||
	    memcmp(&address, hop, route_address_len(route)) != 0)
		return 0;
	route->has_mac = netlink_len(mac) == ROUTE_MAC_LEN;
	memcpy(route->mac, mac, ROUTE_MAC_LEN);
	return 0;
}

static int route_ask_neighbour(struct route_search *search)
{
	struct netlink_message message;
	struct ndmsg *body = netlink_start(&message, RTM_GETNEIGH, NLM_F_DUMP,
					   sizeof(*body));

	body->ndm_family = (uint8_t)search->route->family;
	return netlink_ask(search->fd, &message, route_hear_neighbour, search);
}

/** From the kernel's word for it, "vlan" or NULL, and what it carries. */
static enum route_kind route_find_kind(const char *kind, unsigned int type,
				       const char *name)
{
	char path[64];

	if (type != ARPHRD_ETHER && type != ARPHRD_LOOPBACK)
		return ROUTE_LOST;
	(void)snprintf(path, sizeof(path), "/sys/class/net/%s/phy80211", name);
	if (access(path, F_OK) == 0)
		return ROUTE_LOST;
	if (!kind || !strcmp(kind, "veth") || !strcmp(kind, "dummy"))
		return ROUTE_PLAIN;
	if (!strcmp(kind, "vlan"))
		return ROUTE_VLAN;
	return !strcmp(kind, "bridge") || !strcmp(kind, "bond") ||
			       !strcmp(kind, "team")
		       ? ROUTE_MASTER
		       : ROUTE_LOST;
}

static void route_find_vlan(struct route_search *search,
			    struct route_device *device,
			    const struct nlmsghdr *answer, const void *info)
{
	const void *data = netlink_find_nested(info, IFLA_INFO_DATA, 0);
	const void *vlan =
		netlink_find_nested(data, IFLA_VLAN_ID, sizeof(uint16_t));
	const void *lower = netlink_find(answer, sizeof(struct ifinfomsg),
					 IFLA_LINK, sizeof(int));

	if (!vlan || !lower) {
		device->kind = ROUTE_LOST;
		return;
	}
	memcpy(&device->vlan, vlan, sizeof(device->vlan));
	memcpy(&search->lower, lower, sizeof(int));
}

/** The attribute as a string; NULL if it is none that fits. */
static const char *route_string(const void *value, size_t max)
{
	const char *text = value;

	return text && netlink_len(text) > 0 && netlink_len(text) <= max &&
			       text[netlink_len(text) - 1] == '\0'
		       ? text
		       : NULL;
}

static int route_hear_device(void *arg, const struct nlmsghdr *answer)
{
	const size_t body = sizeof(struct ifinfomsg);
	struct route_search *search = arg;
	struct route *route = search->route;
	struct route_device *device = &route->device[route->devices];
	const struct ifinfomsg *message = NLMSG_DATA(answer);
	const void *info = netlink_find(answer, body, IFLA_LINKINFO, 0);
	const void *mac =
		netlink_find(answer, body, IFLA_ADDRESS, ROUTE_MAC_LEN);
	const char *name =
		route_string(netlink_find(answer, body, IFLA_IFNAME, 1),
			     sizeof(device->name));

	if (answer->nlmsg_type != RTM_NEWLINK || !name)
		return -EPROTO;
	(void)strcpy(device->name, name); /* it fits */
	if (mac)
		memcpy(device->mac, mac, ROUTE_MAC_LEN);
	device->kind = route_find_kind(
		route_string(netlink_find_nested(info, IFLA_INFO_KIND, 1), 16),
		message->ifi_type, name);
	search->lower = 0;
	if (device->kind == ROUTE_VLAN)
		route_find_vlan(search, device, answer, info);
	route->devices++;
	return 0;
}

static int route_ask_device(struct route_search *search)
{
	struct netlink_message message;
	struct ifinfomsg *body =
		netlink_start(&message, RTM_GETLINK, 0, sizeof(*body));

	body->ifi_index = search->index;
	return netlink_ask(search->fd, &message, route_hear_device, search);
}

static int route_hear_port(void *arg, const struct nlmsghdr *answer)
{
	const size_t body = sizeof(struct ifinfomsg);
	struct route_search *search = arg;
	const struct ifinfomsg *message = NLMSG_DATA(answer);
	const void *master =
		netlink_find(answer, body, IFLA_MASTER, sizeof(int));
	int index;

	if (answer->nlmsg_type != RTM_NEWLINK || !master)
		return 0;
	memcpy(&index, master, sizeof(index));
	/* The first with a cable in it. */
	if (index == search->index && (!search->lower || !search->found)) {
		search->lower = message->ifi_index;
		search->found = message->ifi_flags & IFF_LOWER_UP;
	}
	return 0;
}

/** Of a bridge or a bond: a port that could serve alone. */
static int route_ask_port(struct route_search *search)
{
	struct netlink_message message;

	(void)netlink_start(&message, RTM_GETLINK, NLM_F_DUMP,
			    sizeof(struct ifinfomsg));
	search->found = false;
	return netlink_ask(search->fd, &message, route_hear_port, search);
}

/** The device, and what it needs below it. */
static int route_ask_devices(struct route_search *search)
{
	struct route *route = search->route;
	int ret;

	do {
		ret = route_ask_device(search);
		if (ret == 0 &&
		    route->device[route->devices - 1].kind == ROUTE_MASTER)
			ret = route_ask_port(search);
		search->index = search->lower;
	} while (ret == 0 && search->lower && route->devices < ROUTE_DEVICES_MAX);
	return ret;
}

int route_find(struct route *route, int family, const struct route_address *host)
{
	struct route_search search = {
		.route = route,
		.fd = netlink_open(),
	};
	int ret;

	if (search.fd < 0)
		return -errno;
	memset(route, 0, sizeof(*route));
	route->family = family;
	route->host = *host;
	ret = route_ask_route(&search);
	if (ret == 0)
		ret = route_ask_address(&search);
	if (ret == 0 && !route->is_local)
		ret = route_ask_neighbour(&search);
	if (ret == 0)
		ret = route_ask_devices(&search);
	(void)close(search.fd);
	return ret;
}

/** fe80::/10 means nothing without the name of a device. */
static bool route_is_link_local(const struct route *route)
{
	return route->family == AF_INET6 && route->host.bytes[0] == 0xfe &&
	       (route->host.bytes[1] & 0xc0) == 0x80;
}

const char *route_find_objection(const struct route *route)
{
	if (route_is_link_local(route))
		return "needs the name of a device (it is a link-local address), which is not supported";
	for (int i = 0; i < route->devices && !route->is_local; i++) {
		if (route->device[i].kind == ROUTE_LOST)
			return "goes over a device that cannot be made again (Wi-Fi, VPN, PPP)";
		if (route->device[i].kind != ROUTE_PLAIN &&
		    i == route->devices - 1)
			return "goes over a device without any below it";
	}
	return NULL;
}
