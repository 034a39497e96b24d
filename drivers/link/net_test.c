// SPDX-License-Identifier: MIT
/* Sockets, against a peer on the loopback interface. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/net.h"
#include "link/resolve.h"
#include "link/route.h"

#define LONG_MS    10000
#define SHORTLY_MS 50

static const char text[] = "[u]\n[bad]\n" ROUTE_KEY " = nonsense\n";
static struct conf conf;
static struct ups ups;

static int set_up(void **state)
{
	(void)state;
	(void)conf_parse(&conf, "ups.conf", text, strlen(text), NULL);
	ups = (struct ups){ .conf = &conf, .section = 1, .name = "u" };
	return 0;
}

/** A socket on a port of its own that nobody answers at yet. */
static int listen_at(int family, int type, int *port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	bool is_four = family == AF_INET;
	void *address = is_four ? (void *)&four : (void *)&six;
	socklen_t len = is_four ? sizeof(four) : sizeof(six);
	int fd = socket(family, type, 0);

	*port = 0;
	four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	six.sin6_addr = in6addr_loopback;
	if (fd < 0 || bind(fd, address, len) < 0 ||
	    (type == SOCK_STREAM && listen(fd, 1) < 0) ||
	    getsockname(fd, address, &len) < 0)
		return -1;
	*port = ntohs(is_four ? four.sin_port : six.sin6_port);
	return fd;
}

/** Answers one datagram, or one connection, with what it was sent. */
static pid_t start_echo(int fd, int type)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct sockaddr_storage from;
		socklen_t len = sizeof(from);
		char bytes[64];
		ssize_t got;

		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (type == SOCK_STREAM) {
			fd = accept(fd, NULL, NULL);
			got = recv(fd, bytes, sizeof(bytes), 0);
			(void)send(fd, bytes, (size_t)got, 0);
		} else {
			got = recvfrom(fd, bytes, sizeof(bytes), 0,
				       (void *)&from, &len);
			(void)sendto(fd, bytes, (size_t)got, 0, (void *)&from,
				     len);
		}
		_exit(0);
	}
	(void)close(fd);
	return pid;
}

