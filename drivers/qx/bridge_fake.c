// SPDX-License-Identifier: MIT
/* The emulated bridges: each unpacks commands and packs answers its own way. */
#include "qx/bridge_fake.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/** What a bridge does that another one does not. */
struct qx_fake_way {
	const struct usb_fake_kind *kind;
	uint16_t value;   /* of SET_REPORT */
	uint16_t block;   /* its length */
	uint8_t head;     /* bytes in front of the text; the last one counts */
	uint8_t mark;     /* in the byte that counts */
	uint8_t answered; /* bytes of a packet, filled up; 0: as many as are */
	bool counts;      /* in front of what it answers, too */
	bool whole;       /* answers not before it has all */
	bool no_cr;       /* keeps the CR for itself */
};

/* clang-format off */
static const struct qx_fake_way ways[] = {
	{ .kind = &qx_fake_cypress, .value = 0x200, .block = 8, .answered = 8 },
	{ .kind = &qx_fake_phoenix, .value = 0x200, .block = 8, .answered = 8 },
	{ .kind = &qx_fake_phoenixtec, .answered = 0 },
	{ .kind = &qx_fake_ippon, .value = 0x002, .block = 8, .whole = true },
	{ .kind = &qx_fake_bn150t, .value = 0x002, .block = 16, .whole = true },
	{ .kind = &qx_fake_gtec_usb, .value = 0x002, .block = 8, .whole = true },
	{ .kind = &qx_fake_sgs, .value = 0x200, .block = 8, .head = 1,
	  .answered = 8, .counts = true, .no_cr = true },
	{ .kind = &qx_fake_armac, .value = 0x200, .block = 4, .head = 1,
	  .mark = 0xa0, .answered = 6, .counts = true },
	{ .kind = &qx_fake_armac_pipes, .head = 1, .mark = 0xa0,
	  .answered = 64, .counts = true, .whole = true },
	{ .kind = &qx_fake_fuji, .answered = 8 },
};
/* clang-format on */

static const struct qx_fake_way *way_of(const struct usb_fake *fake)
{
	const struct qx_fake_way *way = ways;

	while (way->kind != fake->kind)
		way++;
	return way;
}

/** Text for the UPS behind it; what follows its end in a block is noise. */
static void qx_fake_pass_on(struct usb_fake *fake, const uint8_t *text,
			    size_t len)
{
	const uint8_t *end = memchr(text, '\r', len);

	if (end)
		len = (size_t)(end - text) + 1;
	for (size_t i = 0; i < len; i++) {
		if (text[i])
			line_fake_receive(fake->ups, &text[i], 1);
	}
}

/** A block with its head, if that is as it has to be. */
static int qx_fake_take_block(struct usb_fake *fake, const uint8_t *data,
			      size_t len)
{
	const struct qx_fake_way *way = way_of(fake);
	size_t count = len;

	if (way->block && len != way->block)
		return -EPIPE;
	if (way->head) {
		count = data[way->head - 1] & 0x0fu;
		if ((data[way->head - 1] & 0xf0) != way->mark ||
		    count > len - way->head)
			return -EPIPE;
	}
	qx_fake_pass_on(fake, data + way->head, count);
	return (int)len;
}

static int qx_fake_report(struct usb_fake *fake,
			  const struct usb_fake_setup *setup, uint8_t *data)
{
	if (setup->type != 0x21 || setup->request != 0x09)
		return -ENOSYS;
	if (setup->value != way_of(fake)->value || setup->index != 0)
		return -EPIPE;
	return qx_fake_take_block(fake, data, setup->length);
}

static int qx_fake_request(struct usb_fake *fake,
			   const struct usb_fake_setup *setup, uint8_t *data)
{
	if (setup->type != 0x42 || setup->request != 0x0d)
		return -ENOSYS;
	return qx_fake_take_block(fake, data, setup->length);
}

/** 80 06, length + 1, 03, three characters, how much to answer. */
static int qx_fake_fuji_out(struct usb_fake *fake, uint8_t endpoint,
			    const uint8_t *data, size_t len)
{
	struct qx_bridge_fake *state = fake->state;

	if (endpoint != 0x02 || len != 8 || data[0] != 0x80 ||
	    data[1] != 0x06 || data[3] != 0x03 || data[2] < 2 || data[2] > 4)
		return -EPIPE;
	state->expected = data[7];
	qx_fake_pass_on(fake, data + 4, data[2] - 1u);
	qx_fake_pass_on(fake, (const uint8_t *)"\r", 1);
	return (int)len;
}

static int qx_fake_pipe_out(struct usb_fake *fake, uint8_t endpoint,
			    const uint8_t *data, size_t len)
{
	if (endpoint != 0x02 || len > 64)
		return -EPIPE;
	return qx_fake_take_block(fake, data, len);
}

/** Take from the UPS what it has said by now. */
static void qx_fake_listen(struct usb_fake *fake)
{
	struct qx_bridge_fake *state = fake->state;

	state->answer_len +=
		line_fake_take(fake->ups, state->answer + state->answer_len,
			       sizeof(state->answer) - state->answer_len);
}

