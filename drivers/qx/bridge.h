/* SPDX-License-Identifier: MIT */
/*
 * USB bridges: devices that carry Q* over the USB, each its own way. A bridge
 * is a row; what a row cannot say is in bridge.c, and in strings.c for those
 * that are spoken to by asking for string descriptors. Sources:
 * networkupstools/ nut, drivers/nutdrv_qx.c and blazer_usb.c; captures in its
 * issues 307, 674, 1652, 2151, 2208, 3263.
 */
#ifndef QX_BRIDGE_H
#define QX_BRIDGE_H

#include "link/usb_pipe.h"
#include "qx/qx.h"

/** How a command is sent. */
enum qx_way {
	QX_BY_REPORT,   /* SET_REPORT, in blocks */
	QX_BY_REQUEST,  /* one vendor request */
	QX_BY_FEATURE,  /* SET_REPORT, and GET_REPORT for the answer */
	QX_BY_ENDPOINT, /* an interrupt endpoint */
	QX_BY_STRING,   /* asking for a string */
};

enum qx_bridge_flag {
	QX_COUNTED = 1,   /* the first byte of each block counts the others */
	QX_ONCE = 2,      /* an answer is one transfer */
	QX_AND_PIPED = 4, /* may have a larger pipe instead: look for it */
	QX_IN_ORDER = 8,  /* strings are read in a fixed order only */
	QX_WOKEN = 16,    /* before each string its endpoint is read */
	QX_IS_MEC0003 = 32,
};

struct qx_way_row {
	char name[11];   /* of `subdriver` */
	char dialect[8]; /* that is behind it for certain, or "" */
	uint16_t limits; /* enum qx_flag, added to those of the dialect */
	uint8_t way;
	uint8_t flags;
	uint8_t block;     /* of what is sent */
	uint8_t mark;      /* in front of the count of a block */
	uint8_t packet;    /* of what is read */
	uint16_t value;    /* wValue of SET_REPORT */
	uint16_t send_ms;  /* for each block */
	uint16_t drain_ms; /* silence that shows that nothing stale is left */
};

struct qx_bridge {
	struct qx_port port;
	struct usb_pipe_link usb;
	const struct qx_way_row *row;
	uint8_t in;        /* the endpoint that answers */
	uint8_t out;       /* the one that commands go to; 0: control */
	uint8_t turn;      /* of the fixed order */
	uint16_t language; /* of strings */
};

/**
 * Open the bridge that the section means, by its keys, and know it by its
 * `subdriver` or its IDs. Errors and sentences as usb_pipe_open(); -EINVAL for
 * a subdriver that does not exist or that is missing.
 */
int qx_bridge_open(struct qx_bridge *bridge, struct ups *ups, deadline_t until);

/** The rows: by `subdriver`, and by the devices that are known to be one. */
const struct qx_way_row *qx_find_way(const char *subdriver);
const struct qx_way_row *qx_way_of(size_t id);
extern const struct usb_id qx_usb_ids[];
extern const size_t qx_usb_ids_count;

/** ask() for bridges of QX_BY_STRING, and what they want at first. */
int qx_strings_ask(struct qx_bridge *bridge, const char *command, char *answer,
		   size_t size, deadline_t until);
void qx_strings_start(struct qx_bridge *bridge, deadline_t until);

#endif
