// SPDX-License-Identifier: MIT
/*
 * Bridges that are spoken to by string descriptors: the index is the command,
 * the text is the answer. MEC0003 acts on indexes that stand for delays.
 */
#include <errno.h>
#include <string.h>

#include "qx/bridge.h"

#define FROM_DEVICE    0x80
#define GET_DESCRIPTOR 0x06
#define STRING         0x0300

#define STRING_MAX     102 /* a larger one locks MEC0003 up */
#define FIRST_MAX      1026
#define STRING_MS      1000
#define WOKEN_MS       1000
#define STRING_TRIES   10
#define FIRST_PAUSE_MS 10

/* 0x10 for half a minute, 0x60 for one; each step of 0x10 is six seconds
 * below, and a minute above. 8 more, and it returns. */
#define MEC_HALF   0x10
#define MEC_MINUTE 0x60
#define MEC_STEP   0x10
#define MEC_RETURN 0x08

static const struct {
	char command[3];
	uint8_t index;
	uint8_t mec0003; /* index of these, 0: the same */
} qx_indexes[] = {
	{ "Q1", 0x03, 0 },
	{ "F", 0x0d, 0 },
	{ "I", 0x0c, 0 },
	{ "C", 0x0b, 0x0a },
};

/** S<n> or S<n>R<m> as an index; 0 if it is neither. */
static uint8_t qx_index_of_cut(const char *command)
{
	const char *n = command + 1, *r = command + 3;
	int index, value;

	if (command[0] != 'S' || strlen(command) < 3 || (*r && *r != 'R') ||
	    !strchr(".0123456789", n[0]) || !strchr("0123456789", n[1]))
		return 0;
	if (n[0] == '.') {
		value = n[1] - '0';
		index = MEC_HALF + (value < 5 ? 0 : value - 5) * MEC_STEP;
	} else {
		value = (n[0] - '0') * 10 + n[1] - '0';
		if (value < 1)
			return 0;
		index = MEC_MINUTE + ((value > 10 ? 10 : value) - 1) * MEC_STEP;
	}
	if (!*r || strcmp(r, "R0000") != 0)
		index += MEC_RETURN;
	return (uint8_t)index;
}

static uint8_t qx_index_of(const struct qx_way_row *row, const char *command)
{
	bool is_mec = row->flags & QX_IS_MEC0003;

	for (size_t i = 0; i < sizeof(qx_indexes) / sizeof(qx_indexes[0]); i++) {
		if (strcmp(command, qx_indexes[i].command) == 0)
			return is_mec && qx_indexes[i].mec0003
				       ? qx_indexes[i].mec0003
				       : qx_indexes[i].index;
	}
	return is_mec ? qx_index_of_cut(command) : 0;
}

/** Ask for a string; its characters, 0 for none, or an error. */
static int qx_read_string(struct qx_bridge *bridge, uint8_t index, char *text,
			  size_t size, deadline_t until)
{
	struct usb_pipe *pipe = &bridge->usb.pipe;
	uint8_t bytes[STRING_MAX];
	int len = 0, ret;

	ret = pipe->ops->control(
		pipe, FROM_DEVICE, GET_DESCRIPTOR, STRING | index,
		bridge->language, bytes, sizeof(bytes),
		deadline_earlier(until, deadline_in_ms(STRING_MS)));
	if (ret == -ENODEV || (ret == -ETIMEDOUT && deadline_passed(until)))
		return ret;
	if (ret > 0 && bytes[0] < ret)
		ret = bytes[0];
	/* Two bytes a character, the second always 0. */
	for (int i = 2; i + 1 < ret && (size_t)len < size; i += 2) {
		if (bytes[i] == '\r')
			break;
		text[len++] = bytes[i + 1] ? '?' : (char)bytes[i];
	}
	return len;
}

/** Hunnox's wants to be read as its maker's program does. */
static int qx_keep_order(struct qx_bridge *bridge, uint8_t index,
			 deadline_t until)
{
	static const uint8_t order[] = { 0x0d, 0x03, 0x0c };
	uint8_t other = order[bridge->turn];
	char waste[STRING_MAX];
	int ret;

	bridge->turn = (uint8_t)((bridge->turn + 1u) % sizeof(order));
	if (other == index)
		return 0;
	ret = qx_read_string(bridge, other, waste, sizeof(waste), until);
	return ret < 0 ? ret : 0;
}

int qx_strings_ask(struct qx_bridge *bridge, const char *command, char *answer,
		   size_t size, deadline_t until)
{
	const struct qx_way_row *row = bridge->row;
	struct usb_pipe *pipe = &bridge->usb.pipe;
	uint8_t index = qx_index_of(row, command);
	bool is_query = command[0] != 'S' && command[0] != 'C';
	char waste[STRING_MAX];
	int ret = 0;

	if (index == 0) {
		ret = (int)strnlen(command, size);
		memcpy(answer, command, (size_t)ret);
		return ret;
	}
	for (int i = 0; i < STRING_TRIES && ret == 0; i++) {
		if (row->flags & QX_WOKEN)
			(void)pipe->ops->transfer(
				pipe, 0x81, waste, sizeof(waste),
				deadline_earlier(until,
						 deadline_in_ms(WOKEN_MS)));
		if (row->flags & QX_IN_ORDER)
			ret = qx_keep_order(bridge, index, until);
		if (ret == 0)
			ret = qx_read_string(bridge, index, answer, size, until);
		/* It means nothing, neither good nor bad. */
		if (ret == 10 && memcmp(answer, "UPS No Ack", 10) == 0)
			ret = 0;
		if (!is_query)
			break;
	}
	/* One of them forgets how its answers begin. */
	if (ret > 0 && row->flags & QX_WOKEN)
		answer[0] = index == 0x03 ? '(' : '#';
	return ret;
}

void qx_strings_start(struct qx_bridge *bridge, deadline_t until)
{
	static const uint8_t first[] = { 0, 0, 1 };
	struct usb_pipe *pipe = &bridge->usb.pipe;
	uint8_t bytes[FIRST_MAX];

	if (!(bridge->row->flags & QX_IN_ORDER))
		return;
	for (size_t i = 0; i < sizeof(first); i++)
		(void)pipe->ops->control(
			pipe, FROM_DEVICE, GET_DESCRIPTOR, STRING | first[i],
			bridge->language, bytes, sizeof(bytes),
			deadline_earlier(until, deadline_in_ms(STRING_MS)));
	(void)clock_sleep_ms(FIRST_PAUSE_MS, until);
}
