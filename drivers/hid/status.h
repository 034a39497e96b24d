/* SPDX-License-Identifier: MIT */
/* The status bits of a HID UPS, wherever a maker has put them. */
#ifndef HID_STATUS_H
#define HID_STATUS_H

#include "hid/unit.h"

/**
 * The field of a status bit: by its last usage, for the collections around it
 * differ; a Feature rather than an Input. NULL if the unit has none.
 */
const struct hid_field *hid_status_field(const struct hid_unit *unit,
					 uint32_t usage);

/** As the driver's status(). */
int hid_status_read(struct hid_unit *unit, struct ups_status *status,
		    deadline_t until);

#endif
