// SPDX-License-Identifier: MIT
/*
 * Routes, on the kernel's own network: this machine and a router behind a
 * cable, each in a namespace of its own, with a UPS behind the router. What
 * is taken down has to come back, and a datagram has to arrive.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/route.h"

#define LONG_MS 10000
#define PORT    16100

static bool has_world;
static pid_t router;

/* The router waits here for its end of the cable, then answers. */
static void be_router(int ready, int go)
{
	struct sockaddr_in6 own = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(PORT),
	};
	int fd;
	char byte;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWNET) < 0 || write(ready, "r", 1) != 1 ||
	    read(go, &byte, 1) != 1)
		_exit(1);
	if (system("ip link set lo up && ip addr add 10.88.0.9/32 dev lo &&"
		   "ip addr add fd88::9/128 dev lo nodad &&"
		   "ip link set far up && ip addr add 10.77.0.1/24 dev far &&"
		   "ip addr add fd77::1/64 dev far nodad"))
		_exit(1);
	/* Some kernels know no VLANs. */
	(void)!system("ip link add link far name far5 type vlan id 5 &&"
		      "ip link set far5 up &&"
		      "ip addr add 10.55.0.1/24 dev far5");
	fd = socket(AF_INET6, SOCK_DGRAM, 0);
	if (fd < 0 || bind(fd, (void *)&own, sizeof(own)) < 0 ||
	    write(ready, "r", 1) != 1)
		_exit(1);
	for (;;) {
		struct sockaddr_storage from;
		socklen_t len = sizeof(from);

		if (recvfrom(fd, &byte, 1, 0, (void *)&from, &len) == 1)
			(void)sendto(fd, &byte, 1, 0, (void *)&from, len);
	}
}

static int make_cable(void)
{
	char command[200];

	(void)snprintf(command, sizeof(command),
		       "ip link add near type veth peer name far netns %d",
		       router);
	return system("ip link set lo up") || system(command);
}

/* Who is not root becomes root of a world of his own. */
static bool become_root(void)
{
	char map[32];
	uid_t uid = geteuid();
	FILE *file;

	if (uid == 0)
		return true;
	if (unshare(CLONE_NEWUSER) < 0)
		return false;
	file = fopen("/proc/self/uid_map", "w");
	(void)snprintf(map, sizeof(map), "0 %d 1", (int)uid);
	return file && fputs(map, file) >= 0 && fclose(file) == 0;
}

static int start_world(void **state)
{
	int ready[2], go[2];
	char byte;

	(void)state;
	if (!become_root() || unshare(CLONE_NEWNET) < 0 || pipe(ready) < 0 ||
	    pipe(go) < 0)
		return 0;
	router = fork();
	if (router == 0)
		be_router(ready[1], go[0]);
	if (router < 0 || read(ready[0], &byte, 1) != 1)
		return 0;
	has_world = make_cable() == 0 && write(go[1], "g", 1) == 1 &&
		    poll(&(struct pollfd){ .fd = ready[0], .events = POLLIN },
			 1, LONG_MS) == 1 &&
		    read(ready[0], &byte, 1) == 1;
	return 0;
}

static int end_world(void **state)
{
	(void)state;
	if (router > 0) {
		(void)kill(router, SIGKILL);
		(void)waitpid(router, NULL, 0);
	}
	return 0;
}

static void run(const char *command)
{
	assert_int_equal(system(command), 0);
}

/* The network as a running system has it. */
static void bring_up(void)
{
	if (!has_world)
		skip();
	run("ip link del near5 2>/dev/null; ip link set near down;"
	    "ip addr flush dev near; ip link set near up &&"
	    "ip addr add 10.77.0.2/24 dev near &&"
	    "ip addr add fd77::2/64 dev near nodad &&"
	    "ip route add default via 10.77.0.1 &&"
	    "ip -6 route add default via fd77::1 dev near");
}

static struct route_address address_of(int family, const char *text)
{
	struct route_address address = { 0 };

	assert_int_equal(inet_pton(family, text, &address), 1);
	return address;
}