static void test_hosts_and_ports(void **state)
{
	static const struct {
		const char *text, *host;
		int port, ret;
	} cases[] = {
		{ "ups", "ups", 161, 0 },
		{ "ups:1161", "ups", 1161, 0 },
		{ "10.0.0.1:99", "10.0.0.1", 99, 0 },
		{ "fe80::1", "fe80::1", 161, 0 },
		{ "[fd00::1]", "fd00::1", 161, 0 },
		{ "[fd00::1]:7", "fd00::1", 7, 0 },
		{ "", "", 161, -EINVAL },
		{ ":5", "", 161, -EINVAL },
		{ "ups:", "", 161, -EINVAL },
		{ "ups:0", "", 161, -EINVAL },
		{ "ups:65536", "", 161, -EINVAL },
		{ "ups:5x", "", 161, -EINVAL },
		{ "[fd00::1", "", 161, -EINVAL },
		{ "[fd00::1]5", "", 161, -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char host[NET_HOST_MAX] = "";
		int port = 161;

		assert_int_equal(net_split(cases[i].text, host, &port),
				 cases[i].ret);
		if (cases[i].ret == 0)
			assert_string_equal(host, cases[i].host);
		assert_int_equal(port, cases[i].port);
	}
}

static void ask_over_udp(int family, const char *host)
{
	int port, peer = listen_at(family, SOCK_DGRAM, &port), fd;
	char answer[8] = "";
	pid_t echo;

	if (peer < 0)
		skip();
	echo = start_echo(peer, SOCK_DGRAM);
	fd = net_open_udp(&ups, host, port, deadline_in_ms(LONG_MS));
	assert_true(fd >= 0);
	assert_int_equal(net_exchange(fd, "hello", 5, answer, sizeof(answer),
				      deadline_in_ms(LONG_MS)),
			 5);
	assert_memory_equal(answer, "hello", 5);
	(void)close(fd);
	(void)waitpid(echo, NULL, 0);
}

static void test_datagrams(void **state)
{
	(void)state;
	ask_over_udp(AF_INET, "127.0.0.1");
	ask_over_udp(AF_INET, "localhost");
}

static void test_datagrams_over_ipv6(void **state)
{
	(void)state;
	ask_over_udp(AF_INET6, "::1");
}

/* A route of the handover says where, whatever the name was. */
static void test_a_route_goes_before_the_name(void **state)
{
	struct resolve_answer answer;
	char way[ROUTE_TEXT_MAX];
	struct route route;

	(void)state;
	assert_int_equal(
		resolve_host("127.0.0.1", &answer, deadline_in_ms(LONG_MS)), 0);
	assert_int_equal(route_find(&route, AF_INET, &answer.entry[0].address),
			 0);
	route_print(&route, way);
	assert_int_equal(conf_add(&conf, 1, ROUTE_KEY, way), 0);
	ask_over_udp(AF_INET, "nobody.invalid");

	ups.section = 2;
	ups.name = "bad";
	assert_true(net_open_udp(&ups, "x", 9, deadline_in_ms(LONG_MS)) < 0);
	assert_non_null(strstr(ups.problem, "[bad] "));
}

static void test_streams(void **state)
{
	int port, peer = listen_at(AF_INET, SOCK_STREAM, &port);
	struct net_link net;
	char answer[5];
	pid_t echo;

	(void)state;
	assert_true(peer >= 0);
	echo = start_echo(peer, SOCK_STREAM);
	assert_int_equal(net_open_link(&net, &ups, "127.0.0.1", port,
				       deadline_in_ms(LONG_MS)),
			 0);
	assert_int_equal(net.link.ops->write(&net.link, "hello", 5,
					     deadline_in_ms(LONG_MS)),
			 0);
	assert_int_equal(
		bytes_read(&net.link, answer, 5, deadline_in_ms(LONG_MS)), 0);
	assert_memory_equal(answer, "hello", 5);
	/* It has closed, and that is its end. */
	(void)waitpid(echo, NULL, 0);
	assert_int_equal(
		bytes_read(&net.link, answer, 1, deadline_in_ms(LONG_MS)),
		-ENODEV);
	net.link.ops->close(&net.link);
}

static void test_nobody_is_there(void **state)
{
	int port, peer = listen_at(AF_INET, SOCK_STREAM, &port), fd;
	char answer[4];

	(void)state;
	assert_true(peer >= 0);
	(void)close(peer);
	assert_int_equal(
		net_open_tcp(&ups, "127.0.0.1", port, deadline_in_ms(LONG_MS)),
		-ENODEV);
	assert_string_equal(ups.problem, "[u] there is no way to 127.0.0.1");
	fd = net_open_udp(&ups, "127.0.0.1", port, deadline_in_ms(LONG_MS));
	assert_true(fd >= 0);
	assert_int_equal(net_exchange(fd, "x", 1, answer, sizeof(answer),
				      deadline_in_ms(LONG_MS)),
			 -ENODEV);
	(void)close(fd);
}

static void test_silence_ends_at_the_deadline(void **state)
{
	int port, peer = listen_at(AF_INET, SOCK_DGRAM, &port), fd;
	char answer[4];

	(void)state;
	assert_true(peer >= 0);
	fd = net_open_udp(&ups, "127.0.0.1", port, deadline_in_ms(LONG_MS));
	assert_true(fd >= 0);
	assert_int_equal(net_exchange(fd, "x", 1, answer, sizeof(answer),
				      deadline_in_ms(SHORTLY_MS)),
			 -ETIMEDOUT);
	(void)close(fd);
	(void)close(peer);
}

static void test_names_that_are_none(void **state)
{
	struct resolve_answer answer;

	(void)state;
	assert_int_equal(resolve_host("", &answer, deadline_in_ms(LONG_MS)),
			 -ENOENT);
	assert_int_equal(resolve_host("nobody.invalid", &answer,
				      deadline_in_ms(LONG_MS)),
			 -ENOENT);
	assert_int_equal(net_open_udp(&ups, "nobody.invalid", 9,
				      deadline_in_ms(LONG_MS)),
			 -ENODEV);
	assert_string_equal(ups.problem,
			    "[u] nobody knows the address of nobody.invalid");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts_and_ports),
		cmocka_unit_test_setup(test_datagrams, set_up),
		cmocka_unit_test_setup(test_datagrams_over_ipv6, set_up),
		cmocka_unit_test_setup(test_a_route_goes_before_the_name, set_up),
		cmocka_unit_test_setup(test_streams, set_up),
		cmocka_unit_test_setup(test_nobody_is_there, set_up),
		cmocka_unit_test_setup(test_silence_ends_at_the_deadline, set_up),
		cmocka_unit_test_setup(test_names_that_are_none, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
