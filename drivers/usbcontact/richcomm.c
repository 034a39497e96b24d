// SPDX-License-Identifier: MIT
/*
 * Richcomm's dry contacts behind USB 0925:1234, NUT's richcomm_usb. A status
 * query and one order, which takes effect on battery only. Source:
 * networkupstools/nut, drivers/richcomm_usb.c; a capture in its issue 640.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "link/usb_pipe.h"

#define RICHCOMM_ASK_LEN    4
#define RICHCOMM_ANSWER_LEN 6
#define RICHCOMM_ANSWER_MS  1000
#define RICHCOMM_TRIES      5
/* The second half of the order is lost when it comes right behind the first. */
#define RICHCOMM_GAP_MS     1000

#define RICHCOMM_SET_REPORT_TYPE 0x21
#define RICHCOMM_SET_REPORT      0x09
#define RICHCOMM_OUTPUT_REPORT   0x0200
#define RICHCOMM_ENDPOINT        0x81

/* The first answers after it was opened are left over, and begin like this. */
#define RICHCOMM_STALE  0x80
/* Of the fourth byte. */
#define RICHCOMM_GOOD   0x02 /* the battery is not low */
#define RICHCOMM_ONLINE 0x04

struct richcomm_state {
	struct usb_pipe_link usb;
};

static const struct usb_id richcomm_ids[] = {
	{ .vendor_id = 0x0925, .product_id = 0x1234 },
};

static struct usb_pipe *richcomm_pipe(struct ups *ups)
{
	struct richcomm_state *state = ups->state;

	return &state->usb.pipe;
}

static int richcomm_say(struct usb_pipe *pipe, const uint8_t *ask,
			deadline_t until)
{
	uint8_t copy[RICHCOMM_ASK_LEN];
	int ret;

	memcpy(copy, ask, sizeof(copy));
	ret = pipe->ops->control(
		pipe, RICHCOMM_SET_REPORT_TYPE, RICHCOMM_SET_REPORT,
		RICHCOMM_OUTPUT_REPORT, 0, copy, sizeof(copy),
		deadline_earlier(until, deadline_in_ms(RICHCOMM_ANSWER_MS)));
	return ret == sizeof(copy) ? 0 : ret < 0 ? ret : -EIO;
}

/** Returns the length of the answer. */
static int richcomm_hear(struct usb_pipe *pipe,
			 uint8_t answer[RICHCOMM_ANSWER_LEN], deadline_t until)
{
	int ret = pipe->ops->transfer(
		pipe, RICHCOMM_ENDPOINT, answer, RICHCOMM_ANSWER_LEN,
		deadline_earlier(until, deadline_in_ms(RICHCOMM_ANSWER_MS)));

	if (ret == -EPIPE)
		(void)pipe->ops->clear_halt(pipe, RICHCOMM_ENDPOINT);
	return ret;
}

/**
 * The byte with the contacts; -EPROTO if there is none in its answers. One
 * whose answers all look left over means them.
 */
static int richcomm_read_contacts(struct usb_pipe *pipe, deadline_t until)
{
	static const uint8_t query[RICHCOMM_ASK_LEN] = { 0x01, 0, 0, 0x30 };
	uint8_t answer[RICHCOMM_ANSWER_LEN] = { 0 };
	int ret = -ETIMEDOUT;

	for (int i = 0; i < RICHCOMM_TRIES && !deadline_passed(until); i++) {
		ret = richcomm_say(pipe, query, until);
		if (ret == 0)
			ret = richcomm_hear(pipe, answer, until);
		if (ret >= 4 && !(answer[0] & RICHCOMM_STALE))
			break;
		if (ret >= 0 && ret < 4)
			ret = -EPROTO;
		if (ret == -ENODEV)
			break;
	}
	return ret < 0 ? ret : answer[3];
}

static void richcomm_close(struct ups *ups)
{
	struct usb_pipe *pipe = richcomm_pipe(ups);

	if (pipe->ops)
		pipe->ops->close(pipe);
}

static int richcomm_open(struct ups *ups, deadline_t until)
{
	struct richcomm_state *state = ups->state;
	int ret = usb_pipe_open(&state->usb, ups, richcomm_ids, 1, 0);

	if (ret < 0)
		return ret;
	ret = richcomm_read_contacts(&state->usb.pipe, until);
	if (ret < 0) {
		richcomm_close(ups);
		return usb_pipe_fail(ups, ret);
	}
	return 0;
}

/** Give one half of the order; what it answers says nothing. */
static int richcomm_order(struct usb_pipe *pipe, uint8_t half, deadline_t until)
{
	const uint8_t order[RICHCOMM_ASK_LEN] = { 0x02, half };
	uint8_t answer[RICHCOMM_ANSWER_LEN];
	int ret = -ETIMEDOUT;

	for (int i = 0; i < RICHCOMM_TRIES && !deadline_passed(until); i++) {
		ret = richcomm_say(pipe, order, until);
		if (ret == 0)
			(void)richcomm_hear(pipe, answer, until);
		if (ret == 0 || ret == -ENODEV)
			break;
	}
	return ret;
}

static int richcomm_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct usb_pipe *pipe = richcomm_pipe(ups);
	int ret = richcomm_read_contacts(pipe, until);

	/* It would go off at once, and unasked, when the mains fails again. */
	if (ret >= 0 && ret & RICHCOMM_ONLINE)
		return ups_fail(ups, -EOPNOTSUPP,
				"[%s] has mains, and can be cut on battery only",
				ups->name);
	ret = ups_give(ups, cut, UPS_RETURN);
	if (ret < 0)
		return ret;
	ret = richcomm_order(pipe, 0, until);
	if (ret == 0)
		ret = clock_sleep_ms(RICHCOMM_GAP_MS, until);
	if (ret == 0)
		ret = richcomm_order(pipe, 1, until);
	if (ret < 0)
		return usb_pipe_fail(ups, ret);
	cut->proof = UPS_SENT;
	cut->off_after_s = UPS_UNKNOWN_S;
	cut->on_after_s = UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "contact");
	return 0;
}

static int richcomm_status(struct ups *ups, struct ups_status *status,
			   deadline_t until)
{
	int ret = richcomm_read_contacts(richcomm_pipe(ups), until);

	if (ret < 0)
		return usb_pipe_fail(ups, ret);
	status->mains =
		ret & RICHCOMM_ONLINE ? UPS_MAINS_PRESENT : UPS_MAINS_ABSENT;
	status->battery_low = !(ret & RICHCOMM_GOOD);
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static const char *const richcomm_nut_names[] = { "richcomm_usb", NULL };

static const struct ups_driver richcomm_driver = {
	.name = "richcomm",
	.summary = "Richcomm's dry contacts on the USB",
	.nut_names = richcomm_nut_names,
	.state_size = sizeof(struct richcomm_state),
	.open = richcomm_open,
	.cut = richcomm_cut,
	.status = richcomm_status,
	.close = richcomm_close,
};

UPS_DRIVER(richcomm_driver);
