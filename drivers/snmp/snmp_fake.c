// SPDX-License-Identifier: MIT
/* The agent of an emulated UPS: reads, writes, and goes off as it is told. */
#include "snmp/snmp_fake.h"

#include <stdio.h>
#include <string.h>

#define SYSTEM        "1.3.6.1.2.1.1"
#define ENTERPRISES   "1.3.6.1.4.1"
#define ALARM_ROW     "1.3.6.1.2.1.33.1.6.2.1.2.1"
#define ALARM_PENDING "1.3.6.1.2.1.33.1.6.3.22"
#define TICKS_PER_S   100
#define LOW_PCT       20

/* Of error-status. */
#define NO_SUCH_NAME 2
#define BAD_VALUE    3
#define GEN_ERR      5
#define WRONG_TYPE   7
#define NOT_WRITABLE 17

static const struct snmp_fake_agent *agent_of(const struct net_fake *fake)
{
	return snmp_fake_find_agent(fake->kind);
}

/** Rows with a dot in front are of the system group, or of enterprises. */
static struct snmp_oid snmp_fake_name(const struct net_fake *fake,
				      const struct snmp_fake_row *row)
{
	struct snmp_oid oid = { 0 };
	bool is_system = !strncmp(row->object, ".1.", 3);

	(void)snmp_add_oid(&oid, row->object[0] != '.' ? agent_of(fake)->base
				 : is_system           ? SYSTEM
						       : ENTERPRISES);
	(void)snmp_add_oid(&oid, row->object + (is_system ? 2 : 0));
	return oid;
}

static bool snmp_fake_is(const char *object, const char *wanted)
{
	return wanted && !strcmp(object, wanted);
}

static int snmp_fake_row_of(const struct net_fake *fake, const char *object)
{
	const struct snmp_fake_row *row = agent_of(fake)->row;

	for (int i = 0; object && row[i].object[0]; i++) {
		if (!strcmp(row[i].object, object))
			return i;
	}
	return -1;
}

static int *snmp_fake_value_of(struct net_fake *fake, const char *object)
{
	struct snmp_fake *state = fake->state;
	int row = snmp_fake_row_of(fake, object);

	return row < 0 ? NULL : &state->value[row];
}

void snmp_fake_begin(struct net_fake *fake)
{
	const struct snmp_fake_row *row = agent_of(fake)->row;
	struct snmp_fake *state = fake->state;

	for (int i = 0; row[i].object[0]; i++)
		state->value[i] = row[i].first;
}

/** How much of a countdown is left, if this object is who was told. */
static int snmp_fake_left(const struct net_fake *fake, int row)
{
	const struct snmp_fake *state = fake->state;

	return state->shows_nothing ||
			       (state->value[row] < 0 && !state->counts_on)
		       ? -1
		       : line_fake_left_s(fake->ups);
}

static int snmp_fake_source(const struct net_fake *fake,
			    const struct snmp_fake_row *row)
{
	if (line_fake_is_off(fake->ups))
		return agent_of(fake)->off;
	return fake->ups->mains ? row->first : agent_of(fake)->battery;
}

static void snmp_fake_read(const struct net_fake *fake, int number,
			   struct snmp_value *value)
{
	const struct snmp_fake_row *row = &agent_of(fake)->row[number];
	const struct snmp_fake *state = fake->state;
	struct snmp_oid oid = { 0 };

	*value = (struct snmp_value){ .tag = row->tag };
	if (row->tag == BER_STRING) {
		value->len = (uint8_t)strlen(row->text);
		memcpy(value->bytes, row->text, value->len);
		return;
	}
	if (row->tag == BER_OID) {
		(void)snmp_add_oid(&oid, state->is_foreign
						 ? "1.3.6.1.4.1.8072.3.2.10"
						 : row->text);
		value->len = oid.len;
		memcpy(value->bytes, oid.bytes, oid.len);
		return;
	}
	switch ((enum snmp_fake_role)row->role) {
	case SNMP_FAKE_SOURCE:
		value->number = snmp_fake_source(fake, row);
		break;
	case SNMP_FAKE_CHARGE:
		value->number = fake->ups->charge_pct < LOW_PCT ? 3 : 2;
		break;
	case SNMP_FAKE_COUNT:
	case SNMP_FAKE_RETURN:
	case SNMP_FAKE_STAY:
		value->number = snmp_fake_left(fake, number);
		break;
	case SNMP_FAKE_SWITCH_RETURN:
	case SNMP_FAKE_SWITCH_STAY:
	case SNMP_FAKE_SWITCH_CLOCK:
	case SNMP_FAKE_CONSERVE:
		value->number = 1; /* always, says the MIB */
		break;
	default:
		value->number = state->value[number];
		break;
	}
}

