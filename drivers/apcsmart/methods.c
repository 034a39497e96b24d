// SPDX-License-Identifier: MIT
/* The ways to order a cut, byte by byte. */
#include "apcsmart/methods.h"

#include <errno.h>
#include <string.h>

/* K K and Z Z: an early answer is a refusal, and 1.5 s have to lie between. */
#define APCSMART_EARLY_MS 200
#define APCSMART_GAP_MS   1300
#define APCSMART_DIGIT_MS 50

static int apcsmart_send(struct byte_link *link, char byte, deadline_t until)
{
	return link->ops->write(link, &byte, 1, until);
}

/** The answer to an order; -EPROTO for anything but OK. */
static int apcsmart_judge(struct byte_link *link, deadline_t until)
{
	char answer[APCSMART_ANSWER_MAX];
	int ret = apcsmart_read(
		link, APCSMART_ORDER, answer,
		deadline_earlier(deadline_in_ms(APCSMART_ANSWER_MS), until));

	if (ret < 0)
		return ret;
	return apcsmart_is_ok(answer) ? 0 : -EPROTO;
}

/** Send the first half of an order: whatever it says in @ms, it refuses. */
static int apcsmart_begin(struct byte_link *link, char byte, int ms,
			  deadline_t until)
{
	char answer[APCSMART_ANSWER_MAX];
	int ret;

	link->ops->drain(link);
	ret = apcsmart_send(link, byte, until);
	if (ret == 0)
		ret = apcsmart_read(link, APCSMART_TEXT, answer,
				    deadline_earlier(deadline_in_ms(ms), until));
	if (ret == -ETIMEDOUT)
		return deadline_passed(until) ? ret : 0;
	return ret > 0 ? -EPROTO : ret;
}

static int apcsmart_give_soft(const struct apcsmart_order *order,
			      deadline_t until)
{
	int ret;

	order->link->ops->drain(order->link);
	ret = apcsmart_send(order->link, APCSMART_SOFT, until);
	return ret < 0 ? ret : apcsmart_judge(order->link, until);
}

/** On battery for a while, where S is heard. */
static int apcsmart_give_fail(const struct apcsmart_order *order,
			      deadline_t until)
{
	char answer[APCSMART_ANSWER_MAX];
	int ret;

	if (!order->is_on_line)
		return apcsmart_give_soft(order, until);
	ret = apcsmart_ask(order->link, APCSMART_FAIL, APCSMART_TEXT, answer,
			   until);
	/* It says that mains fails, which is no answer; or nothing. */
	if (ret < 0 && ret != -ETIMEDOUT && ret != -EPROTO)
		return ret;
	ret = clock_sleep_ms(order->section->fail_ms, until);
	return ret < 0 ? ret : apcsmart_give_soft(order, until);
}

static int apcsmart_give_hibernate(const struct apcsmart_order *order,
				   const char *digits, deadline_t until)
{
	int ret = apcsmart_begin(order->link, APCSMART_HIBERNATE,
				 order->section->begin_ms, until);

	if (ret == 0)
		ret = bytes_write_slowly(order->link, digits, strlen(digits),
					 APCSMART_DIGIT_MS, until);
	return ret < 0 ? ret : apcsmart_judge(order->link, until);
}

/** If it waits for a third digit, it has to be brought out of that. */
static int apcsmart_give_two(const struct apcsmart_order *order,
			     deadline_t until)
{
	char answer[APCSMART_ANSWER_MAX];
	int ret = apcsmart_give_hibernate(order, order->section->two, until);

	if (ret == -ETIMEDOUT || ret == -EPROTO)
		(void)apcsmart_ask(order->link, APCSMART_SMART, APCSMART_TEXT,
				   answer, until); /* NO, or nothing */
	return ret;
}

static int apcsmart_give_pair(const struct apcsmart_order *order, char byte,
			      deadline_t until)
{
	int ret = apcsmart_begin(order->link, byte, APCSMART_EARLY_MS, until);

	if (ret == 0)
		ret = clock_sleep_ms(APCSMART_GAP_MS, until);
	if (ret == 0)
		ret = apcsmart_send(order->link, byte, until);
	if (ret < 0)
		return ret;
	ret = apcsmart_judge(order->link, until);
	/* Off at once, there is nobody left to say so. */
	return ret == -ETIMEDOUT && byte == APCSMART_OFF ? 0 : ret;
}

int apcsmart_give(const struct apcsmart_order *order, char method,
		  deadline_t until)
{
	switch (method) {
	case APCSMART_BY_SOFT:
		return apcsmart_give_soft(order, until);
	case APCSMART_BY_FAIL:
		return apcsmart_give_fail(order, until);
	case APCSMART_BY_HIBERNATE:
		return apcsmart_give_hibernate(order, order->digits, until);
	case APCSMART_BY_TWO:
		return apcsmart_give_two(order, until);
	case APCSMART_BY_SHUT:
		return apcsmart_give_pair(order, APCSMART_SHUT, until);
	case APCSMART_BY_OFF:
		return apcsmart_give_pair(order, APCSMART_OFF, until);
	default:
		return -EOPNOTSUPP;
	}
}

char apcsmart_needs(char method)
{
	return method == APCSMART_BY_TWO ? APCSMART_HIBERNATE : method;
}
