// SPDX-License-Identifier: MIT
/* The ladders of the families: who is told what, and in which order. */
#include "hid/rungs.h"

/* clang-format off */

/*
 * Page ffff belongs to Tripp Lite as well, with other meanings: this is
 * AutomaticRestart only in that place.
 */
#define SETTING(usage, value, number, where)                                   \
	{ usage, number, value,                                                \
	  HID_STEP_OPTIONAL | HID_STEP_SETTING | (where) }
/* It lasts: a unit that was not cut must not stay dark after the next cut. */
#define RESTART(on)                                                            \
	SETTING(HID_MGE_AUTOMATIC_RESTART, HID_RAW, on,                        \
		HID_STEP_OF_INPUT | ((on) ? 0 : HID_STEP_UNDO_KNOWN))
#define START_ON_MAINS(on)                                                     \
	SETTING(HID_DELTA_START_ON_MAINS, HID_RAW, on,                         \
		HID_STEP_ANYWHERE | ((on) ? 0 : HID_STEP_UNDO_KNOWN))
/* Needed charge and wake-up delay, as low as they go. */
#define APC_SETTINGS                                                           \
	SETTING(HID_APC_NEEDED_CHARGE, HID_NEEDED_CHARGE, 0,                   \
		HID_STEP_ANYWHERE),                                            \
	SETTING(HID_APC_WAKE_UP_DELAY, HID_WAKE_UP_DELAY, 10,                  \
		HID_STEP_ANYWHERE)
#define STEP(usage, value, number) { usage, number, value, 0 }
#define STARTUP_OF(usage, value, number)                                       \
	{ usage, number, value, HID_STEP_UNDO_NEVER }
#define STARTUP(value, number)                                                 \
	STARTUP_OF(HID_DELAY_BEFORE_STARTUP, value, number)
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

/* Rungs that several ladders have in common. */
#define STAYOFF_ALONE                                                          \
	{ "DelayBeforeShutdown alone", UPS_STAYOFF, UPS_STAYOFF,               \
	  HID_AT_DELAYS, 0,                                                    \
	  { SHUTDOWN(HID_OFF_DELAY, 0) } },                                    \
	{ "SwitchOffControl", UPS_STAYOFF, UPS_STAYOFF, HID_AT_ALL,            \
	  HID_RUNG_MOMENTARY,                                                  \
	  { SWITCH_OFF } }
#define RETURN_ALONE                                                           \
	{ "DelayBeforeShutdown alone", UPS_RETURN, UPS_STAYOFF, HID_AT_DELAYS, \
	  0,                                                                   \
	  { SHUTDOWN(HID_OFF_DELAY, 0) } },                                    \
	{ "SwitchOffControl", UPS_RETURN, UPS_STAYOFF, HID_AT_ALL,             \
	  HID_RUNG_MOMENTARY,                                                  \
	  { SWITCH_OFF } }
#define OFF_AT_ONCE                                                            \
	{ "DelayBeforeShutdown", UPS_OFF, UPS_OFF, HID_AT_DELAYS, 0,           \
	  { SHUTDOWN(HID_RAW, 0) } }
#define OFF_SWITCH                                                             \
	{ "SwitchOffControl", UPS_OFF, UPS_OFF, HID_AT_ALL,                    \
	  HID_RUNG_MOMENTARY,                                                  \
	  { SWITCH_OFF } }
#define REBOOT_DELAY                                                           \
	{ "DelayBeforeReboot", UPS_REBOOT, UPS_REBOOT, HID_AT_DELAYS, 0,       \
	  { REBOOT } }
#define CANCEL_SHUTDOWN                                                        \
	{ "DelayBeforeShutdown", HID_CANCEL, 0, HID_AT_DELAYS, 0,              \
	  { SHUTDOWN(HID_NEVER, 0) } }
#define CANCEL_REBOOT                                                          \
	{ "DelayBeforeReboot", HID_CANCEL, 0, HID_AT_DELAYS,                   \
	  HID_RUNG_IF_RUNNING,                                                 \
	  { STEP(HID_DELAY_BEFORE_REBOOT, HID_NEVER, 0) } }

/*
 * The standard's own ladder, with the shapes that give a maker away. Where one
 * count is a minute (CyberPower), a startup of 0 waits for the mains, and
 * anything above comes back without them. On Belkin's page, 0 cancels.
 */