static struct route find(int family, const char *host)
{
	struct route_address address = address_of(family, host);
	struct route route;

	assert_int_equal(route_find(&route, family, &address), 0);
	return route;
}

/** Does a datagram come back from there? */
static bool answers(int family, const char *host)
{
	struct sockaddr_in6 six = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(PORT),
	};
	struct sockaddr_in four = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
	};
	const struct sockaddr *to =
		family == AF_INET ? (void *)&four : (void *)&six;
	socklen_t len = family == AF_INET ? sizeof(four) : sizeof(six);
	struct pollfd fd = { .fd = socket(family, SOCK_DGRAM, 0),
			     .events = POLLIN };
	bool came = false;
	char byte = 'x';

	assert_true(fd.fd >= 0);
	(void)inet_pton(family, host,
			family == AF_INET ? (void *)&four.sin_addr
					  : (void *)&six.sin6_addr);
	for (int i = 0; i < 20 && !came; i++) {
		if (sendto(fd.fd, &byte, 1, 0, to, len) == 1)
			came = poll(&fd, 1, 500) == 1 &&
			       recv(fd.fd, &byte, 1, 0) == 1;
		else
			break;
	}
	(void)close(fd.fd);
	return came;
}

/** Restore what @text says; returns what was done. */
static const char *restore(const struct route *route)
{
	static char done[200];
	char text[ROUTE_TEXT_MAX];
	struct route again;

	/* As it travels: on a line of text. */
	route_print(route, text);
	assert_int_equal(route_parse(&again, text), 0);
	assert_memory_equal(&again, route, sizeof(again));
	assert_int_equal(route_restore(&again, done, sizeof(done),
				       deadline_in_ms(LONG_MS)),
			 0);
	return done;
}

static void test_what_is_there_stays(void **state)
{
	struct route route;

	(void)state;
	bring_up();
	assert_true(answers(AF_INET, "10.88.0.9"));
	route = find(AF_INET, "10.88.0.9");
	assert_true(route.has_gateway);
	assert_true(route.has_mac);
	assert_int_equal(route.prefix_len, 24);
	assert_string_equal(route.device[0].name, "near");
	assert_null(route_find_objection(&route));
	assert_string_equal(restore(&route), "");
}

static void test_everything_is_gone(void **state)
{
	struct route route;

	(void)state;
	bring_up();
	assert_true(answers(AF_INET, "10.88.0.9"));
	route = find(AF_INET, "10.88.0.9");
	run("ip addr flush dev near; ip link set near down");
	assert_false(answers(AF_INET, "10.88.0.9"));
	assert_string_equal(restore(&route),
			    "near up, 10.77.0.2/24, route via 10.77.0.1");
	assert_true(answers(AF_INET, "10.88.0.9"));
}

static void test_ipv6(void **state)
{
	struct route route;

	(void)state;
	bring_up();
	assert_true(answers(AF_INET6, "fd88::9"));
	route = find(AF_INET6, "fd88::9");
	run("ip -6 addr flush dev near; ip link set near down");
	assert_string_equal(restore(&route),
			    "near up, fd77::2/64, route via fd77::1");
	assert_true(answers(AF_INET6, "fd88::9"));
}

static void test_a_host_on_the_same_wire(void **state)
{
	struct route route;

	(void)state;
	bring_up();
	route = find(AF_INET, "10.77.0.1");
	assert_false(route.has_gateway);
	run("ip addr flush dev near; ip link set near down");
	/* With the address the kernel knows the way by itself. */
	assert_string_equal(restore(&route), "near up, 10.77.0.2/24");
	assert_true(answers(AF_INET, "10.77.0.1"));
}

static void test_only_the_route_is_gone(void **state)
{
	struct route route;

	(void)state;
	bring_up();
	route = find(AF_INET, "10.88.0.9");
	run("ip route del default");
	assert_string_equal(restore(&route), "route via 10.77.0.1");
	assert_true(answers(AF_INET, "10.88.0.9"));
}

