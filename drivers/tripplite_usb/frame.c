// SPDX-License-Identifier: MIT
/* Tripp Lite's reports: how they are built, and what a status says. */
#include <string.h>

#include "tripplite_usb/tripplite_usb.h"

#define OMNIVS 0x1001 /* the one protocol with words of its own */

/* Of the fifth byte of a status. */
#define ON_BATTERY 0x01

void tripplite_usb_build(uint8_t report[TRIPPLITE_USB_REPORT],
			 const uint8_t *text, size_t len)
{
	uint8_t check = 0xff;

	memset(report, 0, TRIPPLITE_USB_REPORT);
	report[0] = TRIPPLITE_USB_START;
	for (size_t i = 0; i < len; i++) {
		report[1 + i] = text[i];
		check = (uint8_t)(check - text[i]);
	}
	report[1 + len] = check;
	report[2 + len] = TRIPPLITE_USB_END;
}

bool tripplite_usb_decode(uint16_t protocol,
			  const uint8_t answer[TRIPPLITE_USB_REPORT],
			  struct tripplite_usb_status *status)
{
	/* 3005 has numbers where the others have digits. */
	uint8_t battery = answer[1] & 0x0f, what = answer[2] & 0x0f;

	if (battery > 2 || what > 5)
		return false;
	status->low = battery == 0;
	status->online =
		protocol == OMNIVS ? what != 1 : !(answer[4] & ON_BATTERY);
	return true;
}
