// SPDX-License-Identifier: MIT
/* Users of SNMPv3: from the keys of a section to a session. */
#include <string.h>

#include "snmp/session.h"

static int session_v3_read_level(struct snmp_session *session)
{
	static const struct {
		char name[13];
		uint8_t level;
	} levels[] = {
		{ "noAuthNoPriv", 0 },
		{ "authNoPriv", USM_AUTH },
		{ "authPriv", USM_AUTH | USM_PRIV },
	};
	const char *wanted = ups_value(session->ups, "secLevel");

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (!strcmp(wanted ? wanted : levels[0].name, levels[i].name)) {
			session->usm.level = levels[i].level;
			return 0;
		}
	}
	return ups_fail(
		session->ups, -EINVAL,
		"[%s] secLevel is neither noAuthNoPriv nor authNoPriv nor authPriv",
		session->ups->name);
}

static int session_v3_check_password(struct snmp_session *session,
				     const char *key)
{
	const char *password = ups_value(session->ups, key);

	if (!password || !*password)
		return ups_fail(session->ups, -EINVAL,
				"[%s] %s is missing, and secLevel demands it",
				session->ups->name, key);
	if (strlen(password) < USM_PASSWORD_MIN)
		return ups_fail(
			session->ups, -EINVAL,
			"[%s] %s is shorter than the %d characters that SNMPv3 demands",
			session->ups->name, key, USM_PASSWORD_MIN);
	return 0;
}

static int session_v3_choose(struct snmp_session *session, const char *key,
			     const char *missing, int (*find)(const char *name),
			     uint8_t *chosen)
{
	const char *name = ups_value(session->ups, key);
	int found = find(name ? name : missing);

	if (found < 0)
		return ups_fail(session->ups, -EINVAL,
				"[%s] %s = %.20s: no such protocol is known",
				session->ups->name, key, name);
	*chosen = (uint8_t)found;
	return 0;
}

int session_v3_read_section(struct snmp_session *session)
{
	const char *name = ups_value(session->ups, "secName");
	struct usm *usm = &session->usm;
	int ret = session_v3_read_level(session);

	if (ret < 0)
		return ret;
	if (!name || !*name || strlen(name) > USM_NAME_MAX)
		return ups_fail(session->ups, -EINVAL,
				"[%s] secName is missing, or longer than %d",
				session->ups->name, USM_NAME_MAX);
	usm->name_len = (uint8_t)strlen(name);
	memcpy(usm->name, name, usm->name_len);
	if (usm->level & USM_AUTH) {
		ret = session_v3_check_password(session, "authPassword");
		if (ret == 0)
			ret = session_v3_choose(session, "authProtocol", "MD5",
						usm_find_auth, &usm->auth);
	}
	if (ret == 0 && usm->level & USM_PRIV) {
		ret = session_v3_check_password(session, "privPassword");
		if (ret == 0)
			ret = session_v3_choose(session, "privProtocol", "DES",
						usm_find_priv, &usm->priv);
	}
	return ret;
}

int session_v3_discover(struct snmp_session *session, deadline_t until)
{
	/* Nobody asks for nothing, and gets a report of who should be asked. */
	struct snmp_pdu pdu = { .tag = SNMP_GET };
	int ret = session_ask(session, &pdu, until);

	if (session->usm.engine_len == 0)
		return ret < 0 ? ret
			       : ups_fail(session->ups, -EPROTO,
					  "[%s] does not say who it is",
					  session->ups->name);
	usm_derive(&session->usm, ups_value(session->ups, "authPassword"),
		   ups_value(session->ups, "privPassword"));
	return 0;
}

int session_v3_write(struct snmp_session *session, const struct snmp_pdu *pdu)
{
	return usm_write(&session->usm, session->bytes, sizeof(session->bytes),
			 pdu->id, pdu);
}

int session_v3_read(struct snmp_session *session, size_t len, int32_t id,
		    struct snmp_pdu *pdu)
{
	bool asks_who = session->usm.engine_len == 0;
	struct usm_message message;

	if (usm_read(&session->usm, session->bytes, len, id, &message) < 0)
		return -EPROTO;
	*pdu = message.pdu;
	if (asks_who) { /* and that is the answer, whatever it is */
		pdu->tag = SNMP_RESPONSE;
		pdu->id = id;
		pdu->error = 0;
		pdu->oid.len = 0;
		return 0;
	}
	if (pdu->tag != SNMP_REPORT)
		return 0;
	session->report = message.report;
	/* Only who has signed it may set our clock. */
	if (message.report == USM_NOT_IN_WINDOW && !message.is_authentic)
		return -EPROTO;
	return -EAGAIN;
}

int session_v3_fail_report(struct snmp_session *session)
{
	struct ups *ups = session->ups;

	switch (session->report) {
	case USM_BAD_LEVEL:
		return ups_fail(
			ups, -EPROTO,
			"[%s] does not offer secLevel, authProtocol or privProtocol to this user",
			ups->name);
	case USM_NOT_IN_WINDOW:
		return ups_fail(ups, -EPROTO,
				"[%s] does not accept its own clock", ups->name);
	case USM_UNKNOWN_USER:
		return ups_fail(ups, -EPROTO,
				"[%s] knows no user of that secName", ups->name);
	case USM_UNKNOWN_ENGINE: /* another one than it was: look again */
		return ups_fail(ups, -ENODEV, "[%s] is not who it was before",
				ups->name);
	case USM_WRONG_DIGEST:
		return ups_fail(
			ups, -EPROTO,
			"[%s] has another authPassword or authProtocol for this user",
			ups->name);
	case USM_DECRYPTION_ERROR:
		return ups_fail(
			ups, -EPROTO,
			"[%s] has another privPassword or privProtocol for this user",
			ups->name);
	case USM_OTHER_REPORT:
		break;
	}
	return ups_fail(ups, -EPROTO, "[%s] refuses to hear this user",
			ups->name);
}
