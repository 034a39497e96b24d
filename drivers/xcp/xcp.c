// SPDX-License-Identifier: MIT
/*
 * XCP: an authorised command orders the cut, the UPS says what it thinks of
 * it, and its status block shows the countdown.
 */
#include "xcp/xcp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XCP_TRIES         3
#define XCP_ANSWER_MS     2000
/* It takes an authorisation after 250 ms at the earliest; it is good for 15 s. */
#define XCP_AUTHORISED_MS 500
#define XCP_OFF_S         120 /* as NUT */
#define XCP_OFF_S_MAX     65534
#define XCP_SHORT_S_MAX   255 /* of the short form */
#define XCP_SLACK_S       30  /* that it may take to begin to count */

/** Ask once. Returns the bytes of the answer; stores no sentence. */
static int xcp_ask(struct xcp *xcp, const uint8_t *command, size_t len,
		   uint8_t block, uint8_t *answer, size_t size, int answer_ms,
		   deadline_t until)
{
	uint8_t frame[XCP_FRAME_MAX];
	int ret;

	xcp->link->ops->drain(xcp->link);
	ret = xcp->link->ops->write(xcp->link, frame,
				    xcp_build(frame, command, len), until);
	if (ret < 0)
		return ret;
	return xcp_read(xcp->link, block, answer, size,
			deadline_earlier(until, deadline_in_ms(answer_ms)));
}

/** The status block; returns its length, at most XCP_STATUS_LEN. */
static int xcp_read_status(struct xcp *xcp, uint8_t status[XCP_STATUS_LEN],
			   deadline_t until)
{
	static const uint8_t command = XCP_GET_STATUS;
	int ret = -ETIMEDOUT;

	for (int i = 0; i < XCP_TRIES && !deadline_passed(until); i++) {
		ret = xcp_ask(xcp, &command, 1, XCP_BLOCK_STATUS, status,
			      XCP_STATUS_LEN, XCP_ANSWER_MS, until);
		if (ret > 0 || ret == -ENODEV)
			break;
	}
	return ret;
}

/** Seconds of a countdown, 0 if there is none or the block is a short one. */
static int xcp_left_s(const uint8_t status[XCP_STATUS_LEN], int len)
{
	if (len < XCP_STATUS_LEN)
		return 0;
	return status[XCP_STATUS_OFF_S] | status[XCP_STATUS_OFF_S + 1] << 8;
}

int xcp_greet(struct xcp *xcp, int answer_ms, deadline_t until)
{
	static const uint8_t command = XCP_GET_STATUS;
	uint8_t status[XCP_STATUS_LEN];
	int ret = xcp_ask(xcp, &command, 1, XCP_BLOCK_STATUS, status,
			  sizeof(status), answer_ms, until);

	if (ret < 0)
		return ret;
	xcp->cut_before = xcp_left_s(status, ret) > 0;
	return 0;
}

/**
 * Authorise and command. Returns its verdict with the echo behind it in
 * @answer, or an error: units older than revision W give no verdict.
 */
static int xcp_order(struct xcp *xcp, const uint8_t *command, size_t len,
		     uint8_t answer[XCP_COMMAND_MAX], deadline_t until)
{
	static const uint8_t key[] = { XCP_AUTHORISE, 0x69, 0xe8, 0xd5 };
	uint8_t frame[XCP_FRAME_MAX];
	int ret = -ETIMEDOUT;

	for (int i = 0; i < XCP_TRIES && !deadline_passed(until); i++) {
		memset(answer, 0, XCP_COMMAND_MAX);
		ret = xcp->link->ops->write(xcp->link, frame,
					    xcp_build(frame, key, sizeof(key)),
					    until);
		if (ret == 0)
			ret = clock_sleep_ms(XCP_AUTHORISED_MS, until);
		if (ret == 0)
			ret = xcp_ask(xcp, command, len, XCP_BLOCK_CONTROL,
				      answer, XCP_COMMAND_MAX, XCP_ANSWER_MS,
				      until);
		if (ret > 1 && answer[1] != command[0])
			ret = -EPROTO;
		if (ret == -ENODEV || (ret > 0 && answer[0] != XCP_BUSY))
			break;
	}
	return ret < 0 ? ret : answer[0];
}

static bool xcp_is_accepted(int verdict)
{
	return verdict == XCP_ACCEPTED || verdict == XCP_ADJUSTED;
}

static int xcp_refuse(struct ups *ups, int verdict)
{
	static const char *const why[] = {
		"it cannot do that",
		"it is busy, or its front panel forbids it",
		"it does not know the command",
		"the delay is out of its range",
		"it calls the parameters invalid",
	};

	if (verdict < XCP_NOT_IMPLEMENTED || verdict > XCP_INVALID)
		return ups_fail(
			ups, -EPROTO,
			"[%s] answers the cut with %02X, which nobody knows",
			ups->name, (unsigned int)verdict);
	return ups_fail(ups, -EPROTO, "[%s] refuses the cut: %s", ups->name,
			why[verdict - XCP_NOT_IMPLEMENTED]);
}

/** "outlet.2.shutdown.return" cuts one load segment; 0 means all. */
static int xcp_find_outlet(const struct ups *ups)
{
	const char *commands = ups_value(ups, "sdcommands");
	int outlet;

	if (!commands || strncmp(commands, "outlet.", 7) != 0)
		return 0;
	outlet = atoi(commands + 7);
	return outlet >= 1 && outlet <= 64 ? outlet : 0;
}

