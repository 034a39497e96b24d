// SPDX-License-Identifier: MIT
/*
 * S<n>R<m> and its relatives. What a unit answers proves little: silence is a
 * yes, some say no and obey. So the status has the last word.
 */
#include "qx/order.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "link/bytes.h"

/* A bit that follows an order is set at once or half a second later. */
#define QX_BIT_MS       500
#define QX_HUSH_MS      5000
/* S<n> alone: "about 10 seconds after the mains". */
#define QX_BARE_BACK_S  10
#define QX_NEVER_LESS_S 12

/** How an order to cut is spelt. */
enum qx_form {
	QX_RETURN_AT, /* S<n>R<m> */
	QX_RETURN,    /* S<n> */
	QX_STAY,      /* S<n>R0000 */
	QX_NOW,
	QX_FORMS,
};

static const struct {
	uint8_t given;
	uint8_t fits; /* 1 << enum ups_command */
} qx_forms[QX_FORMS] = {
	[QX_NOW] = { UPS_OFF, UPS_CAN(UPS_OFF) },
	[QX_STAY] = { UPS_STAYOFF, UPS_CAN(UPS_STAYOFF) | UPS_CAN(UPS_OFF) },
	[QX_RETURN_AT] = { UPS_RETURN, 0xff },
	[QX_RETURN] = { UPS_RETURN, 0xff },
};

/* What is nearest to what is wanted comes first. */
static const uint8_t qx_ladder[] = { QX_NOW, QX_STAY, QX_RETURN_AT, QX_RETURN };

/** What became of an order. */
enum qx_fate {
	QX_TAKEN, /* it says so, or nothing */
	QX_SHOWN, /* its status shows it */
	QX_DENIED,
};

int qx_fail(struct qx_unit *unit, int error)
{
	return bytes_fail(unit->ups, error);
}

/** Spell @form; false when this dialect has none. */
static bool qx_spell(const struct qx_unit *unit, enum qx_form form,
		     char text[QX_COMMAND_MAX])
{
	const struct qx_dialect *dialect = unit->dialect;
	bool never_r = unit->flags & QX_NEVER_R;
	const char *tail = "";

	switch (form) {
	case QX_NOW:
		(void)snprintf(text, QX_COMMAND_MAX, "%s",
			       never_r && dialect->off[3] ? "" : dialect->off);
		return text[0];
	case QX_STAY:
		if (unit->flags & QX_SETS_AUTO) {
			(void)snprintf(text, QX_COMMAND_MAX, "Sf%s", unit->n);
			return true;
		}
		if (unit->flags & QX_BARE_STAYS)
			break;
		if (never_r)
			return false;
		tail = "R0000";
		break;
	case QX_RETURN_AT:
		if (unit->fixed[0]) {
			(void)snprintf(text, QX_COMMAND_MAX, "%s", unit->fixed);
			return true;
		}
		if (never_r || unit->on_min == 0)
			return false;
		(void)snprintf(text, QX_COMMAND_MAX, "S%sR%04d", unit->n,
			       unit->on_min % 10000);
		return true;
	default:
		if (unit->flags & QX_BARE_STAYS)
			return false;
		break;
	}
	(void)snprintf(text, QX_COMMAND_MAX, "S%s%s", unit->n, tail);
	return true;
}

/** It is there, and cannot be understood; ask again. */
static bool qx_is_unread(int ret)
{
	return ret == -EPROTO || ret == -ETIMEDOUT;
}

/**
 * Does it show a countdown? 1, 0, or an error: -EPROTO for nonsense,
 * -ETIMEDOUT for silence.
 */
static int qx_see(struct qx_unit *unit, deadline_t until)
{
	struct qx_status status;
	int ret = qx_await_status(unit->port, unit->dialect, &status, until);

	return ret < 0 ? ret : status.is_active && unit->trusts_bit;
}

/** The same; @hush_ms: some of Voltronic's are dumb while they count. */
static int qx_see_at_last(struct qx_unit *unit, int hush_ms, deadline_t until)
{
	int ret = qx_see(unit, until);

	if (ret == 0 && unit->trusts_bit && clock_sleep_ms(QX_BIT_MS, until) == 0)
		ret = qx_see(unit, until);
	if (ret == -ETIMEDOUT && hush_ms > 0 &&
	    clock_sleep_ms(hush_ms, until) == 0)
		ret = qx_see(unit, until);
	return ret;
}

