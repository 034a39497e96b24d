// SPDX-License-Identifier: MIT
/* The table of families: IDs, ladders, numbers. */
#include "hid/families.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "hid/rungs.h"
#include "hid/shapes.h"

#define ANY_PRODUCT 0x0000, 0xffff

/* Fewer could be anybody. */
#define SUBDRIVER_LETTERS_MIN 3

/* clang-format off */

static const struct hid_ids hid_mge_ids[] = {
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

static const struct hid_ids hid_apc_ids[] = {
	{ 0x051d, ANY_PRODUCT, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids hid_cyberpower_ids[] = {
	{ 0x0764, ANY_PRODUCT, NULL },
	{ 0x0483, 0xa430, 0xa430, NULL },       /* ST Microelectronics' number */
	{ .vendor = 0 }
};

static const struct hid_ids hid_powercom_skp_ids[] = {
	{ 0x0d9f, 0x00a3, 0x00a3, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids hid_powercom_ids[] = {
	{ 0x0d9f, ANY_PRODUCT, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids hid_none_ids[] = {
	{ 0x3746, ANY_PRODUCT, NULL },          /* EcoFlow */
	{ 0x04d8, 0xd004, 0xd005, NULL },       /* openUPS */
	{ 0x4234, ANY_PRODUCT, NULL },          /* Powervar */
	{ .vendor = 0 }
};

/* No startup delay; the watchdog is the only way to make it reboot (NUT). */
static const struct hid_ids hid_tripplite_eco_ids[] = {
	{ 0x09ae, 0x1008, 0x1010, NULL },       /* ECO550UPS */
	{ .vendor = 0 }
};

static const struct hid_ids hid_tripplite_su_ids[] = {
	{ 0x09ae, 0x1330, 0x1330, NULL },       /* SU3000LCD2UHV */
	{ .vendor = 0 }
};

static const struct hid_ids hid_tripplite_ids[] = {
	{ 0x09ae, ANY_PRODUCT, NULL },
	{ 0x03f0, 0x0001, 0x0001, NULL },       /* HP */
	{ 0x03f0, 0x1f00, 0x1fff, NULL },       /* HP, not its mice */
	{ 0x05dd, 0xa011, 0xa011, NULL },       /* Minuteman */
	{ 0x05dd, 0xa0a0, 0xa0a0, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids hid_belkin_ids[] = {
	{ 0x050d, ANY_PRODUCT, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids hid_delta_ids[] = {
	{ 0x05dd, ANY_PRODUCT, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids hid_ever_ids[] = {
	{ 0x2e51, ANY_PRODUCT, NULL },
	{ 0x0483, 0xa113, 0xa113, NULL },       /* ST's number */
	{ .vendor = 0 }
};

/* Makers who keep to the standard, or to shapes that give them away. */
static const struct hid_ids hid_phoenixtec_ids[] = {
	{ 0x06da, ANY_PRODUCT, NULL },          /* for many makers */
	{ .vendor = 0 }
};

static const struct hid_ids hid_idowell_ids[] = {
	{ 0x075d, ANY_PRODUCT, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids hid_kstar_ids[] = {
	{ 0x09d6, ANY_PRODUCT, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids hid_liebert_ids[] = {
	{ 0x10af, ANY_PRODUCT, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids hid_legrand_ids[] = {
	{ 0x1cb0, ANY_PRODUCT, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids hid_salicru_ids[] = {
	{ 0x2e66, ANY_PRODUCT, NULL },
	{ .vendor = 0 }
};

static const struct hid_ids hid_arduino_ids[] = {
	{ 0x2341, 0x0036, 0x0036, NULL },
	{ 0x2341, 0x8036, 0x8036, NULL },
	{ 0x2341, 0x0040, 0x0040, NULL },
	{ 0x2341, 0x8040, 0x8040, NULL },
	{ 0x2a03, 0x0036, 0x0036, NULL },
	{ 0x2a03, 0x8036, 0x8036, NULL },
	{ 0x2a03, 0x0040, 0x0040, NULL },
	{ 0x2a03, 0x8040, 0x8040, NULL },
	{ .vendor = 0 }
};

#define DELAYS(off, on, reboot)                                                \
	.offdelay_s = off, .ondelay_s = on, .reboot_s = reboot
#define STANDARD .rungs = hid_standard_rungs, DELAYS(20, 30, 10)

/* The first row that fits. APC's numbers are apcupsd's, the others NUT's. */
static const struct hid_family hid_families[] = {
	{ "MGE/Eaton", hid_mge_ids, .rungs = hid_mge_rungs, DELAYS(20, 30, 10),
	  .unread = "\xfe\xff" },
	/*
	 * Without a look at its status the RS 1000G repeats the cut when the
	 * next system enumerates it (apcupsd). No document says how to stop it,
	 * and some count 60 s whatever they are told (issue 781 of
	 * networkupstools/nut).
	 */
	{ "APC", hid_apc_ids, .rungs = hid_apc_rungs, DELAYS(60, 64, 60),
	  .reboot_off_s = 90, .read_after = HID_APC_STATUS, .no_drill = true },
	{ "CyberPower", hid_cyberpower_ids, .rungs = hid_standard_rungs,
	  DELAYS(60, 120, 10) },
	{ "SKP (Powercom)", hid_powercom_skp_ids, .rungs = hid_powercom_skp_rungs,
	  DELAYS(20, 60, 10) },
	{ "Powercom", hid_powercom_ids, .rungs = hid_powercom_rungs,
	  DELAYS(20, 60, 10), .key = "powercom_sdcmd_discrete_delay",
	  .key_rungs = hid_powercom_skp_rungs },
	{ "none", hid_none_ids, .rungs = hid_no_rungs, DELAYS(20, 30, 10) },
	{ "ECO550UPS (Tripp Lite)", hid_tripplite_eco_ids, .rungs = hid_tripplite_eco_rungs,
	  .more = hid_standard_rungs, DELAYS(20, 30, 10) },
	{ "SU3000LCD2UHV (Tripp Lite)", hid_tripplite_su_ids, STANDARD, .unread = "\x54" },
	{ "Tripp Lite", hid_tripplite_ids, STANDARD },
	{ "Belkin", hid_belkin_ids, STANDARD },
	{ "Delta", hid_delta_ids, .rungs = hid_delta_rungs,
	  .more = hid_standard_rungs, DELAYS(20, 30, 10) },
	{ "EVER", hid_ever_ids, .rungs = hid_ever_rungs,
	  .more = hid_standard_rungs, DELAYS(20, 30, 10) },
	/* One counts on: Ippon's, issue 3220 of networkupstools/nut. */
	{ "Phoenixtec", hid_phoenixtec_ids, STANDARD, .no_drill = true },
	{ "iDowell", hid_idowell_ids, STANDARD },
	{ "KSTAR", hid_kstar_ids, STANDARD },
	{ "Liebert", hid_liebert_ids, STANDARD },
	{ "Legrand", hid_legrand_ids, STANDARD },
	{ "Salicru", hid_salicru_ids, STANDARD },
	{ "Arduino", hid_arduino_ids, STANDARD },
	{ "standard", NULL, STANDARD },
};

/* clang-format on */

int64_t hid_root(enum hid_roots roots, int turn)
{
	static const uint32_t usages[] = {
		[HID_AT_SUMMARY] = HID_POWER_SUMMARY,
		[HID_AT_OUTPUT] = HID_OUTPUT,
		[HID_AT_OUTLET] = HID_OUTLET,
		[HID_AT_UPS] = HID_UPS,
		[HID_AT_OUTLETS] = HID_OUTLET_SYSTEM,
		[HID_AT_APC] = HID_APC_GENERAL,
		[HID_AT_BELKIN] = HID_BELKIN_CONTROLS,
	};
	int turns = roots == HID_AT_DELAYS ? 5 : 1;

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

/** The first row of that name: there is one. */
static const struct hid_family *hid_find_named(const char *name)
{
	const struct hid_family *family = hid_families;

	while (family->ids && strcmp(family->name, name) != 0)
		family++;
	return family;
}

const struct hid_family *hid_find_shape(const struct hid_descriptor *descriptor)
{
	return hid_find_named(hid_shape_name(descriptor));
}

/** Do the letters of @name, without anything between, begin with @letters? */
static bool hid_begins_with(const char *name, const char *letters, size_t len)
{
	for (; *name && len > 0; name++) {
		if (!isalpha((unsigned char)*name))
			continue;
		if (tolower((unsigned char)*name) !=
		    tolower((unsigned char)*letters))
			return false;
		letters++;
		len--;
	}
	return len == 0;
}

const struct hid_family *hid_find_subdriver(const char *subdriver)
{
	const struct hid_family *family = hid_families;
	size_t len = 0;

	while (isalpha((unsigned char)subdriver[len]))
		len++;
	if (len == 3 && strncasecmp(subdriver, "cps", len) == 0)
		return hid_find_named("CyberPower");
	if (len < SUBDRIVER_LETTERS_MIN)
		return NULL;
	while (family->ids && !hid_begins_with(family->name, subdriver, len))
		family++;
	return family->ids ? family : NULL;
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
