// SPDX-License-Identifier: MIT
/* SNMP's PDUs and the plain messages around them. */
#include "snmp/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/** A number of an OID: seven bits in each byte, the last without the top. */
static int snmp_add_number(struct snmp_oid *oid, uint64_t number)
{
	int shift = 0;

	while (shift < 28 && number >> (shift + 7))
		shift += 7;
	for (; shift >= 0; shift -= 7) {
		if (oid->len == SNMP_OID_MAX)
			return -EINVAL;
		oid->bytes[oid->len++] = (uint8_t)((number >> shift & 0x7f) |
						   (shift ? 0x80u : 0));
	}
	return 0;
}

int snmp_add_oid(struct snmp_oid *oid, const char *text)
{
	bool is_first = oid->len == 0;
	char *end;

	while (*text) {
		unsigned long number;

		text += *text == '.';
		number = strtoul(text, &end, 10);
		if (end == text || number > UINT32_MAX)
			return -EINVAL;
		text = end;
		if (is_first) { /* "1.3" is one number: 40 * 1 + 3 */
			text += *text == '.';
			number = 40 * number + strtoul(text, &end, 10);
			if (end == text)
				return -EINVAL;
			text = end;
			is_first = false;
		}
		if (snmp_add_number(oid, number) < 0)
			return -EINVAL;
	}
	return 0;
}

bool snmp_oid_is(const struct snmp_oid *a, const struct snmp_oid *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

bool snmp_oid_is_below(const struct snmp_oid *oid, const struct snmp_oid *top)
{
	return oid->len >= top->len &&
	       memcmp(oid->bytes, top->bytes, top->len) == 0;
}

static void snmp_write_value(struct ber_writer *to,
			     const struct snmp_value *value)
{
	switch (value->tag) {
	case BER_INTEGER:
	case SNMP_TIME_TICKS:
	case SNMP_GAUGE:
	case SNMP_COUNTER:
		ber_put_number(to, value->tag, (int32_t)value->number);
		break;
	default:
		ber_put_bytes(to, value->tag ? value->tag : BER_NULL,
			      value->bytes, value->len);
		break;
	}
}

void snmp_write_pdu(struct ber_writer *to, const struct snmp_pdu *pdu)
{
	size_t end = to->at;

	if (pdu->oid.len > 0) {
		snmp_write_value(to, &pdu->value);
		ber_put_bytes(to, BER_OID, pdu->oid.bytes, pdu->oid.len);
		ber_put_head(to, BER_SEQUENCE, end);
	}
	ber_put_head(to, BER_SEQUENCE, end);
	ber_put_number(to, BER_INTEGER, 0); /* error-index */
	ber_put_number(to, BER_INTEGER, pdu->error);
	ber_put_number(to, BER_INTEGER, pdu->id);
	ber_put_head(to, pdu->tag, end);
}

static int snmp_read_value(struct ber *from, struct snmp_value *value)
{
	struct ber content;

	if (ber_take_any(from, &value->tag, &content) < 0)
		return -EPROTO;
	value->number = 0;
	value->len = (uint8_t)(content.len < SNMP_BYTES_MAX ? content.len
							    : SNMP_BYTES_MAX);
	memcpy(value->bytes, content.at, value->len);
	switch (value->tag) {
	case BER_INTEGER:
	case SNMP_TIME_TICKS:
	case SNMP_GAUGE:
	case SNMP_COUNTER:
		return ber_read_number(content, &value->number);
	default:
		return 0;
	}
}

/** The first variable of the list, if there is one. */
static int snmp_read_variable(struct ber *from, struct snmp_pdu *pdu)
{
	struct ber list, variable, oid;

	if (ber_take(from, BER_SEQUENCE, &list) < 0)
		return -EPROTO;
	if (list.len == 0)
		return 0;
	if (ber_take(&list, BER_SEQUENCE, &variable) < 0 ||
	    ber_take(&variable, BER_OID, &oid) < 0 || oid.len == 0 ||
	    oid.len > SNMP_OID_MAX)
		return -EPROTO;
	pdu->oid.len = (uint8_t)oid.len;
	memcpy(pdu->oid.bytes, oid.at, oid.len);
	return snmp_read_value(&variable, &pdu->value);
}

int snmp_read_pdu(struct ber *from, struct snmp_pdu *pdu)
{
	struct ber content;
	int32_t index;

	memset(pdu, 0, sizeof(*pdu));
	if (ber_take_any(from, &pdu->tag, &content) < 0 ||
	    ber_take_int(&content, &pdu->id) < 0 ||
	    ber_take_int(&content, &pdu->error) < 0 ||
	    ber_take_int(&content, &index) < 0)
		return -EPROTO;
	return snmp_read_variable(&content, pdu);
}

int snmp_write_message(uint8_t *bytes, size_t size, int version,
		       const char *community, const struct snmp_pdu *pdu)
{
	struct ber_writer to;

	ber_start(&to, bytes, size);
	snmp_write_pdu(&to, pdu);
	ber_put_bytes(&to, BER_STRING, community, strlen(community));
	ber_put_number(&to, BER_INTEGER, version);
	ber_put_head(&to, BER_SEQUENCE, size);
	return to.is_full ? -EMSGSIZE : (int)to.at;
}

int snmp_read_message(const uint8_t *bytes, size_t len, int version,
		      struct snmp_pdu *pdu)
{
	struct ber from = { bytes, len }, message, community;
	int32_t is;

	if (ber_take(&from, BER_SEQUENCE, &message) < 0 ||
	    ber_take_int(&message, &is) < 0 || is != version ||
	    ber_take(&message, BER_STRING, &community) < 0)
		return -EPROTO;
	return snmp_read_pdu(&message, pdu);
}
