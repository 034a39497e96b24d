// SPDX-License-Identifier: MIT
/* GPSER: one command orders the cut, and it is acknowledged or refused. */
#include "riello/riello.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>

#define RIELLO_TRIES      3
#define RIELLO_ANSWER_MS  2000
#define RIELLO_OFF_S      5 /* as NUT */
#define RIELLO_OFF_S_MAX  65535
/* Minutes; 0 is 10 s, too short for power supplies that hold out long. */
#define RIELLO_ON_MINUTES 1

/** Refusals are positive: the character that says why. */
enum riello_refusal {
	RIELLO_UNKNOWN = '1',
	RIELLO_UNKNOWN_SUB,
	RIELLO_LENGTH,
	RIELLO_CHECK,
	RIELLO_NOT_NOW,
	RIELLO_PIN,
};

/**
 * Ask until there is an answer. Returns 0, the character of a refusal, or an
 * error; stores no sentence.
 */
static int riello_ask(struct riello *riello, const char command[2],
		      uint32_t number, size_t digits, int tries,
		      struct riello_answer *answer, deadline_t until)
{
	uint8_t frame[RIELLO_FRAME_MAX];
	size_t len = riello_build(frame, command, number, digits, riello->crc);
	int ret = -ETIMEDOUT;

	for (int i = 0; i < tries && !deadline_passed(until); i++) {
		answer->command[0] = answer->command[1] = 0;
		riello->link->ops->drain(riello->link);
		ret = riello->link->ops->write(riello->link, frame, len, until);
		if (ret == 0)
			ret = riello_read(
				riello->link, riello->crc, answer,
				deadline_earlier(
					until, deadline_in_ms(RIELLO_ANSWER_MS)));
		if (ret == -ENODEV)
			return ret;
		if (ret < 0)
			continue;
		if ((char)answer->command[0] == command[0] &&
		    (char)answer->command[1] == command[1])
			return 0;
		ret = -EPROTO;
		if (answer->command[0] != RIELLO_REFUSAL)
			continue;
		ret = answer->command[1] ? answer->command[1] : -EPROTO;
		if (ret != RIELLO_CHECK && ret != RIELLO_LENGTH)
			return ret;
	}
	return ret;
}

/** The sentence for what riello_ask() returned. */
static int riello_fail(struct ups *ups, int ret)
{
	static const char *const why[] = {
		"it does not know the command",
		"it does not know the command in this form",
		"the length is wrong",
		"the check is wrong",
		"not now",
		"it wants a PIN",
	};

	if (ret < 0)
		return bytes_fail(ups, ret);
	return ups_fail(ups, -EPROTO, "[%s] refuses: %s", ups->name,
			ret >= RIELLO_UNKNOWN && ret <= RIELLO_PIN
				? why[ret - RIELLO_UNKNOWN]
				: "it does not say why");
}

int riello_greet(struct ups *ups, int tries, deadline_t until)
{
	struct riello *riello = ups->state;
	struct riello_answer answer;
	int ret, len = 0;

	riello->crc = false; /* its answer to this one tells */
	ret = riello_ask(riello, "GI", 0, 0, tries, &answer, until);
	if (ret != 0)
		return ret < 0 ? ret : -EPROTO;
	if (answer.len < RIELLO_GI_LEN)
		return -EPROTO;
	riello->crc = answer.data[RIELLO_GI_CHECK] == '1';
	if (ups->identity[0])
		return 0;
	for (int i = 0; i < RIELLO_GI_MODEL_LEN; i++) {
		uint8_t byte = answer.data[RIELLO_GI_MODEL + i];

		ups->identity[i] = isprint(byte) ? (char)byte : ' ';
		if (ups->identity[i] != ' ')
			len = i + 1;
	}
	ups->identity[len] = '\0';
	return 0;
}

/** One that counts already may want the old order off its list first. */
static int riello_order(struct riello *riello, const char command[2],
			uint32_t number, size_t digits, deadline_t until)
{
	struct riello_answer answer;
	int ret = riello_ask(riello, command, number, digits, RIELLO_TRIES,
			     &answer, until);

	if (ret != RIELLO_NOT_NOW)
		return ret;
	if (riello_ask(riello, "CD", 0, 0, RIELLO_TRIES, &answer, until) != 0)
		return ret;
	return riello_ask(riello, command, number, digits, RIELLO_TRIES,
			  &answer, until);
}

int riello_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct riello *riello = ups->state;
	bool returns = cut->wanted == UPS_RETURN || cut->wanted == UPS_REBOOT;
	int off_s = cut->wanted == UPS_OFF ? 0
		    : cut->least_s
			    ? 2 * cut->least_s
			    : ups_number(ups, "override.ups.delay.shutdown",
					 RIELLO_OFF_S, 0, RIELLO_OFF_S_MAX);
	int ret = ups_give_after(ups, cut, returns ? UPS_RETURN : cut->wanted,
				 off_s);

	if (ret < 0)
		return ret;
	cut->proof = UPS_SENT;
	cut->off_after_s = off_s;
	cut->on_after_s = UPS_UNKNOWN_S;
	if (returns) {
		ret = riello_order(riello, "CR",
				   (uint32_t)off_s << 16 | RIELLO_ON_MINUTES, 8,
				   until);
		cut->on_after_s = 60 * RIELLO_ON_MINUTES;
		(void)snprintf(cut->how, sizeof(cut->how),
			       "off and restore (CR)");
	}
	if (!returns || (ret > 0 && !cut->exact)) {
		ret = riello_order(riello, "CS", (uint32_t)off_s, 4, until);
		cut->given = cut->wanted == UPS_OFF ? UPS_OFF : UPS_STAYOFF;
		cut->on_after_s = UPS_UNKNOWN_S;
		(void)snprintf(cut->how, sizeof(cut->how), "off (CS)");
	}
	return ret == 0 ? 0 : riello_fail(ups, ret);
}

int riello_cancel(struct ups *ups, deadline_t until)
{
	struct riello_answer answer;
	int ret = riello_ask(ups->state, "CD", 0, 0, RIELLO_TRIES, &answer,
			     until);

	return ret == 0 ? 1 : riello_fail(ups, ret); /* it said yes */
}

int riello_status(struct ups *ups, struct ups_status *status, deadline_t until)
{
	struct riello_answer answer;
	int ret = riello_ask(ups->state, "RS", 0, 0, RIELLO_TRIES, &answer,
			     until);
	uint8_t flags;

	if (ret == 0 && answer.len == 0)
		ret = -EPROTO;
	if (ret != 0)
		return riello_fail(ups, ret);
	flags = answer.data[RIELLO_RS_FLAGS];
	status->mains = flags & RIELLO_ON_BATTERY ? UPS_MAINS_ABSENT
						  : UPS_MAINS_PRESENT;
	status->battery_low =
		flags & RIELLO_ON_BATTERY && flags & RIELLO_BATTERY_LOW;
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

void riello_close(struct ups *ups)
{
	struct riello *riello = ups->state;

	if (riello->link)
		riello->link->ops->close(riello->link);
}
