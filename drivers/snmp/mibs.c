// SPDX-License-Identifier: MIT
/*
 * RFC 1628; APC's PowerNet, CyberPower's CPS, Eaton's XUPS, HP's CPQPOWER,
 * Delta's, XPPC and Tripp Lite's MIBs. README.md beside this says what is
 * known of them, and where NUT writes something else.
 */
#include "snmp/mibs.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define BIT(value)   SNMP_BIT(value)

/* clang-format off */
const struct snmp_table snmp_tables[SNMP_TABLES] = {
	[SNMP_IETF] = {
		.base = "1.3.6.1.2.1.33.1", .source = "4.1.0",
		/* 1 other, 2 none, 3 normal, 4 bypass, 6 booster, 7 reducer */
		.mains = BIT(3) | BIT(4) | BIT(6) | BIT(7),
		.battery = BIT(5), .off = BIT(2),
		.charge = "2.1.0", .low = BIT(3) | BIT(4),
		.control = "8", .cancel = "2.0", .cancel_value = -1,
	},
	[SNMP_POWERNET] = {
		.base = "1.3.6.1.4.1.318.1.1.1", .source = "4.1.1.0",
		/* 2 on line, 4 boost, 6 9 10 16 bypasses, 12 trim */
		.mains = BIT(2) | BIT(4) | BIT(6) | BIT(9) | BIT(10) | BIT(12) |
			 BIT(16),
		/* 5 sleeps, 7 off, 8 reboots, 11 sleeps until mains */
		.battery = BIT(3),
		.off = BIT(5) | BIT(7) | BIT(8) | BIT(11),
		.charge = "2.1.1.0", .low = BIT(3),
	},
	[SNMP_CYBERPOWER] = {
		.base = "1.3.6.1.4.1.3808.1.1.1", .source = "4.1.1.0",
		/* 2 on line, 4 boost; 5 sleeps, 6 off, 7 reboots */
		.mains = BIT(2) | BIT(4),
		.battery = BIT(3), .off = BIT(5) | BIT(6) | BIT(7),
		.charge = "2.1.1.0", .low = BIT(3),
	},
	[SNMP_XUPS] = {
		.base = "1.3.6.1.4.1.534.1", .source = "4.5.0",
		/* 3 normal, 4 bypass, 6 to 11 modes of operation on mains */
		.mains = BIT(3) | BIT(4) | BIT(6) | BIT(7) | BIT(8) | BIT(9) |
			 BIT(10) | BIT(11),
		.battery = BIT(5), .off = BIT(2),
		.control = "9", .cancel = "1.0",
	},
	[SNMP_CPQPOWER] = {
		.base = "1.3.6.1.4.1.232.165.3", .source = "4.5.0",
		.mains = BIT(3) | BIT(4) | BIT(6) | BIT(7) | BIT(8) | BIT(9) |
			 BIT(10) | BIT(11),
		.battery = BIT(5), .off = BIT(2),
		.control = "8", .like = SNMP_XUPS, .cancel = "1.0",
	},
	[SNMP_DELTA] = {
		.base = "1.3.6.1.4.1.2254.2.4", .source = "5.1.0",
		/* 0 normal, 2 5 bypass, 3 reducing, 4 boosting, 7 none */
		.mains = BIT(0) | BIT(2) | BIT(3) | BIT(4) | BIT(5),
		.battery = BIT(1), .off = BIT(7),
		.charge = "7.2.0", .low = BIT(1) | BIT(2),
		.cancel = "2.3.0", .cancel_value = -1,
	},
	[SNMP_XPPC] = {
		.base = "1.3.6.1.4.1.935.1.1.1", .source = "4.1.1.0",
		/* 2 on line, 4 boost, 6 bypass, 9 buck; 5 sleeps, 7 reboots,
		 * 8 standby */
		.mains = BIT(2) | BIT(4) | BIT(6) | BIT(9),
		.battery = BIT(3), .off = BIT(5) | BIT(7) | BIT(8),
		.charge = "2.1.1.0", .low = BIT(3),
	},
	[SNMP_TRIPPUPS] = {
		.base = "1.3.6.1.4.1.850.1.1.9", .source = "2.0",
		.like = SNMP_IETF,
		.cancel = "2.0", .cancel_value = -1,
	},
	[SNMP_TRIPPLITE] = {
		.base = "1.3.6.1.4.1.850.1.1.3.1", .source = "5.1.1.7.1",
	},
};

