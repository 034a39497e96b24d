// SPDX-License-Identifier: MIT
/*
 * A UPS that hangs on another machine, commanded through NUT's upsd there.
 * Nobody gets here without asking for it: a secondary of NUT only waits.
 */
#include "upsd/upsd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A driver reads its UPS again every other second, mostly. */
#define UPSD_SHOW_MS  4000
#define UPSD_AGAIN_MS 250

/* What is tried in turn; UPSD_ORDERS is the end. */
static const uint8_t upsd_ladder[4][6] = {
	[UPS_RETURN] = { UPSD_RETURN, UPSD_REBOOT, UPSD_OFF_DELAY, UPSD_STAYOFF,
			 UPSD_OFF, UPSD_ORDERS },
	[UPS_STAYOFF] = { UPSD_STAYOFF, UPSD_OFF_DELAY, UPSD_OFF, UPSD_ORDERS },
	[UPS_OFF] = { UPSD_OFF, UPSD_OFF_DELAY, UPSD_STAYOFF, UPSD_ORDERS },
	[UPS_REBOOT] = { UPSD_REBOOT, UPSD_RETURN, UPSD_ORDERS },
};

/* And what that amounts to. */
static const uint8_t upsd_gives[UPSD_STOP] = {
	[UPSD_RETURN] = UPS_RETURN,     [UPSD_REBOOT] = UPS_REBOOT,
	[UPSD_OFF_DELAY] = UPS_STAYOFF, [UPSD_STAYOFF] = UPS_STAYOFF,
	[UPSD_OFF] = UPS_OFF,
};

/** Take "ups@host" or "ups@host:port" apart. */
static int upsd_split(const struct ups *ups, char name[UPS_NAME_MAX],
		      char host[NET_HOST_MAX], int *port)
{
	const char *value = ups_value(ups, "port");
	size_t len = value ? strcspn(value, "@") : 0;

	if (len == 0 || len >= UPS_NAME_MAX || !value[len])
		return -EINVAL;
	memcpy(name, value, len);
	name[len] = '\0';
	*port = UPSD_PORT;
	return net_split(value + len + 1, host, port);
}

static int upsd_find_host(const struct ups *ups, char *host, size_t size)
{
	char name[UPS_NAME_MAX], found[NET_HOST_MAX];
	int port;

	if (upsd_split(ups, name, found, &port) < 0 || strlen(found) >= size)
		return -ENOENT;
	(void)strcpy(host, found); /* it fits */
	return 0;
}

static void upsd_close(struct ups *ups)
{
	struct upsd_state *state = ups->state;

	if (!state->net.link.ops)
		return;
	upsd_part(ups);
	state->net.link.ops->close(&state->net.link);
}

static int upsd_open(struct ups *ups, deadline_t until)
{
	struct upsd_state *state = ups->state;
	const char *user = ups_value(ups, "username");
	const char *password = ups_value(ups, "password");
	char host[NET_HOST_MAX];
	int port, ret;

	if (upsd_split(ups, state->name, host, &port) < 0)
		return ups_fail(ups, -EINVAL,
				"[%s] its port must be UPS@HOST or UPS@HOST:PORT",
				ups->name);
	if (!user || !*user || !password || !*password)
		return ups_fail(
			ups, -EINVAL,
			"[%s] needs a username and a password: upsd lets nobody command a UPS without",
			ups->name);
	ret = net_open_link(&state->net, ups, host, port, until);
	if (ret < 0) {
		state->net.link.ops = NULL;
		return ret;
	}
	ret = upsd_learn(ups, until);
	if (ret < 0) {
		upsd_close(ups);
		return ret;
	}
	(void)snprintf(ups->identity, sizeof(ups->identity), "%s",
		       ups_value(ups, "port"));
	return 0;
}

/** The first of the ladder that it offers, from *@rung on. */
static bool upsd_next(struct ups *ups, struct ups_cut *cut, int *rung)
{
	const struct upsd_state *state = ups->state;
	const uint8_t *ladder = upsd_ladder[cut->wanted];

	for (; ladder[*rung] != UPSD_ORDERS; (*rung)++) {
		enum upsd_order order = ladder[*rung];

		if (state->offered & 1u << order &&
		    ups_give(ups, cut, upsd_gives[order]) == 0)
			return true;
	}
	return false;
}

static int upsd_fail_none(struct ups *ups, const struct ups_cut *cut)
{
	return ups_fail(ups, -EOPNOTSUPP,
			"[%s] upsd offers nothing for \"%s\" of this UPS",
			ups->name, ups_command_name(cut->wanted));
}

