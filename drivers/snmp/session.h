/* SPDX-License-Identifier: MIT */
/*
 * A UPS that is asked over SNMP: who we are to it, and one question at a time,
 * repeated until it is answered.
 */
#ifndef SNMP_SESSION_H
#define SNMP_SESSION_H

#include <errno.h>

#include "base/ups.h"
#include "link/net.h"
#include "snmp/usm.h"

#define SNMP_PORT 161

/** Some of error-status. */
enum snmp_error {
	SNMP_NO_SUCH_NAME = 2,
	SNMP_AUTHORIZATION_ERROR = 16,
	SNMP_ERRORS_MAX = 18,
};

struct snmp_session {
	struct ups *ups;
	int fd;
	int version;
	int tries;
	int answer_ms;
	int32_t id;             /* of the last question */
	const char *community;  /* of v1 and v2c, in the section */
	enum usm_report report; /* the last one that came */
	struct usm usm;         /* of v3 */
	uint8_t bytes[SNMP_MESSAGE_MAX];
};

/** The host of the section, and its port. Returns 0 or -EINVAL. */
int session_find_host(const struct ups *ups, char host[NET_HOST_MAX], int *port);

/**
 * Take on the identity that the section has, and find the way. Does not ask
 * anything but who is there, in v3. Stores a sentence when it fails.
 */
int session_open(struct snmp_session *session, struct ups *ups,
		 deadline_t until);

/** Forgets all secrets, too. */
void session_close(struct snmp_session *session);

/**
 * Read the object @oid, or write it. Returns 0, an error-status above 0
 * (SNMP_NO_SUCH_NAME also for what v2c calls noSuchObject), or a negative
 * errno with a sentence.
 */
int session_get(struct snmp_session *session, const struct snmp_oid *oid,
		struct snmp_value *value, deadline_t until);
int session_set(struct snmp_session *session, const struct snmp_oid *oid,
		const struct snmp_value *value, deadline_t until);

/** Read what is behind @oid, and its name to @oid. As session_get(). */
int session_get_next(struct snmp_session *session, struct snmp_oid *oid,
		     struct snmp_value *value, deadline_t until);

/** The name of an error-status. */
const char *session_error_name(int error);

/* What v3 adds; session_v3.c. */

#ifdef CONFIG_SNMP_V3
/** Read user, level and protocols of the section. */
int session_v3_read_section(struct snmp_session *session);

/** Ask who is there, and make keys for it. */
int session_v3_discover(struct snmp_session *session, deadline_t until);

int session_v3_write(struct snmp_session *session, const struct snmp_pdu *pdu);

/**
 * Returns 0, -EPROTO for what is no answer, or -EAGAIN for a report, noted in
 * session->report.
 */
int session_v3_read(struct snmp_session *session, size_t len, int32_t id,
		    struct snmp_pdu *pdu);

/** Say what the last report means. */
int session_v3_fail_report(struct snmp_session *session);
#else
static inline int session_v3_read_section(struct snmp_session *session)
{
	return ups_fail(session->ups, -EOPNOTSUPP,
			"[%s] snmp_version = v3: this image has no SNMPv3",
			session->ups->name);
}

static inline int session_v3_discover(struct snmp_session *session,
				      deadline_t until)
{
	(void)session;
	(void)until;
	return -EOPNOTSUPP;
}

static inline int session_v3_write(struct snmp_session *session,
				   const struct snmp_pdu *pdu)
{
	(void)session;
	(void)pdu;
	return -EOPNOTSUPP;
}

static inline int session_v3_read(struct snmp_session *session, size_t len,
				  int32_t id, struct snmp_pdu *pdu)
{
	(void)session;
	(void)len;
	(void)id;
	(void)pdu;
	return -EPROTO;
}

static inline int session_v3_fail_report(struct snmp_session *session)
{
	(void)session;
	return -EPROTO;
}
#endif

/** For session_v3.c: one question without a section's rights. */
int session_ask(struct snmp_session *session, struct snmp_pdu *pdu,
		deadline_t until);

#endif