static int qx_fake_in(struct usb_fake *fake, uint8_t endpoint, uint8_t *data,
		      size_t size)
{
	const struct qx_fake_way *way = way_of(fake);
	struct qx_bridge_fake *state = fake->state;
	size_t head = way->counts ? 1 : 0, room, count;
	const char *end;

	if (endpoint != (way->kind == &qx_fake_armac_pipes ? 0x82 : 0x81))
		return -EPIPE;
	if (state->has_stale) {
		state->has_stale = false;
		memcpy(data, state->stale, size < 8 ? size : 8);
		return size < 8 ? (int)size : 8;
	}
	/* Between two answers it says once that there is no more. */
	if (state->has_ended && fake->kind == &qx_fake_armac) {
		state->has_ended = false;
		memset(data, 0, 6);
		data[0] = 0x80;
		return 6;
	}
	qx_fake_listen(fake);
	end = memchr(state->answer, '\r', state->answer_len);
	if (state->answer_len == 0 || (way->whole && !end))
		return -EAGAIN;
	/* Without a count, a packet is full or the last one. */
	if (!way->counts && !end && state->answer_len < way->answered)
		return -EAGAIN;
	if (way->answered && size < way->answered)
		return -EOVERFLOW;
	room = (way->answered ? way->answered : size) - head;
	count = state->answer_len < room ? state->answer_len : room;
	if (way->no_cr && end && (size_t)(end - state->answer) < count)
		count = (size_t)(end - state->answer);
	/* What is behind a CR is not always zero. */
	memset(data, '0', way->answered ? way->answered : 0);
	state->has_ended = end && (size_t)(end - state->answer) < count;
	memcpy(data + head, state->answer, count);
	if (head)
		data[0] = (uint8_t)(0x80 | count);
	if (way->no_cr && head)
		data[0] = (uint8_t)count;
	if (way->no_cr && end && (size_t)(end - state->answer) == count)
		count++; /* the CR is not for the host */
	state->answer_len -= count;
	memmove(state->answer, state->answer + count, state->answer_len);
	return way->answered ? way->answered : (int)(count + head);
}

/** All that it answers at once, as text without its CR. */
static int qx_fake_answer_now(struct usb_fake *fake, const char *command,
			      char *text, size_t size)
{
	struct line_fake *ups = fake->ups;
	size_t len = 0;

	line_fake_receive(ups, command, strlen(command));
	line_fake_receive(ups, "\r", 1);
	for (int i = 0; i < ups->waiting && len + 1 < size; i++) {
		if (ups->out[i].byte != '\r')
			text[len++] = (char)ups->out[i].byte;
	}
	ups->waiting = 0;
	text[len] = '\0';
	return (int)len;
}

static int qx_fake_feature(struct usb_fake *fake,
			   const struct usb_fake_setup *setup, uint8_t *data)
{
	struct qx_bridge_fake *state = fake->state;
	char command[48] = "";

	if (setup->value != 0x0305 || setup->length != 47)
		return -ENOSYS;
	if (setup->type == 0x21 && setup->request == 0x09) {
		if (data[0] != 5 || data[1] != 0 || data[2] < 2 ||
		    data[2] > 44 || data[2 + data[2]] != '\r')
			return -EPIPE;
		memcpy(command, data + 3, data[2] - 1u);
		state->answer_len = (size_t)qx_fake_answer_now(
			fake, command, state->answer, 47);
		state->answer[state->answer_len++] = '\r';
		return 47;
	}
	if (setup->type != 0xa1 || setup->request != 0x01)
		return -ENOSYS;
	memset(data, 0, 47);
	memcpy(data, state->answer, state->answer_len);
	return 47;
}

/** What an index orders a MEC0003 to do; NULL for nothing. */
static const char *qx_fake_mec_order(const struct qx_bridge_fake *state,
				     uint8_t index, char text[12])
{
	int step = index >> 4;

	if (index == 0x0a)
		return "C";
	if ((index & 7) || step == 0 || (state->only_stays && index != 0x10))
		return NULL;
	if (step < 6)
		(void)snprintf(text, 12, "S.%d%s", step + 4,
			       index & 8 ? "" : "R0000");
	else
		(void)snprintf(text, 12, "S%02d%s", step - 5,
			       index & 8 ? "" : "R0000");
	return text;
}

static int qx_fake_string(struct usb_fake *fake,
			  const struct usb_fake_setup *setup, uint8_t *data)
{
	bool is_mec =
		fake->kind == &qx_fake_fabula || fake->kind == &qx_fake_hunnox;
	struct qx_bridge_fake *state = fake->state;
	uint8_t index = (uint8_t)setup->value;
	char text[64] = "UPS No Ack", order[12];
	const char *command = NULL;

	if (setup->type != 0x80 || setup->request != 0x06 ||
	    setup->value >> 8 != 3 || setup->index != 0x0409)
		return -ENOSYS;
	if (state->string_count < 16)
		state->strings[state->string_count++] = index;
	if (index < 3)
		return -ENOSYS;
	/* More than that locks it up. */
	if (fake->kind == &qx_fake_hunnox && setup->length > 102)
		return -ETIMEDOUT;
	if (index == 0x03)
		command = "Q1";
	else if (index == 0x0d)
		command = "F";
	else if (index == 0x0c)
		command = "I";
	else if (is_mec)
		command = qx_fake_mec_order(state, index, order);
	if (command && qx_fake_answer_now(fake, command, text, sizeof(text)) == 0)
		strcpy(text, "UPS No Ack");
	return usb_fake_put_string(text, strlen(text), data);
}

