/* SPDX-License-Identifier: MIT */
/*
 * UPSes whose cut is a fixed exchange of bytes: send this, wait for that. Each
 * is a row; only how it says whether there is mains is code. What the bytes
 * are and where they are from stands in rows.c.
 */
#ifndef CHAT_CHAT_H
#define CHAT_CHAT_H

#include "link/serial.h"

/** What a %d or a %X (four hexadecimal digits) in a step stands for. */
enum chat_number {
	CHAT_OFF,      /* seconds until it is off */
	CHAT_OFF_THEN, /* and those until it is on again, together */
};

/**
 * Send something, and wait for an answer if there is one. Arrays, for a pointer
 * costs as much again to relocate.
 */
struct chat_step {
	char send[20];    /* empty: the end */
	char expect[6];   /* or empty */
	uint16_t wait_ms; /* after it */
	uint8_t len;      /* of what is sent, if it is not text */
	uint8_t number;   /* enum chat_number */
	bool optional;    /* a wrong answer to it, or none, is noted */
};

struct chat_script {
	const struct chat_step *steps; /* NULL: the end */
	enum ups_command does;
};

struct chat_row;

struct chat_state {
	struct serial_link serial;
	const struct chat_row *row;
	int off_s;
};

/** Read mains and battery; what does not show is not touched. */
typedef int chat_read_state(struct chat_state *state, struct ups_status *status,
			    deadline_t until);

struct chat_row {
	const char *nut_name, *other_name;
	struct serial_settings settings;
	bool has_baudrate;   /* a key of its own */
	uint8_t low_battery; /* bits of its alarms, for chat_state_best() */
	int gap_ms;          /* after each byte */
	int answer_ms;
	const struct chat_step *hello; /* when it is opened, or NULL */
	chat_read_state *read_state;
	struct chat_script scripts[3]; /* best first */
	const struct chat_step *cancel;
	const char *off_key;    /* of the section; NULL: as below, always */
	int off_s, now_s, on_s; /* on_s: after it went off */
};

/** The row of the section's `driver`. */
const struct chat_row *chat_find_row(const struct ups *ups);

/** Send @text at the row's pace. */
int chat_send(struct chat_state *state, const char *text, size_t len,
	      deadline_t until);

chat_read_state chat_state_etapro, chat_state_everups, chat_state_best,
	chat_state_sitop, chat_state_rhino, chat_state_victron,
	chat_state_isbmex;

#endif
