// SPDX-License-Identifier: MIT
/* Questions to an agent and their answers. */
#include "snmp/session.h"

#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/*
 * NUT waits for a second and asks five times more. Cards that think longer are
 * known, and who answers late is heard anyway.
 */
#define SESSION_TIMEOUT_S   2
#define SESSION_TIMEOUT_MAX 60
#define SESSION_RETRIES     5
#define SESSION_RETRIES_MAX 100
/* Who reports again and again means it. */
#define SESSION_REPORTS_MAX 2

int session_find_host(const struct ups *ups, char host[NET_HOST_MAX], int *port)
{
	const char *text = ups_value(ups, "port");

	*port = SNMP_PORT;
	if (!text)
		return -EINVAL;
	/* net-snmp, which NUT hands it to, knows more; only that is UDP. */
	if (!strncmp(text, "udp:", 4))
		text += 4;
	else if (!strncmp(text, "udp6:", 5))
		text += 5;
	return net_split(text, host, port);
}

static int session_read_version(struct snmp_session *session)
{
	const char *version = ups_value(session->ups, "snmp_version");

	session->version = SNMP_V1;
	if (!version || !strcmp(version, "v1"))
		return 0;
	if (!strcmp(version, "v2c")) {
		session->version = SNMP_V2C;
		return 0;
	}
	if (!strcmp(version, "v3")) {
		session->version = SNMP_V3;
		return session_v3_read_section(session);
	}
	return ups_fail(session->ups, -EINVAL,
			"[%s] snmp_version is neither v1 nor v2c nor v3",
			session->ups->name);
}

static int session_read_section(struct snmp_session *session)
{
	struct ups *ups = session->ups;

	session->community = ups_value(ups, "community");
	if (!session->community)
		session->community = "public";
	session->answer_ms =
		1000 * ups_number(ups, "snmp_timeout", SESSION_TIMEOUT_S, 1,
				  SESSION_TIMEOUT_MAX);
	session->tries = 1 + ups_number(ups, "snmp_retries", SESSION_RETRIES, 0,
					SESSION_RETRIES_MAX);
	return session_read_version(session);
}

/**
 * Numbers that nobody can guess: an answer to them is one to us. In the first
 * seconds of a boot the kernel has only such that are hard to guess; that is
 * no reason not to cut.
 */
static int session_draw(struct snmp_session *session)
{
	uint8_t bytes[sizeof(session->id) + sizeof(session->usm.salt)];
	const ssize_t len = sizeof(bytes);

	/* Before Linux 5.6 there was no other way than to wait. */
	if (getrandom(bytes, sizeof(bytes), GRND_NONBLOCK) != len &&
	    getrandom(bytes, sizeof(bytes), GRND_INSECURE) != len)
		return ups_fail(session->ups, -EIO,
				"[%s] the kernel has no random numbers yet",
				session->ups->name);
	memcpy(&session->id, bytes, sizeof(session->id));
	memcpy(&session->usm.salt, bytes + sizeof(session->id),
	       sizeof(session->usm.salt));
	return 0;
}

int session_open(struct snmp_session *session, struct ups *ups, deadline_t until)
{
	char host[NET_HOST_MAX];
	int port, ret;

	session->ups = ups;
	session->fd = -1;
	if (session_find_host(ups, host, &port) < 0)
		return ups_fail(ups, -EINVAL,
				"[%s] port is no host, or none with a port",
				ups->name);
	ret = session_read_section(session);
	if (ret == 0)
		ret = session_draw(session);
	if (ret < 0)
		return ret;
	session->fd = net_open_udp(ups, host, port, until);
	if (session->fd < 0)
		return session->fd;
	return session->version == SNMP_V3 ? session_v3_discover(session, until)
					   : 0;
}

void session_close(struct snmp_session *session)
{
	if (session->ups && session->fd >= 0)
		(void)close(session->fd);
	explicit_bzero(session, sizeof(*session));
	session->fd = -1;
}

static int session_write(struct snmp_session *session,
			 const struct snmp_pdu *pdu)
{
	if (session->version == SNMP_V3)
		return session_v3_write(session, pdu);
	return snmp_write_message(session->bytes, sizeof(session->bytes),
				  session->version, session->community, pdu);
}

/** 0, -EPROTO for what is no answer to @asked, -EAGAIN for a report. */
static int session_read(struct snmp_session *session, size_t len,
			const struct snmp_pdu *asked, struct snmp_pdu *answer)
{
	int ret = session->version == SNMP_V3
			  ? session_v3_read(session, len, asked->id, answer)
			  : snmp_read_message(session->bytes, len,
					      session->version, answer);

	if (ret < 0)
		return ret;
	if (answer->tag != SNMP_RESPONSE || answer->id != asked->id)
		return -EPROTO;
	if (answer->error == 0 && asked->tag != SNMP_GET_NEXT &&
	    !snmp_oid_is(&answer->oid, &asked->oid))
		return -EPROTO;
	return 0;
}

