// SPDX-License-Identifier: MIT
/*
 * Tripp Lite's UPSes with USB 09ae:0001, NUT's tripplite_usb: a delay and an
 * order that counts on battery; with mains, the watchdog that it has.
 */
#include "tripplite_usb/tripplite_usb.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "link/usb_pipe.h"

#define TRIPPLITE_USB_TRIES     5
#define TRIPPLITE_USB_READS     10
/* It has nothing to say before that; after 250 ms it may have missed it. */
#define TRIPPLITE_USB_THINK_MS  100
#define TRIPPLITE_USB_ANSWER_MS 1000
/* It does not take the order right behind the delay. */
#define TRIPPLITE_USB_GAP_MS    2000

#define TRIPPLITE_USB_OFF_S        64
#define TRIPPLITE_USB_OFF_S_MAX    65535
#define TRIPPLITE_USB_DIGITS_MAX   255
#define TRIPPLITE_USB_NOW_S        5  /* as NUT has tried it with outlets */
#define TRIPPLITE_USB_WATCHDOG_MIN 15 /* of protocol 3005 */
#define TRIPPLITE_USB_WATCHDOG_MAX 255

/* The protocols that differ. */
#define SMART_0004 0x0004
#define SMARTPRO   0x3003

struct tripplite_usb_state {
	struct usb_pipe_link usb;
	uint16_t protocol;
	bool watched; /* the watchdog runs, and any question feeds it */
};

static const struct usb_id tripplite_usb_ids[] = {
	{ .vendor_id = 0x09ae, .product_id = 0x0001 },
};

/** Read until it answers to @command; -EPROTO if it only says other things. */
static int tripplite_usb_hear(struct usb_pipe *pipe, uint8_t command,
			      uint8_t answer[TRIPPLITE_USB_REPORT],
			      deadline_t until)
{
	deadline_t soon =
		deadline_earlier(until, deadline_in_ms(TRIPPLITE_USB_ANSWER_MS));
	int ret = -ETIMEDOUT;

	for (int i = 0; i < TRIPPLITE_USB_READS; i++) {
		ret = pipe->ops->transfer(pipe, TRIPPLITE_USB_ENDPOINT, answer,
					  TRIPPLITE_USB_REPORT, soon);
		if (ret == -EPIPE)
			(void)pipe->ops->clear_halt(pipe,
						    TRIPPLITE_USB_ENDPOINT);
		if (ret < 0)
			return ret;
		if (ret == TRIPPLITE_USB_REPORT && answer[0] == command)
			return 0;
		ret = -EPROTO;
	}
	return ret;
}

/** Say @len bytes that begin with a command, and read the answer to it. */
static int tripplite_usb_ask(struct usb_pipe *pipe, const uint8_t *text,
			     size_t len, uint8_t answer[TRIPPLITE_USB_REPORT],
			     deadline_t until)
{
	int ret = -ETIMEDOUT;

	for (int i = 0; i < TRIPPLITE_USB_TRIES && !deadline_passed(until); i++) {
		uint8_t report[TRIPPLITE_USB_REPORT];

		tripplite_usb_build(report, text, len);
		ret = pipe->ops->control(
			pipe, TRIPPLITE_USB_SET_REPORT_TYPE,
			TRIPPLITE_USB_SET_REPORT, TRIPPLITE_USB_FEATURE_REPORT,
			0, report, sizeof(report),
			deadline_earlier(
				until, deadline_in_ms(TRIPPLITE_USB_ANSWER_MS)));
		if (ret >= 0)
			ret = clock_sleep_ms(TRIPPLITE_USB_THINK_MS, until);
		if (ret == 0)
			ret = tripplite_usb_hear(pipe, text[0], answer, until);
		if (ret == 0 || ret == -ENODEV)
			break;
	}
	return ret;
}

