// SPDX-License-Identifier: MIT
/* Runs the exchanges of the table. */
#include "chat/chat.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CHAT_TRIES    3
#define CHAT_TEXT_MAX 32
/* Longer than a byte takes at 300 baud. */
#define CHAT_QUIET_MS 100

int chat_send(struct chat_state *state, const char *text, size_t len,
	      deadline_t until)
{
	struct byte_link *link = &state->serial.link;

	if (state->row->gap_ms)
		return bytes_write_slowly(link, text, len, state->row->gap_ms,
					  until);
	return link->ops->write(link, text, len, until);
}

/** Fill the number in; returns the length. */
static int chat_fill(const struct chat_state *state,
		     const struct chat_step *step, int off_s,
		     char text[CHAT_TEXT_MAX])
{
	const char *hole = step->len ? NULL : strchr(step->send, '%');
	int number = off_s;

	if (step->len) {
		memcpy(text, step->send, step->len);
		return step->len;
	}
	if (!hole)
		return snprintf(text, CHAT_TEXT_MAX, "%s", step->send);
	if (step->number == CHAT_OFF_THEN)
		number += state->row->on_s;
	return snprintf(text, CHAT_TEXT_MAX,
			hole[1] == 'X' ? "%.*s%04X%s" : "%.*s%d%s",
			(int)(hole - step->send), step->send, number, hole + 2);
}

/** Wait for @expect. -EPROTO: something else came. */
static int chat_expect(struct chat_state *state, const char *expect,
		       deadline_t until)
{
	deadline_t then =
		deadline_earlier(until, deadline_in_ms(state->row->answer_ms));
	size_t len = strlen(expect), kept = 0;
	char last[CHAT_TEXT_MAX];
	bool heard = false;

	for (;;) {
		char byte;
		int ret = bytes_read(&state->serial.link, &byte, 1, then);

		if (ret < 0)
			return ret == -ETIMEDOUT && heard ? -EPROTO : ret;
		heard = true;
		if (kept == len)
			memmove(last, last + 1, --kept);
		last[kept++] = byte;
		if (kept == len && !memcmp(last, expect, len))
			return 0;
	}
}

static int chat_step(struct chat_state *state, const struct chat_step *step,
		     int off_s, deadline_t until)
{
	char text[CHAT_TEXT_MAX];
	int len = chat_fill(state, step, off_s, text);
	int ret;

	/* What belongs to the step before must not be taken for the answer. */
	if (step->expect[0])
		bytes_settle(&state->serial.link, CHAT_QUIET_MS, until);
	ret = chat_send(state, text, (size_t)len, until);
	if (ret == 0 && step->expect[0])
		ret = chat_expect(state, step->expect, until);
	if (ret == 0 && step->wait_ms)
		ret = clock_sleep_ms(step->wait_ms, until);
	return ret;
}

static int chat_run(struct ups *ups, const struct chat_step *step, int off_s,
		    deadline_t until)
{
	for (; step && step->send[0]; step++) {
		int ret = chat_step(ups->state, step, off_s, until);

		if (step->optional && (ret == -ETIMEDOUT || ret == -EPROTO) &&
		    !deadline_passed(until))
			ups_note(ups, "[%s] does not say whether it restarts",
				 ups->name);
		else if (ret < 0)
			return ret;
	}
	return 0;
}

static int chat_read_status(struct ups *ups, struct ups_status *status,
			    deadline_t until)
{
	struct chat_state *state = ups->state;
	int ret = -ETIMEDOUT;

	*status = (struct ups_status){ .off_after_s = UPS_UNKNOWN_S };
	for (int i = 0; i < CHAT_TRIES && !deadline_passed(until); i++) {
		state->serial.link.ops->drain(&state->serial.link);
		ret = state->row->read_state(
			state, status,
			deadline_earlier(
				until, deadline_in_ms(state->row->answer_ms)));
		if (ret == 0 || ret == -ENODEV)
			break;
	}
	return ret;
}

static void chat_close(struct ups *ups)
{
	struct chat_state *state = ups->state;

	bytes_close(&state->serial.link);
}

static int chat_open(struct ups *ups, deadline_t until)
{
	struct chat_state *state = ups->state;
	const struct chat_row *row = chat_find_row(ups);
	struct serial_settings settings = row->settings;
	struct ups_status status;
	int ret;

	state->row = row;
	if (row->has_baudrate)
		settings.speed =
			ups_number(ups, "baudrate", settings.speed, 1200, 9600);
	ret = serial_open(&state->serial, ups, &settings, until);
	if (ret < 0)
		return ret;
	ret = chat_run(ups, row->hello, 0, until);
	if (ret == 0)
		ret = chat_read_status(ups, &status, until);
	if (ret < 0) {
		chat_close(ups);
		return bytes_fail(ups, ret);
	}
	state->off_s = row->off_key ? ups_number(ups, row->off_key, row->off_s,
						 row->now_s, 9999)
				    : row->off_s;
	return 0;
}

/** The script for @wanted, or the first one. */
static const struct chat_script *chat_choose(const struct chat_row *row,
					     enum ups_command wanted)
{
	const struct chat_script *script = row->scripts;

	if (wanted == UPS_OFF)
		wanted = UPS_STAYOFF;
	for (size_t i = 0; i < 3 && row->scripts[i].steps; i++) {
		if (row->scripts[i].does == wanted)
			script = &row->scripts[i];
	}
	return script;
}

static int chat_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct chat_state *state = ups->state;
	const struct chat_row *row = state->row;
	const struct chat_script *script = chat_choose(row, cut->wanted);
	int off_s = cut->wanted == UPS_OFF ? row->now_s : state->off_s;
	int ret = ups_give(ups, cut, script->does);

	if (ret < 0)
		return ret;
	ret = chat_run(ups, script->steps, off_s, until);
	/* A refusal is no more than that it was not what is expected. */
	ups->in_doubt = ret == -EPROTO;
	if (ret == -EPROTO)
		return ups_fail(ups, ret, "[%s] refused the command", ups->name);
	if (ret < 0)
		return bytes_fail(ups, ret);
	cut->proof = UPS_SENT;
	cut->off_after_s = off_s;
	cut->on_after_s = script->does == UPS_RETURN && row->on_s
				  ? row->on_s
				  : UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "%s", row->nut_name);
	return 0;
}

static int chat_status(struct ups *ups, struct ups_status *status,
		       deadline_t until)
{
	int ret = chat_read_status(ups, status, until);

	return ret < 0 ? bytes_fail(ups, ret) : 0;
}

static int chat_cancel(struct ups *ups, deadline_t until)
{
	struct chat_state *state = ups->state;
	int ret;

	if (!state->row->cancel)
		return ups_fail(ups, -EOPNOTSUPP, "[%s] cannot be stopped",
				ups->name);
	ret = chat_run(ups, state->row->cancel, 0, until);
	return ret < 0 ? bytes_fail(ups, ret) : 0;
}

static const char *const chat_nut_names[] = {
	"etapro",       "everups",
	"bestfcom",     "bestuferrups",
	"bestfortress", "nutdrv_siemens_sitop",
	"rhino",        "nutdrv_siemens-sitop",
	"victronups",   "isbmex",
	NULL,
};

static const struct ups_driver chat_driver = {
	.name = "chat",
	.summary = "serial UPSes that need a few words",
	.nut_names = chat_nut_names,
	.state_size = sizeof(struct chat_state),
	.open = chat_open,
	.cut = chat_cut,
	.status = chat_status,
	.cancel = chat_cancel,
	.close = chat_close,
};

UPS_DRIVER(chat_driver);
