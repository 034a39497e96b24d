/* SPDX-License-Identifier: MIT */
/*
 * The way to a UPS on the network: written down while the network is there,
 * and made again when it has been taken down. Without DHCP, without DNS and
 * without a daemon: what was true a minute ago.
 */
#ifndef LINK_ROUTE_H
#define LINK_ROUTE_H

#include <linux/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ups.h"

#define ROUTE_TEXT_MAX    400
#define ROUTE_DEVICES_MAX 3
#define ROUTE_MAC_LEN     6

/** The key of a section in the handover that has a route as text. */
#define ROUTE_KEY "lastwatt.route"

/** How a network device came to be. */
enum route_kind {
	ROUTE_PLAIN,  /* hardware, or a virtual machine's idea of it */
	ROUTE_VLAN,   /* can be made again on the one below it */
	ROUTE_MASTER, /* bridge or bond: its port serves in its place */
	ROUTE_LOST,   /* Wi-Fi, VPN, PPP: cannot be made again by us */
};

struct route_device {
	char name[IFNAMSIZ];
	uint8_t mac[ROUTE_MAC_LEN];
	enum route_kind kind;
	uint16_t vlan;
};

/** An IPv4 or IPv6 address; of an IPv4 one the first four bytes count. */
struct route_address {
	uint8_t bytes[16];
};

struct route {
	int family; /* AF_INET or AF_INET6 */
	struct route_address host;
	struct route_address source;
	uint8_t prefix_len; /* of source */
	bool is_local;      /* the host is this machine */
	bool has_gateway;
	struct route_address gateway;
	bool has_mac; /* of the gateway, or of the host itself */
	uint8_t mac[ROUTE_MAC_LEN];
	int devices; /* the one with the address, then what is below it */
	struct route_device device[ROUTE_DEVICES_MAX];
};

/**
 * How the kernel would reach @host (@family AF_INET or AF_INET6) now. Returns
 * 0, or -ENETUNREACH and its like when it would not.
 */
int route_find(struct route *route, int family,
	       const struct route_address *host);

/** Why it cannot be made again once it is gone, or NULL. */
const char *route_find_objection(const struct route *route);

/** One line of printable text without quotes, for a file of ours. */
void route_print(const struct route *route, char text[ROUTE_TEXT_MAX]);

/** And back; -EINVAL for what route_print() does not write. */
int route_parse(struct route *route, const char *text);

/**
 * Make what is missing of it: device up, carrier, address, route, neighbour.
 * What is there stays as it is. @done (which may be NULL) gets the words for
 * what was done, "" for nothing. Returns 0, -ENODEV (no such device),
 * -ENETDOWN (no carrier by @until), or another negative errno.
 */
int route_restore(const struct route *route, char *done, size_t size,
		  deadline_t until);

/** An address as text. */
void route_print_address(int family, const struct route_address *address,
			 char text[48]);

#endif