const struct hid_rung hid_standard_rungs[] = {
	{ "delays in minutes", UPS_RETURN, UPS_RETURN, HID_AT_OUTPUT,
	  HID_RUNG_IF_MINUTES,
	  { STARTUP(HID_RAW, 0), SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "delays", UPS_RETURN, UPS_RETURN, HID_AT_DELAYS, 0,
	  { RESTART(1), STARTUP(HID_ON_DELAY, 0),
	    SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "delays, startup in minutes", UPS_RETURN, UPS_RETURN, HID_AT_OUTLET,
	  0,
	  { STARTUP_OF(HID_TRIPPLITE_STARTUP, HID_ON_DELAY, 0),
	    SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "Belkin controls", UPS_RETURN, UPS_RETURN, HID_AT_BELKIN,
	  HID_RUNG_ZERO_IS_IDLE,
	  { { HID_BELKIN_STARTUP, 1, HID_RAW, HID_STEP_UNDO_ZERO },
	    STEP(HID_BELKIN_SHUTDOWN, HID_OFF_DELAY, 0) } },
	{ "DelayBeforeReboot", UPS_RETURN, UPS_RETURN, HID_AT_DELAYS, 0,
	  { REBOOT } },
	RETURN_ALONE,

	{ "delays", UPS_STAYOFF, UPS_STAYOFF, HID_AT_DELAYS, 0,
	  { RESTART(0), STARTUP(HID_NEVER, 0), SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "delays, startup in minutes", UPS_STAYOFF, UPS_STAYOFF, HID_AT_OUTLET,
	  0,
	  { STARTUP_OF(HID_TRIPPLITE_STARTUP, HID_NEVER, 0),
	    SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "Belkin controls", UPS_STAYOFF, UPS_STAYOFF, HID_AT_BELKIN,
	  HID_RUNG_ZERO_IS_IDLE,
	  { STEP(HID_BELKIN_SHUTDOWN, HID_OFF_DELAY, 0) } },
	STAYOFF_ALONE,

	OFF_AT_ONCE,
	{ "Belkin controls", UPS_OFF, UPS_OFF, HID_AT_BELKIN,
	  HID_RUNG_ZERO_IS_IDLE,
	  { STEP(HID_BELKIN_SHUTDOWN, HID_RAW, 1) } },
	OFF_SWITCH,

	REBOOT_DELAY,

	CANCEL_SHUTDOWN,
	{ "Belkin controls", HID_CANCEL, 0, HID_AT_BELKIN,
	  HID_RUNG_ZERO_IS_IDLE,
	  { STEP(HID_BELKIN_SHUTDOWN, HID_RAW, 0) } },
	CANCEL_REBOOT,
	{ .name = NULL }
};

/*
 * The order of apcupsd's kill_power(), which had 15 years to become right: a
 * lone shutdown delay needs the button afterwards, and is the last to be tried.
 * The Back-UPS Pro hibernates on a self-test, once it was told that it should.
 * DelayBeforeReboot counts down here, and holds until there is mains. Force
 * shutdown is a command, though it looks like a number of seconds: with 10, as
 * NUT writes it, a BX750MI acknowledges and does nothing.
 */
const struct hid_rung hid_apc_rungs[] = {
	{ "APC hibernate", UPS_RETURN, UPS_RETURN, HID_AT_APC, 0,
	  { APC_SETTINGS, STEP(HID_APC_HIBERNATE, HID_OFF_DELAY, 0) } },
	{ "delays", UPS_RETURN, UPS_RETURN, HID_AT_DELAYS, 0,
	  { APC_SETTINGS, STARTUP(HID_ON_DELAY, 0),
	    SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "Back-UPS Pro hibernate", UPS_RETURN, UPS_RETURN, HID_AT_ALL,
	  HID_RUNG_MOMENTARY,
	  { SETTING(HID_APC_PRO_CHARGE, HID_NEEDED_CHARGE, -1,
		    HID_STEP_ANYWHERE),
	    SETTING(HID_APC_PRO_DELAY, HID_WAKE_UP_DELAY, -1,
		    HID_STEP_ANYWHERE),
	    { HID_APC_PRO_HIBERNATE, 1, HID_RAW,
	      HID_STEP_ANYWHERE | HID_STEP_UNDO_ZERO },
	    STEP(HID_APC_PRO_SELF_TEST, HID_RAW, 1) } },
	{ "DelayBeforeReboot", UPS_RETURN, UPS_RETURN, HID_AT_DELAYS, 0,
	  { APC_SETTINGS, REBOOT } },
	{ "APC force shutdown", UPS_RETURN, UPS_RETURN, HID_AT_ALL,
	  HID_RUNG_MOMENTARY,
	  { STEP(HID_APC_FORCE_SHUTDOWN, HID_RAW, 1) } },
	RETURN_ALONE,

	{ "delays", UPS_STAYOFF, UPS_STAYOFF, HID_AT_DELAYS, 0,
	  { STARTUP(HID_NEVER, 0), SHUTDOWN(HID_OFF_DELAY, 0) } },
	STAYOFF_ALONE,

	OFF_AT_ONCE,
	OFF_SWITCH,
	{ "APC force shutdown", UPS_OFF, UPS_RETURN, HID_AT_ALL,
	  HID_RUNG_MOMENTARY,
	  { STEP(HID_APC_FORCE_SHUTDOWN, HID_RAW, 1) } },

	REBOOT_DELAY,

	CANCEL_SHUTDOWN,
	{ "APC hibernate", HID_CANCEL, 0, HID_AT_APC, HID_RUNG_IF_RUNNING,
	  { STEP(HID_APC_HIBERNATE, HID_NEVER, 0) } },
	CANCEL_REBOOT,
	{ .name = NULL }
};

/*
 * Before the standard's: the watchdog cuts the load when it has run out, and
 * switches it on again. On other units it stays untouched.
 */
#define ECO_REBOOT(wanted, given)                                              \
	{ "DelayBeforeReboot", wanted, given, HID_AT_OUTLET, 0, { REBOOT } },  \
	{ "watchdog", wanted, UPS_REBOOT, HID_AT_OUTLET, 0,                    \
	  { STEP(HID_TRIPPLITE_WATCHDOG, HID_REBOOT_DELAY, 0) } }
const struct hid_rung hid_tripplite_eco_rungs[] = {
	ECO_REBOOT(UPS_RETURN, UPS_RETURN),
	ECO_REBOOT(UPS_REBOOT, UPS_REBOOT),
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
 * Behind the index stands Megatec's S<n>: back 10 s after the mains, whatever
 * was wished.
 */
#define POWERCOM_SKP(wanted, off_s, flags)                                     \
	{ "Powercom SKP shutdown", wanted, UPS_RETURN, HID_AT_SUMMARY,         \
	  HID_RUNG_OPAQUE | (flags),                                           \
	  { SHUTDOWN(HID_DELAY_INDEX, off_s) } },                              \
	{ "Powercom SKP shutdown", wanted, UPS_RETURN, HID_AT_ALL,             \
	  HID_RUNG_OPAQUE | (flags),                                           \
	  { STEP(HID_POWERCOM_SHUTDOWN, HID_DELAY_INDEX, off_s) } }

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
	{ "Powercom shutdown", UPS_OFF, UPS_OFF, HID_AT_SUMMARY,
	  HID_RUNG_OPAQUE,
	  { SHUTDOWN(HID_ONE_SECOND, 0x40) } },
	{ "Powercom shutdown", UPS_OFF, UPS_OFF, HID_AT_ALL, HID_RUNG_OPAQUE,
	  { STEP(HID_POWERCOM_SHUTDOWN, HID_ONE_SECOND, 0x40) } },
	POWERCOM_SKP(UPS_RETURN, 0, HID_RUNG_IF_NARROW),
	POWERCOM_SKP(UPS_STAYOFF, 0, HID_RUNG_IF_NARROW),
	POWERCOM_SKP(UPS_OFF, 1, HID_RUNG_IF_NARROW),
	{ .name = NULL }
};

const struct hid_rung hid_powercom_skp_rungs[] = {
	POWERCOM_SKP(UPS_RETURN, 0, 0),
	POWERCOM_SKP(UPS_STAYOFF, 0, 0),
	POWERCOM_SKP(UPS_OFF, 1, 0),
	{ .name = NULL }
};

/* Delay fields that nobody could make act (EcoFlow), or none at all. */
const struct hid_rung hid_no_rungs[] = { { .name = NULL } };

/* clang-format on */
