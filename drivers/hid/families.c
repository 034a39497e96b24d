// SPDX-License-Identifier: MIT
/* The table of families and their ladders. */
#include "hid/families.h"

#include <string.h>

#define ANY_PRODUCT 0x0000, 0xffff

/* clang-format off */

/*
 * Page ffff belongs to Tripp Lite as well, with other meanings: this is
 * AutomaticRestart only in that place.
 */
#define RESTART(on)                                                            \
	{ HID_MGE_AUTOMATIC_RESTART, on, HID_RAW,                              \
	  HID_STEP_OPTIONAL | HID_STEP_SETTING | HID_STEP_OF_INPUT }
#define STEP(usage, value, number) { usage, number, value, 0 }
#define STARTUP(value, number)  STEP(HID_DELAY_BEFORE_STARTUP, value, number)
#define SHUTDOWN(value, number) STEP(HID_DELAY_BEFORE_SHUTDOWN, value, number)
#define REBOOT     STEP(HID_DELAY_BEFORE_REBOOT, HID_REBOOT_DELAY, 0)
#define SWITCH_OFF STEP(HID_SWITCH_OFF_CONTROL, HID_RAW, 1)

/*
 * MGE, Eaton and what they build for others. A unit with a lone shutdown delay
 * comes back with the mains (5E).
 */