const struct snmp_rung snmp_rungs[] = {
	{ SNMP_IETF, UPS_RETURN, SNMP_COUNTS, "upsShutdownAfterDelay", {
		{ "1.0", SNMP_SETTING, SNMP_FIXED, 1 },
		{ "5.0", SNMP_SETTING, SNMP_FIXED, 1 },
		{ "3.0", SNMP_WITH_MAINS, SNMP_BACK_S, 0 },
		{ "2.0", SNMP_ORDER, SNMP_OFF_S, 0 },
	} },
	{ SNMP_IETF, UPS_RETURN, 0, "upsRebootWithDuration", {
		{ "1.0", SNMP_SETTING, SNMP_FIXED, 1 },
		{ "4.0", SNMP_ORDER, SNMP_ON_S, 0 },
	} },
	{ SNMP_IETF, UPS_STAYOFF, SNMP_COUNTS, "upsShutdownAfterDelay", {
		{ "1.0", SNMP_SETTING, SNMP_FIXED, 1 },
		{ "5.0", SNMP_NEEDED, SNMP_FIXED, 2 },
		{ "2.0", SNMP_ORDER, SNMP_OFF_S, 0 },
	} },
	{ SNMP_IETF, UPS_OFF, SNMP_COUNTS, "upsShutdownAfterDelay", {
		{ "1.0", SNMP_SETTING, SNMP_FIXED, 1 },
		{ "5.0", SNMP_SETTING, SNMP_FIXED, 2 },
		{ "2.0", SNMP_ORDER, SNMP_FIXED, SNMP_NOW_S },
	} },
	/* Waits for the mains, which NUT's way, the next one, needs to be away. */
	{ SNMP_POWERNET, UPS_RETURN, 0, "upsAdvControlRebootUps", {
		{ "5.2.9.0", SNMP_KEPT, SNMP_ON_TICKS, 0 },
		{ "5.2.10.0", SNMP_KEPT, SNMP_OFF_TICKS, 0 },
		{ "6.2.2.0", SNMP_ORDER, SNMP_FIXED, 3 },
	} },
	{ SNMP_POWERNET, UPS_RETURN, SNMP_ON_BATTERY, "ConserveBattery", {
		{ "6.1.1.0", SNMP_ORDER, SNMP_FIXED, 2 },
	} },
	{ SNMP_POWERNET, UPS_STAYOFF, 0, "upsAdvControlUpsOff", {
		{ "5.2.10.0", SNMP_KEPT, SNMP_OFF_TICKS, 0 },
		{ "6.2.1.0", SNMP_ORDER, SNMP_FIXED, 3 },
	} },
	{ SNMP_POWERNET, UPS_OFF, 0, "upsAdvControlUpsOff", {
		{ "6.2.1.0", SNMP_ORDER, SNMP_FIXED, 2 },
	} },
	{ SNMP_POWERNET, UPS_REBOOT, 0, "RebootUpsWithOrWithoutAC", {
		{ "5.2.10.0", SNMP_KEPT, SNMP_OFF_TICKS, 0 },
		{ "6.2.8.0", SNMP_ORDER, SNMP_FIXED, 3 },
	} },
	{ SNMP_CYBERPOWER, UPS_RETURN, 0, "upsAdvanceControlUpsSleep", {
		{ "5.2.9.0", SNMP_KEPT, SNMP_ON_TICKS, 0 },
		{ "5.2.11.0", SNMP_KEPT, SNMP_OFF_TICKS, 0 },
		{ "6.2.3.0", SNMP_ORDER, SNMP_FIXED, 3 },
	} },
	{ SNMP_CYBERPOWER, UPS_RETURN, SNMP_ON_BATTERY, "ConserveBattery", {
		{ "6.1.1.0", SNMP_ORDER, SNMP_FIXED, 2 },
	} },
	{ SNMP_CYBERPOWER, UPS_STAYOFF, 0, "upsAdvanceControlUpsOff", {
		{ "5.2.10.0", SNMP_KEPT, SNMP_OFF_TICKS, 0 },
		{ "6.2.1.0", SNMP_ORDER, SNMP_FIXED, 3 },
	} },
	{ SNMP_CYBERPOWER, UPS_OFF, 0, "upsAdvanceControlUpsOff", {
		{ "6.2.1.0", SNMP_ORDER, SNMP_FIXED, 2 },
	} },
	{ SNMP_XUPS, UPS_RETURN, SNMP_COUNTS, "LoadShedSecsWithRestart", {
		{ "6.0", SNMP_ORDER, SNMP_OFF_S, 0 },
	} },
	{ SNMP_XUPS, UPS_STAYOFF, SNMP_COUNTS, "xupsControlOutputOffDelay", {
		{ "1.0", SNMP_ORDER, SNMP_OFF_S, 0 },
	} },
	{ SNMP_XUPS, UPS_OFF, SNMP_COUNTS, "xupsControlOutputOffDelay", {
		{ "1.0", SNMP_ORDER, SNMP_FIXED, SNMP_NOW_S },
	} },
	{ SNMP_DELTA, UPS_RETURN, SNMP_COUNTS, "dupsShutdownAction", {
		{ "2.1.0", SNMP_SETTING, SNMP_FIXED, 1 },
		{ "2.2.0", SNMP_SETTING, SNMP_FIXED, 1 },
		{ "2.4.0", SNMP_SETTING, SNMP_ON_MIN, 0 },
		{ "2.3.0", SNMP_ORDER, SNMP_OFF_S, 0 },
	} },
	{ SNMP_DELTA, UPS_STAYOFF, SNMP_COUNTS, "dupsShutdownAction", {
		{ "2.1.0", SNMP_SETTING, SNMP_FIXED, 1 },
		{ "2.2.0", SNMP_NEEDED, SNMP_FIXED, 2 },
		{ "2.3.0", SNMP_ORDER, SNMP_OFF_S, 0 },
	} },
	{ SNMP_DELTA, UPS_OFF, SNMP_COUNTS, "dupsShutdownAction", {
		{ "2.1.0", SNMP_SETTING, SNMP_FIXED, 1 },
		{ "2.2.0", SNMP_SETTING, SNMP_FIXED, 2 },
		{ "2.3.0", SNMP_ORDER, SNMP_FIXED, SNMP_NOW_S },
	} },
	{ SNMP_XPPC, UPS_RETURN, SNMP_ON_BATTERY, "ConserveBattery", {
		{ "6.1.1.0", SNMP_ORDER, SNMP_FIXED, 2 },
	} },
	/* For as long as its sleep time says, mains or not. */
	{ SNMP_XPPC, UPS_REBOOT, 0, "upsSmartControlUpsSleep", {
		{ "6.2.3.0", SNMP_ORDER, SNMP_FIXED, 2 },
	} },
	{ SNMP_XPPC, UPS_OFF, 0, "upsSmartControlUpsOff", {
		{ "6.2.1.0", SNMP_ORDER, SNMP_FIXED, 2 },
	} },
	{ SNMP_TRIPPLITE, UPS_RETURN, 0, "tlpUpsControlUpsOff", {
		{ "5.1.1.7.1", SNMP_NEEDED, SNMP_FIXED, 1 },
		{ "4.1.1.5.1", SNMP_ORDER, SNMP_FIXED, 1 },
	} },
	{ SNMP_TRIPPLITE, UPS_OFF, 0, "tlpUpsControlUpsOff", {
		{ "5.1.1.7.1", SNMP_SETTING, SNMP_FIXED, 0 },
		{ "4.1.1.5.1", SNMP_ORDER, SNMP_FIXED, 1 },
	} },
};

