// SPDX-License-Identifier: MIT
/* Climbs the rungs of mibs.c: writes, and reads back what can be seen. */
#include "snmp/ladder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TICKS_PER_S    100
#define S_PER_MIN      60
#define LADDER_LOOKS   6
#define LADDER_LOOK_MS 500

static int64_t ladder_number(const struct snmp_card *card,
			     const struct snmp_step *step)
{
	switch ((enum snmp_number)step->number) {
	case SNMP_OFF_S:
		return card->off_s;
	case SNMP_OFF_TICKS:
		return (int64_t)card->off_s * TICKS_PER_S;
	case SNMP_BACK_S:
		return card->off_s + card->on_s;
	case SNMP_ON_S:
		return card->on_s;
	case SNMP_ON_TICKS:
		return (int64_t)card->on_s * TICKS_PER_S;
	case SNMP_ON_MIN:
		return (card->on_s + S_PER_MIN - 1) / S_PER_MIN;
	case SNMP_FIXED:
		break;
	}
	return step->value;
}

static bool ladder_is_off_delay(const struct snmp_step *step)
{
	return step->number == SNMP_OFF_TICKS;
}

static int ladder_write(struct snmp_card *card, int table,
			const struct snmp_step *step, deadline_t until)
{
	struct snmp_oid oid = card_control(table, step->object);
	struct snmp_value value = {
		.tag = step->number == SNMP_OFF_TICKS ||
				       step->number == SNMP_ON_TICKS
			       ? SNMP_TIME_TICKS
			       : BER_INTEGER,
		.number = ladder_number(card, step),
	};

	return session_set(&card->session, &oid, &value, until);
}

/** A refusal of what is as it should be is none. */
static int ladder_set(struct snmp_card *card, int table,
		      const struct snmp_step *step, deadline_t until)
{
	int refusal = ladder_write(card, table, step, until), ret;
	int64_t number;

	if (refusal <= 0)
		return refusal;
	ret = card_get_control(card, table, step->object, &number, until);
	if (ret < 0)
		return ret;
	if (ret > 0)
		return step->kind == SNMP_NEEDED ? refusal : 0;
	return number == ladder_number(card, step) ? 0 : refusal;
}

/**
 * A delay that the device remembers: read what it is, and write only what the
 * section says. Who does not take it goes by its own.
 */
static int ladder_keep(struct snmp_card *card, int table,
		       const struct snmp_step *step, struct ups_cut *cut,
		       deadline_t until)
{
	bool is_off = ladder_is_off_delay(step);
	bool is_wanted = is_off ? card->has_off : card->has_on;
	int *granted = is_off ? &cut->off_after_s : &cut->on_after_s;
	int64_t number;
	int ret = card_get_control(card, table, step->object, &number, until);

	if (ret == 0 && is_wanted && number != ladder_number(card, step)) {
		ret = ladder_write(card, table, step, until);
		if (ret >= 0)
			ret = card_get_control(card, table, step->object,
					       &number, until);
	}
	if (ret < 0)
		return ret;
	if (ret == 0 && number >= 0 && number <= INT32_MAX)
		*granted = (int)(number / TICKS_PER_S);
	return 0;
}

static bool ladder_has_mains(struct snmp_card *card, int table, deadline_t until)
{
	uint32_t bit;

	return card_read_source(card, table, &bit, until) == 0 &&
	       card_mains(table, bit) == UPS_MAINS_PRESENT;
}

/** Returns as session_set(). */
static int ladder_step(struct snmp_card *card, int table,
		       const struct snmp_step *step, struct ups_cut *cut,
		       deadline_t until)
{
	switch ((enum snmp_step_kind)step->kind) {
	case SNMP_SETTING:
	case SNMP_NEEDED:
		return ladder_set(card, table, step, until);
	case SNMP_WITH_MAINS:
		if (card->has_on || ladder_has_mains(card, table, until)) {
			int ret = ladder_write(card, table, step, until);

			if (ret < 0)
				return ret;
			if (ret == 0)
				cut->on_after_s = card->on_s;
		}
		return 0;
	case SNMP_KEPT:
		return ladder_keep(card, table, step, cut, until);
	case SNMP_ORDER:
		return ladder_write(card, table, step, until);
	case SNMP_END:
		break;
	}
	return 0;
}

