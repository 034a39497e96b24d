// SPDX-License-Identifier: MIT
/* upsd, emulated: what it says of one UPS and what it passes on to it. */
#include "upsd/upsd_fake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX   6
#define CHATTER_MAX 2000
#define FAKE_ID     "1BD31808-CB49-4AEC-9D75-D056E6F018D2"
#define FAKE_BACK_S 60
#define FAKE_CHARGE 20

static void upsd_fake_start(struct net_fake *fake)
{
	struct upsd_fake *upsd = fake->state;

	upsd->offers = upsd->allows =
		"shutdown.return shutdown.stayoff shutdown.stop load.off";
	upsd->result = "SUCCESS";
	upsd->has_timer = true;
	upsd->delay_s = 20;
}

static void upsd_fake_connected(struct net_fake *fake)
{
	struct upsd_fake *upsd = fake->state;

	upsd->is_user = upsd->is_known = upsd->tracks = false;
	upsd->len = 0;
}

static void upsd_fake_say(struct net_fake *fake, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void upsd_fake_say(struct net_fake *fake, const char *format, ...)
{
	const struct upsd_fake *upsd = fake->state;
	char text[1500];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text) - 1, format, args);
	va_end(args);
	if (upsd->manner == UPSD_FAKE_LONG)
		memset(text, 'x', sizeof(text) - 1);
	else
		(void)strcat(text, "\n");
	text[sizeof(text) - 1] = '\0';
	net_fake_send(fake, text, strlen(text));
	if (upsd->manner == UPSD_FAKE_CHATTER)
		net_fake_send(fake, text, strlen(text));
}

/** Is @word one of @words? */
static bool upsd_fake_has(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += len) {
		if ((at == words || at[-1] == ' ') &&
		    (at[len] == ' ' || !at[len]))
			return true;
	}
	return false;
}

static void upsd_fake_list(struct net_fake *fake)
{
	const struct upsd_fake *upsd = fake->state;
	char offers[256], *rest = offers, *word;

	(void)snprintf(offers, sizeof(offers), "%s", upsd->offers);
	upsd_fake_say(fake, "BEGIN LIST CMD far");
	while ((word = strsep(&rest, " ")))
		upsd_fake_say(fake, "CMD far %s", word);
	for (int i = 0; upsd->manner == UPSD_FAKE_ENDLESS && i < CHATTER_MAX;
	     i++)
		upsd_fake_say(fake, "CMD far beeper.mute");
	upsd_fake_say(fake, "END LIST CMD far");
}

static void upsd_fake_get(struct net_fake *fake, const char *name)
{
	const struct upsd_fake *upsd = fake->state;
	const struct line_fake *ups = fake->ups;
	int left_s = upsd->stuck_s ? upsd->stuck_s : line_fake_left_s(ups);

	if (!strcmp(name, "ups.status"))
		upsd_fake_say(fake, "VAR far ups.status \"%s%s%s%s\"",
			      upsd->is_forced ? "FSD " : "",
			      ups->mains ? "OL" : "OB",
			      ups->charge_pct < FAKE_CHARGE ? " LB" : "",
			      line_fake_is_off(ups) ? " OFF" : "");
	else if (!strcmp(name, "ups.timer.shutdown") && upsd->has_timer)
		upsd_fake_say(fake, "VAR far %s \"%d\"", name, left_s);
	else if (!strcmp(name, "ups.delay.shutdown"))
		upsd_fake_say(fake, "VAR far %s \"%d\"", name, upsd->delay_s);
	else if (!strcmp(name, "ups.delay.start"))
		upsd_fake_say(fake, "VAR far %s \"%d\"", name, FAKE_BACK_S);
	else
		upsd_fake_say(fake, "ERR VAR-NOT-SUPPORTED");
}

static void upsd_fake_obey(struct net_fake *fake, const char *command,
			   const char *value)
{
	const struct upsd_fake *upsd = fake->state;
	bool returns = !strcmp(command, "shutdown.return");
	int after_s = value ? atoi(value) : upsd->delay_s;

	if (!strcmp(command, "shutdown.stop") && !upsd->counts_on)
		line_fake_cancel(fake->ups);
	else if (strcmp(command, "shutdown.stop") != 0)
		line_fake_order(fake->ups,
				strcmp(command, "load.off") ? after_s : 0,
				returns ? LINE_FAKE_WITH_MAINS
				: strcmp(command, "shutdown.reboot")
					? LINE_FAKE_STAYS_OFF
					: LINE_FAKE_BY_CLOCK,
				FAKE_BACK_S);
}

static void upsd_fake_command(struct net_fake *fake, char **words, int count)
{
	const struct upsd_fake *upsd = fake->state;
	const char *value = count > 3 ? words[3] : NULL;

	if (!upsd_fake_has(upsd->offers, words[2])) {
		upsd_fake_say(fake, "ERR CMD-NOT-SUPPORTED");
		return;
	}
	if (!upsd->is_known || !upsd_fake_has(upsd->allows, words[2])) {
		upsd_fake_say(fake, "ERR ACCESS-DENIED");
		return;
	}
	if (!strcmp(upsd->result, "SUCCESS"))
		upsd_fake_obey(fake, words[2], value);
	upsd_fake_say(fake, upsd->tracks ? "OK TRACKING " FAKE_ID : "OK");
}

static void upsd_fake_track(struct net_fake *fake, const char *id)
{
	struct upsd_fake *upsd = fake->state;

	if (strcmp(id, FAKE_ID) != 0)
		upsd_fake_say(fake, "ERR UNKNOWN");
	else if (upsd->pending > 0 && upsd->pending--)
		upsd_fake_say(fake, "PENDING");
	else
		upsd_fake_say(fake, "%s", upsd->result);
}

