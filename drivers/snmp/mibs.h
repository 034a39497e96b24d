/* SPDX-License-Identifier: MIT */
/*
 * Which objects switch a UPS off: control tables of the vendors' MIBs, the
 * rungs that each of them offers, and which cards have which tables.
 */
#ifndef SNMP_MIBS_H
#define SNMP_MIBS_H

#include <stdint.h>

#include "base/ups.h"

#define SNMP_STEPS_MAX  4
#define SNMP_TABLES_MAX 3
/* A countdown of nothing would end before its answer has left the card. */
#define SNMP_NOW_S      5

/** What is written. */
enum snmp_number {
	SNMP_FIXED,     /* .value */
	SNMP_OFF_S,     /* after so many seconds it goes off */
	SNMP_OFF_TICKS, /* the same in 1/100 s, as TimeTicks */
	SNMP_BACK_S,    /* and after so many it comes back: off and on delay */
	SNMP_ON_S,      /* the on delay */
	SNMP_ON_TICKS,
	SNMP_ON_MIN,
};

enum snmp_step_kind {
	SNMP_END,
	/** A refusal does not matter where it reads that, or is not there. */
	SNMP_SETTING,
	/** The same, but it has to be there. */
	SNMP_NEEDED,
	/** A setting only for who has mains, or an ondelay. */
	SNMP_WITH_MAINS,
	/** A delay in the device's EEPROM: only what the section says. */
	SNMP_KEPT,
	/** After this one it is going to switch off. */
	SNMP_ORDER,
};

struct snmp_step {
	char object[10]; /* below where its table has those that control */
	uint8_t kind;    /* enum snmp_step_kind */
	uint8_t number;  /* enum snmp_number */
	int8_t value;
};

enum snmp_rung_flag {
	SNMP_ON_BATTERY = 0x01, /* refused while there are mains */
	SNMP_COUNTS = 0x02, /* the object of the order shows the countdown */
};

/** One way to switch off. Those of a table stand in the order of trial. */
struct snmp_rung {
	uint8_t table;
	uint8_t does;  /* enum ups_command */
	uint8_t flags; /* enum snmp_rung_flag */
	char how[26];  /* the name of the object */
	struct snmp_step step[SNMP_STEPS_MAX];
};

enum snmp_table_id {
	SNMP_NO_TABLE,
	SNMP_IETF,
	SNMP_POWERNET,
	SNMP_CYBERPOWER,
	SNMP_XUPS,
	SNMP_CPQPOWER,
	SNMP_DELTA,
	SNMP_XPPC,
	SNMP_TRIPPUPS,
	SNMP_TRIPPLITE,
};

#define SNMP_TABLES 10

/** Values up to 31, as bits. */
#define SNMP_BIT(value) (1u << (value))

struct snmp_table {
	char base[26];
	char source[10]; /* where its power comes from; there if the table is */
	uint32_t mains, battery, off; /* values of it */
	char charge[10];              /* whether the battery is low */
	uint32_t low;
	char control[3]; /* what is behind the base of those that control */
	uint8_t like;    /* whose rungs it has, if it has none of its own */
	char cancel[6];  /* the countdown that this stops */
	int8_t cancel_value;
};

struct snmp_mib {
	char names[40]; /* NUT's, for "mibs = ", between spaces */
	char card[20];  /* sysObjectID is below that */
	uint8_t tables[SNMP_TABLES_MAX];
};

extern const struct snmp_table snmp_tables[SNMP_TABLES];
extern const struct snmp_rung snmp_rungs[];
extern const size_t snmp_rung_count;
extern const struct snmp_mib snmp_mibs[];
extern const size_t snmp_mib_count;

/** The first one is what every card may have. */
#define SNMP_MIB_IETF 0

#endif