/** Does the device show that it is going to switch off, or has? */
static bool ladder_sees(struct snmp_card *card, int table,
			const struct snmp_rung *rung,
			const struct snmp_step *order, struct ups_cut *cut,
			deadline_t until)
{
	int64_t left;
	uint32_t bit;

	if (!(rung->flags & SNMP_COUNTS))
		return card_read_source(card, table, &bit, until) == 0 &&
		       bit & card_table(table)->off;
	if (card_get_control(card, table, order->object, &left, until) != 0)
		return false;
	if (left > 0 && left <= ladder_number(card, order)) {
		cut->off_after_s = (int)left;
		return true;
	}
	return table == SNMP_IETF && card_finds_alarm(card, until);
}

/** What it promised, before it shows anything. */
static void ladder_grant(const struct snmp_card *card,
			 const struct snmp_rung *rung,
			 const struct snmp_step *order, struct ups_cut *cut)
{
	if (rung->flags & SNMP_COUNTS)
		cut->off_after_s = (int)ladder_number(card, order);
	else if (cut->off_after_s == UPS_UNKNOWN_S &&
		 (order->number == SNMP_ON_S || order->value == 2 ||
		  rung->table == SNMP_TRIPPLITE))
		cut->off_after_s = 0; /* there was no delay to be read */
	if (order->number == SNMP_ON_S)
		cut->on_after_s = card->on_s;
	(void)snprintf(cut->how, sizeof(cut->how), "%s", rung->how);
}

/** Returns as session_set(). */
static int ladder_climb(struct snmp_card *card, int table,
			const struct snmp_rung *rung, struct ups_cut *cut,
			deadline_t until)
{
	const struct snmp_step *step = rung->step;
	int ret = 0;

	cut->proof = UPS_SENT;
	cut->off_after_s = UPS_UNKNOWN_S;
	cut->on_after_s = UPS_UNKNOWN_S;
	for (;; step++) {
		/* A second countdown, which nothing would stop. */
		if (cut->least_s && step->kind == SNMP_WITH_MAINS)
			continue;
		ret = ladder_step(card, table, step, cut, until);
		if (ret != 0 || step->kind == SNMP_ORDER)
			break;
	}
	/* Who obeys and falls silent may still show it. */
	if (ret != 0 && (ret != -ETIMEDOUT || step->kind != SNMP_ORDER))
		return ret;
	ladder_grant(card, rung, step, cut);
	for (int i = 0; i < (cut->least_s ? LADDER_LOOKS : 1); i++) {
		if (i > 0)
			(void)clock_sleep_ms(LADDER_LOOK_MS, until);
		if (!deadline_passed(until) &&
		    ladder_sees(card, table, rung, step, cut, until)) {
			cut->proof = UPS_VERIFIED;
			return 0;
		}
	}
	return ret;
}

/** To rehearse: an order that counts, and whose object is the one that stops. */
static bool ladder_may_arm(const struct snmp_card *card, int table,
			   const struct snmp_rung *rung, int least_s)
{
	const struct snmp_step *step = rung->step;

	while (step->kind != SNMP_ORDER)
		step++;
	return rung->flags & SNMP_COUNTS &&
	       ladder_number(card, step) >= least_s &&
	       !strcmp(step->object, card_table(table)->cancel);
}

/** What is tried for what is wanted, and what is better than nothing. */
static const uint8_t ladder_order[4][4] = {
	[UPS_RETURN] = { UPS_RETURN, UPS_REBOOT, UPS_STAYOFF, UPS_OFF },
	[UPS_STAYOFF] = { UPS_STAYOFF, UPS_OFF, UPS_RETURN, UPS_REBOOT },
	[UPS_OFF] = { UPS_OFF, UPS_STAYOFF, UPS_RETURN, UPS_REBOOT },
	[UPS_REBOOT] = { UPS_REBOOT, UPS_RETURN, UPS_STAYOFF, UPS_OFF },
};