#define QX_USB_FAKE(id, called, vendor, product, maker, model, ups, ...) \
	const struct usb_fake_kind qx_fake_##id = {                      \
		.name = called,                                          \
		.vendor_id = vendor,                                     \
		.product_id = product,                                   \
		.string = { maker, model },                              \
		.interface_class = 3,                                    \
		.inner = &qx_fake_##ups,                                 \
		.state_size = sizeof(struct qx_bridge_fake),             \
		__VA_ARGS__                                              \
	}
#define REPORTS                                          \
	.endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 } }, \
	.control = qx_fake_report, .in = qx_fake_in
#define STRINGS                                          \
	.endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 } }, \
	.speaks_by_strings = true, .control = qx_fake_string

QX_USB_FAKE(cypress, "qx-cypress", 0x0665, 0x5161, "Cypress", "USB to Serial",
	    voltronic, REPORTS);
QX_USB_FAKE(phoenix, "qx-phoenix", 0x06da, 0x0601, NULL, NULL, megatec, REPORTS);
QX_USB_FAKE(phoenixtec, "qx-phoenixtec", 0x06da, 0x0002, "Phoenixtec Power",
	    "USB Cable (V2.00)", masterguard,
	    .endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 } },
	    .control = qx_fake_request, .in = qx_fake_in);
QX_USB_FAKE(ippon, "qx-ippon", 0x06da, 0x0003, NULL, NULL, megatec, REPORTS);
QX_USB_FAKE(bn150t, "qx-omron-usb", 0x0590, 0x00b7, "OMRON", "BN150T", omron,
	    REPORTS);
QX_USB_FAKE(gtec_usb, "qx-gtec-usb", 0x06da, 0xffff, "GTEC", "UPS", gtec,
	    REPORTS);
QX_USB_FAKE(sgs, "qx-sgs", 0x0483, 0x0035, "TS Shara", "UPS", megatec, REPORTS);
QX_USB_FAKE(ablerex, "qx-ablerex", 0xffff, 0x0000, NULL, NULL, megatec,
	    .control = qx_fake_feature);
QX_USB_FAKE(armac, "qx-armac", 0x0925, 0x1234, "Richcomm", "UPS", megatec,
	    .endpoint = { { 0x81, USB_FAKE_INTERRUPT, 6 } },
	    .control = qx_fake_report, .in = qx_fake_in);
QX_USB_FAKE(armac_pipes, "qx-armac-pipes", 0x0925, 0x1234, "Richcomm", "UPS",
	    megatec,
	    .endpoint = { { 0x82, USB_FAKE_INTERRUPT, 64 },
			  { 0x02, USB_FAKE_INTERRUPT, 64 } },
	    .out = qx_fake_pipe_out, .in = qx_fake_in);
QX_USB_FAKE(fuji, "qx-fuji", 0x0001, 0x0000, "ATCL FOR UPS", "ATCL FOR UPS",
	    megatec,
	    .endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 },
			  { 0x02, USB_FAKE_INTERRUPT, 8 } },
	    .out = qx_fake_fuji_out, .in = qx_fake_in);
QX_USB_FAKE(krauler, "qx-krauler", 0x0001, 0x0000, "KRAULER", "UP-M500VA",
	    megatec, STRINGS);
QX_USB_FAKE(fabula, "qx-fabula", 0x0001, 0x0000, "MEC", "MEC0003", megatec,
	    STRINGS);
QX_USB_FAKE(hunnox, "qx-hunnox", 0x0001, 0x0000, "HUNNOX", "MEC0003", megatec,
	    STRINGS);
QX_USB_FAKE(snr, "qx-snr", 0x0001, 0x0000, "SNR", "MEC0003", megatec, STRINGS);

USB_FAKE(qx_fake_cypress);
USB_FAKE(qx_fake_phoenix);
USB_FAKE(qx_fake_phoenixtec);
USB_FAKE(qx_fake_ippon);
USB_FAKE(qx_fake_bn150t);
USB_FAKE(qx_fake_gtec_usb);
USB_FAKE(qx_fake_sgs);
USB_FAKE(qx_fake_ablerex);
USB_FAKE(qx_fake_armac);
USB_FAKE(qx_fake_armac_pipes);
USB_FAKE(qx_fake_fuji);
USB_FAKE(qx_fake_krauler);
USB_FAKE(qx_fake_fabula);
USB_FAKE(qx_fake_hunnox);
USB_FAKE(qx_fake_snr);
