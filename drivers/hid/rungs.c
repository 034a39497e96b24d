// SPDX-License-Identifier: MIT
/* The ladders of the families: who is told what, and in which order. */
#include "hid/rungs.h"

/* clang-format off */

/*
 * Page ffff belongs to Tripp Lite as well, with other meanings: this is
 * AutomaticRestart only in that place.
 */
#define RESTART(on)                                                            \
	{ HID_MGE_AUTOMATIC_RESTART, on, HID_RAW,                              \
	  HID_STEP_OPTIONAL | HID_STEP_SETTING | HID_STEP_OF_INPUT }
#define START_ON_MAINS(on)                                                     \
	{ HID_DELTA_START_ON_MAINS, on, HID_RAW,                               \
	  HID_STEP_OPTIONAL | HID_STEP_SETTING | HID_STEP_ANYWHERE }
/* Needed charge and wake-up delay, as low as they go. */
#define APC_SETTING(usage, number)                                             \
	{ usage, number, HID_RAW,                                              \
	  HID_STEP_OPTIONAL | HID_STEP_SETTING | HID_STEP_ANYWHERE |           \
		  HID_STEP_NUMBER }
#define APC_SETTINGS                                                           \
	APC_SETTING(HID_APC_NEEDED_CHARGE, 0),                                 \
	APC_SETTING(HID_APC_WAKE_UP_DELAY, 10)
#define STEP(usage, value, number) { usage, number, value, 0 }
#define STARTUP(value, number)  STEP(HID_DELAY_BEFORE_STARTUP, value, number)
#define SHUTDOWN(value, number) STEP(HID_DELAY_BEFORE_SHUTDOWN, value, number)
#define REBOOT     STEP(HID_DELAY_BEFORE_REBOOT, HID_REBOOT_DELAY, 0)
#define SWITCH_OFF STEP(HID_SWITCH_OFF_CONTROL, HID_RAW, 1)

/*
 * MGE, Eaton and what they build for others. A unit with a lone shutdown delay
 * comes back with the mains (5E).
 */