static enum line_fake_back snmp_fake_back(struct net_fake *fake,
					  const struct snmp_fake_row *row)
{
	const int *restart = snmp_fake_value_of(fake, row->text);

	return restart && *restart == 1 ? LINE_FAKE_WITH_MAINS
					: LINE_FAKE_STAYS_OFF;
}

/** Off after so many seconds, or not at all. */
static void snmp_fake_count(struct net_fake *fake, int seconds, int stops_below,
			    enum line_fake_back back)
{
	const struct snmp_fake *state = fake->state;

	if (state->most_s && seconds > state->most_s)
		seconds = state->most_s;
	if (seconds >= stops_below)
		line_fake_order(fake->ups, seconds, back, 0);
	else if (!state->counts_on)
		line_fake_cancel(fake->ups);
}

static void snmp_fake_switch(struct net_fake *fake,
			     const struct snmp_fake_row *row, int number,
			     enum line_fake_back back)
{
	const int *delay = snmp_fake_value_of(fake, row->text);

	if (number == 2)
		line_fake_order(fake->ups, 0, back, 0);
	else if (number == 3 && delay)
		line_fake_order(fake->ups, *delay / TICKS_PER_S, back, 0);
}

/** Returns an error-status. */
static int snmp_fake_act(struct net_fake *fake, const struct snmp_fake_row *row,
			 int number)
{
	switch ((enum snmp_fake_role)row->role) {
	case SNMP_FAKE_COUNT:
		snmp_fake_count(fake, number, 0, snmp_fake_back(fake, row));
		return 0;
	case SNMP_FAKE_RETURN:
		snmp_fake_count(fake, number, 1, LINE_FAKE_WITH_MAINS);
		return 0;
	case SNMP_FAKE_STAY:
		snmp_fake_count(fake, number, 1, LINE_FAKE_STAYS_OFF);
		return 0;
	case SNMP_FAKE_REBOOT:
		line_fake_order(fake->ups, 0, LINE_FAKE_WITH_MAINS, number);
		return 0;
	case SNMP_FAKE_SWITCH_RETURN:
		snmp_fake_switch(fake, row, number, LINE_FAKE_WITH_MAINS);
		return 0;
	case SNMP_FAKE_SWITCH_STAY:
		snmp_fake_switch(fake, row, number, LINE_FAKE_STAYS_OFF);
		return 0;
	case SNMP_FAKE_SWITCH_CLOCK:
		snmp_fake_switch(fake, row, number, LINE_FAKE_BY_CLOCK);
		return 0;
	case SNMP_FAKE_CONSERVE:
		if (fake->ups->mains)
			return GEN_ERR;
		snmp_fake_switch(fake, row, number, LINE_FAKE_WITH_MAINS);
		return 0;
	case SNMP_FAKE_TRUTH:
		if (number == 1)
			line_fake_order(fake->ups, 0, snmp_fake_back(fake, row),
					0);
		return 0;
	case SNMP_FAKE_STORED:
		return 0;
	default:
		return NOT_WRITABLE;
	}
}

/** Returns an error-status of v2c. */
static int snmp_fake_write(struct net_fake *fake, int number,
			   const struct snmp_value *value)
{
	const struct snmp_fake_row *row = &agent_of(fake)->row[number];
	struct snmp_fake *state = fake->state;
	size_t at = strlen(state->written);
	int ret;

	if (state->is_read_only || row->role == SNMP_FAKE_FIXED ||
	    snmp_fake_is(row->object, state->fixed))
		return NOT_WRITABLE;
	if (value->tag != row->tag)
		return WRONG_TYPE;
	ret = state->forgets ? 0 : snmp_fake_act(fake, row, (int)value->number);
	if (ret)
		return ret;
	state->value[number] = (int)value->number;
	(void)snprintf(state->written + at, sizeof(state->written) - at,
		       "%s%s=%d", at ? " " : "", row->object,
		       (int)value->number);
	return 0;
}

static int snmp_fake_find(const struct net_fake *fake,
			  const struct snmp_oid *oid)
{
	const struct snmp_fake_row *row = agent_of(fake)->row;
	const struct snmp_fake *state = fake->state;

	for (int i = 0; row[i].object[0]; i++) {
		struct snmp_oid name = snmp_fake_name(fake, &row[i]);

		if (snmp_oid_is(oid, &name) &&
		    !snmp_fake_is(row[i].object, state->absent))
			return i;
	}
	return -1;
}

