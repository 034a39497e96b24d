/* SPDX-License-Identifier: MIT */
/*
 * Who is told what, as data: families of devices, and for each a ladder of
 * ways to command them. A new device is a row here. The descriptor supplies
 * report IDs, sizes and scaling; nothing of that is ever written down.
 */
#ifndef HID_FAMILIES_H
#define HID_FAMILIES_H

#include "base/ups.h"
#include "hid/usages.h"

/** What is written into a field. */
enum hid_value {
	HID_RAW,             /* the number, as it is */
	HID_OFF_DELAY,       /* ups.conf's offdelay, scaled */
	HID_ON_DELAY,        /* ups.conf's ondelay, scaled, after the off */
	HID_REBOOT_DELAY,    /* the family's seconds, scaled */
	HID_NEVER,           /* -1: all bits set, never scaled */
	HID_NEEDED_CHARGE,   /* APC's: the number unless it is negative, ... */
	HID_WAKE_UP_DELAY,   /* ... or a text that is led to the lowest */
	HID_MINUTES_SECONDS, /* Powercom: offdelay in two bytes, | number */
	HID_ONE_SECOND,      /* the same, but 1 s, for 0 is the longest */
	/* Powercom: offdelay, or so many seconds, as an index into a list */
	HID_DELAY_INDEX,
};

/** An optional step that the unit lacks or refuses stops nothing. */
#define HID_STEP_OPTIONAL   0x01
/** A setting: it is not written again when it is known to hold. */
#define HID_STEP_SETTING    0x02
/** Not beside the last step, but in PowerConverter.Input. */
#define HID_STEP_OF_INPUT   0x04
/** Nor there, but anywhere. */
#define HID_STEP_ANYWHERE   0x08
/** When the last step is refused: write -1, so that nothing counts down. */
#define HID_STEP_UNDO_NEVER 0x10
/** The same with 0, */
#define HID_STEP_UNDO_ZERO  0x20
/** and with what the field showed before. */
#define HID_STEP_UNDO_KNOWN 0x40

struct hid_step {
	uint32_t usage; /* 0: no more steps */
	int16_t number;
	uint8_t value; /* enum hid_value */
	uint8_t flags;
};

/** Collections below which the last step of a rung is looked for. */
enum hid_roots {
	HID_AT_ALL,    /* anywhere */
	HID_AT_DELAYS, /* the next five, in turn */
	HID_AT_SUMMARY,
	HID_AT_OUTPUT,
	HID_AT_OUTLET,
	HID_AT_UPS,
	HID_AT_OUTLETS, /* all of them: OutletSystem (Legrand Keor DK) */
	HID_AT_APC,
	HID_AT_BELKIN,
};

/** No countdown: the field takes a command, and shows none. */
#define HID_RUNG_MOMENTARY    0x01
/** 0 is what the countdown shows when none is running. */
#define HID_RUNG_ZERO_IS_IDLE 0x02
/** Only where one count of the countdown is a minute. */
#define HID_RUNG_IF_MINUTES   0x04
/** What the field shows is no plain number: changed or not is all it says. */
#define HID_RUNG_OPAQUE       0x08
/** Only while a countdown is seen to run. */
#define HID_RUNG_IF_RUNNING   0x10
/** Only where the trigger is too narrow for minutes and seconds. */
#define HID_RUNG_IF_NARROW    0x20

#define HID_STEPS_MAX 5

/** Beside the commands of a UPS. */
#define HID_CANCEL 0x10

/**
 * A way to give one command. The last step is the one that counts; the others
 * are looked for beside it, so that a pair of delays is of one collection.
 */
struct hid_rung {
	const char *name; /* for people; NULL ends the ladder */
	uint8_t wanted;   /* enum ups_command, or HID_CANCEL */
	uint8_t given;    /* what it will amount to */
	uint8_t roots;    /* enum hid_roots */
	uint8_t flags;
	struct hid_step step[HID_STEPS_MAX];
};

struct hid_ids {
	uint16_t vendor; /* 0 ends the list */
	uint16_t product_first;
	uint16_t product_last;
	const char *string; /* in vendor or product, or NULL */
};

struct hid_family {
	const char *name;
	const struct hid_ids *ids;    /* NULL: everybody */
	const struct hid_rung *rungs; /* of one command: in this order */
	const struct hid_rung *more;  /* then these, or NULL */
	uint8_t offdelay_s;           /* defaults of its delays */
	uint8_t ondelay_s;
	uint8_t reboot_s; /* what DelayBeforeReboot is given */
	/**
	 * The least that DelayBeforeReboot counts down before the load goes
	 * off; 0 where that is at once, as the standard has it.
	 */
	uint8_t reboot_off_s;
	/** Whether a cancel stops it is not known: no drill arms it. */
	bool no_drill;
	/** Read after a cut, for no other reason than to be read; or 0. */
	uint32_t read_after;
	/** IDs of reports that are never read, or NULL. */
	const char *unread;
	/** A flag of the section that means @key_rungs instead, or NULL. */
	const char *key;
	const struct hid_rung *key_rungs;
};

/** Never NULL: what no row knows is served by the standard's own ladder. */
const struct hid_family *hid_find_family(uint16_t vendor_id,
					 uint16_t product_id, const char *vendor,
					 const char *product);

/**
 * The family that ups.conf's `subdriver` means: its letters before anything
 * else ("tripplite.*", "TrippLite HID 0.85", "mge") begin the name of one,
 * whatever their case. NULL if they do not.
 */
const struct hid_family *hid_find_subdriver(const char *subdriver);

/**
 * The family whose shape a descriptor has, for units that no row knows by
 * their IDs. Never NULL.
 */
const struct hid_family *hid_find_shape(const struct hid_descriptor *descriptor);

/** The usages of the roots, in turn: 0 is any, and -1 the end. */
int64_t hid_root(enum hid_roots roots, int turn);

/** Does this maker of UPSes have a row of its own? */
bool hid_is_known_maker(uint16_t vendor_id);

#endif
