/* SPDX-License-Identifier: MIT */
/* How the fields of an emulated UPS count time, and the usages with a clock. */
#ifndef RIG_DELAY_H
#define RIG_DELAY_H

#include "ups.h"

#define PAGE_POWER              0x00840000u
#define PAGE_BATTERY            0x00850000u
#define USAGE_OUTLET            (PAGE_POWER | 0x20)
#define USAGE_REBOOT            (PAGE_POWER | 0x55)
#define USAGE_STARTUP           (PAGE_POWER | 0x56)
#define USAGE_SHUTDOWN          (PAGE_POWER | 0x57)
#define USAGE_SWITCH_OFF        (PAGE_POWER | 0x51)
#define USAGE_AUTOMATIC_RESTART 0xffff0043u
#define USAGE_APC_FORCE         0xff86007cu
#define USAGE_APC_HIBERNATE     0xff86007du
#define USAGE_BELKIN_STARTUP    0x00860056u
#define USAGE_BELKIN_SHUTDOWN   0x00860057u
#define USAGE_POWERCOM_SHUTDOWN 0x00020057u

/** An outlet that is switched apart from the one the machine hangs on. */
bool delay_is_elsewhere(const struct field *field);

/** A raw delay in seconds, as the physical range and the exponent say. */
int64_t delay_to_s(const struct field *field, int64_t raw);

/** Seconds until @at_ms, rounded up; -1 for UPS_NEVER. */
int64_t delay_left_s(int64_t at_ms);

/** What a counting field shows. Returns false for a field that counts none. */
bool delay_live_value(const struct ups *ups, const struct field *field,
		      int64_t *raw);

#endif
