// SPDX-License-Identifier: MIT
/* A device on the network that answers as the fuzzer says. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "link/line_fuzz.h"
#include "link/net.h"

#define LINE_FUZZ_QUESTION_MAX 4096

/* There is one device, as in net_virtual.c, and one question. */
static line_fuzz_answer_fn line_fuzz_answer;
static uint8_t line_fuzz_question[LINE_FUZZ_QUESTION_MAX];
static size_t line_fuzz_question_len;

void line_fuzz_plug_net(line_fuzz_answer_fn answer)
{
	line_fuzz_answer = answer;
}

int net_open_udp(struct ups *ups, const char *host, int port, deadline_t until)
{
	(void)ups;
	(void)host;
	(void)port;
	(void)until;
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

int net_open_tcp(struct ups *ups, const char *host, int port, deadline_t until)
{
	(void)port;
	(void)until;
	return ups_fail(ups, -ENODEV, "[%s] there is no way to %s", ups->name,
			host);
}

int net_open_link(struct net_link *net, struct ups *ups, const char *host,
		  int port, deadline_t until)
{
	*net = (struct net_link){ .fd = -1 };
	return net_open_tcp(ups, host, port, until);
}

int net_receive(int fd, void *answer, size_t size, deadline_t until)
{
	size_t len = 0;

	(void)fd;
	if (line_fuzz_answer && line_fuzz_has_more() && !deadline_passed(until))
		len = line_fuzz_answer(line_fuzz_question,
				       line_fuzz_question_len, answer, size);
	if (len > 0)
		return (int)len;
	(void)clock_sleep_ms(deadline_left_ms(until), until);
	return -ETIMEDOUT;
}

int net_exchange(int fd, const void *question, size_t len, void *answer,
		 size_t size, deadline_t until)
{
	line_fuzz_question_len = len < sizeof(line_fuzz_question)
					 ? len
					 : sizeof(line_fuzz_question);
	memcpy(line_fuzz_question, question, line_fuzz_question_len);
	return net_receive(fd, answer, size, until);
}
