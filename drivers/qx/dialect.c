// SPDX-License-Identifier: MIT
/* The dialects, and how to find out which one it is. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "qx/qx.h"

#define QX_ROUNDS  3
/* Some of Voltronic's say nothing for so long while they count. */
#define QX_HUSH_MS 5000

/* The order is that of the questions: a status that others have as well comes
 * after what is told from it. */
/* clang-format off */
#define QX_PLAIN(protocol, question, when) \
	{ .name = protocol, .status = question, .cancel = "C", \
	  .off = "S00R0000", .minutes = 10, .flags = (when) }
static const struct qx_dialect qx_dialects[] = {
	{ .name = "voltronic", .status = "QGS", .columns = QX_QGS,
	  .cancel = "CS", .off = "SOFF", .minutes = 99 },
	/* Commands with a checksum. It refuses the question above, with one. */
	{ .name = "axpert", .flags = QX_NO_CUT | QX_NAMED },
	{ .name = "bestups", .status = "Q1", .cancel = "C", .off = "S00R0000",
	  .tell = "ID", .holds = ",", .len_min = 20, .len_max = 40,
	  .minutes = 99, .flags = QX_BARE_STAYS },
	/* WH has answers of other makers, too: A and E are its series. */
	{ .name = "masterguard", .status = "Q1", .cancel = "C",
	  .tell = "WH", .holds = "AE", .at = 16, .len_min = 50, .len_max = 120,
	  .minutes = 99, .flags = QX_BARE_STAYS },
	QX_PLAIN("megatec", "Q1", QX_OF_BLAZER),
	{ .name = "voltronic-qs", .status = "QS", .cancel = "C",
	  .off = "S00R0000", .tell = "M", .holds = "VH", .len_min = 1,
	  .len_max = 1, .minutes = 9 },
	{ .name = "voltronic-qs-hex", .status = "QS", .columns = QX_BINARY,
	  .cancel = "C", .off = "S00R0000", .minutes = 9 },
	QX_PLAIN("mustek", "QS", QX_OF_BLAZER),
	QX_PLAIN("megatec/old", "D", QX_OF_BLAZER),
	{ .name = "gtec", .status = "Q4", .columns = QX_LETTERS, .cancel = "C",
	  .off = "S00R0000", .minutes = 10 },
	QX_PLAIN("zinto", "Q1", QX_OF_BLAZER | QX_NAMED),
	QX_PLAIN("mecer", "Q1", QX_NAMED),
	QX_PLAIN("q1", "Q1", QX_NAMED),
	QX_PLAIN("q2", "Q1", QX_NAMED),
	QX_PLAIN("q6", "Q1", QX_NAMED),
	QX_PLAIN("innovart31", "Q1", QX_NAMED),
	QX_PLAIN("innovart33", "Q1", QX_NAMED),
	QX_PLAIN("innovatae", "Q1", QX_NAMED),
	QX_PLAIN("hunnox", "Q1", QX_NAMED | QX_SLOW | QX_NO_DRILL),
	{ .name = "ablerex", .status = "Q1", .cancel = "C", .off = "S.2",
	  .minutes = 10, .flags = QX_NAMED },
	{ .name = "omron", .status = "Q1", .cancel = "C", .minutes = 99,
	  .flags = QX_NEVER_R | QX_SETS_AUTO | QX_NAMED },
};
/* clang-format on */

#define QX_DIALECTS (sizeof(qx_dialects) / sizeof(qx_dialects[0]))

/** The last question and its answer: several dialects share one. */
struct qx_heard {
	char command[QX_COMMAND_MAX];
	char answer[QX_ANSWER_MAX];
	int len; /* or what ask() returned */
};

const struct qx_dialect *qx_find_dialect(const char *name)
{
	for (size_t i = 0; i < QX_DIALECTS; i++) {
		if (strcasecmp(qx_dialects[i].name, name) == 0)
			return &qx_dialects[i];
	}
	return NULL;
}

