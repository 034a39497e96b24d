// SPDX-License-Identifier: MIT
/*
 * What each is told. Source of a row is the driver of its name in
 * networkupstools/nut, unless it says more; README.md says what is ours.
 */
#include "chat/chat.h"

#include <string.h>

#define CHAT_POWER (SERIAL_DTR | SERIAL_RTS)

/* ETA PRO: timers in seconds. SV20 and SV00 is what they become. */
static const struct chat_step etapro_hello[] = {
	/* The first command after it was switched on is not understood. */
	{ .send = "RI\r", .wait_ms = 1000 },
	{ .send = "" },
};

static const struct chat_step etapro_return[] = {
	{ .send = "RN%X\r", .number = CHAT_OFF_THEN, .expect = "SV20\r" },
	{ .send = "RO%X\r", .expect = "SV00\r" },
	{ .send = "" },
};

static const struct chat_step etapro_stayoff[] = {
	{ .send = "RS\r", .expect = "SV30\r" },
	{ .send = "RO%X\r", .expect = "SV00\r" },
	{ .send = "" },
};

static const struct chat_step etapro_cancel[] = {
	{ .send = "RR\r", .expect = "SV10\r" },
	{ .send = "RS\r", .expect = "SV30\r" },
	{ .send = "" },
};

/* EVER: D0 is said before a command, and answered with itself. */
static const struct chat_step everups_off[] = {
	{ .send = "\xd0", .expect = "\xd0" },
	{ .send = "\x1c\x01" }, /* in 1.28 s */
	{ .send = "\xd0", .expect = "\xd0" },
	{ .send = "\x0d\x08" },
	{ .send = "" },
};

/* Best Power's console, also in fortress.txt of nut-website, protocols/: 377
 * is the password of users, and a stands for autostart. */
static const struct chat_step best_hello[] = {
	{ .send = "\r", .expect = "=>" },
	{ .send = "" },
};

static const struct chat_step fcom_return[] = {
	{ .send = "pw377\r", .expect = "=>" },
	{ .send = "o %d a\r", .expect = "=>" },
	{ .send = "" },
};

static const struct chat_step fcom_stayoff[] = {
	{ .send = "pw377\r", .expect = "=>" },
	{ .send = "o %d\r", .expect = "=>" },
	{ .send = "" },
};

static const struct chat_step ferrups_return[] = {
	{ .send = "pw377\r", .expect = "=>" },
	{ .send = "off %d a\r", .expect = "=>" },
	{ .send = "" },
};

static const struct chat_step ferrups_stayoff[] = {
	{ .send = "pw377\r", .expect = "=>" },
	{ .send = "off %d\r", .expect = "=>" },
	{ .send = "" },
};

static const struct chat_step best_cancel[] = {
	{ .send = "o c\r", .expect = "=>" },
	{ .send = "" },
};

/* Older Fortresses: parameter 1 is the restart, 999 the password for it. */
static const struct chat_step fortress_return[] = {
	{ .send = "p999=2639\r", .expect = "OK", .optional = true },
	{ .send = "p1=1\r", .expect = "OK", .optional = true },
	{ .send = "p999=\r", .expect = "OK", .optional = true },
	{ .send = "OFF%d\r" },
	{ .send = "" },
};

static const struct chat_step fortress_stayoff[] = {
	{ .send = "p999=2639\r", .expect = "OK", .optional = true },
	{ .send = "p1=0\r", .expect = "OK", .optional = true },
	{ .send = "p999=\r", .expect = "OK", .optional = true },
	{ .send = "OFF%d\r" },
	{ .send = "" },
};

/* SITOP: an R without a newline hangs it, and the first one may get lost. */
static const struct chat_step sitop_return[] = {
	{ .send = "\n\nR\n\nR\n\n" },
	{ .send = "" },
};

static const struct chat_step sitop_stayoff[] = {
	{ .send = "\n\nS\n\nS\n\n" },
	{ .send = "" },
};

/* Rhino: 01, command 4 (output off), 16 times nothing, complement of the sum
 * without the 01; five times. */
#define RHINO_FRAME                                                     \
	{                                                               \
		.send = "\x01\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xfb", \
		.len = 19, .wait_ms = 1                                 \
	}

static const struct chat_step rhino_stayoff[] = {
	RHINO_FRAME, RHINO_FRAME, RHINO_FRAME,
	RHINO_FRAME, RHINO_FRAME, { .send = "" },
};

/* Victron/IMV: nobody wrote down what the first one means. */
static const struct chat_step victron_hello[] = {
	{ .send = "\r", .wait_ms = 450 },
	{ .send = "?\r", .wait_ms = 450 },
	{ .send = "" },
};