/** Ask, and judge the answer: enum qx_verdict, or ask()'s error. */
static int qx_order(struct qx_unit *unit, const char *command, deadline_t until)
{
	char answer[QX_ANSWER_MAX];
	int len = unit->port->ops->ask(unit->port, command, answer,
				       sizeof(answer), until);

	return len < 0 ? len : (int)qx_judge(command, answer, (size_t)len);
}

/**
 * Give one order until it is taken or denied for good: enum qx_fate, or an
 * error. A cancel goes before it only if the device does not take it else: it
 * would stop a countdown that another program began.
 */
static int qx_give(struct qx_unit *unit, const char *command, deadline_t until)
{
	bool cancelled = unit->was_active;
	int fate = -ETIMEDOUT;

	for (int i = 0; i < QX_TRIES; i++) {
		int verdict = qx_order(unit, command, until), seen;

		if (verdict < 0)
			return verdict;
		seen = qx_see_at_last(
			unit, i || verdict == QX_ACCEPTED ? 0 : QX_HUSH_MS,
			until);
		if (seen == 1 && !(verdict == QX_REFUSED && unit->was_active))
			return QX_SHOWN;
		if (verdict == QX_ACCEPTED)
			return QX_TAKEN;
		if (seen < 0 && !qx_is_unread(seen))
			return seen;
		/* It lives, and did not object. */
		if (verdict == QX_SILENT &&
		    (seen == -EPROTO || (seen == 0 && !unit->trusts_bit)))
			return QX_TAKEN;
		/* Perhaps it counts, and to say it again would begin anew. */
		if (verdict == QX_SILENT && seen == -ETIMEDOUT)
			return seen;
		if (verdict == QX_SILENT && seen == 0)
			fate = QX_TAKEN;
		else if (fate != QX_TAKEN && seen != -ETIMEDOUT)
			fate = -EPROTO;
		if (verdict != QX_REFUSED)
			continue;
		if (cancelled)
			return QX_DENIED;
		cancelled = true;
		verdict = qx_order(unit, unit->dialect->cancel, until);
		if (verdict < 0)
			return verdict;
	}
	return fate;
}

/** Omron's: shall it start by itself when mains is back? */
static int qx_set_auto(struct qx_unit *unit, enum ups_command given,
		       deadline_t until)
{
	const char *command = given == UPS_RETURN ? "An" : "Af";
	int verdict = QX_UNSURE;

	if (!(unit->flags & QX_SETS_AUTO))
		return 0;
	for (int i = 0; i < QX_TRIES && verdict != QX_ACCEPTED; i++) {
		verdict = qx_order(unit, command, until);
		if (verdict < 0)
			return verdict;
	}
	if (verdict != QX_ACCEPTED)
		ups_note(unit->ups,
			 "[%s] does not confirm %s: whether it starts with the mains is not known",
			 unit->ups->name, command);
	return 0;
}

static void qx_grant(const struct qx_unit *unit, enum qx_form form,
		     const char *command, int fate, struct ups_cut *cut)
{
	cut->given = (enum ups_command)qx_forms[form].given;
	cut->proof = fate == QX_SHOWN ? UPS_VERIFIED : UPS_SENT;
	cut->off_after_s = unit->off_s;
	if (form == QX_NOW)
		cut->off_after_s = strcmp(command, "S.2") ? 0 : QX_NEVER_LESS_S;
	if (form == QX_RETURN_AT)
		cut->on_after_s = unit->on_min * 60;
	if (form == QX_RETURN)
		cut->on_after_s = QX_BARE_BACK_S;
	(void)snprintf(cut->how, sizeof(cut->how), "%s, %s", command,
		       unit->dialect->name);
	if (fate == QX_TAKEN && unit->trusts_bit)
		ups_note(unit->ups,
			 "[%s] took %s, and its status shows no countdown",
			 unit->ups->name, command);
}