/** What the delays are if nobody shows them. */
static void upsd_grant(struct ups *ups, struct ups_cut *cut,
		       enum upsd_order order)
{
	const struct upsd_state *state = ups->state;

	cut->proof = UPS_SENT;
	cut->off_after_s = order == UPSD_OFF ? 0
			   : order == UPSD_RETURN || order == UPSD_STAYOFF
				   ? state->off_s
				   : UPS_UNKNOWN_S;
	cut->on_after_s = order == UPSD_RETURN ? state->on_s : UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "upsd, %s",
		       upsd_order_name(order));
}

/** ups.status is words with blanks between. */
static bool upsd_has_word(const char *status, const char *word)
{
	size_t len = strlen(word);

	while (*status) {
		size_t this_len = strcspn(status, " ");

		if (this_len == len && !memcmp(status, word, len))
			return true;
		status += this_len;
		status += strspn(status, " ");
	}
	return false;
}

/** Is its load off? FSD does not count: that is upsd's own, not the UPS's. */
static bool upsd_shows_off(struct ups *ups, deadline_t until)
{
	char answer[UPSD_LINE_MAX];
	int error;
	const char *status = upsd_get(ups, "ups.status", answer, &error, until);

	return status && upsd_has_word(status, "OFF");
}

/**
 * Look for the countdown; one that stood at @before already proves nothing.
 * Idle it is -1 or 0 with most, and missing with many.
 */
static void upsd_verify(struct ups *ups, struct ups_cut *cut, int before,
			deadline_t until)
{
	const struct upsd_state *state = ups->state;
	deadline_t limit = deadline_earlier(until, deadline_in_ms(UPSD_SHOW_MS));
	int left_s, error;

	do {
		left_s = upsd_get_s(ups, "ups.timer.shutdown", &error, limit);
		if (left_s > 0 && left_s != before) {
			cut->off_after_s = left_s;
			cut->proof = UPS_VERIFIED;
			return;
		}
		if (state->is_lost)
			return;
		if (upsd_shows_off(ups, limit)) {
			cut->proof = UPS_VERIFIED;
			return;
		}
		/* One without a timer will not get one. */
	} while (error != -EOPNOTSUPP && !state->is_lost &&
		 clock_sleep_ms(UPSD_AGAIN_MS, limit) == 0);
}

static void upsd_set_delay(struct ups *ups, const char *value, deadline_t until)
{
	struct upsd_state *state = ups->state;
	int error;

	if (upsd_set(ups, "ups.delay.shutdown", value, until) < 0)
		ups_note(ups, "[%s] offdelay stays as it is there: %s",
			 ups->name, ups->problem);
	else
		state->off_s =
			upsd_get_s(ups, "ups.delay.shutdown", &error, until);
}

/** In rung order, until one is taken. */
static int upsd_climb(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	const struct upsd_state *state = ups->state;
	const char *delay = ups_value(ups, "offdelay");
	int before, error, ret, rung = 0;

	before = upsd_get_s(ups, "ups.timer.shutdown", &error, until);
	for (ret = 0; upsd_next(ups, cut, &rung); rung++) {
		enum upsd_order order = upsd_ladder[cut->wanted][rung];

		ret = upsd_order(ups, order,
				 order == UPSD_OFF_DELAY ? delay : NULL, until);
		if (ret == 0) {
			upsd_grant(ups, cut, order);
			upsd_verify(ups, cut, before, until);
			return 0;
		}
		ups->in_doubt = state->is_lost; /* was it heard? */
		/* Refused: the next one. A driver that is gone comes back. */
		if (state->is_lost || ret == -ENODEV || ret == -ETIMEDOUT)
			return ret;
	}
	return ret < 0 ? ret : upsd_fail_none(ups, cut);
}

/** Is there a timer to be seen, and may this user stop what it shows? */
static int upsd_try_stop(struct ups *ups, const struct ups_cut *cut,
			 deadline_t until)
{
	const struct upsd_state *state = ups->state;
	char answer[UPSD_LINE_MAX];
	int error;

	if (!(state->offered & 1u << UPSD_STOP) ||
	    !(state->offered & 1u << UPSD_RETURN) ||
	    state->off_s == UPS_UNKNOWN_S ||
	    !upsd_get(ups, "ups.timer.shutdown", answer, &error, until))
		return ups_spare(ups, cut);
	/* With its own sentence. */
	return upsd_order(ups, UPSD_STOP, NULL, until) < 0 ? -EOPNOTSUPP : 0;
}