const struct hid_rung hid_mge_rungs[] = {
	{ "PowerSummary delays", UPS_RETURN, UPS_RETURN, HID_AT_SUMMARY, 0,
	  { RESTART(1), STARTUP(HID_ON_DELAY, 0),
	    SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "DelayBeforeReboot", UPS_RETURN, UPS_RETURN, HID_AT_SUMMARY, 0,
	  { REBOOT } },
	{ "DelayBeforeShutdown alone", UPS_RETURN, UPS_RETURN, HID_AT_SUMMARY,
	  0,
	  { SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "SwitchOffControl", UPS_RETURN, UPS_STAYOFF, HID_AT_ALL,
	  HID_RUNG_MOMENTARY,
	  { SWITCH_OFF } },

	{ "PowerSummary delays", UPS_STAYOFF, UPS_STAYOFF, HID_AT_SUMMARY, 0,
	  { RESTART(0), STARTUP(HID_NEVER, 0), SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "DelayBeforeShutdown alone", UPS_STAYOFF, UPS_RETURN, HID_AT_SUMMARY,
	  0,
	  { SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "SwitchOffControl", UPS_STAYOFF, UPS_STAYOFF, HID_AT_ALL,
	  HID_RUNG_MOMENTARY,
	  { SWITCH_OFF } },

	{ "DelayBeforeShutdown", UPS_OFF, UPS_OFF, HID_AT_SUMMARY, 0,
	  { SHUTDOWN(HID_RAW, 0) } },
	{ "SwitchOffControl", UPS_OFF, UPS_OFF, HID_AT_ALL, HID_RUNG_MOMENTARY,
	  { SWITCH_OFF } },

	{ "DelayBeforeReboot", UPS_REBOOT, UPS_REBOOT, HID_AT_SUMMARY, 0,
	  { REBOOT } },

	{ "DelayBeforeShutdown", HID_CANCEL, 0, HID_AT_SUMMARY, 0,
	  { SHUTDOWN(HID_NEVER, 0) } },
	{ .name = NULL }
};

/*
 * The standard's own ladder, with the shapes that give a maker away. For APC it
 * is the order of apcupsd's kill_power(), which had 15 years to become right: a
 * lone shutdown delay needs the button afterwards, and is the last to be tried.
 * DelayBeforeReboot counts down there, and holds until there is mains. APC's
 * force shutdown is a command, though it looks like a number of seconds: with
 * 10, as NUT writes it, a BX750MI acknowledges and does nothing. Where one
 * count is a minute (CyberPower), a startup of 0 waits for the mains, and
 * anything above comes back without them. On Belkin's page, 0 cancels.
 */
const struct hid_rung hid_standard_rungs[] = {
	{ "APC hibernate", UPS_RETURN, UPS_RETURN, HID_AT_APC, 0,
	  { APC_SETTINGS, STEP(HID_APC_HIBERNATE, HID_OFF_DELAY, 0) } },
	{ "delays in minutes", UPS_RETURN, UPS_RETURN, HID_AT_OUTPUT,
	  HID_RUNG_IF_MINUTES,
	  { STARTUP(HID_RAW, 0), SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "delays", UPS_RETURN, UPS_RETURN, HID_AT_DELAYS, 0,
	  { RESTART(1), APC_SETTINGS, STARTUP(HID_ON_DELAY, 0),
	    SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "delays, startup in minutes", UPS_RETURN, UPS_RETURN, HID_AT_OUTLET,
	  0,
	  { STEP(HID_TRIPPLITE_STARTUP, HID_ON_DELAY, 0),
	    SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "Belkin controls", UPS_RETURN, UPS_RETURN, HID_AT_BELKIN,
	  HID_RUNG_ZERO_IS_IDLE,
	  { STEP(HID_BELKIN_STARTUP, HID_RAW, 1),
	    STEP(HID_BELKIN_SHUTDOWN, HID_OFF_DELAY, 0) } },
	{ "DelayBeforeReboot", UPS_RETURN, UPS_RETURN, HID_AT_DELAYS, 0,
	  { APC_SETTINGS, REBOOT } },
	{ "APC force shutdown", UPS_RETURN, UPS_RETURN, HID_AT_ALL,
	  HID_RUNG_MOMENTARY,
	  { STEP(HID_APC_FORCE_SHUTDOWN, HID_RAW, 1) } },
	{ "DelayBeforeShutdown alone", UPS_RETURN, UPS_STAYOFF, HID_AT_DELAYS,
	  0,
	  { SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "SwitchOffControl", UPS_RETURN, UPS_STAYOFF, HID_AT_ALL,
	  HID_RUNG_MOMENTARY,
	  { SWITCH_OFF } },

	{ "delays", UPS_STAYOFF, UPS_STAYOFF, HID_AT_DELAYS, 0,
	  { RESTART(0), STARTUP(HID_NEVER, 0), SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "delays, startup in minutes", UPS_STAYOFF, UPS_STAYOFF, HID_AT_OUTLET,
	  0,
	  { STEP(HID_TRIPPLITE_STARTUP, HID_NEVER, 0),
	    SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "Belkin controls", UPS_STAYOFF, UPS_STAYOFF, HID_AT_BELKIN,
	  HID_RUNG_ZERO_IS_IDLE,
	  { STEP(HID_BELKIN_SHUTDOWN, HID_OFF_DELAY, 0) } },
	{ "DelayBeforeShutdown alone", UPS_STAYOFF, UPS_STAYOFF, HID_AT_DELAYS,
	  0,
	  { SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "SwitchOffControl", UPS_STAYOFF, UPS_STAYOFF, HID_AT_ALL,
	  HID_RUNG_MOMENTARY,
	  { SWITCH_OFF } },

	{ "DelayBeforeShutdown", UPS_OFF, UPS_OFF, HID_AT_DELAYS, 0,
	  { SHUTDOWN(HID_RAW, 0) } },
	{ "Belkin controls", UPS_OFF, UPS_OFF, HID_AT_BELKIN,
	  HID_RUNG_ZERO_IS_IDLE,
	  { STEP(HID_BELKIN_SHUTDOWN, HID_RAW, 1) } },
	{ "SwitchOffControl", UPS_OFF, UPS_OFF, HID_AT_ALL, HID_RUNG_MOMENTARY,
	  { SWITCH_OFF } },
	{ "APC force shutdown", UPS_OFF, UPS_RETURN, HID_AT_ALL,
	  HID_RUNG_MOMENTARY,
	  { STEP(HID_APC_FORCE_SHUTDOWN, HID_RAW, 1) } },

	{ "DelayBeforeReboot", UPS_REBOOT, UPS_REBOOT, HID_AT_DELAYS, 0,
	  { REBOOT } },

	{ "DelayBeforeShutdown", HID_CANCEL, 0, HID_AT_DELAYS, 0,
	  { SHUTDOWN(HID_NEVER, 0) } },
	{ "Belkin controls", HID_CANCEL, 0, HID_AT_BELKIN,
	  HID_RUNG_ZERO_IS_IDLE,
	  { STEP(HID_BELKIN_SHUTDOWN, HID_RAW, 0) } },
	{ "APC hibernate", HID_CANCEL, 0, HID_AT_APC, HID_RUNG_IF_RUNNING,
	  { STEP(HID_APC_HIBERNATE, HID_NEVER, 0) } },
	{ "DelayBeforeReboot", HID_CANCEL, 0, HID_AT_DELAYS,
	  HID_RUNG_IF_RUNNING,
	  { STEP(HID_DELAY_BEFORE_REBOOT, HID_NEVER, 0) } },
	{ .name = NULL }
};

/* On Delta's page, another setting decides about the return. */
const struct hid_rung hid_delta_rungs[] = {
	{ "delays", UPS_RETURN, UPS_RETURN, HID_AT_DELAYS, 0,
	  { START_ON_MAINS(1), STARTUP(HID_ON_DELAY, 0),
	    SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "delays", UPS_STAYOFF, UPS_STAYOFF, HID_AT_DELAYS, 0,
	  { START_ON_MAINS(0), STARTUP(HID_NEVER, 0),
	    SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ .name = NULL }
};

/* One command for all: it comes back with the mains. */
const struct hid_rung hid_ever_rungs[] = {
	{ "DelayBeforeShutdown alone", UPS_RETURN, UPS_RETURN, HID_AT_SUMMARY,
	  0,
	  { SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "DelayBeforeShutdown alone", UPS_STAYOFF, UPS_RETURN, HID_AT_SUMMARY,
	  0,
	  { SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ .name = NULL }
};

/*
 * Two bytes, minutes and seconds, where the seconds' top bits choose between
 * return (0x40) and stay off (0x80). As plain seconds, 64 would turn one into
 * the other, and a startup of 30 into 128 hours.
 */
const struct hid_rung hid_powercom_rungs[] = {
	{ "Powercom shutdown", UPS_RETURN, UPS_RETURN, HID_AT_SUMMARY,
	  HID_RUNG_OPAQUE,
	  { SHUTDOWN(HID_MINUTES_SECONDS, 0x40) } },
	{ "Powercom shutdown", UPS_RETURN, UPS_RETURN, HID_AT_ALL,
	  HID_RUNG_OPAQUE,
	  { STEP(HID_POWERCOM_SHUTDOWN, HID_MINUTES_SECONDS, 0x40) } },
	{ "Powercom shutdown", UPS_STAYOFF, UPS_STAYOFF, HID_AT_SUMMARY,
	  HID_RUNG_OPAQUE,
	  { SHUTDOWN(HID_MINUTES_SECONDS, 0x80) } },
	{ "Powercom shutdown", UPS_STAYOFF, UPS_STAYOFF, HID_AT_ALL,
	  HID_RUNG_OPAQUE,
	  { STEP(HID_POWERCOM_SHUTDOWN, HID_MINUTES_SECONDS, 0x80) } },
	{ .name = NULL }
};

/* Behind the index stands Megatec's S<n>: back 10 s after the mains. */
const struct hid_rung hid_powercom_skp_rungs[] = {
	{ "Powercom SKP shutdown", UPS_RETURN, UPS_RETURN, HID_AT_SUMMARY,
	  HID_RUNG_OPAQUE,
	  { SHUTDOWN(HID_DELAY_INDEX, 0) } },
	{ "Powercom SKP shutdown", UPS_RETURN, UPS_RETURN, HID_AT_ALL,
	  HID_RUNG_OPAQUE,
	  { STEP(HID_POWERCOM_SHUTDOWN, HID_DELAY_INDEX, 0) } },
	{ .name = NULL }
};

/* Delay fields that nobody could make act (EcoFlow), or none at all. */
const struct hid_rung hid_no_rungs[] = { { .name = NULL } };

/* clang-format on */