static const struct chat_step victron_off[] = {
	{ .send = "vCc0!\r", .wait_ms = 150 },
	{ .send = "vCb%d!\r" },
	{ .send = "" },
};

static const struct chat_step isbmex_off[] = {
	{ .send = "######" },
	{ .send = "" },
};

static const struct chat_row chat_rows[] = {
	{
		.nut_name = "etapro",
		.settings = { .speed = 1200, .lines = SERIAL_RTS },
		.answer_ms = 1500,
		.hello = etapro_hello,
		.read_state = chat_state_etapro,
		.scripts = { { etapro_return, UPS_RETURN },
			     { etapro_stayoff, UPS_STAYOFF } },
		.cancel = etapro_cancel,
		.off_s = 10,
		.now_s = 1,
		.on_s = 15,
	},
	{
		.nut_name = "everups",
		.settings = { .speed = 300 },
		.answer_ms = 3000,
		.read_state = chat_state_everups,
		.scripts = { { everups_off, UPS_OFF } },
		.off_s = 2,
		.now_s = 2,
	},
	{
		.nut_name = "bestfcom",
		.settings = { .speed = 1200, .lines = CHAT_POWER },
		.low_battery = 0x02,
		.answer_ms = 3000,
		.hello = best_hello,
		.read_state = chat_state_best,
		.scripts = { { fcom_return, UPS_RETURN },
			     { fcom_stayoff, UPS_STAYOFF } },
		.cancel = best_cancel,
		.off_s = 10,
		.now_s = 1,
	},
	{
		.nut_name = "bestuferrups",
		.settings = { .speed = 1200, .lines = CHAT_POWER },
		.low_battery = 0x02,
		.answer_ms = 3000,
		.hello = best_hello,
		.read_state = chat_state_best,
		.scripts = { { ferrups_return, UPS_RETURN },
			     { ferrups_stayoff, UPS_STAYOFF } },
		.cancel = best_cancel,
		.off_s = 1,
		.now_s = 1,
	},
	{
		.nut_name = "bestfortress",
		.settings = { .speed = 1200, .lines = CHAT_POWER },
		.has_baudrate = true,
		.low_battery = 0x18,
		.gap_ms = 50,
		.answer_ms = 2000,
		.read_state = chat_state_best,
		.scripts = { { fortress_return, UPS_RETURN },
			     { fortress_stayoff, UPS_STAYOFF } },
		.off_key = "override.ups.delay.shutdown",
		.off_s = 20,
		.now_s = 1, /* OFF0 does not work */
	},
	{
		.nut_name = "nutdrv_siemens_sitop",
		.other_name = "nutdrv_siemens-sitop", /* Debian's */
		.settings = { .speed = 9600, .lines = CHAT_POWER },
		.gap_ms = 200,
		.answer_ms = 2000,
		.read_state = chat_state_sitop,
		.scripts = { { sitop_return, UPS_RETURN },
			     { sitop_stayoff, UPS_STAYOFF } },
		.off_s = UPS_UNKNOWN_S,
		.now_s = UPS_UNKNOWN_S,
	},
	{
		.nut_name = "rhino",
		.settings = { .speed = 19200, .lines = SERIAL_DTR },
		.answer_ms = 3000,
		.read_state = chat_state_rhino,
		.scripts = { { rhino_stayoff, UPS_STAYOFF } },
	},
	{
		.nut_name = "victronups",
		.settings = { .speed = 1200, .lines = CHAT_POWER },
		.answer_ms = 3000,
		.hello = victron_hello,
		.read_state = chat_state_victron,
		.scripts = { { victron_off, UPS_OFF } },
		.off_key = "usd",
	},
	{
		.nut_name = "isbmex",
		.settings = { .speed = 9600, .lines = CHAT_POWER },
		.gap_ms = 50,
		.answer_ms = 5000,
		.read_state = chat_state_isbmex,
		.scripts = { { isbmex_off, UPS_OFF } },
		.off_s = UPS_UNKNOWN_S,
		.now_s = UPS_UNKNOWN_S,
	},
};

const struct chat_row *chat_find_row(const struct ups *ups)
{
	const char *name = ups_value(ups, "driver");

	for (size_t i = 0; i < sizeof(chat_rows) / sizeof(chat_rows[0]); i++) {
		const struct chat_row *row = &chat_rows[i];

		if (name && (!strcmp(name, row->nut_name) ||
			     (row->other_name && !strcmp(name, row->other_name))))
			return row;
	}
	return &chat_rows[0];
}
