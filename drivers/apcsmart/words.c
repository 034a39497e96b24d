// SPDX-License-Identifier: MIT
/* Questions and answers of APC's smart signalling. */
#include "apcsmart/words.h"

#include <errno.h>
#include <string.h>

#define APCSMART_TRIES    3
#define APCSMART_QUIET_MS 200

/** Does a UPS say this by itself? */
static bool apcsmart_is_alert(char byte)
{
	return byte && strchr("!$%+?=*#&|", byte);
}

int apcsmart_read(struct byte_link *link, enum apcsmart_sort sort,
		  char answer[APCSMART_ANSWER_MAX], deadline_t until)
{
	bool is_star = false;
	int len = 0;

	for (;;) {
		char byte;
		int ret = bytes_read(link, &byte, 1, until);
		bool is_end = ret == 0 && (byte == '\r' || byte == '\n');

		/* Older ones say no more than this, and no end of the line. */
		if (is_star && len == 0 && (is_end || ret == -ETIMEDOUT)) {
			strcpy(answer, "*");
			return 1;
		}
		if (ret < 0)
			return ret;
		if (is_end && len > 0) {
			answer[len] = '\0';
			return len;
		}
		if (sort == APCSMART_ORDER && byte == '*' && len == 0 &&
		    !is_star) {
			is_star = true;
			until = deadline_earlier(
				until, deadline_in_ms(APCSMART_QUIET_MS));
		}
		if (is_end || (sort != APCSMART_LIST && apcsmart_is_alert(byte)))
			continue;
		if (len == APCSMART_ANSWER_MAX - 1)
			return -EPROTO;
		if (byte)
			answer[len++] = byte;
	}
}

int apcsmart_ask(struct byte_link *link, char question, enum apcsmart_sort sort,
		 char answer[APCSMART_ANSWER_MAX], deadline_t until)
{
	deadline_t end =
		deadline_earlier(deadline_in_ms(APCSMART_ANSWER_MS), until);
	int ret;

	link->ops->drain(link);
	ret = link->ops->write(link, &question, 1, until);
	return ret < 0 ? ret : apcsmart_read(link, sort, answer, end);
}

int apcsmart_wake(struct byte_link *link, deadline_t until)
{
	char answer[APCSMART_ANSWER_MAX];
	const char escape = APCSMART_ESCAPE;
	int ret = -ETIMEDOUT;

	for (int i = 0; i < APCSMART_TRIES && !deadline_passed(until); i++) {
		ret = apcsmart_ask(link, APCSMART_SMART, APCSMART_TEXT, answer,
				   until);
		if (ret > 0 && strcmp(answer, "SM") == 0)
			return 0;
		if (ret < 0 && ret != -ETIMEDOUT && ret != -EPROTO)
			return ret;
		if (ret > 0)
			ret = -EPROTO;
		if (link->ops->write(link, &escape, 1, until) == 0)
			bytes_settle(link, APCSMART_QUIET_MS, until);
	}
	return ret;
}

static int apcsmart_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

int apcsmart_bits(const char *answer)
{
	int high = apcsmart_digit(answer[0]);
	int low = high < 0 ? -1 : apcsmart_digit(answer[1]);

	return low < 0 || answer[2] ? -EPROTO : high << 4 | low;
}

int apcsmart_number(const char *answer)
{
	int number = 0;

	if (!*answer || strlen(answer) > 4)
		return -EPROTO;
	for (; *answer; answer++) {
		if (*answer < '0' || *answer > '9')
			return -EPROTO;
		number = 10 * number + *answer - '0';
	}
	return number;
}

char *apcsmart_commands(char *answer)
{
	char *alerts = strchr(answer, '.');
	char *commands = alerts ? strchr(alerts + 1, '.') : NULL;
	char *end;

	if (!commands)
		return NULL;
	commands++;
	end = strchr(commands, '.');
	if (end)
		*end = '\0';
	return commands;
}

bool apcsmart_is_ok(const char *answer)
{
	return strcmp(answer, "OK") == 0 || strcmp(answer, "*") == 0;
}