static void upsd_fake_set(struct net_fake *fake, char **words, int count)
{
	struct upsd_fake *upsd = fake->state;

	if (!strcmp(words[1], "TRACKING") && !upsd->is_old) {
		upsd->tracks = true;
		upsd_fake_say(fake, "OK");
	} else if (strcmp(words[1], "VAR") != 0 || count < 5) {
		upsd_fake_say(fake, "ERR INVALID-ARGUMENT");
	} else if (upsd->fixed) {
		upsd_fake_say(fake, "ERR READONLY");
	} else {
		upsd->delay_s = atoi(words[4]);
		upsd_fake_say(fake, "OK");
	}
}

/** What upsmon says, whoever it is; true if that was it. */
static bool upsd_fake_join(struct net_fake *fake, char **words)
{
	static const char *const answers[][2] = {
		{ "LOGIN", "OK" },
		{ "PRIMARY", "OK PRIMARY-GRANTED" },
		{ "FSD", "OK FSD-SET" },
	};
	struct upsd_fake *upsd = fake->state;

	if (!strcmp(words[0], "GET") && !strcmp(words[1], "NUMLOGINS")) {
		upsd_fake_say(fake, "NUMLOGINS %s 1", words[2]);
		return true;
	}
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		if (strcmp(words[0], answers[i][0]) != 0 ||
		    strcmp(words[1], "far") != 0)
			continue;
		upsd->is_forced |= !strcmp(words[0], "FSD");
		upsd_fake_say(fake, "%s", answers[i][1]);
		return true;
	}
	return false;
}

/** What needs no driver; true if that was it. */
static bool upsd_fake_greet(struct net_fake *fake, char **words, int count)
{
	struct upsd_fake *upsd = fake->state;

	if (upsd_fake_join(fake, words))
		return true;
	if (!strcmp(words[0], "USERNAME") && count == 2) {
		upsd->is_user = !strcmp(words[1], UPSD_FAKE_USER);
	} else if (!strcmp(words[0], "PASSWORD") && count == 2) {
		upsd->is_known =
			upsd->is_user && !strcmp(words[1], UPSD_FAKE_PASSWORD);
	} else if (!strcmp(words[0], "LOGOUT")) {
		upsd_fake_say(fake, "OK Goodbye");
		return true;
	} else {
		return false;
	}
	upsd_fake_say(fake, "OK");
	return true;
}

/** What is said of, or to, its one UPS. */
static void upsd_fake_serve(struct net_fake *fake, char **words, int count)
{
	const struct upsd_fake *upsd = fake->state;
	bool is_command = !strcmp(words[0], "INSTCMD");

	if (strcmp(words[is_command ? 1 : 2], "far") != 0)
		upsd_fake_say(fake, "ERR UNKNOWN-UPS");
	else if (upsd->error)
		upsd_fake_say(fake, "ERR %s", upsd->error);
	else if (is_command)
		upsd_fake_command(fake, words, count);
	else if (!strcmp(words[0], "LIST"))
		upsd_fake_list(fake);
	else if (!strcmp(words[0], "GET"))
		upsd_fake_get(fake, words[3]);
	else if (!strcmp(words[0], "SET"))
		upsd_fake_set(fake, words, count);
	else
		upsd_fake_say(fake, "ERR UNKNOWN-COMMAND");
}

static void upsd_fake_hear(struct net_fake *fake, char **words, int count)
{
	if (count == 0 || upsd_fake_greet(fake, words, count))
		return;
	if (strcmp(words[1], "TRACKING") != 0)
		upsd_fake_serve(fake, words, count);
	else if (!strcmp(words[0], "GET"))
		upsd_fake_track(fake, words[2]);
	else
		upsd_fake_set(fake, words, count);
}

/**
 * Cut @line into words, as NUT does: quotes, and \ before any character. Those
 * that are not there are empty.
 */
static int upsd_fake_split(char *line, char *words[WORDS_MAX])
{
	static char none[1];
	char *to = line;
	int count = 0;

	for (int i = 0; i < WORDS_MAX; i++)
		words[i] = none;
	while (*line && count < WORDS_MAX) {
		bool is_quoted = *line == '"';

		line += is_quoted;
		words[count++] = to;
		while (*line && *line != (is_quoted ? '"' : ' ')) {
			line += *line == '\\' && line[1];
			*to++ = *line++;
		}
		line += is_quoted && *line;
		while (*line == ' ')
			line++;
		*to++ = '\0';
	}
	return count;
}

static void upsd_fake_receive(struct net_fake *fake, const uint8_t *bytes,
			      size_t len)
{
	struct upsd_fake *upsd = fake->state;
	char *words[WORDS_MAX];
	int count;

	for (size_t i = 0; i < len; i++) {
		size_t heard = strlen(upsd->heard);

		if (bytes[i] != '\n') {
			if (upsd->len < sizeof(upsd->line) - 1)
				upsd->line[upsd->len++] = (char)bytes[i];
			continue;
		}
		upsd->line[upsd->len] = '\0';
		upsd->len = 0;
		(void)snprintf(upsd->heard + heard, sizeof(upsd->heard) - heard,
			       "%s\n", upsd->line);
		count = upsd_fake_split(upsd->line, words);
		upsd_fake_hear(fake, words, count);
	}
}

const struct net_fake_kind upsd_fake_kind = {
	.name = "upsd",
	.is_stream = true,
	.port = 3493,
	.state_size = sizeof(struct upsd_fake),
	.start = upsd_fake_start,
	.connected = upsd_fake_connected,
	.receive = upsd_fake_receive,
};

NET_FAKE(upsd_fake_kind);
