/* SPDX-License-Identifier: MIT */
/* The ladders, for the table of families. Each ends with a rung of no name. */
#ifndef HID_RUNGS_H
#define HID_RUNGS_H

#include "hid/families.h"

extern const struct hid_rung hid_mge_rungs[];
extern const struct hid_rung hid_standard_rungs[];
extern const struct hid_rung hid_apc_rungs[];
extern const struct hid_rung hid_tripplite_eco_rungs[];
extern const struct hid_rung hid_delta_rungs[];
extern const struct hid_rung hid_ever_rungs[];
extern const struct hid_rung hid_powercom_rungs[];
extern const struct hid_rung hid_powercom_skp_rungs[];
extern const struct hid_rung hid_no_rungs[];

#endif
