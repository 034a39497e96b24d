/* SPDX-License-Identifier: MIT */
/*
 * The emulated UPS: what it says about itself, what it was told to do, and
 * whether its load has power. It knows nothing of USB.
 */
#ifndef RIG_UPS_H
#define RIG_UPS_H

#include <stdbool.h>
#include <stdint.h>

#include "device_words.h"
#include "layout.h"
#include "line_words.h"
#include "net_words.h"
#include "timeline.h"

#define UPS_REPORT_MAX 512
#define UPS_FAULTS_MAX 16
#define UPS_NEVER      (-1)

enum fault_kind {
	FAULT_STALL,  /* refused */
	FAULT_HANG,   /* answered, and acted on, too late */
	FAULT_IGNORE, /* acknowledged, and nothing happens */
};

/** In what the delays count that no maker but one writes like that. */
enum delays {
	DELAYS_SECONDS,         /* as the descriptor says */
	DELAYS_MINUTES_SECONDS, /* Powercom: two bytes and two flags */
	DELAYS_INDEX,           /* Powercom SKP: 12 s … 10 min are 1 … 18 */
};

/** Where its cable ends. */
enum ups_port {
	UPS_ON_USB,        /* it is a USB device itself */
	UPS_ON_SERIAL,     /* a serial port on the board */
	UPS_ON_USB_SERIAL, /* QEMU's USB serial adapter */
	UPS_ON_ADAPTER,    /* ours, which has modem lines */
	UPS_IS_DEVICE,     /* on the USB, and no HID power device */
	UPS_ON_NET,        /* the network */
};

struct fault {
	enum fault_kind kind;
	uint8_t report;
	int64_t delay_ms;
	int times; /* how often still; -1: always */
};

struct ups {
	char name[32];
	/* What it is. */
	uint16_t vendor, product, release;
	char manufacturer[64], model[64], serial[64];
	uint8_t descriptor[LAYOUT_BYTES_MAX];
	size_t descriptor_len;
	struct layout layout;
	enum delays delays;
	bool reboot_counts; /* DelayBeforeReboot: off when it has run out */
	bool feeds;         /* the machine hangs on it */
	bool restart;       /* comes back with the mains */
	bool plugged;       /* into the bus, at the start */
	enum ups_port port;
	char line_kind[32]; /* of a serial one, or of a device */
	struct line_trouble line_trouble;
	struct device_trouble device_trouble;
	/* Of one on the network. */
	char listen[48]; /* "": where QEMU's own network finds it */
	int net_port;    /* 0: that of its kind */
	int vlan;        /* 0: none */
	char agent[512]; /* "", or what snmpd before it is told */
	struct net_trouble net_trouble;
	/* What it feels. */
	bool mains;
	int charge_pct, runtime_s, low_pct;
	/* What it was told. */
	bool load;
	int64_t off_at_ms; /* the countdowns, or UPS_NEVER */
	int64_t on_at_ms;
	int64_t off_since_ms;
	bool hibernates;    /* the running countdown ends in wants_mains */
	bool reboots;       /* off by DelayBeforeReboot, and on again soon */
	bool wants_mains;   /* dark, and comes back with the mains */
	bool ignores_mains; /* comes back by the clock alone */
	/* What its reports hold; the number is not part of it. */
	uint8_t report[4][256][UPS_REPORT_MAX];
	/* With how many bytes it answers, if not as the descriptor says. */
	uint16_t answer_len[4][256];
	/* What is wrong with it. */
	struct fault fault[UPS_FAULTS_MAX];
	int faults;
	int64_t busy_ms, last_set_ms;
	int64_t latency_ms;
	int granularity_s; /* delays are rounded to it, */
	bool rounds_down;  /* or up */
	int shy;           /* so many first accesses of each report stall */
	int shy_seen[256];
	int garbage;  /* so many first reads of the descriptor are not it */
	bool forgets; /* countdowns, with its place on the bus */

	struct timeline *timeline;
	/** A cut was commanded and has not begun: the instant to look. */
	void (*commanded)(void *arg, struct ups *ups, int64_t off_after_s);
	void (*load_changed)(void *arg, struct ups *ups);
	void *arg;
};

/** Read NAME.ups; files that it names are looked for in @search[]. Dies. */
void ups_load_file(struct ups *ups, const char *path, const char *const *search);

/** Bring the reports up to date. Call before any of them is looked at. */
void ups_refresh(struct ups *ups);

/** The data of a report, after its number, with @len bytes. */
const uint8_t *ups_report(const struct ups *ups, enum report_type type,
			  uint8_t report, size_t *len);

/** Take a write of @len bytes after the number: keep it and act on it. */
void ups_write(struct ups *ups, enum report_type type, uint8_t report,
	       const uint8_t *data, size_t len);

/** Let time pass. */
void ups_tick(struct ups *ups);

/** When something will happen by itself, or INT64_MAX. */
int64_t ups_next_ms(const struct ups *ups);

void ups_set_mains(struct ups *ups, bool present);
void ups_set_load(struct ups *ups, bool on, const char *why);

/** It has left the bus: some forget then what they were told. */
void ups_forget(struct ups *ups);

/** Is a cut under way, or the load off and going to return? */
bool ups_is_cutting(const struct ups *ups);

/** The fault that hits the next write of @report, used up once; or NULL. */
const struct fault *ups_take_fault(struct ups *ups, uint8_t report);

/** Take "stall 0x09 2" and its like from words[@from …]. Dies on nonsense. */
void ups_add_fault(struct ups *ups, const struct words *words, int from,
		   const char *kind);

#endif