/* The vendor's own table first, but where NUT takes RFC 1628's, too. */
const struct snmp_mib snmp_mibs[] = {
	[SNMP_MIB_IETF] = { "ietf", "1.3.6.1.2.1.33", { SNMP_IETF } },
	{ "apcc", "1.3.6.1.4.1.318.1", { SNMP_POWERNET, SNMP_IETF } },
	{ "cyberpower", "1.3.6.1.4.1.3808", { SNMP_CYBERPOWER, SNMP_IETF } },
	{ "pw pxgx_ups eaton_pw_nm2 eaton_pxg_ups", "1.3.6.1.4.1.534",
	  { SNMP_XUPS, SNMP_IETF } },
	{ "cpqpower", "1.3.6.1.4.1.232.165", { SNMP_CPQPOWER, SNMP_IETF } },
	{ "mge", "1.3.6.1.4.1.705.1", { SNMP_IETF } },
	{ "delta_ups", "1.3.6.1.4.1.2254.2", { SNMP_DELTA, SNMP_IETF } },
	{ "tripplite", "1.3.6.1.4.1.850",
	  { SNMP_IETF, SNMP_TRIPPUPS, SNMP_TRIPPLITE } },
	{ "xppc", "1.3.6.1.4.1.935", { SNMP_XPPC, SNMP_IETF } },
};
/* clang-format on */

const size_t snmp_rung_count = COUNT(snmp_rungs);
const size_t snmp_mib_count = COUNT(snmp_mibs);