static void test_a_card_with_another_name(void **state)
{
	struct route route;

	(void)state;
	bring_up();
	route = find(AF_INET, "10.88.0.9");
	run("ip link set near down; ip link set near name eth7");
	(void)restore(&route);
	assert_true(answers(AF_INET, "10.88.0.9"));
	run("ip link set eth7 down; ip link set eth7 name near");
}

static void test_a_vlan_is_made_again(void **state)
{
	struct route route;

	(void)state;
	bring_up();
	if (system("ip link add link near name near5 type vlan id 5"))
		skip();
	run("ip link set near5 up && ip addr add 10.55.0.2/24 dev near5");
	route = find(AF_INET, "10.55.0.1");
	assert_int_equal(route.devices, 2);
	assert_int_equal(route.device[0].kind, ROUTE_VLAN);
	assert_int_equal(route.device[0].vlan, 5);
	assert_string_equal(route.device[1].name, "near");
	run("ip link del near5; ip addr flush dev near; ip link set near down");
	assert_string_equal(restore(&route),
			    "near up, near5 made, near5 up, 10.55.0.2/24");
	assert_true(answers(AF_INET, "10.55.0.1"));
}

static void test_a_port_serves_for_its_bridge(void **state)
{
	struct route route;

	(void)state;
	bring_up();
	run("ip link add br0 type bridge && ip link set near master br0 &&"
	    "ip link set br0 up && ip addr flush dev near &&"
	    "ip addr add 10.77.0.2/24 dev br0");
	route = find(AF_INET, "10.77.0.1");
	assert_int_equal(route.devices, 2);
	assert_int_equal(route.device[0].kind, ROUTE_MASTER);
	assert_null(route_find_objection(&route));
	run("ip link del br0; ip link set near down");
	(void)restore(&route);
	assert_true(answers(AF_INET, "10.77.0.1"));
}

static void test_no_cable(void **state)
{
	struct route route;

	(void)state;
	bring_up();
	route = find(AF_INET, "10.88.0.9");
	run("ip link del near");
	assert_int_equal(route_restore(&route, NULL, 0, deadline_in_ms(100)),
			 -ENODEV);
	has_world = false; /* this was the cable */
}

static void test_ourselves(void **state)
{
	struct route route;

	(void)state;
	if (!has_world)
		skip();
	route = find(AF_INET, "127.0.0.1");
	assert_true(route.is_local);
	assert_null(route_find_objection(&route));
	assert_string_equal(restore(&route), "");
}

static void test_text_that_is_none(void **state)
{
	static const char *const texts[] = {
		"",
		"inet",
		"inet 10.0.0.1",
		"inet 10.0.0.1 from 10.0.0.2",
		"inet 10.0.0.1 from 10.0.0.2/33",
		"inet 10.0.0.256 from 10.0.0.2/24",
		"inet6 10.0.0.1 from 10.0.0.2/24",
		"inet 10.0.0.1 from 10.0.0.2/24 via",
		"inet 10.0.0.1 from 10.0.0.2/24 mac 1:2:3:4:5:6",
		"inet 10.0.0.1 from 10.0.0.2/24 dev eth0",
		"inet 10.0.0.1 from 10.0.0.2/24 dev ../x 01:02:03:04:05:06 plain",
		"inet 10.0.0.1 from 10.0.0.2/24 dev eth0 01:02:03:04:05:06 x",
		"inet 10.0.0.1 from 10.0.0.2/24 and more",
	};
	struct route route;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(route_parse(&route, texts[i]), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_there_stays),
		cmocka_unit_test(test_everything_is_gone),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_a_host_on_the_same_wire),
		cmocka_unit_test(test_only_the_route_is_gone),
		cmocka_unit_test(test_a_card_with_another_name),
		cmocka_unit_test(test_a_vlan_is_made_again),
		cmocka_unit_test(test_a_port_serves_for_its_bridge),
		cmocka_unit_test(test_ourselves),
		cmocka_unit_test(test_no_cable),
		cmocka_unit_test(test_text_that_is_none),
	};

	return cmocka_run_group_tests(tests, start_world, end_world);
}
