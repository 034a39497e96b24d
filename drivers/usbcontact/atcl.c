// SPDX-License-Identifier: MIT
/*
 * "ATCL FOR UPS" on the USB, NUT's nutdrv_atcl_usb: it says how it is when its
 * interrupt endpoint is read, and one packet, sent twice, switches it off some
 * 30 s later if it is on battery. Source: networkupstools/nut,
 * drivers/nutdrv_atcl_usb.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "link/usb_pipe.h"

#define ATCL_STATUS_ENDPOINT 0x81
#define ATCL_ORDER_ENDPOINT  0x02
#define ATCL_PACKET_LEN      8
/* Captures show answers about a second apart. */
#define ATCL_STATUS_MS       2500
#define ATCL_ORDER_MS        1000
#define ATCL_TRIES           3
#define ATCL_GAP_MS          170
#define ATCL_OFF_S           30

enum atcl_status {
	ATCL_BATTERY = 1,
	ATCL_BATTERY_LOW = 2,
	ATCL_ONLINE = 3,
};

struct atcl_state {
	struct usb_pipe_link usb;
};

static const struct usb_id atcl_ids[] = {
	{ .vendor_id = 0x0001, .product_id = 0, .vendor = "ATCL FOR UPS" },
};

static struct usb_pipe *atcl_pipe(struct ups *ups)
{
	struct atcl_state *state = ups->state;

	return &state->usb.pipe;
}

/** Returns enum atcl_status or a negative errno. */
static int atcl_read(struct usb_pipe *pipe, deadline_t until)
{
	uint8_t packet[ATCL_PACKET_LEN];
	int ret = -ETIMEDOUT;

	for (int i = 0; i < ATCL_TRIES && !deadline_passed(until); i++) {
		ret = pipe->ops->transfer(
			pipe, ATCL_STATUS_ENDPOINT, packet, sizeof(packet),
			deadline_earlier(until, deadline_in_ms(ATCL_STATUS_MS)));
		if (ret == sizeof(packet) && packet[0] >= ATCL_BATTERY &&
		    packet[0] <= ATCL_ONLINE)
			return packet[0];
		if (ret == -EPIPE)
			(void)pipe->ops->clear_halt(pipe, ATCL_STATUS_ENDPOINT);
		if (ret >= 0)
			ret = -EPROTO;
		if (ret == -ENODEV)
			break;
	}
	return ret;
}

static void atcl_close(struct ups *ups)
{
	struct usb_pipe *pipe = atcl_pipe(ups);

	if (pipe->ops)
		pipe->ops->close(pipe);
}

static int atcl_open(struct ups *ups, deadline_t until)
{
	struct atcl_state *state = ups->state;
	int ret = usb_pipe_open(&state->usb, ups, atcl_ids, 1, 0);

	if (ret < 0)
		return ret;
	ret = atcl_read(&state->usb.pipe, until);
	if (ret < 0) {
		atcl_close(ups);
		return usb_pipe_fail(ups, ret);
	}
	return 0;
}

static int atcl_order(struct usb_pipe *pipe, deadline_t until)
{
	int ret = -ETIMEDOUT;

	for (int i = 0; i < ATCL_TRIES && !deadline_passed(until); i++) {
		uint8_t packet[ATCL_PACKET_LEN] = { 0x01 };

		ret = pipe->ops->transfer(
			pipe, ATCL_ORDER_ENDPOINT, packet, sizeof(packet),
			deadline_earlier(until, deadline_in_ms(ATCL_ORDER_MS)));
		if (ret == sizeof(packet))
			return 0;
		if (ret == -EPIPE)
			(void)pipe->ops->clear_halt(pipe, ATCL_ORDER_ENDPOINT);
		if (ret >= 0)
			ret = -EIO;
		if (ret == -ENODEV)
			break;
	}
	return ret;
}

static int atcl_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct usb_pipe *pipe = atcl_pipe(ups);
	int ret;

	if (atcl_read(pipe, until) == ATCL_ONLINE)
		return ups_fail(ups, -EOPNOTSUPP,
				"[%s] has mains, and can be cut on battery only",
				ups->name);
	/* Whether it returns nobody has written down. */
	ret = ups_give(ups, cut, UPS_STAYOFF);
	if (ret < 0)
		return ret;
	ret = atcl_order(pipe, until);
	if (ret == 0)
		ret = clock_sleep_ms(ATCL_GAP_MS, until);
	if (ret == 0)
		ret = atcl_order(pipe, until);
	if (ret < 0)
		return usb_pipe_fail(ups, ret);
	cut->proof = UPS_SENT;
	cut->off_after_s = ATCL_OFF_S;
	cut->on_after_s = UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "packet 01, twice");
	return 0;
}

static int atcl_status(struct ups *ups, struct ups_status *status,
		       deadline_t until)
{
	int ret = atcl_read(atcl_pipe(ups), until);

	if (ret < 0)
		return usb_pipe_fail(ups, ret);
	status->mains =
		ret == ATCL_ONLINE ? UPS_MAINS_PRESENT : UPS_MAINS_ABSENT;
	status->battery_low = ret == ATCL_BATTERY_LOW;
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static const char *const atcl_nut_names[] = { "nutdrv_atcl_usb", NULL };

static const struct ups_driver atcl_driver = {
	.name = "atcl",
	.summary = "\"ATCL FOR UPS\" on the USB",
	.nut_names = atcl_nut_names,
	.state_size = sizeof(struct atcl_state),
	.open = atcl_open,
	.cut = atcl_cut,
	.status = atcl_status,
	.close = atcl_close,
};

UPS_DRIVER(atcl_driver);