/** The order of names; their encoding has nearly the same. */
static int snmp_fake_compare(const struct snmp_oid *a, const struct snmp_oid *b)
{
	size_t len = a->len < b->len ? a->len : b->len;
	int ret = memcmp(a->bytes, b->bytes, len);

	return ret ? ret : (int)a->len - (int)b->len;
}

/** What is behind @pdu->oid; its row, -1 for none, -2 for the alarm. */
static int snmp_fake_next(const struct net_fake *fake, struct snmp_pdu *pdu)
{
	const struct snmp_fake_row *row = agent_of(fake)->row;
	const struct snmp_fake *state = fake->state;
	struct snmp_oid best = { 0 }, name;
	int found = -1;

	(void)snmp_add_oid(&best, ALARM_ROW);
	if (state->has_alarm && fake->ups->off_at_ms != LINE_FAKE_NEVER &&
	    snmp_fake_compare(&best, &pdu->oid) > 0)
		found = -2;
	for (int i = 0; row[i].object[0]; i++) {
		name = snmp_fake_name(fake, &row[i]);
		if (snmp_fake_compare(&name, &pdu->oid) > 0 &&
		    (found == -1 || snmp_fake_compare(&name, &best) < 0)) {
			best = name;
			found = i;
		}
	}
	if (found != -1)
		pdu->oid = best;
	return found;
}

static void snmp_fake_get(const struct net_fake *fake, int version,
			  struct snmp_pdu *pdu)
{
	struct snmp_oid alarm = { 0 };
	int row = pdu->tag == SNMP_GET_NEXT ? snmp_fake_next(fake, pdu)
					    : snmp_fake_find(fake, &pdu->oid);

	if (row >= 0) {
		snmp_fake_read(fake, row, &pdu->value);
	} else if (row == -2) {
		(void)snmp_add_oid(&alarm, ALARM_PENDING);
		pdu->value.tag = BER_OID;
		pdu->value.len = alarm.len;
		memcpy(pdu->value.bytes, alarm.bytes, alarm.len);
	} else if (version == SNMP_V1) {
		pdu->error = NO_SUCH_NAME;
	} else {
		pdu->value = (struct snmp_value){
			.tag = pdu->tag == SNMP_GET ? SNMP_NO_INSTANCE
						    : SNMP_END_OF_MIB,
		};
	}
}

/** What v1 has for an error of v2c. */
static int snmp_fake_error(int version, int error)
{
	if (version != SNMP_V1 || error <= GEN_ERR)
		return error;
	return error == WRONG_TYPE ? BAD_VALUE : NO_SUCH_NAME;
}

static bool snmp_fake_may(const struct snmp_fake *state,
			  const struct ber *community)
{
	return !state->community ||
	       (community->len == strlen(state->community) &&
		memcmp(community->at, state->community, community->len) == 0);
}

void snmp_fake_answer(struct net_fake *fake, int version, struct snmp_pdu *pdu)
{
	int row;

	if (pdu->tag == SNMP_SET) {
		row = snmp_fake_find(fake, &pdu->oid);
		pdu->error = snmp_fake_error(
			version,
			row < 0 ? NOT_WRITABLE
				: snmp_fake_write(fake, row, &pdu->value));
	} else {
		snmp_fake_get(fake, version, pdu);
	}
	pdu->tag = SNMP_RESPONSE;
}

void snmp_fake_receive(struct net_fake *fake, const uint8_t *bytes, size_t len)
{
	const struct snmp_fake *state = fake->state;
	struct ber from = { bytes, len }, message, community;
	uint8_t answer[SNMP_MESSAGE_MAX];
	char name[64];
	struct snmp_pdu pdu;
	int32_t version;
	int at;

	if (ber_take(&from, BER_SEQUENCE, &message) < 0 ||
	    ber_take_int(&message, &version) < 0 ||
	    (version != SNMP_V1 && version != SNMP_V2C) ||
	    ber_take(&message, BER_STRING, &community) < 0 ||
	    community.len >= sizeof(name) || snmp_read_pdu(&message, &pdu) < 0 ||
	    !snmp_fake_may(state, &community))
		return;
	snmp_fake_answer(fake, version, &pdu);
	memcpy(name, community.at, community.len);
	name[community.len] = '\0';
	at = snmp_write_message(answer, sizeof(answer), version, name, &pdu);
	if (at >= 0)
		net_fake_send(fake, answer + at, sizeof(answer) - (size_t)at);
}