/** Off after a while, and on again with the mains; a verdict or an error. */
static int xcp_order_return(struct ups *ups, struct ups_cut *cut,
			    deadline_t until)
{
	int off_s =
		ups_number(ups, "shutdown_delay", XCP_OFF_S, 0, XCP_OFF_S_MAX);
	int outlet = xcp_find_outlet(ups);
	uint8_t command[] = { XCP_LOAD_OFF_RESTART, (uint8_t)off_s,
			      (uint8_t)(off_s >> 8), (uint8_t)outlet };
	uint8_t answer[XCP_COMMAND_MAX];
	size_t len = outlet ? 4 : 3;
	int ret = xcp_order(ups->state, command, len, answer, until);

	if (ret >= XCP_UNRECOGNISED && ret <= XCP_INVALID && !outlet) {
		/* Old ones have a byte for the delay. */
		if (off_s > XCP_SHORT_S_MAX)
			off_s = XCP_SHORT_S_MAX;
		command[1] = (uint8_t)off_s;
		len = 2;
		ret = xcp_order(ups->state, command, len, answer, until);
	}
	if (ret == XCP_ADJUSTED)
		off_s = len == 2 ? answer[2] : answer[2] | answer[3] << 8;
	cut->given = UPS_RETURN;
	cut->off_after_s = off_s;
	(void)snprintf(cut->how, sizeof(cut->how), "load off and restart (8A)");
	return ret;
}

static int xcp_order_stayoff(struct ups *ups, struct ups_cut *cut,
			     deadline_t until)
{
	static const uint8_t command = XCP_LOAD_OFF;
	uint8_t answer[XCP_COMMAND_MAX];

	cut->given = cut->wanted == UPS_OFF ? UPS_OFF : UPS_STAYOFF;
	cut->off_after_s = 0;
	(void)snprintf(cut->how, sizeof(cut->how), "load off (8B)");
	return xcp_order(ups->state, &command, 1, answer, until);
}

/** Does it show what it was told? A verdict, or why there was none. */
static int xcp_prove(struct ups *ups, struct ups_cut *cut, int verdict,
		     deadline_t until)
{
	uint8_t status[XCP_STATUS_LEN];
	int len = xcp_read_status(ups->state, status, until), left_s;
	bool is_shown;

	cut->proof = UPS_SENT;
	if (len < 0) /* off by now, or it went away after its answer */
		return verdict < 0 ? bytes_fail(ups, verdict) : 0;
	left_s = xcp_left_s(status, len);
	is_shown = cut->given == UPS_RETURN
			   ? left_s > 0 && left_s <= cut->off_after_s &&
				     left_s + XCP_SLACK_S >= cut->off_after_s
			   : status[XCP_STATUS_OVERALL] == XCP_IS_OFF;
	if (is_shown)
		cut->proof = UPS_VERIFIED;
	/* Without a verdict: is it an old one, which cannot show it either? */
	if (verdict < 0 && !is_shown && len == XCP_STATUS_LEN)
		return bytes_fail(ups, verdict);
	return 0;
}

int xcp_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct xcp *xcp = ups->state;
	bool returns = cut->wanted == UPS_RETURN || cut->wanted == UPS_REBOOT;
	uint8_t status[XCP_STATUS_LEN];
	int ret = ups_give(ups, cut, returns ? UPS_RETURN : cut->wanted);

	if (ret < 0)
		return ret;
	cut->on_after_s = UPS_UNKNOWN_S; /* set at its front panel */
	/* A countdown can only be made longer. */
	if (returns && xcp->cut_before) {
		ret = xcp_read_status(xcp, status, until);
		cut->off_after_s = ret > 0 ? xcp_left_s(status, ret) : 0;
		if (cut->off_after_s > 0) {
			cut->given = UPS_RETURN;
			cut->proof = UPS_VERIFIED;
			(void)snprintf(cut->how, sizeof(cut->how),
				       "counting already");
			return 0;
		}
	}
	ret = returns ? xcp_order_return(ups, cut, until)
		      : xcp_order_stayoff(ups, cut, until);
	if (returns && !cut->exact && ret > 0 && !xcp_is_accepted(ret) &&
	    ret != XCP_BUSY) {
		ups_note(ups,
			 "[%s] does not come back by itself: load off instead",
			 ups->name);
		ret = xcp_order_stayoff(ups, cut, until);
	}
	if (ret > 0 && !xcp_is_accepted(ret))
		return xcp_refuse(ups, ret);
	if (ret == -ENODEV || ret == -EIO)
		return bytes_fail(ups, ret);
	xcp->cut_before = true;
	return xcp_prove(ups, cut, ret, until);
}

int xcp_get_status(struct ups *ups, struct ups_status *status, deadline_t until)
{
	uint8_t block[XCP_STATUS_LEN];
	int len = xcp_read_status(ups->state, block, until), left_s;

	if (len < 0)
		return bytes_fail(ups, len);
	left_s = xcp_left_s(block, len);
	switch (block[XCP_STATUS_OVERALL]) {
	case XCP_ON_BATTERY:
		status->mains = UPS_MAINS_ABSENT;
		break;
	case XCP_ON_LINE:
	case 0x60: /* bypass, boost, trim */
	case 0x61:
	case 0x62:
	case 0x63:
		status->mains = UPS_MAINS_PRESENT;
		break;
	default: /* off or overloaded, with mains or without */
		status->mains = UPS_MAINS_UNKNOWN;
		break;
	}
	status->battery_low = status->mains == UPS_MAINS_ABSENT && len > 1 &&
			      block[XCP_STATUS_TOPOLOGY] & XCP_BATTERY_LOW;
	status->off_after_s = left_s > 0 ? left_s : UPS_UNKNOWN_S;
	return 0;
}

void xcp_close(struct ups *ups)
{
	struct xcp *xcp = ups->state;

	if (xcp->link)
		xcp->link->ops->close(xcp->link);
}