/** Is it of use to try that now? */
static bool ladder_fits(struct snmp_card *card, int table,
			const struct snmp_rung *rung, deadline_t until)
{
	return !(rung->flags & SNMP_ON_BATTERY) ||
	       !ladder_has_mains(card, table, until);
}

/** The next rung of a table that does that, from number *@at on; or NULL. */
static const struct snmp_rung *ladder_next(struct snmp_card *card, int table,
					   enum ups_command does, size_t *at,
					   deadline_t until)
{
	int like = card_table(table)->like;

	while (*at < snmp_rung_count) {
		const struct snmp_rung *rung = &snmp_rungs[(*at)++];

		if (rung->table == (like ? like : table) &&
		    rung->does == does && ladder_fits(card, table, rung, until))
			return rung;
	}
	return NULL;
}

/** The last refusal, or -EOPNOTSUPP if there is nothing to refuse. */
static int ladder_try(struct snmp_card *card, enum ups_command does,
		      struct ups_cut *cut, deadline_t until)
{
	const struct snmp_rung *rung;
	int refusal = -EOPNOTSUPP;

	for (int i = 0; i < SNMP_TABLES_MAX && card->tables[i]; i++) {
		int table = card->tables[i];
		size_t at = 0;

		while ((rung = ladder_next(card, table, does, &at, until))) {
			int ret;

			if (cut->least_s &&
			    !ladder_may_arm(card, table, rung, cut->least_s))
				return ups_spare(card->session.ups, cut);
			ret = cut->least_s ? card_cancel(card, until) : 0;
			if (ret < 0)
				return ret == -EPROTO ? ret : -EOPNOTSUPP;
			ret = ladder_climb(card, table, rung, cut, until);
			if (ret <= 0 || cut->least_s)
				return ret;
			refusal = ret;
		}
	}
	return refusal;
}

static int ladder_fail_none(struct snmp_card *card, const struct ups_cut *cut)
{
	struct ups *ups = card->session.ups;

	return ups_fail(ups, -EOPNOTSUPP, "[%s] has no object that does \"%s\"",
			ups->name, ups_command_name(cut->wanted));
}

int ladder_foresee(struct snmp_card *card, struct ups_cut *cut, deadline_t until)
{
	for (size_t i = 0; i < sizeof(ladder_order[0]); i++) {
		enum ups_command does = ladder_order[cut->wanted][i];

		if (ups_give(card->session.ups, cut, does) < 0)
			continue;
		for (int k = 0; k < SNMP_TABLES_MAX && card->tables[k]; k++) {
			size_t at = 0;
			const struct snmp_rung *rung = ladder_next(
				card, card->tables[k], does, &at, until);

			if (rung) {
				(void)snprintf(cut->how, sizeof(cut->how), "%s",
					       rung->how);
				return 0;
			}
		}
	}
	return ladder_fail_none(card, cut);
}

int ladder_cut(struct snmp_card *card, struct ups_cut *cut, deadline_t until)
{
	struct ups *ups = card->session.ups;
	int refusal = 0;

	for (size_t i = 0; i < sizeof(ladder_order[0]); i++) {
		enum ups_command does = ladder_order[cut->wanted][i];
		int ret = ups_give(ups, cut, does);

		if (ret == 0)
			ret = ladder_try(card, does, cut, until);
		if (ret > 0)
			refusal = ret;
		else if (ret != -EOPNOTSUPP)
			return ret;
	}
	if (!refusal)
		return cut->least_s ? ups_spare(ups, cut)
				    : ladder_fail_none(card, cut);
	/* Of an order to do just that, something else may be next. */
	return ups_fail(
		ups, cut->exact && !cut->least_s ? -EOPNOTSUPP : -EPROTO,
		"[%s] refuses to be written (%s): has this community or user the right to?",
		ups->name, session_error_name(refusal));
}