int qx_await_status(struct qx_port *port, const struct qx_dialect *dialect,
		    struct qx_status *status, deadline_t until)
{
	char answer[QX_ANSWER_MAX];
	int ret = -ETIMEDOUT;

	for (int i = 0; i < QX_TRIES; i++) {
		int len = port->ops->ask(port, dialect->status, answer,
					 sizeof(answer), until);

		if (len == -EIO)
			ret = len; /* a bridge may fail once */
		else if (len < 0)
			return len;
		if (len <= 0)
			continue;
		ret = qx_parse_status(dialect->columns, answer, (size_t)len,
				      status);
		if (ret == 0)
			break;
	}
	return ret;
}

static void qx_hear(struct qx_port *port, struct qx_heard *heard,
		    const char *command, deadline_t until)
{
	if (strcmp(heard->command, command) == 0)
		return;
	(void)snprintf(heard->command, sizeof(heard->command), "%s", command);
	heard->len = port->ops->ask(port, command, heard->answer,
				    sizeof(heard->answer), until);
}

static bool qx_tells(struct qx_port *port, const struct qx_dialect *dialect,
		     deadline_t until)
{
	char answer[QX_ANSWER_MAX];
	int len;

	if (!dialect->tell[0])
		return true;
	len = port->ops->ask(port, dialect->tell, answer, sizeof(answer), until);
	if (len < dialect->len_min || len > dialect->len_max)
		return false;
	if (dialect->at > 0)
		return memchr(dialect->holds, answer[dialect->at],
			      strlen(dialect->holds)) &&
		       !isalpha((unsigned char)answer[dialect->at + 1]);
	for (const char *sign = dialect->holds; *sign; sign++) {
		if (memchr(answer, *sign, (size_t)len))
			return true;
	}
	return false;
}

/** Of Voltronic's inverters: "(NAK", and the checksum of that. */
static bool qx_is_axpert(const struct qx_heard *heard)
{
	return heard->len == 6 && memcmp(heard->answer, "(NAKss", 6) == 0;
}

/** One round. *@ret stays -ETIMEDOUT as long as nothing is answered. */
static const struct qx_dialect *qx_detect_once(struct qx_port *port,
					       unsigned int with_flag,
					       struct qx_status *status,
					       int *ret, deadline_t until)
{
	struct qx_heard heard = { 0 };

	for (size_t i = 0; i < QX_DIALECTS; i++) {
		const struct qx_dialect *dialect = &qx_dialects[i];

		if ((dialect->flags & with_flag) != with_flag)
			continue;
		if (dialect->flags & QX_NO_CUT && qx_is_axpert(&heard))
			return dialect;
		if (dialect->flags & QX_NAMED)
			continue;
		qx_hear(port, &heard, dialect->status, until);
		if (heard.len < 0) {
			*ret = heard.len;
			return NULL;
		}
		if (heard.len > 0)
			*ret = -EPROTO;
		if (qx_parse_status(dialect->columns, heard.answer,
				    (size_t)heard.len, status) == 0 &&
		    (with_flag || qx_tells(port, dialect, until)))
			return dialect;
	}
	return NULL;
}

const struct qx_dialect *qx_detect(struct qx_port *port, unsigned int with_flag,
				   struct qx_status *status, int *ret,
				   deadline_t until)
{
	const struct qx_dialect *dialect = NULL;

	*ret = -ETIMEDOUT;
	for (int i = 0; i < QX_ROUNDS && !dialect; i++) {
		if (i == QX_ROUNDS - 1 && *ret == -ETIMEDOUT)
			(void)clock_sleep_ms(QX_HUSH_MS, until);
		dialect = qx_detect_once(port, with_flag, status, ret, until);
		if (*ret == -ENODEV || deadline_passed(until))
			break;
	}
	if (dialect)
		*ret = 0;
	return dialect;
}
