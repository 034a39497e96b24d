// SPDX-License-Identifier: MIT
/*
 * MGE's and Eaton's UPSes on a serial line, NUT's mge-shut: HID power devices
 * like those on USB, carried by SHUT.
 */
#include <errno.h>
#include <string.h>

#include "hid/hid.h"
#include "link/serial.h"
#include "shut/shut_link.h"

#define SHUT_TRIES 3

#define MGE_VENDOR          0x0463
#define MGE_PRODUCT         0xffff
/* Such a unit has its full report descriptor in the second place. */
#define MGE_TWO_DESCRIPTORS 0x0202

struct shut_state {
	struct hid_unit unit; /* first: for hid_cut() */
	struct shut_link shut;
	struct serial_link serial;
};

/* Its interface lives of RTS. */
static const struct serial_settings shut_settings = {
	.speed = 2400,
	.lines = SERIAL_RTS,
};

static void shut_close(struct ups *ups)
{
	struct shut_state *state = ups->state;

	if (state->shut.link.ops)
		state->shut.link.ops->close(&state->shut.link);
}

/** Who it is; nothing of that is needed, so nothing fails for it. */
static void shut_identify(struct shut_link *shut, struct hid_identity *identity,
			  deadline_t until)
{
	uint8_t device[SHUT_DEVICE_LEN] = { 0 };

	if (shut_read_descriptor(shut, SHUT_DEVICE, 0, device, sizeof(device),
				 until) < (int)sizeof(device) ||
	    device[1] != SHUT_DEVICE)
		return;
	identity->product_id = (uint16_t)(device[10] | device[11] << 8);
	if ((device[8] | device[9] << 8) == MGE_VENDOR &&
	    (device[12] | device[13] << 8) == MGE_TWO_DESCRIPTORS)
		shut->descriptor_index = 1;
}

/**
 * Read the report descriptor at a pace that suits 2400 baud: the engine would
 * lose patience with a thousand bytes.
 */
static int shut_describe(struct shut_state *state, deadline_t until)
{
	uint8_t bytes[HID_DESCRIPTOR_MAX];
	int ret = -EIO;

	for (int i = 0; i < SHUT_TRIES && !deadline_passed(until); i++) {
		ret = state->shut.link.ops->read_descriptor(
			&state->shut.link, bytes, sizeof(bytes), until);
		if (ret >= 0 &&
		    hid_parse(&state->unit.descriptor, bytes, (size_t)ret) == 0)
			return 0;
		if (ret == -ENODEV)
			break;
		if (ret >= 0)
			ret = -EPROTO;
	}
	return ret == -EPIPE || ret == -EOVERFLOW ? -EPROTO : ret;
}

static int shut_open(struct ups *ups, deadline_t until)
{
	struct hid_identity identity = { MGE_VENDOR, MGE_PRODUCT, "", "" };
	struct shut_state *state = ups->state;
	int ret = serial_open(&state->serial, ups, &shut_settings, until);

	if (ret < 0)
		return ret;
	shut_start(&state->shut, &state->serial.link);
	ret = shut_sync(&state->shut, until);
	if (ret == 0) {
		shut_identify(&state->shut, &identity, until);
		ret = shut_describe(state, until);
	}
	if (ret < 0) {
		ret = bytes_fail(ups, ret);
		goto out_close;
	}
	/* Whatever it is called, its commands are MGE's. */
	ret = hid_attach(&state->unit, ups, &state->shut.link, &identity, until);
	if (ret < 0)
		goto out_close;
	return 0;

out_close:
	shut_close(ups);
	return ret;
}

/* The second one was its name before it replaced the first. */
static const char *const shut_nut_names[] = { "mge-shut", "newmge-shut", NULL };

static const struct ups_driver shut_driver = {
	.name = "shut",
	.summary = "MGE and Eaton on a serial line",
	.nut_names = shut_nut_names,
	.rehearses = true,
	.state_size = sizeof(struct shut_state),
	.open = shut_open,
	.cut = hid_cut,
	.status = hid_status,
	.cancel = hid_cancel,
	.close = shut_close,
};

UPS_DRIVER(shut_driver);
