// SPDX-License-Identifier: MIT
/* The emulated UPSes that speak when they are asked. */
#include "chat/chat_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool chat_fake_is_low(const struct line_fake *fake)
{
	return !fake->mains && fake->charge_pct < 10;
}

/** Collect a line; true when it is whole, and then it is in state->line. */
static bool chat_fake_collect(struct line_fake *fake, uint8_t byte)
{
	struct chat_fake *state = fake->state;

	return line_fake_collect(state->line, sizeof(state->line), &state->len,
				 byte);
}

static void chat_fake_cut(struct line_fake *fake, int off_s, int back_after_s)
{
	const struct chat_fake *state = fake->state;

	line_fake_order(fake, off_s,
			state->restarts ? LINE_FAKE_WITH_MAINS
					: LINE_FAKE_STAYS_OFF,
			back_after_s);
}

static void etapro_fake_answer(struct line_fake *fake, int code)
{
	const struct chat_fake *state = fake->state;
	char text[16];

	(void)snprintf(text, sizeof(text), "SV%02X\r\n",
		       state->refuses ? 0x3f : code);
	line_fake_say(fake, text);
}

static void etapro_fake_measure(struct line_fake *fake)
{
	char text[64];

	(void)snprintf(text, sizeof(text),
		       "SO%02X\r\nSGD9\r\nSHD9\r\nSIC0\r\nSL20\r\nSN00\r\n",
		       0x4a + fake->mains + 4 * !chat_fake_is_low(fake));
	line_fake_say(fake, text);
}

static void etapro_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct chat_fake *state = fake->state;
	const char *command = state->line;
	int seconds;

	if (!chat_fake_collect(fake, byte))
		return;
	seconds = (int)strtol(command + (state->line[0] ? 2 : 0), NULL, 16);
	if (!strcmp(command, "RI")) {
		line_fake_say(fake, "SRETA\r\nSS720 PRO\r\nST0102\r\nSU01\r\n");
	} else if (!strcmp(command, "RP")) {
		etapro_fake_measure(fake);
	} else if (!strncmp(command, "RN", 2)) {
		state->on_s = seconds;
		etapro_fake_answer(fake, 0x20);
	} else if (!strncmp(command, "RO", 2)) {
		state->restarts = state->on_s > 0;
		if (!state->refuses)
			chat_fake_cut(fake, seconds, state->on_s - seconds);
		etapro_fake_answer(fake, 0);
	} else if (!strcmp(command, "RS")) {
		state->on_s = 0;
		etapro_fake_answer(fake, 0x30);
	} else if (!strcmp(command, "RR")) {
		line_fake_cancel(fake);
		etapro_fake_answer(fake, 0x10);
	}
}

/* D0 is answered with itself, and makes what comes a command. */
static void everups_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct chat_fake *state = fake->state;
	uint8_t answer = (uint8_t)(fake->mains ? 0 : 4);

	if (byte == 0xd0) {
		line_fake_send(fake, &byte, 1);
		state->greeted = !state->refuses;
		state->len = 0;
		return;
	}
	if (!state->greeted)
		return;
	state->line[state->len++] = (char)byte;
	switch (state->line[0]) {
	case 0x0d:
	case 0x1c:
		if (state->len < 2)
			return;
		if (state->line[0] == 0x1c)
			state->on_s = (uint8_t)state->line[1];
		else if (state->line[1] == 8 && state->on_s > 0)
			chat_fake_cut(fake, 2, 0);
		break;
	case (char)0xad:
		answer = 73;
		/* fallthrough */
	case (char)0xaf:
		line_fake_send(fake, &answer, 1);
		break;
	case (char)0xbd:
		line_fake_send(fake, "\xc8", 1);
		break;
	case (char)0xf5:
		line_fake_send(fake, "\x20\x03", 2);
	}
	state->greeted = false;
}

/** Not at once: who reads the end of its echo must not lose the answer. */
static void best_fake_say(struct line_fake *fake, const char *text)
{
	line_fake_send_after(fake, 200, text, strlen(text));
}

/** The line of 80 digits; as bytes they add up to nothing. */
static void best_fake_tell_state(struct line_fake *fake, const char *alarms)
{
	char text[96];
	unsigned int sum = 0;

	(void)snprintf(text, sizeof(text),
		       "0113145818010000%s01%s00"
		       "011601160000002300026600000265600000190000000000000001",
		       fake->mains ? "00" : "01",
		       chat_fake_is_low(fake) ? alarms : "00");
	for (size_t i = 0; text[i]; i += 2) {
		char two[3] = { text[i], text[i + 1], 0 };

		sum -= (unsigned int)strtol(two, NULL, 16);
	}
	best_fake_say(fake, text);
	(void)snprintf(text, sizeof(text), "%02X\r\n", sum & 0xff);
	best_fake_say(fake, text);
}

