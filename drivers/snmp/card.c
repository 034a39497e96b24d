// SPDX-License-Identifier: MIT
/* What a card has, and what it says of itself. */
#include "snmp/card.h"

#include <string.h>

#define CARD_ALARMS 16

/** Where a countdown hides on cards of RFC 1628 that read -1. */
#define CARD_ALARM_TABLE "6.2.1.2"
#define CARD_ALARM_TYPES "6.3"
#define CARD_PENDING     22
#define CARD_IMMINENT    23

const struct snmp_table *card_table(int table)
{
	return &snmp_tables[table];
}

struct snmp_oid card_oid(int table, const char *object)
{
	struct snmp_oid oid = { 0 };

	/* The tables are ours, and right: a test reads them all. */
	(void)snmp_add_oid(&oid, card_table(table)->base);
	(void)snmp_add_oid(&oid, object);
	return oid;
}

/** Of one that controls. */
struct snmp_oid card_control(int table, const char *object)
{
	struct snmp_oid oid = card_oid(table, card_table(table)->control);

	(void)snmp_add_oid(&oid, object);
	return oid;
}

static int card_read(struct snmp_card *card, struct snmp_oid oid,
		     int64_t *number, deadline_t until)
{
	struct snmp_value value;
	int ret = session_get(&card->session, &oid, &value, until);

	*number = value.number;
	return ret;
}

static int card_get(struct snmp_card *card, int table, const char *object,
		    int64_t *number, deadline_t until)
{
	return card_read(card, card_oid(table, object), number, until);
}

int card_get_control(struct snmp_card *card, int table, const char *object,
		     int64_t *number, deadline_t until)
{
	return card_read(card, card_control(table, object), number, until);
}

int card_look(struct snmp_card *card, const struct snmp_mib *mib,
	      deadline_t until)
{
	int count = 0;

	memset(card->tables, 0, sizeof(card->tables));
	for (int i = 0; i < SNMP_TABLES_MAX && mib->tables[i]; i++) {
		int table = mib->tables[i], ret;
		int64_t number;

		ret = card_get(card, table, card_table(table)->source, &number,
			       until);
		if (ret < 0)
			return ret;
		if (ret == 0)
			card->tables[count++] = (uint8_t)table;
	}
	return count;
}

/** What its power comes from. Returns as session_get(). */
int card_read_source(struct snmp_card *card, int table, uint32_t *bit,
		     deadline_t until)
{
	int64_t source;
	int ret = card_get(card, table, card_table(table)->source, &source,
			   until);

	*bit = ret == 0 && source >= 0 && source < 32 ? SNMP_BIT(source) : 0;
	return ret;
}

enum ups_mains card_mains(int table, uint32_t bit)
{
	if (bit & card_table(table)->mains)
		return UPS_MAINS_PRESENT;
	return bit & card_table(table)->battery ? UPS_MAINS_ABSENT
						: UPS_MAINS_UNKNOWN;
}

bool card_finds_alarm(struct snmp_card *card, deadline_t until)
{
	struct snmp_oid column = card_oid(SNMP_IETF, CARD_ALARM_TABLE);
	struct snmp_oid types = card_oid(SNMP_IETF, CARD_ALARM_TYPES);
	struct snmp_oid row = column;
	struct snmp_value value;

	for (int i = 0; i < CARD_ALARMS; i++) {
		uint8_t type;

		if (session_get_next(&card->session, &row, &value, until) != 0 ||
		    !snmp_oid_is_below(&row, &column))
			return false;
		if (value.tag != BER_OID || value.len != types.len + 1 ||
		    memcmp(value.bytes, types.bytes, types.len) != 0)
			continue;
		type = value.bytes[types.len];
		if (type == CARD_PENDING || type == CARD_IMMINENT)
			return true;
	}
	return false;
}

/** Is there a countdown to cancel? Returns as session_get(). */
static int card_read_off_s(struct snmp_card *card, int *off_s, deadline_t until)
{
	*off_s = UPS_UNKNOWN_S;
	for (int i = 0; i < SNMP_TABLES_MAX && card->tables[i]; i++) {
		int table = card->tables[i], ret;
		int64_t number;

		if (!card_table(table)->cancel[0])
			continue;
		ret = card_get_control(card, table, card_table(table)->cancel,
				       &number, until);
		if (ret < 0)
			return ret;
		if (ret == 0 && number > 0 && number <= INT32_MAX)
			*off_s = (int)number;
	}
	return 0;
}

int card_read_status(struct snmp_card *card, struct ups_status *status,
		     deadline_t until)
{
	int table = card->tables[0], ret;
	const struct snmp_table *is = card_table(table);
	int64_t number;
	uint32_t bit;

	status->off_after_s = UPS_UNKNOWN_S;
	ret = card_read_source(card, table, &bit, until);
	if (ret < 0)
		return ret;
	status->mains = card_mains(table, bit);
	if (card->session.ups->mains_only)
		return 0;
	if (is->charge[0] &&
	    card_get(card, table, is->charge, &number, until) == 0)
		status->battery_low = number >= 0 && number < 32 &&
				      (is->low & SNMP_BIT(number));
	return card_read_off_s(card, &status->off_after_s, until);
}

int card_cancel(struct snmp_card *card, deadline_t until)
{
	struct ups *ups = card->session.ups;
	int refusal = 0, ret = 0;
	bool done = false;

	/* All of them: nobody knows which of them was started. */
	for (int i = 0; i < SNMP_TABLES_MAX && card->tables[i]; i++) {
		const struct snmp_table *table = card_table(card->tables[i]);
		const struct snmp_value value = {
			.tag = BER_INTEGER,
			.number = table->cancel_value,
		};
		struct snmp_oid oid;

		if (!table->cancel[0])
			continue;
		oid = card_control(card->tables[i], table->cancel);
		ret = session_set(&card->session, &oid, &value, until);
		if (ret < 0)
			return ret;
		done |= ret == 0;
		refusal = ret > 0 ? ret : refusal;
	}
	if (done && card_finds_alarm(card, until))
		return ups_fail(ups, -EPROTO,
				"[%s] has the alarm of a coming shutdown",
				ups->name);
	if (done)
		return 0;
	if (refusal > 0)
		return ups_fail(ups, -EPROTO, "[%s] refuses to cancel (%s)",
				ups->name, session_error_name(refusal));
	return ups_fail(ups, -EOPNOTSUPP, "[%s] has no object that cancels",
			ups->name);
}
