/* SPDX-License-Identifier: MIT */
/* Network cards of UPSes in memory: agents of SNMP v1 and v2c. */
#ifndef SNMP_SNMP_FAKE_H
#define SNMP_SNMP_FAKE_H

#include "link/net_fake.h"
#include "snmp/message.h"

#define SNMP_FAKE_ROWS_MAX 24

struct snmp_fake {
	/** Of its objects, in the order of their rows. */
	int value[SNMP_FAKE_ROWS_MAX];
	const char *community; /* that may write; NULL: all */
	bool is_read_only;
	const char *fixed;  /* the object that cannot be written, or NULL */
	const char *absent; /* the object that is not there, or NULL */
	bool forgets;       /* acknowledges all, and does nothing */
	bool shows_nothing; /* counts, and reads -1 */
	bool counts_on;     /* acknowledges a cancel, and does nothing */
	int most_s;         /* the longest delay that it grants; 0: any */
	bool has_alarm;     /* instead: upsAlarmShutdownPending */
	bool is_foreign;    /* its sysObjectID says nothing */
	/** What was written: "8.2.0=20 ", below its own base. */
	char written[512];
};

extern const struct net_fake_kind snmp_fake_ietf;
extern const struct net_fake_kind snmp_fake_powernet;
extern const struct net_fake_kind snmp_fake_cyberpower;
extern const struct net_fake_kind snmp_fake_xups;
extern const struct net_fake_kind snmp_fake_cpqpower;
extern const struct net_fake_kind snmp_fake_delta;
extern const struct net_fake_kind snmp_fake_xppc;
extern const struct net_fake_kind snmp_fake_mge;
extern const struct net_fake_kind snmp_fake_tripplite;
extern const struct net_fake_kind snmp_fake_tripplite_old;
extern const struct net_fake_kind snmp_fake_tripplite_products;

struct snmp_fake_row {
	char object[16]; /* below the base; with a dot in front: a whole name */
	uint8_t tag;
	uint8_t role;
	int16_t first;    /* its value when it is switched on */
	const char *text; /* of a string or an OID; the delay of a switch */
};

/** What an object is. */
enum snmp_fake_role {
	SNMP_FAKE_FIXED,
	SNMP_FAKE_STORED,
	SNMP_FAKE_SOURCE, /* .first with mains, snmp_fake_agent.battery without */
	SNMP_FAKE_CHARGE, /* 3 when the battery is low, else 2 */
	SNMP_FAKE_COUNT, /* off in so many s, back if .text says so; <0 stops */
	SNMP_FAKE_RETURN, /* off in so many s, back with the mains */
	SNMP_FAKE_STAY,   /* off in so many s, and stays; 0 stops */
	SNMP_FAKE_REBOOT, /* off at once, back after so many s and with mains */
	SNMP_FAKE_SWITCH_RETURN, /* 2 now, 3 after the delay at .text */
	SNMP_FAKE_SWITCH_STAY,
	SNMP_FAKE_SWITCH_CLOCK,
	SNMP_FAKE_CONSERVE, /* 2: off at once, if there are no mains */
	SNMP_FAKE_TRUTH,    /* 1: off at once, back if .text says so */
};

struct snmp_fake_agent {
	const struct net_fake_kind *kind;
	const char *base;
	int battery; /* where its power comes from when there are no mains */
	int off;     /* ... and when it has switched off */
	const struct snmp_fake_row *row;
};

/** Turn a question into its answer. */
void snmp_fake_answer(struct net_fake *fake, int version, struct snmp_pdu *pdu);

/** Of a kind, RFC 1628's for who has none; in snmp_agents_fake.c. */
const struct snmp_fake_agent *
snmp_fake_find_agent(const struct net_fake_kind *kind);

/** For the kinds. */
void snmp_fake_begin(struct net_fake *fake);
void snmp_fake_receive(struct net_fake *fake, const uint8_t *bytes, size_t len);

#endif
