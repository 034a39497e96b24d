// SPDX-License-Identifier: MIT
/* Questions to upsd, a line each, and what it answers. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "upsd/upsd.h"

#define UPSD_ANSWER_MS 5000
/* Some drivers say a command three times, a second apart. */
#define UPSD_DRIVER_MS 30000
#define UPSD_AGAIN_MS  250
#define UPSD_PART_MS   100
#define UPSD_LIST_MAX  512
#define UPSD_ID_MAX    64

/* Text in place, not pointers: those would have to be relocated. */
static const char upsd_order_names[UPSD_ORDERS][17] = {
	[UPSD_RETURN] = "shutdown.return",
	[UPSD_REBOOT] = "shutdown.reboot",
	[UPSD_OFF_DELAY] = "load.off.delay",
	[UPSD_STAYOFF] = "shutdown.stayoff",
	[UPSD_OFF] = "load.off",
	[UPSD_STOP] = "shutdown.stop",
};

/* What upsd says behind ERR; all else is passed on as it is. */
static const struct {
	char word[21];
	char sentence[48];
	uint8_t error; /* positive */
} upsd_refusals[] = {
	{ "ACCESS-DENIED", "denies it: a wrong password, or no right to?",
	  EPROTO },
	{ "CMD-NOT-SUPPORTED", "has no such command for this UPS", EOPNOTSUPP },
	{ "DATA-STALE", "has heard nothing of this UPS for some time", ENODEV },
	{ "DRIVER-NOT-CONNECTED", "has no running driver for this UPS", ENODEV },
	{ "FAILED", "has a driver that failed to do it", EPROTO },
	{ "INSTCMD-FAILED", "could not tell its driver", EPROTO },
	{ "UNKNOWN", "does not know what became of the command", EPROTO },
	{ "UNKNOWN-UPS", "knows no UPS of this name", EINVAL },
	{ "VAR-NOT-SUPPORTED", "has no such variable for this UPS", EOPNOTSUPP },
};

#define UPSD_REFUSALS (sizeof(upsd_refusals) / sizeof(upsd_refusals[0]))

const char *upsd_order_name(enum upsd_order order)
{
	return upsd_order_names[order];
}