static int tripplite_usb_read_status(struct tripplite_usb_state *state,
				     struct tripplite_usb_status *status,
				     deadline_t until)
{
	static const uint8_t text[] = { TRIPPLITE_USB_STATUS };
	uint8_t answer[TRIPPLITE_USB_REPORT];
	int ret = tripplite_usb_ask(&state->usb.pipe, text, sizeof(text),
				    answer, until);

	if (ret == 0 && !tripplite_usb_decode(state->protocol, answer, status))
		ret = -EPROTO;
	return ret;
}

static void tripplite_usb_close(struct ups *ups)
{
	struct tripplite_usb_state *state = ups->state;

	if (state->usb.pipe.ops)
		state->usb.pipe.ops->close(&state->usb.pipe);
}

static int tripplite_usb_open(struct ups *ups, deadline_t until)
{
	static const uint8_t text[] = { TRIPPLITE_USB_PROTOCOL };
	struct tripplite_usb_state *state = ups->state;
	uint8_t answer[TRIPPLITE_USB_REPORT];
	int ret = usb_pipe_open(&state->usb, ups, tripplite_usb_ids, 1, 0);

	if (ret < 0)
		return ret;
	ret = tripplite_usb_ask(&state->usb.pipe, text, sizeof(text), answer,
				until);
	if (ret < 0) {
		tripplite_usb_close(ups);
		return usb_pipe_fail(ups, ret);
	}
	state->protocol = (uint16_t)(answer[1] << 8 | answer[2]);
	return 0;
}

/** A delay, and behind it what is to be done then. */
static int tripplite_usb_order(struct usb_pipe *pipe, const uint8_t *delay,
			       const uint8_t *order, size_t order_len,
			       deadline_t until)
{
	uint8_t answer[TRIPPLITE_USB_REPORT];
	int ret = tripplite_usb_ask(pipe, delay, 3, answer, until);

	if (ret == 0)
		ret = clock_sleep_ms(TRIPPLITE_USB_GAP_MS, until);
	if (ret == 0)
		ret = tripplite_usb_ask(pipe, order, order_len, answer, until);
	return ret;
}

static int tripplite_usb_return(struct usb_pipe *pipe, int off_s,
				deadline_t until)
{
	const uint8_t delay[] = { TRIPPLITE_USB_DELAY, (uint8_t)(off_s >> 8),
				  (uint8_t)off_s };
	static const uint8_t order[] = { TRIPPLITE_USB_GO };

	return tripplite_usb_order(pipe, delay, order, sizeof(order), until);
}

/**
 * All outlets off, and they stay so. Two protocols want it in digits, as the
 * serial units do, and then the delay has two of them.
 */
static int tripplite_usb_stay_off(struct tripplite_usb_state *state, int off_s,
				  deadline_t until)
{
	static const char digits[] = "0123456789ABCDEF";
	static const uint8_t order[] = { TRIPPLITE_USB_OUTLET, 0 };
	static const uint8_t digit_order[] = { TRIPPLITE_USB_OUTLET, '0', '0' };
	uint8_t delay[] = { TRIPPLITE_USB_DELAY, (uint8_t)(off_s >> 8),
			    (uint8_t)off_s };

	if (state->protocol != SMARTPRO && state->protocol != SMART_0004)
		return tripplite_usb_order(&state->usb.pipe, delay, order,
					   sizeof(order), until);
	delay[1] = (uint8_t)digits[off_s >> 4 & 0x0f];
	delay[2] = (uint8_t)digits[off_s & 0x0f];
	return tripplite_usb_order(&state->usb.pipe, delay, digit_order,
				   sizeof(digit_order), until);
}

static int tripplite_usb_reboot(struct tripplite_usb_state *state, int off_s,
				deadline_t until)
{
	const uint8_t text[] = { TRIPPLITE_USB_WATCHDOG, (uint8_t)off_s };
	uint8_t answer[TRIPPLITE_USB_REPORT];
	int ret = tripplite_usb_ask(&state->usb.pipe, text, sizeof(text),
				    answer, until);

	state->watched = ret == 0;
	return ret;
}