static const struct hid_rung mge_rungs[] = {
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
 * The standard's own ladder, with the shapes that give a maker away. APC's
 * force shutdown is a command, though it looks like a number of seconds: with
 * 10, as NUT writes it, a BX750MI acknowledges and does nothing. Where one
 * count is a minute (CyberPower), a startup of 0 waits for the mains, and
 * anything above comes back without them. On Belkin's page, 0 cancels.
 */
static const struct hid_rung standard_rungs[] = {
	{ "APC hibernate", UPS_RETURN, UPS_RETURN, HID_AT_APC, 0,
	  { STEP(HID_APC_HIBERNATE, HID_OFF_DELAY, 0) } },
	{ "delays in minutes", UPS_RETURN, UPS_RETURN, HID_AT_OUTPUT,
	  HID_RUNG_IF_MINUTES,
	  { STARTUP(HID_RAW, 0), SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "delays", UPS_RETURN, UPS_RETURN, HID_AT_DELAYS, 0,
	  { RESTART(1), STARTUP(HID_ON_DELAY, 0),
	    SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "delays, startup in minutes", UPS_RETURN, UPS_RETURN, HID_AT_OUTLET,
	  0,
	  { STEP(HID_TRIPPLITE_STARTUP, HID_ON_DELAY, 0),
	    SHUTDOWN(HID_OFF_DELAY, 0) } },
	{ "Belkin controls", UPS_RETURN, UPS_RETURN, HID_AT_BELKIN,
	  HID_RUNG_ZERO_IS_IDLE,
	  { STEP(HID_BELKIN_STARTUP, HID_RAW, 1),
	    STEP(HID_BELKIN_SHUTDOWN, HID_OFF_DELAY, 0) } },
	{ "APC force shutdown", UPS_RETURN, UPS_RETURN, HID_AT_ALL,
	  HID_RUNG_MOMENTARY,
	  { STEP(HID_APC_FORCE_SHUTDOWN, HID_RAW, 1) } },
	{ "DelayBeforeReboot", UPS_RETURN, UPS_RETURN, HID_AT_DELAYS, 0,
	  { REBOOT } },
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

/*
 * Two bytes, minutes and seconds, where the seconds' top bits choose between
 * return (0x40) and stay off (0x80). As plain seconds, 64 would turn one into
 * the other, and a startup of 30 into 128 hours.
 */
static const struct hid_rung powercom_rungs[] = {
	{ "Powercom shutdown", UPS_RETURN, UPS_RETURN, HID_AT_SUMMARY,
	  HID_RUNG_OPAQUE,
	  { SHUTDOWN(HID_MINUTES_SECONDS, 0x40) } },
	{ "Powercom shutdown", UPS_STAYOFF, UPS_STAYOFF, HID_AT_SUMMARY,
	  HID_RUNG_OPAQUE,
	  { SHUTDOWN(HID_MINUTES_SECONDS, 0x80) } },
	{ .name = NULL }
};

/* Behind the index stands Megatec's S<n>: back 10 s after the mains. */
static const struct hid_rung powercom_skp_rungs[] = {
	{ "Powercom SKP shutdown", UPS_RETURN, UPS_RETURN, HID_AT_SUMMARY,
	  HID_RUNG_OPAQUE,
	  { SHUTDOWN(HID_DELAY_INDEX, 0) } },
	{ .name = NULL }
};

/* Delay fields that nobody could make act (EcoFlow). */
static const struct hid_rung no_rungs[] = { { .name = NULL } };

static const struct hid_ids mge_ids[] = {
	{ 0x0463, ANY_PRODUCT, NULL },          /* MGE, Eaton, Santak */
	{ 0x047c, 0xffff, 0xffff, NULL },       /* Dell */
	{ 0x0592, 0x0004, 0x0004, NULL },       /* Powerware */
	{ 0x03f0, 0x1fe5, 0x1fe8, NULL },       /* HP */
	{ 0x2b2d, 0xffff, 0xffff, NULL },       /* AEG */
	{ 0x06da, 0xffff, 0xffff, "AEG" },
	{ 0x04b3, 0x0001, 0x0001, NULL },       /* IBM */
	{ 0x09d6, 0x0001, 0x0001, "KSTAR" },
	{ .vendor = 0 }
};

static const struct hid_ids apc_ids[] = {
	{ 0x051d, ANY_PRODUCT, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids cyberpower_ids[] = {
	{ 0x0764, ANY_PRODUCT, NULL },
	{ 0x0483, 0xa430, 0xa430, NULL },       /* ST Microelectronics' number */
	{ .vendor = 0 }
};

static const struct hid_ids powercom_skp_ids[] = {
	{ 0x0d9f, 0x00a3, 0x00a3, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids powercom_ids[] = {
	{ 0x0d9f, ANY_PRODUCT, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids ecoflow_ids[] = {
	{ 0x3746, ANY_PRODUCT, NULL },
	{ .vendor = 0 }
};

/* Makers who keep to the standard, or to shapes that give them away. */
static const struct hid_ids standard_ids[] = {
	{ 0x03f0, 0x1f00, 0x1fff, NULL },       /* HP, not its mice */
	{ 0x050d, ANY_PRODUCT, NULL },          /* Belkin */
	{ 0x05dd, ANY_PRODUCT, NULL },          /* Delta, Minuteman */
	{ 0x06da, ANY_PRODUCT, NULL },          /* Phoenixtec, for many */
	{ 0x075d, ANY_PRODUCT, NULL },          /* iDowell */
	{ 0x09ae, ANY_PRODUCT, NULL },          /* Tripp Lite */
	{ 0x09d6, ANY_PRODUCT, NULL },          /* KSTAR */
	{ 0x10af, ANY_PRODUCT, NULL },          /* Liebert */
	{ 0x1cb0, ANY_PRODUCT, NULL },          /* Legrand */
	{ 0x2e51, ANY_PRODUCT, NULL },          /* EVER */
	{ 0x2e66, ANY_PRODUCT, NULL },          /* Salicru */
	{ .vendor = 0 }
};

/*
 * The first row that fits. On APC, DelayBeforeReboot counts down, and less
 * than 60 s has not been tried there.
 */
static const struct hid_family hid_families[] = {
	{ "MGE/Eaton",    mge_ids,          mge_rungs,          20, 30, 10 },
	{ "APC",          apc_ids,          standard_rungs,         20, 30,
	  60 },
	{ "CyberPower",   cyberpower_ids,   standard_rungs,     60, 120, 10 },
	{ "Powercom SKP", powercom_skp_ids, powercom_skp_rungs, 20, 30, 10 },
	{ "Powercom",     powercom_ids,     powercom_rungs,     20, 60, 10 },
	{ "EcoFlow",      ecoflow_ids,      no_rungs,           20, 30, 10 },
	{ "standard",     standard_ids,     standard_rungs,     20, 30, 10 },
	{ "standard",     NULL,             standard_rungs,     20, 30, 10 },
};

/* clang-format on */

int64_t hid_root(enum hid_roots roots, int turn)
{
	static const uint32_t usages[] = {
		[HID_AT_SUMMARY] = HID_POWER_SUMMARY,
		[HID_AT_OUTPUT] = HID_OUTPUT,
		[HID_AT_OUTLET] = HID_OUTLET,
		[HID_AT_APC] = HID_APC_GENERAL,
		[HID_AT_BELKIN] = HID_BELKIN_CONTROLS,
	};
	int turns = roots == HID_AT_DELAYS ? 3 : 1;

	if (turn >= turns)
		return -1;
	return usages[roots == HID_AT_DELAYS ? HID_AT_SUMMARY + turn : (int)roots];
}

static bool hid_is_of(const struct hid_ids *ids, uint16_t vendor_id,
		      uint16_t product_id, const char *vendor,
		      const char *product)
{
	for (; ids->vendor != 0; ids++) {
		if (ids->vendor != vendor_id || product_id < ids->product_first ||
		    product_id > ids->product_last)
			continue;
		if (!ids->string || strstr(vendor, ids->string) ||
		    strstr(product, ids->string))
			return true;
	}
	return false;
}

const struct hid_family *hid_find_family(uint16_t vendor_id, uint16_t product_id,
					 const char *vendor, const char *product)
{
	const struct hid_family *family = hid_families;

	while (family->ids &&
	       !hid_is_of(family->ids, vendor_id, product_id, vendor, product))
		family++;
	return family;
}

bool hid_is_known_maker(uint16_t vendor_id)
{
	const struct hid_family *family = hid_families;

	for (; family->ids; family++) {
		const struct hid_ids *ids = family->ids;

		for (; ids->vendor != 0; ids++) {
			if (ids->vendor == vendor_id)
				return true;
		}
	}
	return false;
}
