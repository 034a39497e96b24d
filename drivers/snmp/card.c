// SPDX-License-Identifier: MIT
/* What a card has, and what it says of itself. */
#include "snmp/card.h"

#include <string.h>

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

int card_get(struct snmp_card *card, int table, const char *object,
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
	if (is->cancel[0] &&
	    card_get_control(card, table, is->cancel, &number, until) == 0 &&
	    number > 0 && number <= INT32_MAX)
		status->off_after_s = (int)number;
	return 0;
}

int card_cancel(struct snmp_card *card, deadline_t until)
{
	struct ups *ups = card->session.ups;
	int ret = 0;

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
		if (ret <= 0)
			return ret;
	}
	if (ret > 0)
		return ups_fail(ups, -EPROTO, "[%s] refuses to cancel (%s)",
				ups->name, session_error_name(ret));
	return ups_fail(ups, -EOPNOTSUPP, "[%s] has no object that cancels",
			ups->name);
}
