/* SPDX-License-Identifier: MIT */
/*
 * What the tests of serial drivers, of those on the USB that are not HID, and
 * of those that send datagrams share: a section of ups.conf, an emulated device
 * on its port, and the driver commanding it through the fleet as PID 1 does.
 * Time is virtual: minutes of waiting cost nothing.
 */
#ifndef LINK_LINE_BENCH_H
#define LINK_LINE_BENCH_H

#include "base/fleet.h"
#include "base/rehearse.h"
#include "link/line_fake.h"
#include "link/net_fake.h"
#include "link/usb_fake.h"

struct line_bench {
	struct conf conf;
	struct ups ups;
	struct line_fake fake; /* the UPS, on whatever it is */
	struct usb_fake usb;   /* .kind is NULL if it is not on the USB */
	struct net_fake net;   /* .kind is NULL if it is not on the network */
	int patience_ms;       /* of open() and of a cut; 30 s */
	int armed_at;          /* bytes, transfers that it had seen then */
	int notes;
	char note[UPS_SENTENCE_MAX]; /* the last one */
	char sent[4 * 1024]; /* of line_bench_sent() and line_bench_told() */
};

/** "driver = @driver", "port = /dev/ttyS0" and the lines @keys; dies if not. */
void line_bench_start(struct line_bench *bench, const char *driver,
		      const struct line_fake_kind *kind, const char *keys);

/** The same on the USB: "driver = @driver", "port = auto" and @keys. */
void line_bench_start_usb(struct line_bench *bench, const char *driver,
			  const struct usb_fake_kind *kind, const char *keys);

/** The same on the network: "driver = @driver", "port = ups" and @keys. */
void line_bench_start_net(struct line_bench *bench, const char *driver,
			  const struct net_fake_kind *kind, const char *keys);

void line_bench_end(struct line_bench *bench);

/** Each of them on the heap. */
struct line_bench *line_bench_new(const char *driver,
				  const struct line_fake_kind *kind,
				  const char *keys);
struct line_bench *line_bench_new_usb(const char *driver,
				      const struct usb_fake_kind *kind,
				      const char *keys);
struct line_bench *line_bench_new_net(const char *driver,
				      const struct net_fake_kind *kind,
				      const char *keys);
void line_bench_delete(struct line_bench *bench);

/** Deletes *@state, for the fixtures of cmocka. */
int line_bench_free(void **state);

/** Open it. */
int line_bench_arm(struct line_bench *bench);

/** Open it unless it is open, and cut. */
int line_bench_cut(struct line_bench *bench, enum ups_command wanted,
		   struct ups_cut *cut);

/**
 * As a drill does it, on mains, with ten minutes: open it unless it is open,
 * arm and cancel. Returns as rehearse_arm().
 */
int line_bench_rehearse(struct line_bench *bench, struct ups_cut *cut,
			bool *armed);

/** Ask the driver, which is armed and has that; 5 s. */
int line_bench_status(struct line_bench *bench, struct ups_status *status);
int line_bench_cancel(struct line_bench *bench);

/** How much it has seen of the driver: bytes, transfers or datagrams. */
int line_bench_seen(const struct line_bench *bench);

/**
 * What the driver wrote since byte @from, as text: printable characters as
 * they are, CR and LF as \r and \n, the rest as <hex>.
 */
const char *line_bench_sent(struct line_bench *bench, int from);

/**
 * What the driver said on the USB since transfer @from, a line for each
 * transfer: "21 09 0200 0000: 43 0d" for a control transfer (type, request,
 * value, index), "02: 43 0d" for an endpoint. What endpoints say is left out.
 */
const char *line_bench_told(struct line_bench *bench, int from);

/** How a protocol answers a kill; for line_bench_storm(). */
enum line_bench_answer {
	LINE_BENCH_ANSWERS, /* who does not hear an answer must not say done */
	LINE_BENCH_SILENT,  /* by design: a deaf device cannot be told apart */
};

/**
 * Cut with every fault of the line beginning at every byte of the dialogue,
 * and assert that it ends in time, that "verified" is never said of a device
 * which is not going to switch off, "done" only as @answer allows, and that a
 * failure has its sentence. At least once a healthy cut must do it; with
 * ups_cut.exact, each command is given as such or not at all; and what a drill
 * leaves behind it counting is said to, whatever ailed the line.
 */
void line_bench_storm(const char *driver, const struct line_fake_kind *kind,
		      const char *keys, enum line_bench_answer answer);

/** The same on the USB, with each fault hitting one transfer, or all. */
void line_bench_storm_usb(const char *driver, const struct usb_fake_kind *kind,
			  const char *keys, enum line_bench_answer answer);

/** The same on the network, with each fault hitting one datagram, or all. */
void line_bench_storm_net(const char *driver, const struct net_fake_kind *kind,
			  const char *keys, enum line_bench_answer answer);

#endif
