// SPDX-License-Identifier: MIT
/* How each of them says whether there is mains. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "chat/chat.h"

#define CHAT_LINE_MAX 128

static enum ups_mains chat_mains(bool absent)
{
	return absent ? UPS_MAINS_ABSENT : UPS_MAINS_PRESENT;
}

/** Send @text and read lines until one has @tag; returns what follows it. */
static int chat_find_line(struct chat_state *state, const char *text,
			  const char *tag, char line[CHAT_LINE_MAX],
			  const char **rest, deadline_t until)
{
	int ret = chat_send(state, text, strlen(text), until);

	while (ret >= 0) {
		const char *found;

		ret = bytes_read_line(&state->serial.link, '\r', line,
				      CHAT_LINE_MAX, NULL, until);
		found = ret > 0 ? strstr(line, tag) : NULL;
		if (!found)
			continue;
		*rest = found + strlen(tag);
		return 0;
	}
	return ret;
}

/* SO and bits: 0 mains, 1 load on, 2 battery good. Its own command may come
 * back in front of it. */
int chat_state_etapro(struct chat_state *state, struct ups_status *status,
		      deadline_t until)
{
	char line[CHAT_LINE_MAX], *end;
	const char *rest;
	unsigned long bits;
	int ret = chat_find_line(state, "RP\r", "SO", line, &rest, until);

	if (ret < 0)
		return ret;
	bits = strtoul(rest, &end, 16);
	if (end == rest || *end)
		return -EPROTO;
	status->mains = chat_mains(!(bits & 1));
	status->battery_low = !(bits & 4);
	return 0;
}

/* A byte: bit 0 standby, else bit 2 on battery. */
int chat_state_everups(struct chat_state *state, struct ups_status *status,
		       deadline_t until)
{
	uint8_t byte = 0;
	int ret = chat_send(state, "\xd0", 1, until);

	while (ret == 0 && byte != 0xd0)
		ret = bytes_read(&state->serial.link, &byte, 1, until);
	if (ret == 0)
		ret = chat_send(state, "\xaf", 1, until);
	if (ret == 0)
		ret = bytes_read(&state->serial.link, &byte, 1, until);
	if (ret == 0)
		status->mains = chat_mains(!(byte & 1) && byte & 4);
	return ret;
}

/** Two hexadecimal digits, or -1. */
static int chat_hex(const char *digits)
{
	char two[3] = { digits[0], digits[1], 0 }, *end;
	long number = strtol(two, &end, 16);

	return end == two + 2 && two[0] != '-' && two[0] != '+' ? (int)number
								: -1;
}

/* 80 digits: 16 and 17 the inverter, 20 and 21 alarms. One model swallows the
 * first two. */
int chat_state_best(struct chat_state *state, struct ups_status *status,
		    deadline_t until)
{
	char line[CHAT_LINE_MAX];
	int inverter = -1, alarms = -1;
	int ret = chat_send(state, "f\r", 2, until);

	while (ret >= 0 && (inverter < 0 || alarms < 0)) {
		const char *text = line;

		ret = bytes_read_line(&state->serial.link, '\r', line,
				      CHAT_LINE_MAX, NULL, until);
		if (ret > 0 && *text == '\n') {
			text++;
			ret--;
		}
		if (ret != 80 && ret != 78)
			continue;
		inverter = chat_hex(text + ret - 80 + 16);
		alarms = chat_hex(text + ret - 80 + 20);
	}
	if (ret < 0)
		return ret;
	status->mains = chat_mains(inverter > 0);
	status->battery_low = alarms & state->row->low_battery;
	return 0;
}

/* Words of five letters, all the time, each said again and again. */
int chat_state_sitop(struct chat_state *state, struct ups_status *status,
		     deadline_t until)
{
	static const struct {
		const char *word;
		uint8_t knows, bits; /* 1 input, 2 supply, 4 battery */
	} words[] = {
		{ "DC_OK", 1, 0 }, { "DC_LO", 1, 1 }, { "*****", 2, 0 },
		{ "*BAT*", 2, 2 }, { "BUFRD", 4, 0 }, { "ALARM", 4, 4 },
	};
	char last[6] = "";
	unsigned int known = 0, bits = 0;

	while ((known & 3) != 3) {
		int ret;

		memmove(last, last + 1, 4);
		ret = bytes_read(&state->serial.link, last + 4, 1, until);
		if (ret == -ETIMEDOUT && known)
			break;
		if (ret < 0)
			return ret;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			if (strcmp(last, words[i].word) != 0)
				continue;
			known |= words[i].knows;
			bits = (bits & ~words[i].knows) | words[i].bits;
			memset(last, ' ', 5);
		}
	}
	if (known & 3)
		status->mains = chat_mains(bits & 3);
	status->battery_low = bits & 4;
	return 0;
}

/* 37 bytes, all the time: C0 to C3 … flags … sum. */
int chat_state_rhino(struct chat_state *state, struct ups_status *status,
		     deadline_t until)
{
	uint8_t frame[37], sum;

	do {
		int ret;

		do {
			ret = bytes_read(&state->serial.link, frame, 1, until);
		} while (ret == 0 && (frame[0] & 0xfc) != 0xc0);
		if (ret == 0)
			ret = bytes_read(&state->serial.link, frame + 1,
					 sizeof(frame) - 1, until);
		if (ret < 0)
			return ret;
		sum = 0;
		for (size_t i = 0; i + 1 < sizeof(frame); i++)
			sum = (uint8_t)(sum + frame[i]);
	} while (sum != frame[36]);
	status->mains = chat_mains(frame[35] & 0x02);
	status->battery_low = frame[34] & 0x40;
	return 0;
}

/* vAa and bits: 1 on battery, 2 battery low. */
int chat_state_victron(struct chat_state *state, struct ups_status *status,
		       deadline_t until)
{
	char line[CHAT_LINE_MAX];
	const char *rest;
	int ret, bits;

	do {
		ret = chat_find_line(state, "vAa?\r", "vAa", line, &rest, until);
	} while (ret == 0 && *rest == '?');
	if (ret < 0)
		return ret;
	if (*rest < '0' || *rest > '9')
		return -EPROTO;
	bits = (int)strtol(rest, NULL, 10);
	status->mains = chat_mains(bits & 2);
	status->battery_low = bits & 4;
	return 0;
}

/* Three stars and 6 bytes or three ampersands and 7, all the time; the last
 * one is 0 mains, 1 battery or 2 battery low. */
int chat_state_isbmex(struct chat_state *state, struct ups_status *status,
		      deadline_t until)
{
	uint8_t bytes[7] = { 0 };
	uint8_t marks = 0, mark = 0, state_byte;

	while (marks < 3) {
		uint8_t byte;
		int ret = bytes_read(&state->serial.link, &byte, 1, until);

		if (ret < 0)
			return ret;
		marks = byte != '*' && byte != '&' ? 0
			: byte == mark             ? marks + 1
						   : 1;
		mark = byte;
	}
	if (bytes_read(&state->serial.link, bytes, mark == '*' ? 6 : 7, until) <
	    0)
		return -ETIMEDOUT;
	state_byte = bytes[mark == '*' ? 5 : 6];
	if (state_byte < '0' || state_byte > '2')
		return -EPROTO;
	status->mains = chat_mains(state_byte != '0');
	status->battery_low = state_byte == '2';
	return 0;
}
