// SPDX-License-Identifier: MIT
/*
 * Fuzzes the whole engine against a device that answers as it likes: the last
 * bytes say who it is, what is wanted and how each transfer ends, the others
 * are its report descriptor.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "hid/hid.h"
#include "hid/ladder.h"
#include "hid/status.h"

#define TAIL_LEN      256
#define PATIENCE_MS   30000
#define TRANSFERS_MAX 4000

/* How a transfer ends; everything above is like HOSTILE_OBEY. */
enum hostile_way {
	HOSTILE_OBEY,
	HOSTILE_STALL,
	HOSTILE_TIMEOUT,
	HOSTILE_IO_ERROR,
	HOSTILE_OVERFLOW,
	HOSTILE_GONE,
	HOSTILE_NOTHING, /* no byte at all */
	HOSTILE_SHORT,
	HOSTILE_OTHER, /* another report, or a descriptor of noise */
	HOSTILE_FORGET,
	HOSTILE_WAYS,
};

struct hostile {
	struct report_link link;
	const uint8_t *descriptor;
	size_t len;
	const uint8_t *tail;
	size_t at; /* in tail */
	int transfers;
	uint8_t report[256][REPORT_MAX];
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static uint8_t hostile_next(struct hostile *hostile)
{
	return hostile->at < TAIL_LEN ? hostile->tail[hostile->at++] : 0;
}

static struct hostile *hostile_of(struct report_link *link)
{
	return (struct hostile *)link;
}

/** Returns enum hostile_way, or a negative errno. */
static int hostile_begin(struct hostile *hostile, deadline_t until)
{
	int way = hostile_next(hostile) % HOSTILE_WAYS;

	hostile->transfers++;
	assert(hostile->transfers < TRANSFERS_MAX);
	switch (way) {
	case HOSTILE_STALL:
		return -EPIPE;
	case HOSTILE_TIMEOUT:
		(void)clock_sleep_ms(INT32_MAX, until);
		return -ETIMEDOUT;
	case HOSTILE_IO_ERROR:
		return -EIO;
	case HOSTILE_OVERFLOW:
		return -EOVERFLOW;
	case HOSTILE_GONE:
		return -ENODEV;
	default:
		return way;
	}
}

static int hostile_get_report(struct report_link *link, enum report_type type,
			      uint8_t id, uint8_t *report, size_t size,
			      deadline_t until)
{
	struct hostile *hostile = hostile_of(link);
	int way = hostile_begin(hostile, until);

	assert(type < REPORT_TYPES && size > 0 && size <= REPORT_MAX);
	if (way < 0)
		return way;
	/* All of it is the device's to fill. */
	memcpy(report, hostile->report[id], size);
	report[0] = way == HOSTILE_OTHER ? id ^ 1 : id;
	if (way == HOSTILE_NOTHING)
		return 0;
	return way == HOSTILE_SHORT ? 1 : (int)size;
}

static int hostile_set_report(struct report_link *link, enum report_type type,
			      const uint8_t *report, size_t len,
			      deadline_t until)
{
	struct hostile *hostile = hostile_of(link);
	int way = hostile_begin(hostile, until);

	assert(type == REPORT_FEATURE && len > 0 && len <= REPORT_MAX);
	if (way < 0)
		return way;
	if (way != HOSTILE_FORGET)
		memcpy(hostile->report[report[0]], report, len);
	return 0;
}

static int hostile_read_descriptor(struct report_link *link, uint8_t *descriptor,
				   size_t size, deadline_t until)
{
	struct hostile *hostile = hostile_of(link);
	size_t len = hostile->len < size ? hostile->len : size;
	int way = hostile_begin(hostile, until);

	if (way < 0)
		return way;
	memcpy(descriptor, hostile->descriptor, len);
	if (way == HOSTILE_OTHER)
		memset(descriptor, 0xa5, len / 2);
	if (way == HOSTILE_NOTHING)
		return 0;
	return way == HOSTILE_SHORT ? (int)(len / 2) : (int)len;
}

static void hostile_close(struct report_link *link)
{
	(void)link;
}

static const struct report_link_ops hostile_ops = {
	.get_report = hostile_get_report,
	.set_report = hostile_set_report,
	.read_descriptor = hostile_read_descriptor,
	.close = hostile_close,
};

static void command(struct hid_unit *unit, struct hostile *hostile)
{
	deadline_t until = deadline_in_ms(PATIENCE_MS);
	struct ups_cut cut = {
		.wanted = hostile_next(hostile) % (UPS_REBOOT + 1),
		.off_after_s = UPS_UNKNOWN_S,
		.on_after_s = UPS_UNKNOWN_S,
	};
	struct ups_status status;
	int ret;

	if (hid_status_read(unit, &status, until) == 0)
		assert(status.off_after_s >= UPS_UNKNOWN_S);
	ret = hid_ladder_cut(unit, &cut, until);
	assert(ret <= 0);
	if (ret == 0) {
		assert(cut.given <= UPS_REBOOT && cut.proof <= UPS_VERIFIED);
		assert(cut.off_after_s >= UPS_UNKNOWN_S);
		assert(cut.on_after_s >= UPS_UNKNOWN_S);
		assert(memchr(cut.how, '\0', sizeof(cut.how)));
	}
	(void)hid_ladder_cancel(unit, until);
	/* The last wait may end just behind the deadline, not later. */
	assert(clock_now_ms() < until + 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct hid_identity identities[] = {
		{ 0x0000, 0x0000, "", "" }, { 0x0463, 0xffff, "", "" },
		{ 0x051d, 0x0002, "", "" }, { 0x0764, 0x0501, "", "" },
		{ 0x0d9f, 0x0004, "", "" }, { 0x0d9f, 0x00a3, "", "" },
		{ 0x050d, 0x0980, "", "" }, { 0x09ae, 0x3016, "", "" },
		{ 0x09ae, 0x1008, "", "" }, { 0xffff, 0x0001, "", "" },
	};
	static const char section[] = "[u]\noffdelay = 20\n";
	static struct hostile hostile; /* large; cleared each time */
	static struct conf conf;
	struct ups ups = { .conf = &conf, .section = 1, .name = "u" };
	struct hid_unit unit;
	deadline_t until = deadline_in_ms(PATIENCE_MS);
	int ret;

	if (len <= TAIL_LEN)
		return -1;
	memset(&hostile, 0, sizeof(hostile));
	hostile.link.ops = &hostile_ops;
	hostile.descriptor = bytes;
	hostile.len = len - TAIL_LEN;
	hostile.tail = bytes + hostile.len;
	memset(hostile.report, hostile_next(&hostile), sizeof(hostile.report));
	(void)conf_parse(&conf, "", section, sizeof(section) - 1, NULL);

	memset(&unit, 0, sizeof(unit));
	ret = hid_attach(&unit, &ups, &hostile.link,
			 &identities[hostile_next(&hostile) % 10], until);
	if (ret == 0)
		command(&unit, &hostile);
	else
		assert(ret < 0 && ups.problem[0]);
	return 0;
}