/** Ask once, and listen to whatever comes until @until. */
static int session_try(struct snmp_session *session,
		       const struct snmp_pdu *asked, struct snmp_pdu *answer,
		       deadline_t until)
{
	int at = session_write(session, asked), len, ret;

	if (at < 0)
		return at;
	len = net_exchange(session->fd, session->bytes + at,
			   sizeof(session->bytes) - (size_t)at, session->bytes,
			   sizeof(session->bytes), until);
	while (len >= 0) {
		ret = session_read(session, (size_t)len, asked, answer);
		if (ret != -EPROTO)
			return ret;
		if (deadline_passed(until))
			return -ETIMEDOUT;
		len = net_receive(session->fd, session->bytes,
				  sizeof(session->bytes), until);
	}
	return len;
}

static int session_fail(struct snmp_session *session, int error)
{
	const struct ups *ups = session->ups;
	const char *why = "";

	switch (error) {
	case -EAGAIN:
		return session_v3_fail_report(session);
	case -ENODEV:
		return ups_fail(session->ups, error,
				"[%s] nobody listens for SNMP there", ups->name);
	case -ETIMEDOUT:
		if (session->version != SNMP_V3)
			why = "; a wrong community looks like that, too";
		else if (session->usm.engine_len > 0 &&
			 session->usm.level & USM_PRIV)
			why = "; a wrong privPassword or privProtocol looks like that, too";
		return ups_fail(session->ups, error, "[%s] does not answer%s",
				ups->name, why);
	case -EMSGSIZE:
		return ups_fail(session->ups, -EINVAL,
				"[%s] its community is too long", ups->name);
	default:
		return ups_fail(session->ups, -EIO, "[%s] the network fails: %s",
				ups->name, strerror(-error));
	}
}

int session_ask(struct snmp_session *session, struct snmp_pdu *pdu,
		deadline_t until)
{
	struct snmp_pdu answer;
	int reports = 0, ret = -ETIMEDOUT;

	session->id = (session->id & INT32_MAX) == INT32_MAX
			      ? 1
			      : (session->id & INT32_MAX) + 1;
	pdu->id = session->id;
	for (int i = 0; i < session->tries && !deadline_passed(until); i++) {
		deadline_t end = deadline_earlier(
			until, deadline_in_ms(session->answer_ms));

		ret = session_try(session, pdu, &answer, end);
		if (ret == 0) {
			*pdu = answer;
			return 0;
		}
		if (ret == -EAGAIN && ++reports < SESSION_REPORTS_MAX)
			i--; /* at once, and now it may know better */
		else if (ret != -ETIMEDOUT)
			break;
	}
	return session_fail(session, ret);
}

/** The error-status of an answer, those of v2c's values included. */
static int session_judge(struct snmp_session *session,
			 const struct snmp_pdu *answer)
{
	if (answer->error == SNMP_AUTHORIZATION_ERROR)
		return ups_fail(
			session->ups, -EPROTO,
			"[%s] does not let this community or user do anything (authorizationError)",
			session->ups->name);
	if (answer->error != 0)
		return answer->error > 0 ? answer->error : SNMP_ERRORS_MAX;
	switch (answer->value.tag) {
	case SNMP_NO_OBJECT:
	case SNMP_NO_INSTANCE:
	case SNMP_END_OF_MIB:
		return SNMP_NO_SUCH_NAME;
	default:
		return 0;
	}
}

static int session_question(struct snmp_session *session, uint8_t tag,
			    struct snmp_oid *oid, struct snmp_value *value,
			    deadline_t until)
{
	struct snmp_pdu pdu = { .tag = tag, .oid = *oid, .value = *value };
	int ret = session_ask(session, &pdu, until);

	*oid = pdu.oid;
	*value = pdu.value;
	return ret < 0 ? ret : session_judge(session, &pdu);
}

int session_get(struct snmp_session *session, const struct snmp_oid *oid,
		struct snmp_value *value, deadline_t until)
{
	struct snmp_oid name = *oid;

	*value = (struct snmp_value){ .tag = BER_NULL };
	return session_question(session, SNMP_GET, &name, value, until);
}

int session_get_next(struct snmp_session *session, struct snmp_oid *oid,
		     struct snmp_value *value, deadline_t until)
{
	*value = (struct snmp_value){ .tag = BER_NULL };
	return session_question(session, SNMP_GET_NEXT, oid, value, until);
}

int session_set(struct snmp_session *session, const struct snmp_oid *oid,
		const struct snmp_value *value, deadline_t until)
{
	struct snmp_oid name = *oid;
	struct snmp_value written = *value;

	return session_question(session, SNMP_SET, &name, &written, until);
}

const char *session_error_name(int error)
{
	/* RFC 3416's own. One string, for each pointer costs as much again. */
	static const char names[SNMP_ERRORS_MAX + 1][20] = {
		"noError",
		"tooBig",
		"noSuchName",
		"badValue",
		"readOnly",
		"genErr",
		"noAccess",
		"wrongType",
		"wrongLength",
		"wrongEncoding",
		"wrongValue",
		"noCreation",
		"inconsistentValue",
		"resourceUnavailable",
		"commitFailed",
		"undoFailed",
		"authorizationError",
		"notWritable",
		"inconsistentName",
	};

	return error > 0 && error < SNMP_ERRORS_MAX + 1 ? names[error]
							: "an unknown error";
}
