/* SPDX-License-Identifier: MIT */
/*
 * Tripp Lite's reports. Source: networkupstools/nut, drivers/tripplite_usb.c;
 * a capture of protocol 3005 in its issue 585. There is no public document.
 *
 *   3A | command | arguments … | FF - sum | 0D | zeros     to the UPS
 *   command | seven bytes                                  from it
 *
 * The sum is that of command and arguments. What it does not know, it answers
 * with the answer before.
 */
#ifndef TRIPPLITE_USB_TRIPPLITE_USB_H
#define TRIPPLITE_USB_TRIPPLITE_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRIPPLITE_USB_START    0x3a
#define TRIPPLITE_USB_END      0x0d
#define TRIPPLITE_USB_REPORT   8
#define TRIPPLITE_USB_TEXT_MAX 5 /* command and arguments */

/** Where a report goes, and its answer comes from. */
#define TRIPPLITE_USB_SET_REPORT_TYPE 0x21
#define TRIPPLITE_USB_SET_REPORT      0x09
#define TRIPPLITE_USB_FEATURE_REPORT  0x0300
#define TRIPPLITE_USB_ENDPOINT        0x81

enum tripplite_usb_command {
	TRIPPLITE_USB_PROTOCOL = 0x00, /* answer: its number, high byte first */
	TRIPPLITE_USB_GO = 'G',        /* off until the mains is back */
	TRIPPLITE_USB_OUTLET = 'K',    /* 0 is all outlets; and then 0: off */
	TRIPPLITE_USB_DELAY = 'N',     /* s, high byte first */
	TRIPPLITE_USB_STATUS = 'S',
	TRIPPLITE_USB_WATCHDOG = 'W', /* s; off and on again if not fed */
};

/** Build a report for @len bytes that begin with a command. */
void tripplite_usb_build(uint8_t report[TRIPPLITE_USB_REPORT],
			 const uint8_t *text, size_t len);

/** What an answer to 'S' says, by protocol. */
struct tripplite_usb_status {
	bool online, low;
};

/** Returns false for an answer that says nothing that is known. */
bool tripplite_usb_decode(uint16_t protocol,
			  const uint8_t answer[TRIPPLITE_USB_REPORT],
			  struct tripplite_usb_status *status);

#endif