/** What will be given: on battery, or if nobody knows, what was wanted. */
static enum ups_command tripplite_usb_choose(struct tripplite_usb_state *state,
					     enum ups_command wanted,
					     deadline_t until)
{
	struct tripplite_usb_status status = { 0 };

	if (wanted == UPS_OFF)
		return UPS_STAYOFF;
	if (wanted == UPS_STAYOFF || state->watched)
		return wanted;
	if (tripplite_usb_read_status(state, &status, until) == 0 &&
	    status.online)
		return UPS_REBOOT;
	return UPS_RETURN;
}

static int tripplite_usb_cut(struct ups *ups, struct ups_cut *cut,
			     deadline_t until)
{
	struct tripplite_usb_state *state = ups->state;
	int off_s = ups_number(ups, "offdelay", TRIPPLITE_USB_OFF_S, 0,
			       TRIPPLITE_USB_OFF_S_MAX);
	int ret = ups_give(ups, cut,
			   tripplite_usb_choose(state, cut->wanted, until));

	if (ret < 0)
		return ret;
	if (cut->given == UPS_REBOOT && state->protocol == SMARTPRO)
		return ups_fail(
			ups, -EOPNOTSUPP,
			"[%s] has mains, and protocol 3003 can be cut on battery only",
			ups->name);
	if (cut->given == UPS_REBOOT) {
		if (off_s < TRIPPLITE_USB_WATCHDOG_MIN)
			off_s = TRIPPLITE_USB_WATCHDOG_MIN;
		if (off_s > TRIPPLITE_USB_WATCHDOG_MAX)
			off_s = TRIPPLITE_USB_WATCHDOG_MAX;
		ret = tripplite_usb_reboot(state, off_s, until);
	} else if (cut->given == UPS_STAYOFF) {
		if (cut->wanted == UPS_OFF)
			off_s = TRIPPLITE_USB_NOW_S;
		if (off_s > TRIPPLITE_USB_DIGITS_MAX)
			off_s = TRIPPLITE_USB_DIGITS_MAX;
		ret = tripplite_usb_stay_off(state, off_s, until);
	} else {
		ret = tripplite_usb_return(&state->usb.pipe, off_s, until);
	}
	if (ret < 0) {
		/* The order may have gone out before the answer was refused. */
		ups->in_doubt = true;
		return usb_pipe_fail(ups, ret);
	}
	cut->proof = UPS_SENT;
	cut->off_after_s = off_s;
	cut->on_after_s = UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "%s, protocol %04x",
		       cut->given == UPS_REBOOT    ? "watchdog (W)"
		       : cut->given == UPS_STAYOFF ? "outlets off (K)"
						   : "soft shutdown (G)",
		       state->protocol);
	return 0;
}

static int tripplite_usb_status(struct ups *ups, struct ups_status *status,
				deadline_t until)
{
	struct tripplite_usb_state *state = ups->state;
	struct tripplite_usb_status is = { 0 };
	int ret;

	if (state->watched)
		return ups_fail(
			ups, -EOPNOTSUPP,
			"[%s] is not asked while its watchdog runs: that would feed it",
			ups->name);
	ret = tripplite_usb_read_status(state, &is, until);
	if (ret < 0)
		return usb_pipe_fail(ups, ret);
	status->mains = is.online ? UPS_MAINS_PRESENT : UPS_MAINS_ABSENT;
	status->battery_low = is.low;
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static const char *const tripplite_usb_nut_names[] = { "tripplite_usb", NULL };

static const struct ups_driver tripplite_usb_driver = {
	.name = "tripplite_usb",
	.summary = "Tripp Lite on the USB, before HID",
	.nut_names = tripplite_usb_nut_names,
	.state_size = sizeof(struct tripplite_usb_state),
	.open = tripplite_usb_open,
	.cut = tripplite_usb_cut,
	.status = tripplite_usb_status,
	.close = tripplite_usb_close,
};

UPS_DRIVER(tripplite_usb_driver);
