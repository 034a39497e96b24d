// SPDX-License-Identifier: MIT
/* Emulated devices on real sockets and ports, asked by our own links. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/net.h"
#include "link/serial.h"
#include "link/serve_fake.h"

#define LONG_MS    20000
#define SHORTLY_MS 100
#define NOT_MS     5000

struct parrot {
	int heard;
	char before; /* what it says in front */
};

static void parrot_receive(struct net_fake *fake, const uint8_t *bytes,
			   size_t len)
{
	struct parrot *parrot = fake->state;
	uint8_t answer[NET_FAKE_MESSAGE_MAX];

	parrot->heard++;
	answer[0] = (uint8_t)parrot->before;
	memcpy(answer + 1, bytes, len);
	/* What is done before the answer can be seen when that is there. */
	line_fake_order(fake->ups, 20, LINE_FAKE_WITH_MAINS, 30);
	net_fake_send(fake, answer, len + 1);
}

static const struct net_fake_kind parrot_stream = {
	.name = "parrot-stream",
	.is_stream = true,
	.state_size = sizeof(struct parrot),
	.receive = parrot_receive,
};

static const struct net_fake_kind parrot_datagram = {
	.name = "parrot-datagram",
	.state_size = sizeof(struct parrot),
	.receive = parrot_receive,
};

static void echo_receive(struct line_fake *fake, uint8_t byte)
{
	*(int *)fake->state += 1;
	line_fake_send(fake, &byte, 1);
}

static const struct line_fake_kind echo_kind = {
	.name = "echo",
	.state_size = sizeof(int),
	.receive = echo_receive,
};

static struct conf conf;
static struct ups ups;

static void section(const char *port)
{
	char text[128];
	int len = snprintf(text, sizeof(text), "[u]\nport = %s\n", port);

	(void)conf_parse(&conf, "ups.conf", text, (size_t)len, NULL);
	ups = (struct ups){ .conf = &conf, .section = 1, .name = "u" };
}

static struct serve_fake *serve_parrot(const struct net_fake_kind *kind)
{
	struct serve_fake *serve = serve_fake_net(kind);
	struct parrot *parrot = serve->net.state;

	parrot->before = '<';
	section("none");
	serve_fake_go(serve);
	return serve;
}

static void ask(struct net_link *net, const char *question, const char *answer)
{
	char got[16];

	assert_int_equal(net->link.ops->write(&net->link, question,
					      strlen(question),
					      deadline_in_ms(LONG_MS)),
			 0);
	assert_int_equal(bytes_read(&net->link, got, strlen(answer),
				    deadline_in_ms(LONG_MS)),
			 0);
	assert_memory_equal(got, answer, strlen(answer));
}

static void test_a_stream_and_its_state(void **state)
{
	struct serve_fake *serve = serve_parrot(&parrot_stream);
	const struct parrot *parrot = serve->net.state;
	struct net_link net;

	(void)state;
	assert_int_equal(net_open_link(&net, &ups, "127.0.0.1", serve->port,
				       deadline_in_ms(LONG_MS)),
			 0);
	ask(&net, "hello", "<hello");
	ask(&net, "again", "<again");
	net.link.ops->close(&net.link);
	assert_int_equal(parrot->heard, 2);
	assert_int_equal(serve->ups.orders, 2);
	assert_int_equal(serve->ups.back, LINE_FAKE_WITH_MAINS);
	serve_fake_end(serve);
}

/* What ails it may change while it is served. */
static void test_gone_and_there_again(void **state)
{
	struct serve_fake *serve = serve_parrot(&parrot_stream);
	struct net_link net;
	int ret = 0;

	(void)state;
	serve->net.way = NET_FAKE_GONE;
	for (int i = 0; i < 100 && ret == 0; i++) {
		ret = net_open_link(&net, &ups, "127.0.0.1", serve->port,
				    deadline_in_ms(LONG_MS));
		net.link.ops->close(&net.link);
		(void)clock_sleep_ms(SHORTLY_MS, deadline_in_ms(LONG_MS));
	}
	assert_int_equal(ret, -ENODEV);
	serve->net.way = NET_FAKE_HEALTHY;
	for (int i = 0; i < 100 && ret < 0; i++) {
		ret = net_open_link(&net, &ups, "127.0.0.1", serve->port,
				    deadline_in_ms(LONG_MS));
		(void)clock_sleep_ms(SHORTLY_MS, deadline_in_ms(LONG_MS));
	}
	assert_int_equal(ret, 0);
	ask(&net, "x", "<x");
	net.link.ops->close(&net.link);
	serve_fake_end(serve);
}

static void test_datagrams_and_slow_ones(void **state)
{
	struct serve_fake *serve = serve_parrot(&parrot_datagram);
	char answer[8];
	int fd;

	(void)state;
	fd = net_open_udp(&ups, "127.0.0.1", serve->port,
			  deadline_in_ms(LONG_MS));
	assert_true(fd >= 0);
	assert_int_equal(net_exchange(fd, "a", 1, answer, sizeof(answer),
				      deadline_in_ms(LONG_MS)),
			 2);
	serve->net.way = NET_FAKE_SLOW;
	serve->net.trouble_ms = NOT_MS;
	assert_int_equal(net_exchange(fd, "b", 1, answer, sizeof(answer),
				      deadline_in_ms(SHORTLY_MS)),
			 -ETIMEDOUT);
	serve->net.way = NET_FAKE_HEALTHY;
	/* It is still on its way, and comes before the next. */
	assert_int_equal(net_exchange(fd, "c", 1, answer, sizeof(answer),
				      deadline_in_ms(LONG_MS)),
			 2);
	assert_memory_equal(answer, "<b", 2);
	(void)close(fd);
	serve_fake_end(serve);
}

static void test_a_line(void **state)
{
	static const struct serial_settings settings = { .speed = 9600 };
	struct serve_fake *serve = serve_fake_line(&echo_kind);
	struct serial_link serial;
	char got[4];

	(void)state;
	section(serve->path);
	serve_fake_go(serve);
	assert_int_equal(
		serial_open(&serial, &ups, &settings, deadline_in_ms(LONG_MS)),
		0);
	assert_int_equal(serial.link.ops->write(&serial.link, "echo", 4,
						deadline_in_ms(LONG_MS)),
			 0);
	assert_int_equal(
		bytes_read(&serial.link, got, 4, deadline_in_ms(LONG_MS)), 0);
	assert_memory_equal(got, "echo", 4);
	assert_int_equal(*(int *)serve->ups.state, 4);
	serve->ups.way = LINE_FAKE_GONE;
	assert_int_equal(
		bytes_read(&serial.link, got, 1, deadline_in_ms(LONG_MS)),
		-ENODEV);
	serial.link.ops->close(&serial.link);
	serve_fake_end(serve);
}

static void test_one_that_was_never_served(void **state)
{
	(void)state;
	serve_fake_end(serve_fake_net(&parrot_datagram));
	serve_fake_end(serve_fake_line(&echo_kind));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_stream_and_its_state),
		cmocka_unit_test(test_gone_and_there_again),
		cmocka_unit_test(test_datagrams_and_slow_ones),
		cmocka_unit_test(test_a_line),
		cmocka_unit_test(test_one_that_was_never_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
