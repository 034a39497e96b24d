// SPDX-License-Identifier: MIT
/* The list of what is left out on purpose. */
#include "base/unspoken.h"

#include <stddef.h>
#include <string.h>

enum unspoken_why {
	WHY_NO_COMMAND, /* neither NUT nor anybody knows one */
	WHY_NO_DEVICE,  /* it stands for something else than a UPS */
	WHY_NOT_IN_NUT, /* the device may know one, but nobody wrote it down */
	WHY_NO_RETURN,  /* it does not come back with the mains */
	WHY_UNPROVEN,   /* what is known of the command comes from one source */
	WHY_BROKEN,     /* NUT's own is wrong, so nobody has seen it work */
	WHY_I2C,        /* it is not on a bus that is spoken here */
};

static const char *const unspoken_reasons[] = {
	[WHY_NO_COMMAND] =
		"no command is known that switches these UPSes off, to NUT neither",
	[WHY_NO_DEVICE] =
		"it is no UPS: NUT has no command for it that switches a load off",
	[WHY_NOT_IN_NUT] =
		"the command of these UPSes that switches off is not known, to NUT neither",
	[WHY_NO_RETURN] =
		"these UPSes do not come back with the mains once they were switched off",
	[WHY_UNPROVEN] =
		"their command is known from one source only, and nobody has told of a cut",
	[WHY_BROKEN] =
		"NUT's own command for them breaks off half-way, so that the right one is not known",
	[WHY_I2C] = "they are on an I2C bus, which is not spoken here",
};

static const struct {
	const char *driver;
	enum unspoken_why why;
	bool nut_cuts;
} unspoken_drivers[] = {
	{ "al175", WHY_NO_COMMAND, false },
	{ "apcmicrolink", WHY_UNPROVEN, true },
	{ "apcupsd-ups", WHY_NO_DEVICE, false },
	{ "asem", WHY_NO_COMMAND, false },
	{ "clone", WHY_NO_DEVICE, false },
	{ "clone-outlet", WHY_NO_DEVICE, false },
	{ "dummy-ups", WHY_NO_DEVICE, false },
	{ "failover", WHY_NO_DEVICE, false },
	{ "generic_gpio", WHY_NO_DEVICE, false },
	{ "hwmon_ina219", WHY_NO_COMMAND, false },
	{ "ivtscd", WHY_NO_COMMAND, true },
	{ "liebert", WHY_NO_COMMAND, false },
	{ "liebert-esp2", WHY_BROKEN, true },
	{ "liebert-gxe", WHY_NO_COMMAND, false },
	{ "macosx-ups", WHY_NO_DEVICE, false },
	{ "meanwell_ntu", WHY_UNPROVEN, true },
	{ "nhs_ser", WHY_NO_COMMAND, false },
	{ "nut-ipmipsu", WHY_NO_DEVICE, false },
	{ "nut-upower", WHY_NO_DEVICE, false },
	{ "nutdrv_hashx", WHY_NOT_IN_NUT, false },
	{ "phoenixcontact_modbus", WHY_NO_COMMAND, false },
	{ "pijuice", WHY_I2C, true },
	{ "powerman-pdu", WHY_NO_DEVICE, false },
	{ "powervar-cu", WHY_UNPROVEN, true },
	{ "powervar_cx_usb", WHY_UNPROVEN, true },
	{ "ragtech", WHY_NO_RETURN, true },
	{ "socomec_jbus", WHY_NO_COMMAND, false },
	{ "ve-direct", WHY_NO_COMMAND, false },
};

#define UNSPOKEN (sizeof(unspoken_drivers) / sizeof(unspoken_drivers[0]))

/** Types of genericups without a line that orders the shutdown. */
static const int unspoken_upstypes[] = { 4, 8, 16, 17, 18, 23 };

#define UPSTYPES (sizeof(unspoken_upstypes) / sizeof(unspoken_upstypes[0]))

const char *unspoken_reason(const char *driver)
{
	for (size_t i = 0; i < UNSPOKEN; i++) {
		if (!strcmp(unspoken_drivers[i].driver, driver))
			return unspoken_reasons[unspoken_drivers[i].why];
	}
	return NULL;
}

bool unspoken_nut_cuts(const char *driver, int upstype)
{
	for (size_t i = 0; i < UNSPOKEN; i++) {
		if (!strcmp(unspoken_drivers[i].driver, driver))
			return unspoken_drivers[i].nut_cuts;
	}
	for (size_t i = 0; i < UPSTYPES; i++) {
		if (!strcmp(driver, "genericups") &&
		    upstype == unspoken_upstypes[i])
			return false;
	}
	return true;
}
