/* SPDX-License-Identifier: MIT */
/*
 * A HID UPS in memory: the descriptor of a real one, countdowns that run, and
 * the ways in which devices misbehave. It records every transfer.
 */
#ifndef HID_FAKE_H
#define HID_FAKE_H

#include "hid/unit.h"

#define HID_FAKE_QUIRKS_MAX    6
#define HID_FAKE_TRANSFERS_MAX 128
#define HID_FAKE_COUNTDOWNS    8

enum hid_fake_way {
	HID_FAKE_OBEY,
	HID_FAKE_STALL,
	HID_FAKE_TIMEOUT,
	HID_FAKE_IO_ERROR,
	HID_FAKE_GONE,     /* from now on */
	HID_FAKE_LAST,     /* the same, but it acts first */
	HID_FAKE_LATE,     /* it acts, and answers when nobody waits */
	HID_FAKE_IGNORE,   /* acknowledge, and do nothing */
	HID_FAKE_SHORT,    /* answer with the ID and one byte */
	HID_FAKE_LONG,     /* answer with more than was described */
	HID_FAKE_WRONG_ID, /* answer with another report */
	HID_FAKE_GARBAGE,  /* a descriptor that begins with a SETUP packet */
};

enum hid_fake_kind {
	HID_FAKE_GET,
	HID_FAKE_SET,
	HID_FAKE_DESCRIPTOR,
};

struct hid_fake_quirk {
	enum hid_fake_way way;
	enum hid_fake_kind kind;
	uint8_t report_id; /* 0: any */
	int times;         /* counts down; -1: for ever */
};

struct hid_fake_transfer {
	enum hid_fake_kind kind;
	int64_t at_ms;
	size_t len; /* asked for, or written */
	uint8_t bytes[REPORT_MAX];
};

struct hid_fake_countdown {
	const struct hid_field *field;
	int64_t since_ms;
};

struct hid_fake {
	struct report_link link;
	uint8_t bytes[HID_DESCRIPTOR_MAX];
	size_t len;
	uint8_t report[REPORT_TYPES][256][REPORT_MAX];
	struct hid_fake_quirk quirk[HID_FAKE_QUIRKS_MAX];
	int transfers;
	struct hid_fake_transfer transfer[HID_FAKE_TRANSFERS_MAX];
	/* Any transfer, from number ->from on, and ->times of them. */
	struct {
		enum hid_fake_way way;
		int from, times; /* -1: for ever */
	} sweep;
	int64_t back_at_ms; /* of one that is gone; 0: nobody knows */
	/* What it was told that switches its load, and not yet asked about. */
	int orders;
	bool is_unread;
	int countdowns;
	struct hid_fake_countdown countdown[HID_FAKE_COUNTDOWNS];
	bool is_gone;
	uint32_t rounded; /* usage; 0: none */
	int64_t rounded_to;
	struct hid_descriptor descriptor;
};

/** Start a unit with the descriptor given; no countdown runs. */
void hid_fake_start(struct hid_fake *fake, const uint8_t *bytes, size_t len);

/** The same with the one of testdata/, and the values that lie there. */
void hid_fake_load(struct hid_fake *fake, const char *name);

/** Misbehave, from the next transfer on. */
void hid_fake_misbehave(struct hid_fake *fake, struct hid_fake_quirk quirk);

/**
 * It is on the bus again, if its time has come. One that nobody has read since
 * it was told to switch off does that once more, as some do.
 */
bool hid_fake_plug(struct hid_fake *fake);

/** Set the first field with this usage. */
void hid_fake_set(struct hid_fake *fake, uint32_t usage, int64_t raw);

/** From now on, what is written with this usage becomes @least at least. */
void hid_fake_round(struct hid_fake *fake, uint32_t usage, int64_t least);

/**
 * "get 09; set 0a 1e 00 00 00; ": what happened since transfer @from.
 */
void hid_fake_print(const struct hid_fake *fake, int from, char *text,
		    size_t size);

#endif
