// SPDX-License-Identifier: MIT
/* The emulated Q* UPSes: one machine, and a row for what each does else. */
#include "qx/qx_fake.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define BARE_BACK_S 10

/** A question and its answer. */
struct qx_fake_talk {
	const char *question;
	const char *answer;
};

struct qx_fake_dialect {
	const struct line_fake_kind *kind;
	const char *status;
	enum qx_columns columns;
	const char *yes; /* to an order; NULL: says nothing */
	const char *no;  /* NULL: repeats what it was told */
	const char *cancel;
	int minutes;
	bool bare_stays;
	bool never_r;
	const struct qx_fake_talk *talk; /* NULL at the end */
};

static const char about[] = "#LASTWATT        BENCH      1.0       ";
static const char rating[] = "#230.0 000 024.0 50.0";

static const struct qx_fake_talk plain_talk[] = {
	{ "F", rating }, { "I", about }, { "FW?", about }, { 0 }
};
static const struct qx_fake_talk mecer_talk[] = {
	{ "F", rating }, { "I", about }, { "QPI", "(PI98" }, { 0 }
};
static const struct qx_fake_talk voltronic_talk[] = { { "QPI", "(PI00" },
						      { "QMOD", "(B" },
						      { 0 } };
static const struct qx_fake_talk qs_talk[] = { { "F", rating },
					       { "M", "V" },
					       { 0 } };
static const struct qx_fake_talk qs_hex_talk[] = { { "M", "P" }, { 0 } };
static const struct qx_fake_talk best_talk[] = {
	{ "ID", "FOR,750,120,120,20.0,27.6" }, { "M", "0" }, { 0 }
};
static const struct qx_fake_talk masterguard_talk[] = {
	{ "WH",
	  "(00 10.06 03.09 A  700  + 0 Bat Pack-19        0 230 50.00 012 02.30 006.00 012.00 018 10 40 160 276 47.00 53.00" },
	{ "MSO", "(220 230 240" },
	{ "Q3",
	  "(00 225.9 225.9 229.3 043 50.0 02.27 23.4 017.03 100 10000000 00000000" },
	{ "PNV", "(PNV=230" },
	{ 0 }
};
static const struct qx_fake_talk inverter_talk[] = { { 0 } };

/* clang-format off */
static const struct qx_fake_dialect qx_fake_dialects[] = {
	{ .kind = &qx_fake_megatec, .status = "Q1", .cancel = "C",
	  .minutes = 10, .talk = plain_talk },
	{ .kind = &qx_fake_mecer, .status = "Q1", .yes = "(ACK", .no = "(NAK",
	  .cancel = "C", .minutes = 10, .talk = mecer_talk },
	{ .kind = &qx_fake_voltronic, .status = "QGS", .columns = QX_QGS,
	  .yes = "(ACK", .no = "(NAK", .cancel = "CS", .minutes = 99,
	  .talk = voltronic_talk },
	{ .kind = &qx_fake_voltronic_qs, .status = "QS", .cancel = "C",
	  .minutes = 9, .talk = qs_talk },
	{ .kind = &qx_fake_voltronic_qs_hex, .status = "QS", .no = "N",
	  .columns = QX_BINARY, .cancel = "C", .minutes = 9,
	  .talk = qs_hex_talk },
	{ .kind = &qx_fake_mustek, .status = "QS", .cancel = "C",
	  .minutes = 10, .talk = plain_talk },
	{ .kind = &qx_fake_megatec_old, .status = "D", .cancel = "C",
	  .minutes = 10, .talk = plain_talk },
	{ .kind = &qx_fake_bestups, .status = "Q1", .cancel = "C", .no = "",
	  .minutes = 99, .bare_stays = true, .talk = best_talk },
	{ .kind = &qx_fake_masterguard, .status = "Q1", .no = "NAK",
	  .cancel = "C", .minutes = 99, .bare_stays = true,
	  .talk = masterguard_talk },
	{ .kind = &qx_fake_gtec, .status = "Q4", .columns = QX_LETTERS,
	  .yes = "ACK", .no = "NAK", .cancel = "C", .minutes = 10,
	  .talk = plain_talk },
	{ .kind = &qx_fake_omron, .status = "Q1", .yes = "OK", .no = "NAK",
	  .cancel = "C", .minutes = 99, .never_r = true, .talk = plain_talk },
	/* Wants checksums, and answers with them. */
	{ .kind = &qx_fake_axpert, .status = "", .no = "(NAKss", .cancel = "",
	  .talk = inverter_talk },
};
/* clang-format on */

