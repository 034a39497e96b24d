/* SPDX-License-Identifier: MIT */
/*
 * An emulated UPS on a serial line: the device of some protocol
 * (link/line_fake.h), with the power that struct ups counts, at the far end of
 * a serial port of the machine.
 */
#ifndef RIG_LINE_H
#define RIG_LINE_H

#include "ups.h"

/* One entry of the timeline holds so many bytes. */
#define LINE_RUN_MAX 128

/** Bytes that went the same way, and are told in one piece. */
struct line_run {
	bool to_ups;
	size_t len;
	int64_t last_ms;
	uint8_t bytes[LINE_RUN_MAX];
};

struct line {
	struct ups *ups;
	struct line_fake fake;
	const char *how; /* it was told, for the timeline */
	bool bridged;    /* a device on the USB takes its bytes */
	int cancels;     /* that were told of */
	int fd;          /* the bytes' end of the port, or -1 */
	/** Where bytes for the machine go if not to @fd. */
	void (*carry)(void *carrier, const uint8_t *bytes, size_t len);
	void *carrier;
	/** Of a bridged one: tell of what the order came in, before it. */
	void (*before)(void *carrier);
	unsigned int outputs; /* of the machine, as last told */
	bool is_break;
	struct line_run run;
};

/** The device of @ups; NULL if it is not on a line. Dies of a wrong kind. */
struct line *line_make(struct ups *ups);

/** Its two halves: line->fake is to be started in between. */
struct line *line_alloc(struct ups *ups, const char *how);
void line_join(struct line *line);

/** The other end of @fd is a new QEMU. Takes @fd. */
void line_start(struct line *line, int fd);
void line_stop(struct line *line);

/** Read what has come on @fd. Returns false when QEMU has gone. */
bool line_read(struct line *line);

/** Bytes, outputs and speed of the machine. */
void line_receive(struct line *line, const uint8_t *bytes, size_t len);
void line_set_outputs(struct line *line, unsigned int outputs, bool is_break);
void line_set_speed(struct line *line, int speed);

/** Send what waits, and tell what was sent. */
void line_tick(struct line *line);

int64_t line_next_ms(const struct line *line);

/** Something ails it from now on. */
void line_suffer(struct line *line, const struct line_trouble *trouble);

/** Mains, charge or load of its UPS are others. */
void line_feel(struct line *line);

#endif