/** With a delay that is long enough, which is not there afterwards. */
static int upsd_rehearse(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	const struct upsd_state *state = ups->state;
	int own_s = state->off_s, ret = upsd_try_stop(ups, cut, until);
	char own[16];

	if (ret < 0)
		return ret;
	if (own_s < cut->least_s)
		upsd_set_delay(ups, ups_value(ups, "offdelay"), until);
	ret = state->off_s < cut->least_s ? ups_spare(ups, cut)
					  : upsd_climb(ups, cut, until);
	(void)snprintf(own, sizeof(own), "%d", own_s);
	if (state->off_s != own_s &&
	    upsd_set(ups, "ups.delay.shutdown", own, until) < 0)
		ups_note(ups,
			 "[%s] ups.delay.shutdown was %s there: set it again",
			 ups->name, own);
	return ret;
}

static int upsd_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	const char *delay = ups_value(ups, "offdelay");
	int ret = upsd_log_in(ups, until);

	if (ret < 0)
		return ret;
	if (cut->least_s)
		return upsd_rehearse(ups, cut, until);
	if (delay && *delay)
		upsd_set_delay(ups, delay, until);
	return upsd_climb(ups, cut, until);
}

static int upsd_status(struct ups *ups, struct ups_status *status,
		       deadline_t until)
{
	char answer[UPSD_LINE_MAX];
	int error;
	const char *words = upsd_get(ups, "ups.status", answer, &error, until);

	if (!words)
		return error;
	status->mains = upsd_has_word(words, "OB")   ? UPS_MAINS_ABSENT
			: upsd_has_word(words, "OL") ? UPS_MAINS_PRESENT
						     : UPS_MAINS_UNKNOWN;
	status->battery_low = upsd_has_word(words, "LB");
	status->off_after_s =
		upsd_get_s(ups, "ups.timer.shutdown", &error, until);
	if (status->off_after_s == 0)
		status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static int upsd_cancel(struct ups *ups, deadline_t until)
{
	const struct upsd_state *state = ups->state;
	deadline_t limit;
	int ret, error;

	if (!(state->offered & 1u << UPSD_STOP))
		return ups_fail(ups, -EOPNOTSUPP,
				"[%s] upsd offers no %s of this UPS", ups->name,
				upsd_order_name(UPSD_STOP));
	ret = upsd_log_in(ups, until);
	if (ret == 0)
		ret = upsd_order(ups, UPSD_STOP, NULL, until);
	/* The countdown that upsd shows is an old one for a while. */
	limit = deadline_earlier(until, deadline_in_ms(UPSD_SHOW_MS));
	while (ret == 0 && !state->is_lost &&
	       upsd_get_s(ups, "ups.timer.shutdown", &error, limit) > 0 &&
	       clock_sleep_ms(UPSD_AGAIN_MS, limit) == 0)
		;
	return ret;
}

/** Whether our user may shows only when it is commanded. */
static int upsd_check(struct ups *ups, struct ups_found *found,
		      struct ups_cut *cut, deadline_t until)
{
	struct upsd_state state = { 0 };
	struct ups_status status = { 0 };
	int ret, rung = 0;

	ups->state = &state;
	ret = upsd_open(ups, until);
	if (ret == 0) {
		if (!upsd_next(ups, cut, &rung))
			ret = upsd_fail_none(ups, cut);
		else
			upsd_grant(ups, cut, upsd_ladder[cut->wanted][rung]);
		if (ret == 0)
			ret = upsd_status(ups, &status, until);
		upsd_close(ups);
	}
	found->mains = status.mains;
	ups->state = NULL;
	return ret;
}

static const char *const upsd_nut_names[] = { "upsd", NULL };
static const char *const upsd_keys[] = { "username", "password", "offdelay",
					 NULL };

static const struct ups_driver upsd_driver = {
	.name = "upsd",
	.summary = "a UPS of another machine, through NUT's upsd there",
	.nut_names = upsd_nut_names,
	.rehearses = true,
	.state_size = sizeof(struct upsd_state),
	.keys = upsd_keys,
	.open = upsd_open,
	.cut = upsd_cut,
	.status = upsd_status,
	.cancel = upsd_cancel,
	.find_host = upsd_find_host,
	.check = upsd_check,
	.close = upsd_close,
};

UPS_DRIVER(upsd_driver);