/** What was said after ERR, as a sentence. */
static int upsd_refuse(struct ups *ups, const char *said)
{
	char word[32];
	size_t len = strspn(said, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	(void)snprintf(word, sizeof(word), "%.*s", (int)len, said);
	for (size_t i = 0; i < UPSD_REFUSALS; i++) {
		if (!strcmp(word, upsd_refusals[i].word))
			return ups_fail(ups, -upsd_refusals[i].error,
					"[%s] upsd %s (%s)", ups->name,
					upsd_refusals[i].sentence, word);
	}
	if (strstr(word, "SSL") || strstr(word, "TLS"))
		return ups_fail(
			ups, -EPROTO,
			"[%s] upsd wants TLS, which lastwatt does not speak (%s)",
			ups->name, word);
	return ups_fail(ups, -EPROTO, "[%s] upsd refuses: %s", ups->name, word);
}

/** The connection is of no use any more. */
static int upsd_lose(struct ups *ups, int error, deadline_t until)
{
	struct upsd_state *state = ups->state;

	state->is_lost = true;
	if (error == -ENODEV)
		return ups_fail(ups, error, "[%s] upsd has hung up", ups->name);
	if (error == -EPROTO)
		return ups_fail(
			ups, error,
			"[%s] this is not what upsd says: is it upsd at all?",
			ups->name);
	/* While there is time a new connection may do better. */
	if (error == -ETIMEDOUT)
		return ups_fail(ups, deadline_passed(until) ? error : -EIO,
				"[%s] upsd does not answer", ups->name);
	return ups_fail(ups, -EIO, "[%s] the connection to upsd fails",
			ups->name);
}

/**
 * Add @word to the question; in quotes if it has to be, for not all that
 * speak as upsd does know them. Returns the length, UPSD_LINE_MAX if it does
 * not fit.
 */
static size_t upsd_put_word(char line[UPSD_LINE_MAX], size_t len,
			    const char *word)
{
	const size_t most = UPSD_LINE_MAX - 4; /* "\x", a quote, a newline */
	bool is_plain = *word && !strpbrk(word, " \"\\#=");

	if (len > 0 && len < most)
		line[len++] = ' ';
	if (!is_plain && len < most)
		line[len++] = '"';
	for (; *word && len < most; word++) {
		if (strchr("\"\\#", *word))
			line[len++] = '\\';
		line[len++] = *word;
	}
	if (*word || len >= most)
		return UPSD_LINE_MAX;
	if (!is_plain)
		line[len++] = '"';
	return len;
}

static int upsd_read(struct ups *ups, char answer[UPSD_LINE_MAX],
		     deadline_t until)
{
	struct upsd_state *state = ups->state;
	int len = bytes_read_line(
		&state->net.link, '\n', answer, UPSD_LINE_MAX, NULL,
		deadline_earlier(until, deadline_in_ms(UPSD_ANSWER_MS)));

	if (len < 0)
		return upsd_lose(ups, len, until);
	answer[strcspn(answer, "\r")] = '\0';
	return 0;
}

/** Ask in @words, NULL at the end; ERR is an error. */
static int upsd_ask_words(struct ups *ups, char answer[UPSD_LINE_MAX],
			  deadline_t until, va_list words)
{
	struct upsd_state *state = ups->state;
	struct byte_link *link = &state->net.link;
	const char *word;
	size_t len = 0;
	int ret = -EINVAL;

	if (state->is_lost)
		return upsd_lose(ups, -ENODEV, until);
	while (len < UPSD_LINE_MAX && (word = va_arg(words, const char *)))
		len = upsd_put_word(answer, len, word);
	if (len < UPSD_LINE_MAX) {
		answer[len++] = '\n';
		ret = link->ops->write(link, answer, len, until);
	}
	explicit_bzero(answer, UPSD_LINE_MAX); /* perhaps the password */
	if (ret == -EINVAL)
		return ups_fail(ups, ret,
				"[%s] its section is too long for upsd",
				ups->name);
	if (ret < 0)
		return upsd_lose(ups, ret, until);
	ret = upsd_read(ups, answer, until);
	if (ret == 0 && !strncmp(answer, "ERR ", 4))
		ret = upsd_refuse(ups, answer + 4);
	return ret;
}

static int upsd_ask(struct ups *ups, char answer[UPSD_LINE_MAX],
		    deadline_t until, ...) __attribute__((sentinel));

/** The same, for whoever knows what to do with the answer. */
static int upsd_ask(struct ups *ups, char answer[UPSD_LINE_MAX],
		    deadline_t until, ...)
{
	va_list words;
	int ret;

	va_start(words, until);
	ret = upsd_ask_words(ups, answer, until, words);
	va_end(words);
	return ret;
}

/** -EPROTO if @answer does not begin with the word @wanted. */
static int upsd_expect(struct ups *ups, const char *answer, const char *wanted,
		       deadline_t until)
{
	size_t len = strlen(wanted);

	if (strncmp(answer, wanted, len) != 0 ||
	    (answer[len] && answer[len] != ' '))
		return upsd_lose(ups, -EPROTO, until);
	return 0;
}

static int upsd_ask_ok(struct ups *ups, char answer[UPSD_LINE_MAX],
		       deadline_t until, ...) __attribute__((sentinel));

/** The same, and OK is expected, with or without more behind it. */
static int upsd_ask_ok(struct ups *ups, char answer[UPSD_LINE_MAX],
		       deadline_t until, ...)
{
	va_list words;
	int ret;

	va_start(words, until);
	ret = upsd_ask_words(ups, answer, until, words);
	va_end(words);
	return ret < 0 ? ret : upsd_expect(ups, answer, "OK", until);
}

/** What stands behind "@kind UPS " in @answer, or NULL. */
static char *upsd_skip(const struct upsd_state *state, char *answer,
		       const char *kind)
{
	char start[UPS_NAME_MAX + 16];
	int len = snprintf(start, sizeof(start), "%s %s ", kind, state->name);

	return strncasecmp(answer, start, (size_t)len) ? NULL : answer + len;
}

const char *upsd_get(struct ups *ups, const char *variable,
		     char answer[UPSD_LINE_MAX], int *error, deadline_t until)
{
	size_t len = strlen(variable);
	char *at, *end;

	*error = upsd_ask(ups, answer, until, "GET", "VAR",
			  ((struct upsd_state *)ups->state)->name, variable,
			  (char *)NULL);
	if (*error < 0)
		return NULL;
	at = upsd_skip(ups->state, answer, "VAR");
	end = at ? strrchr(at, '"') : NULL;
	if (!end || strncmp(at, variable, len) != 0 || at[len] != ' ' ||
	    at[len + 1] != '"' || end == at + len + 1) {
		*error = upsd_lose(ups, -EPROTO, until);
		return NULL;
	}
	*end = '\0';
	return at + len + 2;
}

int upsd_get_s(struct ups *ups, const char *variable, int *error,
	       deadline_t until)
{
	char answer[UPSD_LINE_MAX], *end;
	const char *value = upsd_get(ups, variable, answer, error, until);
	long number = value ? strtol(value, &end, 10) : UPS_UNKNOWN_S;

	/* Some have decimals. */
	if (!value || end == value || number < 0 || number > INT32_MAX)
		return UPS_UNKNOWN_S;
	return (int)number;
}

int upsd_set(struct ups *ups, const char *variable, const char *value,
	     deadline_t until)
{
	const struct upsd_state *state = ups->state;
	char answer[UPSD_LINE_MAX];

	return upsd_ask_ok(ups, answer, until, "SET", "VAR", state->name,
			   variable, value, (char *)NULL);
}

static int upsd_list(struct ups *ups, deadline_t until)
{
	struct upsd_state *state = ups->state;
	char answer[UPSD_LINE_MAX];
	int ret = upsd_ask(ups, answer, until, "LIST", "CMD", state->name,
			   (char *)NULL);

	if (ret == 0)
		ret = upsd_expect(ups, answer, "BEGIN", until);
	for (int i = 0; ret == 0 && i < UPSD_LIST_MAX; i++) {
		const char *command;

		ret = upsd_read(ups, answer, until);
		if (ret < 0 || !strncmp(answer, "END LIST ", 9))
			return ret;
		command = upsd_skip(state, answer, "CMD");
		for (int k = 0; command && k < UPSD_ORDERS; k++) {
			if (!strcmp(command, upsd_order_names[k]))
				state->offered |= 1u << k;
		}
	}
	return ret < 0 ? ret : upsd_lose(ups, -EPROTO, until);
}

int upsd_learn(struct ups *ups, deadline_t until)
{
	struct upsd_state *state = ups->state;
	char answer[UPSD_LINE_MAX];
	int ret;

	/* First: a driver that is gone offers nothing. */
	if (!upsd_get(ups, "ups.status", answer, &ret, until) &&
	    ret != -EOPNOTSUPP)
		return ret;
	ret = upsd_list(ups, until);
	if (ret < 0)
		return ret;
	state->off_s = upsd_get_s(ups, "ups.delay.shutdown", &ret, until);
	if (!state->is_lost)
		state->on_s = upsd_get_s(ups, "ups.delay.start", &ret, until);
	return state->is_lost ? ret : 0;
}

int upsd_log_in(struct ups *ups, deadline_t until)
{
	struct upsd_state *state = ups->state;
	char answer[UPSD_LINE_MAX];
	int ret;

	if (state->is_known)
		return 0;
	ret = upsd_ask_ok(ups, answer, until, "USERNAME",
			  ups_value(ups, "username"), (char *)NULL);
	if (ret == 0)
		ret = upsd_ask_ok(ups, answer, until, "PASSWORD",
				  ups_value(ups, "password"), (char *)NULL);
	if (ret < 0)
		return ret;
	state->is_known = true;
	/* upsd before 2.8 does not know it, and tells nothing then. */
	ret = upsd_ask_ok(ups, answer, until, "SET", "TRACKING", "ON",
			  (char *)NULL);
	return state->is_lost ? ret : 0;
}

/** Wait until the driver says what became of the command. */
static int upsd_track(struct ups *ups, const char *said, deadline_t until)
{
	deadline_t limit =
		deadline_earlier(until, deadline_in_ms(UPSD_DRIVER_MS));
	char answer[UPSD_LINE_MAX], id[UPSD_ID_MAX];
	size_t len = strlen(said);
	int ret;

	if (len >= sizeof(id))
		return upsd_lose(ups, -EPROTO, until);
	memcpy(id, said, len + 1);
	for (;;) {
		ret = upsd_ask(ups, answer, until, "GET", "TRACKING", id,
			       (char *)NULL);
		if (ret < 0 || !strcmp(answer, "SUCCESS"))
			return ret;
		if (strcmp(answer, "PENDING") != 0)
			return upsd_lose(ups, -EPROTO, until);
		if (clock_sleep_ms(UPSD_AGAIN_MS, limit) < 0)
			return ups_fail(
				ups, -ETIMEDOUT,
				"[%s] upsd has passed the command on, and its driver says nothing to it",
				ups->name);
	}
}

int upsd_order(struct ups *ups, enum upsd_order order, const char *value,
	       deadline_t until)
{
	const struct upsd_state *state = ups->state;
	char answer[UPSD_LINE_MAX];
	/* A NULL ends the words. */
	int ret = upsd_ask_ok(ups, answer, until, "INSTCMD", state->name,
			      upsd_order_names[order], value, (char *)NULL);

	if (ret < 0 || strncmp(answer, "OK TRACKING ", 12) != 0)
		return ret;
	return upsd_track(ups, answer + 12, until);
}

void upsd_part(struct ups *ups)
{
	struct upsd_state *state = ups->state;
	struct byte_link *link = &state->net.link;

	if (!state->is_lost)
		(void)link->ops->write(link, "LOGOUT\n", 7,
				       deadline_in_ms(UPSD_PART_MS));
}
