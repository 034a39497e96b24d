// SPDX-License-Identifier: MIT
/* Makes a network namespace, and gives its loopback addresses. */
#include "netns.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/ipv6.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "words.h"

#define NETNS_LOOPBACK 1

static void netns_order(int family, unsigned long order, void *request)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	/* An IPv4 address that is there is no mistake. */
	if (fd < 0 || (ioctl(fd, order, request) && errno != EEXIST))
		words_die(NULL, "the loopback: %s", strerror(errno));
	close(fd);
}

void netns_enter(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	if (unshare(CLONE_NEWNET) &&
	    (errno != EPERM || unshare(CLONE_NEWUSER | CLONE_NEWNET)))
		words_die(NULL, "no network of its own: %s", strerror(errno));
	netns_order(AF_INET, SIOCSIFFLAGS, &request);
}

void netns_add(const struct listener_address *address)
{
	struct ifreq four = { .ifr_name = "lo:1" };
	struct in6_ifreq six = {
		.ifr6_prefixlen = 128,
		.ifr6_ifindex = NETNS_LOOPBACK,
	};

	if (address->any.sa_family == AF_INET6) {
		six.ifr6_addr = address->six.sin6_addr;
		netns_order(AF_INET6, SIOCSIFADDR, &six);
		return;
	}
	snprintf(four.ifr_name, sizeof(four.ifr_name), "lo:%x",
		 ntohl(address->four.sin_addr.s_addr));
	memcpy(&four.ifr_addr, &address->four, sizeof(address->four));
	netns_order(AF_INET, SIOCSIFADDR, &four);
}
