/* SPDX-License-Identifier: MIT */
/*
 * What Tripp Lite's UPSes before HID understand: a letter behind a colon, in
 * text on a serial line, in reports on USB. Source: networkupstools/nut,
 * drivers/tripplite.c and tripplite_usb.c.
 */
#ifndef TRIPPLITE_TRIPPLITE_H
#define TRIPPLITE_TRIPPLITE_H

enum tripplite_letter {
	TRIPPLITE_STATUS = 'D',
	TRIPPLITE_OFF_UNTIL_MAINS = 'G', /* only on battery */
	TRIPPLITE_REBOOT = 'H',          /* seconds off */
	TRIPPLITE_OUTLETS = 'K',         /* 0: off */
	TRIPPLITE_DELAY = 'N',           /* seconds until what follows */
	TRIPPLITE_REGISTER = 'W',        /* there is always one: a greeting */
};

/* Seconds, as NUT has them. */
#define TRIPPLITE_OFF_S     64 /* offdelay */
#define TRIPPLITE_REBOOT_S  64 /* rebootdelay */
#define TRIPPLITE_START_S   60 /* startdelay */
#define TRIPPLITE_DELAY_MAX 0xff
#define TRIPPLITE_START_MAX 0xffffff

#endif
