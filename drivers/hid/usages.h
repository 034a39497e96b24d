/* SPDX-License-Identifier: MIT */
/* The usages that we switch with or look at, and the names of all of them. */
#ifndef HID_USAGES_H
#define HID_USAGES_H

#include "hid/field.h"

/* clang-format off */
enum hid_usage {
	/* Power Device page */
	HID_PRESENT_STATUS        = 0x00840002,
	HID_UPS                   = 0x00840004,
	HID_BATTERY_SYSTEM        = 0x00840010,
	HID_CHARGER               = 0x00840014,
	HID_POWER_CONVERTER       = 0x00840016,
	HID_OUTLET_SYSTEM         = 0x00840018,
	HID_INPUT                 = 0x0084001a,
	HID_OUTPUT                = 0x0084001c,
	HID_OUTLET                = 0x00840020,
	HID_POWER_SUMMARY         = 0x00840024,
	HID_SWITCH_OFF_CONTROL    = 0x00840051,
	HID_DELAY_BEFORE_REBOOT   = 0x00840055,
	HID_DELAY_BEFORE_STARTUP  = 0x00840056,
	HID_DELAY_BEFORE_SHUTDOWN = 0x00840057,
	HID_SHUTDOWN_REQUESTED    = 0x00840068,
	HID_SHUTDOWN_IMMINENT     = 0x00840069,
	/* Battery System page */
	HID_BELOW_CAPACITY_LIMIT  = 0x00850042,
	HID_DISCHARGING           = 0x00850045,
	HID_AC_PRESENT            = 0x008500d0,
	/* APC's Back-UPS Pro, with a meaning of its own */
	HID_APC_PRO_HIBERNATE     = 0x00850058,
	HID_APC_PRO_SELF_TEST     = 0x00860010,
	HID_APC_PRO_CHARGE        = 0x00860012,
	HID_APC_PRO_DELAY         = 0x00860076,
	/* Powercom 0d9f:0001, on a page that is another one's */
	HID_POWERCOM_SHUTDOWN     = 0x00020057,
	/* Belkin and Liebert, on a page that the standard reserves */
	HID_BELKIN_CONTROLS       = 0x00860027,
	HID_BELKIN_POWER_STATUS   = 0x00860021,
	HID_BELKIN_BATTERY_STATUS = 0x00860022,
	HID_BELKIN_STARTUP        = 0x00860056,
	HID_BELKIN_SHUTDOWN       = 0x00860057,
};

/* Page ffff is MGE's, or Tripp Lite's with other meanings; ff86 is APC's. */
#define HID_MGE_AUTOMATIC_RESTART 0xffff0043u
#define HID_TRIPPLITE_STARTUP     0xffff0056u
#define HID_TRIPPLITE_WATCHDOG    0xffff0092u
#define HID_DELTA_START_ON_MAINS  0xffff009cu
#define HID_APC_GENERAL           0xff860005u
#define HID_APC_NEEDED_CHARGE     0xff860019u
#define HID_APC_STATUS            0xff860060u
#define HID_APC_FORCE_SHUTDOWN    0xff86007cu
#define HID_APC_HIBERNATE         0xff86007du
#define HID_APC_WAKE_UP_DELAY     0xff86007eu
/* clang-format on */

#define HID_USAGE_NAME_MAX 28

/**
 * "UPS.PowerSummary.DelayBeforeShutdown". Returns the length of the whole
 * name, as snprintf() does; @name holds what fits.
 */
size_t hid_path_name(const uint32_t *path, size_t nodes, char *name,
		     size_t size);

#endif