/** It denies every order, for it counts down already. */
static int qx_leave_running(struct qx_unit *unit, struct ups_cut *cut)
{
	ups_note(unit->ups,
		 "[%s] counts down already, by an order that was not ours",
		 unit->ups->name);
	cut->given = cut->wanted;
	cut->proof = UPS_VERIFIED;
	(void)snprintf(cut->how, sizeof(cut->how), "counts down already, %s",
		       unit->dialect->name);
	return 0;
}

/**
 * MEC0003 takes everything without a word, and one unit was switched off by
 * nothing but the order to stay off (issue 3561 of networkupstools/nut).
 */
static void qx_try_last(struct qx_unit *unit, enum qx_form *form,
			char command[QX_COMMAND_MAX], int *fate,
			deadline_t until)
{
	char last[QX_COMMAND_MAX];

	if (*fate != QX_TAKEN || *form > QX_RETURN ||
	    !(unit->flags & QX_LAST_STAY) || !unit->trusts_bit ||
	    !qx_spell(unit, QX_STAY, last) ||
	    qx_give(unit, last, until) != QX_SHOWN)
		return;
	*form = QX_STAY;
	*fate = QX_SHOWN;
	memcpy(command, last, sizeof(last));
}

/** Is this form an answer to what is wanted? */
static bool qx_fits(enum qx_form form, const struct ups_cut *cut)
{
	return cut->exact ? qx_forms[form].given == cut->wanted
			  : qx_forms[form].fits & UPS_CAN(cut->wanted);
}

/** A countdown that shows, and that C has been seen to stop. */
static bool qx_may_arm(const struct qx_unit *unit, const struct ups_cut *cut)
{
	return unit->trusts_bit && !unit->was_active &&
	       !(unit->flags & QX_NO_DRILL) && unit->off_s >= cut->least_s;
}

int qx_order_cut(struct qx_unit *unit, struct ups_cut *cut, deadline_t until)
{
	char command[QX_COMMAND_MAX] = "";
	int fate = QX_DENIED;

	if (cut->least_s && !qx_may_arm(unit, cut))
		return ups_spare(unit->ups, cut);
	for (size_t i = 0; i < sizeof(qx_ladder); i++) {
		enum qx_form form = (enum qx_form)qx_ladder[i];

		if (!qx_fits(form, cut) || !qx_spell(unit, form, command))
			continue;
		fate = qx_set_auto(unit, (enum ups_command)qx_forms[form].given,
				   until);
		if (fate == 0)
			fate = qx_give(unit, command, until);
		if (fate == QX_DENIED || fate == -EPROTO)
			continue;
		if (fate < 0)
			return qx_fail(unit, fate);
		if (!cut->exact)
			qx_try_last(unit, &form, command, &fate, until);
		qx_grant(unit, form, command, fate, cut);
		return 0;
	}
	if (!command[0])
		return ups_fail(unit->ups, -EOPNOTSUPP,
				"[%s] %s has no command for %s",
				unit->ups->name, unit->dialect->name,
				ups_command_name(cut->wanted));
	if (!cut->exact && qx_see(unit, until) == 1)
		return qx_leave_running(unit, cut);
	if (fate == QX_DENIED)
		return ups_fail(unit->ups, -EPROTO, "[%s] refuses %s",
				unit->ups->name, command);
	unit->ups->in_doubt = fate == -EPROTO;
	return qx_fail(unit, fate);
}

int qx_order_cancel(struct qx_unit *unit, deadline_t until)
{
	const char *command = unit->dialect->cancel;
	int seen = 1, verdict = QX_SILENT;

	for (int i = 0; i < QX_TRIES && (seen == 1 || qx_is_unread(seen)); i++) {
		verdict = qx_order(unit, command, until);
		seen = verdict < 0 ? verdict
				   : qx_see_at_last(unit, QX_HUSH_MS, until);
	}
	/* Who has nothing to cancel refuses it, rightly. */
	if (seen == 0)
		return verdict == QX_ACCEPTED;
	if (seen < 0)
		return qx_fail(unit, seen);
	return ups_fail(unit->ups, -EPROTO, "[%s] counts down in spite of %s",
			unit->ups->name, command);
}
