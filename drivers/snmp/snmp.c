// SPDX-License-Identifier: MIT
/*
 * UPSes with a network card, NUT's snmp-ups: an object or two are written, and
 * one of them shows the countdown. Sources: RFC 1628, the vendors' MIBs;
 * networkupstools/nut, drivers/snmp-ups.c and its *-mib.c.
 */
#include <stdio.h>
#include <string.h>

#include "snmp/ladder.h"

/* NUT's, where it writes any. */
#define SNMP_DEFAULT_OFF_S 20
#define SNMP_DEFAULT_ON_S  30
#define SNMP_DELAY_MAX     86400

static void snmp_close(struct ups *ups)
{
	struct snmp_card *card = ups->state;

	session_close(&card->session);
}

static int snmp_fail_unknown(struct ups *ups)
{
	return ups_fail(
		ups, -EOPNOTSUPP,
		"[%s] has none of the objects by which an SNMP agent is known to switch off",
		ups->name);
}

/** Is @name, a word, among the names of @mib? */
static bool snmp_is_named(const struct snmp_mib *mib, const char *name)
{
	size_t len = strlen(name);
	const char *at = mib->names;

	while (len > 0 && (at = strstr(at, name))) {
		if ((at == mib->names || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
		at += len;
	}
	return false;
}

/** The tables of "mibs = @name", and no others. */
static int snmp_look_named(struct ups *ups, const char *name, deadline_t until)
{
	struct snmp_card *card = ups->state;

	for (size_t i = 0; i < snmp_mib_count; i++) {
		int ret;

		if (!snmp_is_named(&snmp_mibs[i], name))
			continue;
		ret = card_look(card, &snmp_mibs[i], until);
		return ret != 0 ? ret : snmp_fail_unknown(ups);
	}
	return ups_fail(ups, -EOPNOTSUPP,
			"[%s] mibs = %.40s: no way is known to switch these off",
			ups->name, name);
}

static bool snmp_is_card(const struct snmp_mib *mib,
			 const struct snmp_value *card)
{
	struct snmp_oid top = { 0 };

	(void)snmp_add_oid(&top, mib->card);
	return card->tag == BER_OID && card->len >= top.len &&
	       memcmp(card->bytes, top.bytes, top.len) == 0;
}

/** By what it says that it is; and who says something else is asked. */
static int snmp_look(struct ups *ups, deadline_t until)
{
	struct snmp_card *card = ups->state;
	struct snmp_oid name = { 0 };
	struct snmp_value value;
	int ret;

	(void)snmp_add_oid(&name, "1.3.6.1.2.1.1.2.0"); /* sysObjectID */
	ret = session_get(&card->session, &name, &value, until);
	if (ret != 0)
		value.tag = BER_NULL;
	for (size_t i = 0; ret >= 0 && i < snmp_mib_count; i++) {
		if (!snmp_is_card(&snmp_mibs[i], &value))
			continue;
		ret = card_look(card, &snmp_mibs[i], until);
		if (ret != 0)
			return ret;
	}
	for (size_t i = 0; ret >= 0 && i < snmp_mib_count; i++) {
		ret = card_look(card, &snmp_mibs[i], until);
		if (ret != 0)
			return ret;
	}
	return ret < 0 ? ret : snmp_fail_unknown(ups);
}

static void snmp_read_delays(struct ups *ups)
{
	struct snmp_card *card = ups->state;

	card->has_off = ups_value(ups, "offdelay") != NULL;
	card->has_on = ups_value(ups, "ondelay") != NULL;
	card->off_s = ups_number(ups, "offdelay", SNMP_DEFAULT_OFF_S, 1,
				 SNMP_DELAY_MAX);
	card->on_s = ups_number(ups, "ondelay", SNMP_DEFAULT_ON_S, 0,
				SNMP_DELAY_MAX);
}

static int snmp_open(struct ups *ups, deadline_t until)
{
	struct snmp_card *card = ups->state;
	const char *mibs = ups_value(ups, "mibs");
	int ret;

	snmp_read_delays(ups);
	ret = session_open(&card->session, ups, until);
	if (ret == 0)
		ret = mibs && *mibs && strcmp(mibs, "auto")
			      ? snmp_look_named(ups, mibs, until)
			      : snmp_look(ups, until);
	if (ret < 0) {
		snmp_close(ups);
		return ret;
	}
	(void)snprintf(ups->identity, sizeof(ups->identity), "%s",
		       ups_value(ups, "port"));
	return 0;
}

static int snmp_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	return ladder_cut(ups->state, cut, until);
}

static int snmp_status(struct ups *ups, struct ups_status *status,
		       deadline_t until)
{
	return card_read_status(ups->state, status, until);
}

static int snmp_cancel(struct ups *ups, deadline_t until)
{
	return card_cancel(ups->state, until);
}

/** Opens it, for a card answers everybody at any time. */
static int snmp_check(struct ups *ups, struct ups_found *found,
		      struct ups_cut *cut, deadline_t until)
{
	struct snmp_card card = { 0 };
	struct ups_status status = { 0 };
	int ret;

	ups->state = &card;
	ret = snmp_open(ups, until);
	if (ret == 0) {
		ret = card_read_status(&card, &status, until);
		if (ret == 0)
			ret = ladder_foresee(&card, cut, until);
		found->mains = status.mains;
		(void)snprintf(found->who, sizeof(found->who), "%s",
			       ups->identity);
		snmp_close(ups);
	}
	ups->state = NULL;
	return ret;
}

static int snmp_find_host(const struct ups *ups, char *host, size_t size)
{
	char name[NET_HOST_MAX];
	int port;

	if (session_find_host(ups, name, &port) < 0)
		return -ENOENT;
	(void)snprintf(host, size, "%s", name);
	return 0;
}

static const char *const snmp_nut_names[] = { "snmp-ups", NULL };

static const char *const snmp_keys[] = {
	"community",
	"snmp_version",
	"snmp_retries",
	"snmp_timeout",
	"secLevel",
	"secName",
	"authPassword",
	"privPassword",
	"authProtocol",
	"privProtocol",
	"mibs",
	"pollfreq",
	"offdelay",
	"ondelay",
	"notransferoids",
	"semistaticfreq",
	"symmetrathreephase",
	NULL,
};

static const struct ups_driver snmp_driver = {
	.name = "snmp",
	.summary = "UPSes with a network card (SNMP)",
	.nut_names = snmp_nut_names,
	.rehearses = true,
	.keys = snmp_keys,
	.state_size = sizeof(struct snmp_card),
	.open = snmp_open,
	.cut = snmp_cut,
	.check = snmp_check,
	.status = snmp_status,
	.cancel = snmp_cancel,
	.find_host = snmp_find_host,
	.close = snmp_close,
};

UPS_DRIVER(snmp_driver);