static void best_fake_off(struct line_fake *fake, const char *command)
{
	struct chat_fake *state = fake->state;
	char *rest;
	int off_s = (int)strtol(strchr(command, ' '), &rest, 10);

	if (!state->is_super || state->refuses) {
		best_fake_say(fake, "Not allowed\r\n");
		return;
	}
	state->restarts = !strcmp(rest, " a");
	chat_fake_cut(fake, off_s, 0);
}

static void best_fake_hear(struct line_fake *fake, const char *command)
{
	struct chat_fake *state = fake->state;

	line_fake_say(fake, "\r\n");
	if (!strcmp(command, "f"))
		best_fake_tell_state(fake, "02");
	else if (!strcmp(command, "time"))
		best_fake_say(fake, "Feb 20, 22:13:32\r\n");
	else if (!strcmp(command, "id"))
		best_fake_say(fake, "Unit ID \"ME3.1K12345\"\r\n");
	else if (!strcmp(command, "d 16"))
		best_fake_say(fake, "16 FullLoad% 30\r\n");
	else if (!strcmp(command, "d 29"))
		best_fake_say(fake, "29 LowBat   42.00\r\n");
	else if (!strcmp(command, "d 31"))
		best_fake_say(fake, "31 HiBatt   54.20\r\n");
	else if (!strcmp(command, "pw377"))
		state->is_super = true;
	else if (!strcmp(command, "o c"))
		line_fake_cancel(fake);
	else if (!strncmp(command, "off ", 4) || !strncmp(command, "o ", 2))
		best_fake_off(fake, command);
	else if (*command)
		best_fake_say(fake, "Command not implemented\r\n");
	/* It is a prompt that a refusal goes without. */
	best_fake_say(fake,
		      state->refuses && state->is_super ? "\r\n" : "\r\n=>");
}

static void best_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct chat_fake *state = fake->state;

	line_fake_send(fake, &byte, 1);
	if (chat_fake_collect(fake, byte))
		best_fake_hear(fake, state->line);
}

static void fortress_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct chat_fake *state = fake->state;
	const char *command = state->line;

	if (!chat_fake_collect(fake, byte))
		return;
	if (!strcmp(command, "f")) {
		best_fake_tell_state(fake, "08");
	} else if (!strncmp(command, "p999=", 5)) {
		state->is_super = !strcmp(command + 5, "2639");
		line_fake_say(fake, "OK\r");
	} else if (!strncmp(command, "p1=", 3) && !state->refuses &&
		   state->is_super) {
		state->restarts = command[3] == '1';
		line_fake_say(fake, "OK\r");
	} else if (!strncmp(command, "OFF", 3) && atoi(command + 3) > 0) {
		chat_fake_cut(fake, atoi(command + 3), 0);
	} else {
		line_fake_say(fake, "?\r");
	}
}

static void victron_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct chat_fake *state = fake->state;
	const char *command = state->line;
	char text[16];

	if (!chat_fake_collect(fake, byte))
		return;
	if (!strcmp(command, "vAa?")) {
		(void)snprintf(text, sizeof(text), "vAa%d\r\n",
			       (fake->mains ? 0 : 2) +
				       (chat_fake_is_low(fake) ? 4 : 0));
		line_fake_say(fake, text);
	} else if (!strncmp(command, "vCb", 3)) {
		chat_fake_cut(fake, atoi(command + 3), 0);
	} else if (*command == 'v' && strchr(command, '?')) {
		*strchr(state->line, '?') = '\0';
		line_fake_say(fake, command);
		line_fake_say(fake, "NA\r\n");
	} else if (*command == '?') {
		line_fake_say(fake, "?\r\n");
	}
}

#define CHAT_FAKE(id, called, baud, prefix)             \
	const struct line_fake_kind chat_fake_##id = {  \
		.name = called,                         \
		.speed = baud,                          \
		.state_size = sizeof(struct chat_fake), \
		.receive = prefix##_fake_receive,       \
	}

CHAT_FAKE(etapro, "etapro", 1200, etapro);
CHAT_FAKE(everups, "everups", 300, everups);
CHAT_FAKE(best, "bestferrups", 1200, best);
CHAT_FAKE(fortress, "bestfortress", 1200, fortress);
CHAT_FAKE(victron, "victronups", 1200, victron);

LINE_FAKE(chat_fake_etapro);
LINE_FAKE(chat_fake_everups);
LINE_FAKE(chat_fake_best);
LINE_FAKE(chat_fake_fortress);
LINE_FAKE(chat_fake_victron);
