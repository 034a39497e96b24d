/* SPDX-License-Identifier: MIT */
/*
 * A UPS at the far end of a serial line, emulated. A kind of device lies
 * beside its driver and only says what it answers to a byte and what it is
 * told to do; who carries the bytes (a unit test in virtual time, a
 * pseudo-terminal for NUT's own driver, a serial port of a virtual machine)
 * and what is wrong with the line is not its concern.
 */
#ifndef LINK_LINE_FAKE_H
#define LINK_LINE_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_FAKE_BYTES_MAX 8192
#define LINE_FAKE_NEVER     (-1)

struct line_fake;

/** When the load comes on again after it went off. */
enum line_fake_back {
	LINE_FAKE_STAYS_OFF,  /* never: somebody has to press a button */
	LINE_FAKE_WITH_MAINS, /* after back_after_s, and not before the mains */
	LINE_FAKE_BY_CLOCK,   /* after back_after_s, mains or not */
};

/** A kind of device. Const, registered by LINE_FAKE(). */
struct line_fake_kind {
	const char *name;  /* driver, or driver-dialect: "qx-voltronic" */
	int speed;         /* baud it speaks; others make garbage. 0: any */
	size_t state_size; /* bytes at fake->state, zeroed */

	/** It was switched on. Optional. */
	void (*start)(struct line_fake *fake);
	/** A byte came from the host. Optional: contact closures. */
	void (*receive)(struct line_fake *fake, uint8_t byte);
	/** Outputs of the host changed, or a break began or ended. Optional. */
	void (*set_lines)(struct line_fake *fake, unsigned int lines,
			  bool is_break);
	/** @fake->mains or the charge has changed. Optional. */
	void (*feel)(struct line_fake *fake);
};

/** What is wrong with the line or the device. */
enum line_fake_way {
	LINE_FAKE_HEALTHY,
	LINE_FAKE_SILENT,  /* it acts, and answers nothing */
	LINE_FAKE_DEAF,    /* it hears nothing */
	LINE_FAKE_GARBAGE, /* its answers are other bytes, as many */
	LINE_FAKE_NOISE,   /* bytes that nobody sent between its own */
	LINE_FAKE_SLOW,    /* each answer comes after trouble_ms more */
	LINE_FAKE_GONE,    /* the port is no more */
};

#define LINE_FAKE_WAYS 7

/** A byte and the time it takes effect. */
struct line_fake_byte {
	int64_t at_ms;
	uint8_t byte;
};

struct line_fake {
	const struct line_fake_kind *kind;
	void *state;
	/* What it feels; use line_fake_feel(). */
	bool mains;
	int charge_pct;
	/* Inputs of the host that it raises, enum serial_line. */
	unsigned int inputs;
	/* What it was told: the last order that stands. */
	int orders, cancels;
	int64_t off_at_ms; /* LINE_FAKE_NEVER: no countdown */
	enum line_fake_back back;
	int back_after_s;
	/** Told of every order and cancel; may be NULL. */
	void (*told)(void *arg, struct line_fake *fake);
	void *arg;
	/* The line. */
	int speed; /* of the host; 0: not known, and right */
	enum line_fake_way way;
	int way_from;   /* takes effect after so many received bytes */
	int trouble_ms; /* of LINE_FAKE_SLOW */
	uint32_t noise; /* state of the generator */
	/* What came from the host, all of it, and what waits to go there. */
	int received, waiting;
	struct line_fake_byte in[LINE_FAKE_BYTES_MAX];
	struct line_fake_byte out[LINE_FAKE_BYTES_MAX];
	int64_t sent_until_ms; /* the line is busy */
};

/* For whoever carries the bytes. */

/** Switch one on: healthy, on battery, at 15 %. Frees with line_fake_end(). */
void line_fake_start(struct line_fake *fake, const struct line_fake_kind *kind);
void line_fake_end(struct line_fake *fake);

/** The kind called @name, or NULL; and all of them, NULL at the end. */
const struct line_fake_kind *line_fake_find(const char *name);
const struct line_fake_kind *const *line_fake_kinds(size_t *count);

/** Bytes from the host. */
void line_fake_receive(struct line_fake *fake, const void *bytes, size_t len);

/** Outputs of the host (enum serial_line), and whether it sends a break. */
void line_fake_set_lines(struct line_fake *fake, unsigned int lines,
			 bool is_break);

/** Mains and battery. */
void line_fake_feel(struct line_fake *fake, bool mains, int charge_pct);

/** Bytes whose time has come, for the host; returns how many. */
size_t line_fake_take(struct line_fake *fake, void *bytes, size_t size);

/** When the next byte is due, or INT64_MAX. */
int64_t line_fake_next_ms(const struct line_fake *fake);

/** Is the port there? Not when it is LINE_FAKE_GONE by now. */
bool line_fake_is_there(const struct line_fake *fake);

/* For the kinds. */

/** Answer, at the speed of the line. */
void line_fake_send(struct line_fake *fake, const void *bytes, size_t len);
void line_fake_say(struct line_fake *fake, const char *text);

/** The same, but only after @ms: a device that thinks. */
void line_fake_send_after(struct line_fake *fake, int ms, const void *bytes,
			  size_t len);

/** It was told to switch off in @off_after_s. Replaces an order before it. */
void line_fake_order(struct line_fake *fake, int off_after_s,
		     enum line_fake_back back, int back_after_s);

/** It was told not to. */
void line_fake_cancel(struct line_fake *fake);

/** Does a countdown run, and how much of it is left? -1: none. */
int line_fake_left_s(const struct line_fake *fake);

/** Is its load off by now? */
bool line_fake_is_off(const struct line_fake *fake);

/** A byte that looks random; they are the same in every run. */
uint8_t line_fake_noise(struct line_fake *fake);

/**
 * Collect a line of which CR is the end and LF is nothing. True when it is
 * whole, or full: then a 0 is behind it, and the next byte begins another.
 */
bool line_fake_collect(char *line, size_t size, size_t *len, uint8_t byte);

#define LINE_FAKE(kind)                                               \
	static const struct line_fake_kind *const line_fake_of_##kind \
		__attribute__((used, section("line_fakes"))) = &(kind)

#endif