static const struct qx_fake_dialect *dialect_of(const struct line_fake *fake)
{
	const struct qx_fake_dialect *dialect = qx_fake_dialects;

	while (dialect->kind != fake->kind)
		dialect++;
	return dialect;
}

static void qx_fake_answer(struct line_fake *fake, const char *text, size_t len)
{
	struct qx_fake *state = fake->state;

	if (clock_now_ms() < state->hushed_until_ms)
		return;
	line_fake_send(fake, text, len);
	line_fake_send(fake, "\r", 1);
}

static void qx_fake_say(struct line_fake *fake, const char *text)
{
	qx_fake_answer(fake, text, strlen(text));
}

static void qx_fake_refuse(struct line_fake *fake, const char *command)
{
	const char *no = dialect_of(fake)->no;

	if (!no || no[0])
		qx_fake_say(fake, no ? no : command);
}

static void qx_fake_accept(struct line_fake *fake)
{
	const char *yes = dialect_of(fake)->yes;
	struct qx_fake *state = fake->state;

	if (state->mumbles)
		qx_fake_say(fake, "(?");
	else if (yes)
		qx_fake_say(fake, yes);
	if (state->hush_ms)
		state->hushed_until_ms = clock_now_ms() + state->hush_ms;
}

static void qx_fake_tell_binary(struct line_fake *fake, uint8_t bits)
{
	char text[64] = "#\x6c\x01 \x35 \x6c\x01 \x35 \x03 \x51\x9a "
			"\x28\x02\x12\xd0 \xe6 \x1e ";
	size_t len = strlen(text);

	if (bits == ' ') {
		text[len++] = 0x28;
		bits = 0x04;
	}
	text[len++] = (char)bits;
	qx_fake_answer(fake, text, len);
}

static void qx_fake_tell_bits(struct line_fake *fake, bool low, bool counts)
{
	struct qx_fake *state = fake->state;
	char text[QX_ANSWER_MAX];
	int len = snprintf(text, sizeof(text),
			   "(%05.1f 000.0 230.0 010 50.0 24.0 25.0 %c%c0000%c1",
			   fake->mains ? 230.0 : 0.0, fake->mains ? '0' : '1',
			   low ? '1' : '0', counts ? '1' : '0');

	if (state->stars)
		text[0] = '*';
	state->stars = false;
	for (int i = 38; i < len; i++) {
		if (state->sends_nuls && text[i] == '0')
			text[i] = '\0';
	}
	qx_fake_answer(fake, text, (size_t)(state->cuts_short ? len - 1 : len));
}

static void qx_fake_tell_status(struct line_fake *fake)
{
	struct qx_fake *state = fake->state;
	bool low = fake->charge_pct < 20;
	bool counts =
		state->sticks || (line_fake_left_s(fake) >= 0 && !state->hides);
	char text[QX_ANSWER_MAX];

	switch (dialect_of(fake)->columns) {
	case QX_BINARY:
		qx_fake_tell_binary(fake, (fake->mains ? 0 : 0x80) |
						  (low ? 0x40 : 0) |
						  (counts ? 0x02 : 0) | 0x08);
		return;
	case QX_QGS:
		(void)snprintf(
			text, sizeof(text),
			"(234.9 50.0 229.8 50.0 000.0 000 369.1 ---.- 026.5 ---.- 018.8 10%c%c0000%c001",
			fake->mains ? '0' : '1', low ? '1' : '0',
			counts ? '1' : '0');
		break;
	case QX_LETTERS:
		(void)snprintf(
			text, sizeof(text),
			"(236.7 243.2 212.1 220.1 230.4 002 001 50.0 371 372 041.3 22.9 %s%s%sI",
			fake->mains ? "M" : "A", low ? "B" : "",
			counts ? "F" : "");
		break;
	default:
		qx_fake_tell_bits(fake, low, counts);
		return;
	}
	qx_fake_say(fake, text);
}

/** n of S<n>, in seconds; -1 if it is none. */
static int qx_fake_read_n(const char *n, int minutes)
{
	int value;

	if (n[0] == '.' && n[1] >= '2' && n[1] <= '9')
		return 6 * (n[1] - '0');
	if (!isdigit(n[0]) || !isdigit(n[1]))
		return -1;
	value = 10 * (n[0] - '0') + n[1] - '0';
	return value <= minutes ? value * 60 : -1;
}

