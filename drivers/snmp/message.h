/* SPDX-License-Identifier: MIT */
/*
 * SNMP's PDUs, and the messages of v1 and v2c around them (RFC 1157, 3416).
 * One variable in each: cards differ in what they make of several.
 */
#ifndef SNMP_MESSAGE_H
#define SNMP_MESSAGE_H

#include "snmp/ber.h"

#define SNMP_OID_MAX     48
#define SNMP_BYTES_MAX   48
#define SNMP_MESSAGE_MAX 1472 /* what Ethernet carries in one piece */

enum snmp_version {
	SNMP_V1 = 0,
	SNMP_V2C = 1,
	SNMP_V3 = 3,
};

enum snmp_tag {
	SNMP_GET = 0xa0,
	SNMP_GET_NEXT = 0xa1,
	SNMP_RESPONSE = 0xa2,
	SNMP_SET = 0xa3,
	SNMP_REPORT = 0xa8,
	/* Of values. */
	SNMP_COUNTER = 0x41,
	SNMP_GAUGE = 0x42,
	SNMP_TIME_TICKS = 0x43,
	SNMP_NO_OBJECT = 0x80,
	SNMP_NO_INSTANCE = 0x81,
	SNMP_END_OF_MIB = 0x82,
};

/** Names of objects as they are on the wire. */
struct snmp_oid {
	uint8_t len;
	uint8_t bytes[SNMP_OID_MAX];
};

/** Numbers as such; strings and OIDs as far as they fit. */
struct snmp_value {
	uint8_t tag;
	uint8_t len;
	int64_t number;
	uint8_t bytes[SNMP_BYTES_MAX];
};

struct snmp_pdu {
	uint8_t tag;
	int32_t id;
	int32_t error;       /* error-status */
	struct snmp_oid oid; /* len 0: no variable */
	struct snmp_value value;
};

/**
 * Append ".1.3.6" or "1.3.6", whose first two numbers are those of a whole
 * name when @oid is empty. Returns 0, or -EINVAL.
 */
int snmp_add_oid(struct snmp_oid *oid, const char *text);

bool snmp_oid_is(const struct snmp_oid *a, const struct snmp_oid *b);

/** Is @oid below or at @top? */
bool snmp_oid_is_below(const struct snmp_oid *oid, const struct snmp_oid *top);

void snmp_write_pdu(struct ber_writer *to, const struct snmp_pdu *pdu);

/** Returns 0 or -EPROTO. */
int snmp_read_pdu(struct ber *from, struct snmp_pdu *pdu);

/**
 * A whole message of v1 or v2c. Returns its first byte in @bytes, whose last
 * one is at @size; or -EMSGSIZE.
 */
int snmp_write_message(uint8_t *bytes, size_t size, int version,
		       const char *community, const struct snmp_pdu *pdu);

/** And back; whatever its community. Returns 0 or -EPROTO. */
int snmp_read_message(const uint8_t *bytes, size_t len, int version,
		      struct snmp_pdu *pdu);

#endif
