// SPDX-License-Identifier: MIT
/* Makes a HID UPS out of a link: who it is, what it offers, how it is set. */
#include "hid/hid.h"

#include <errno.h>

#include "hid/ladder.h"

#define DELAY_MAX_S      (24 * 60 * 60)
#define STARTUP_MARGIN_S 10

/** A delay of the section, with NUT's precedence of its three spellings. */
static int hid_delay_s(struct ups *ups, const char *override, const char *key,
		       const char *fallback, int missing)
{
	int delay_s = missing;

	delay_s = ups_number(ups, fallback, delay_s, -1, DELAY_MAX_S);
	delay_s = ups_number(ups, key, delay_s, -1, DELAY_MAX_S);
	delay_s = ups_number(ups, override, delay_s, -1, DELAY_MAX_S);
	if (delay_s >= 0)
		return delay_s;
	/* To the device, -1 would mean: do not. */
	ups_note(ups, "[%s] %s is negative; %d s are used", ups->name, key,
		 missing);
	return missing;
}

void hid_read_delays(struct hid_unit *unit)
{
	struct ups *ups = unit->ups;

	unit->off_s = hid_delay_s(ups, "override.ups.delay.shutdown",
				  "offdelay", "default.ups.delay.shutdown",
				  unit->family->offdelay_s);
	unit->on_s =
		hid_delay_s(ups, "override.ups.delay.start", "ondelay",
			    "default.ups.delay.start", unit->family->ondelay_s);
	if (unit->on_s > unit->off_s)
		return;
	/* Else the load would be switched on before it is off, and stay off. */
	unit->on_s = unit->off_s + STARTUP_MARGIN_S;
	ups_note(ups,
		 "[%s] ondelay has to be longer than offdelay; %d s are used",
		 ups->name, unit->on_s);
}

int hid_attach(struct hid_unit *unit, struct ups *ups, struct report_link *link,
	       const struct hid_identity *identity, deadline_t until)
{
	int ret;

	unit->ups = ups;
	unit->link = link;
	unit->known_fields = 0;
	unit->last.of = NULL;
	unit->written_at_ms = 0;
	unit->is_awake = false;
	unit->family = hid_find_family(identity->vendor_id, identity->product_id,
				       identity->vendor, identity->product);
	if (!hid_is_power_device(&unit->descriptor)) {
		ret = hid_unit_describe(unit, until);
		if (ret < 0)
			return ups_fail(
				ups, ret,
				"[%s] %04x:%04x gives no sound report descriptor of a power device",
				ups->name, identity->vendor_id,
				identity->product_id);
	}
	hid_unit_settle_family(unit);
	if (!hid_ladder_exists(unit))
		return ups_fail(ups, -EOPNOTSUPP,
				"[%s] %04x:%04x cannot be told to switch off",
				ups->name, identity->vendor_id,
				identity->product_id);
	hid_read_delays(unit);
	ret = hid_ladder_learn(unit, until);
	if (ret < 0)
		return ups_fail(ups, ret, "[%s] went away while it was read",
				ups->name);
	return 0;
}