/** Is it S<n> or S<n>R<mmmm>, as this dialect has it? Then do it. */
static bool qx_fake_cut(struct line_fake *fake, const char *order)
{
	const struct qx_fake_dialect *dialect = dialect_of(fake);
	struct qx_fake *state = fake->state;
	bool stays = dialect->bare_stays;
	const char *n = order + 1;
	int off_s, back_s = BARE_BACK_S;

	if (dialect->never_r) {
		stays = !state->starts_itself;
		n += *n == 'f';
	}
	off_s = strlen(n) >= 2 ? qx_fake_read_n(n, dialect->minutes) : -1;
	if (off_s < 0 || state->denies ||
	    (state->denies_again && line_fake_left_s(fake) >= 0) ||
	    (state->denies_unasked && fake->cancels == 0))
		return false;
	if (n[2]) {
		if (n[2] != 'R' || strspn(n + 3, "0123456789") != 4 || n[7] ||
		    dialect->never_r || state->denies_r)
			return false;
		back_s = 60 * atoi(n + 3);
		stays = back_s == 0;
	}
	if (off_s == 0 && !stays)
		return false;
	if (!state->forgets)
		line_fake_order(fake, off_s,
				stays ? LINE_FAKE_STAYS_OFF
				      : LINE_FAKE_WITH_MAINS,
				back_s);
	return true;
}

/** A whole command, without its CR. */
static void qx_fake_obey(struct line_fake *fake, const char *command)
{
	const struct qx_fake_dialect *dialect = dialect_of(fake);
	const struct qx_fake_talk *talk = dialect->talk;
	struct qx_fake *state = fake->state;

	while (talk->question && strcmp(talk->question, command) != 0)
		talk++;
	if (talk->question) {
		qx_fake_say(fake, talk->answer);
	} else if (state->model && !strcmp(command, "WH")) {
		qx_fake_say(fake, state->model);
	} else if (!strcmp(command, dialect->status)) {
		qx_fake_tell_status(fake);
	} else if (!strcmp(command, dialect->cancel)) {
		if (!state->ignores_cancel)
			line_fake_cancel(fake);
		qx_fake_accept(fake);
	} else if (dialect->never_r && command[0] == 'A' && command[1]) {
		state->starts_itself = command[1] == 'n';
		qx_fake_accept(fake);
	} else if (dialect->columns == QX_QGS && !strcmp(command, "SOFF")) {
		line_fake_order(fake, 0, LINE_FAKE_STAYS_OFF, 0);
		qx_fake_accept(fake);
	} else if (command[0] == 'S' && qx_fake_cut(fake, command)) {
		qx_fake_accept(fake);
	} else {
		qx_fake_refuse(fake, command);
	}
}

static void qx_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct qx_fake *state = fake->state;

	if (byte != '\r') {
		if (state->len + 1 < sizeof(state->line))
			state->line[state->len++] = (char)byte;
		return;
	}
	state->line[state->len] = '\0';
	if (state->len > 0)
		qx_fake_obey(fake, state->line);
	state->len = 0;
}

#define QX_FAKE(id, called)                           \
	const struct line_fake_kind qx_fake_##id = {  \
		.name = called,                       \
		.speed = 2400,                        \
		.state_size = sizeof(struct qx_fake), \
		.receive = qx_fake_receive,           \
	}

QX_FAKE(megatec, "qx-megatec");
QX_FAKE(mecer, "qx-mecer");
QX_FAKE(voltronic, "qx-voltronic");
QX_FAKE(voltronic_qs, "qx-voltronic-qs");
QX_FAKE(voltronic_qs_hex, "qx-voltronic-qs-hex");
QX_FAKE(mustek, "qx-mustek");
QX_FAKE(megatec_old, "qx-megatec-old");
QX_FAKE(bestups, "qx-bestups");
QX_FAKE(masterguard, "qx-masterguard");
QX_FAKE(gtec, "qx-gtec");
QX_FAKE(omron, "qx-omron");
QX_FAKE(axpert, "qx-axpert");

LINE_FAKE(qx_fake_megatec);
LINE_FAKE(qx_fake_mecer);
LINE_FAKE(qx_fake_voltronic);
LINE_FAKE(qx_fake_voltronic_qs);
LINE_FAKE(qx_fake_voltronic_qs_hex);
LINE_FAKE(qx_fake_mustek);
LINE_FAKE(qx_fake_megatec_old);
LINE_FAKE(qx_fake_bestups);
LINE_FAKE(qx_fake_masterguard);
LINE_FAKE(qx_fake_gtec);
LINE_FAKE(qx_fake_omron);
LINE_FAKE(qx_fake_axpert);
