// SPDX-License-Identifier: MIT
/*
 * The emulated Smart-UPS: recorded answers to questions, and for the orders
 * what the documents say of them.
 */
#include "apcsmart/apcsmart_fake.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#define RECORDED \
	(sizeof(apcsmart_fake_recorded) / sizeof(apcsmart_fake_recorded[0]))
#define PAIR_MIN_MS 1400
/* NUT's issue 322: S directly after U is not heard, after 3.5 s it is. */
#define FAIL_MIN_MS 3000
#define FAIL_MAX_MS 30000
#define WAKE_UNIT_S 360

/* What the Smart-UPS 420 of testdata/ answered, but for two NULs after n. */
static const struct {
	char question;
	const char *answer;
} apcsmart_fake_recorded[] = {
	{ 'B', "13.61" },
	{ 'C', "NA" },
	{ 'E', "336" },
	{ 'F', "50.00" },
	{ 'G', "S" },
	{ 'L', "231.8" },
	{ 'M', "233.2" },
	{ 'N', "231.8" },
	{ 'O', "231.8" },
	{ 'P', "009.1" },
	{ 'V', "DWI" },
	{ 'a',
	  "3.!$%+?=#|.\001\016\032')+-89@ABDEFGKLMNOPQRSUVWXYZabcdefgjklmnopqrsuxyz~" },
	{ 'b', "21.3.I" },
	{ 'c', "UPS_IDEN" },
	{ 'e', "00" },
	{ 'f', "100.0" },
	{ 'g', "012" },
	{ 'h', "NA" },
	{ 'i', "NA" },
	{ 'j', "0042:" },
	{ 'k', "0" },
	{ 'l', "208" },
	{ 'm', "11/17/98" },
	{ 'n', "NS9847001053" },
	{ 'o', "230" },
	{ 'p', "020" },
	{ 'q', "02" },
	{ 'r', "000" },
	{ 's', "H" },
	{ 't', "NA" },
	{ 'u', "253" },
	{ 'v', "NA" },
	{ 'x', "11/17/98" },
	{ 'y', "(C) APCC" },
	{ '9', "FF" },
};

static void apcsmart_fake_start(struct line_fake *fake)
{
	struct apcsmart_fake *state = fake->state;

	for (size_t i = 0; i < RECORDED; i++)
		(void)snprintf(
			state->answer[(uint8_t)apcsmart_fake_recorded[i].question],
			sizeof(state->answer[0]), "%s\r\n",
			apcsmart_fake_recorded[i].answer);
	state->grace_s = 20; /* as it says to p */
}

static void apcsmart_fake_start_old(struct line_fake *fake)
{
	struct apcsmart_fake *state = fake->state;

	state->is_old = true;
	state->grace_s = 20;
	strcpy(state->answer['V'], "6QD\r\n");
}

static void apcsmart_fake_say(struct line_fake *fake, const char *text)
{
	const struct apcsmart_fake *state = fake->state;

	if (state->chatters)
		line_fake_say(fake, "!|+");
	line_fake_send(fake, text, 1);
	if (state->chatters)
		line_fake_say(fake, "%&");
	line_fake_say(fake, text + 1);
}

static void apcsmart_fake_refuse(struct line_fake *fake)
{
	if (!((struct apcsmart_fake *)fake->state)->is_old)
		apcsmart_fake_say(fake, "NA\r\n");
}

static void apcsmart_fake_accept(struct line_fake *fake)
{
	if (((struct apcsmart_fake *)fake->state)->is_old)
		line_fake_say(fake, "*");
	else
		apcsmart_fake_say(fake, "OK\r\n");
}

/** Is it on battery, or does it pretend to be? */
static bool apcsmart_fake_on_battery(const struct line_fake *fake)
{
	const struct apcsmart_fake *state = fake->state;
	int64_t since_ms = clock_now_ms() - state->failing_at_ms;

	return !fake->mains ||
	       (state->failing_at_ms > 0 && since_ms >= FAIL_MIN_MS &&
		since_ms < FAIL_MAX_MS);
}

static void apcsmart_fake_go(struct line_fake *fake, char order,
			     enum line_fake_back back, int back_after_s)
{
	struct apcsmart_fake *state = fake->state;

	if (state->refuses) {
		apcsmart_fake_refuse(fake);
		return;
	}
	if (order != APCSMART_OFF)
		apcsmart_fake_accept(fake);
	else if (state->ignores_off)
		return;
	state->going = order;
	line_fake_order(fake, order == APCSMART_OFF ? 0 : state->grace_s, back,
			back_after_s);
}

static void apcsmart_fake_soft(struct line_fake *fake)
{
	const struct apcsmart_fake *state = fake->state;

	if (state->mains_returns)
		line_fake_feel(fake, true, fake->charge_pct);
	if (!apcsmart_fake_on_battery(fake) || state->has_no_soft)
		apcsmart_fake_refuse(fake);
	else
		apcsmart_fake_go(fake, APCSMART_SOFT, LINE_FAKE_WITH_MAINS, 0);
}

/** All digits of @ are there. */
static void apcsmart_fake_hibernate(struct line_fake *fake)
{
	const struct apcsmart_fake *state = fake->state;
	int back_s = WAKE_UNIT_S * apcsmart_number(state->digits);

	if (state->is_old && back_s == 0)
		return; /* it does nothing at all */
	apcsmart_fake_go(fake, APCSMART_HIBERNATE,
			 state->is_old ? LINE_FAKE_BY_CLOCK
				       : LINE_FAKE_WITH_MAINS,
			 back_s);
}

/** The next byte after @. */
static void apcsmart_fake_digit(struct line_fake *fake, char byte)
{
	struct apcsmart_fake *state = fake->state;

	state->begun = 0;
	if (byte < '0' || byte > '9') {
		if (!state->is_old)
			apcsmart_fake_say(fake, "NO\r\n");
		return;
	}
	state->digits[state->count++] = byte;
	state->digits[state->count] = '\0';
	if (state->count == (state->takes_two ? 2 : 3))
		apcsmart_fake_hibernate(fake);
	else
		state->begun = APCSMART_HIBERNATE;
}

/** K and Z have to be said twice, with a pause. */
static void apcsmart_fake_pair(struct line_fake *fake, char byte)
{
	struct apcsmart_fake *state = fake->state;
	int64_t now_ms = clock_now_ms();

	if (state->begun == byte && now_ms - state->begun_at_ms >= PAIR_MIN_MS) {
		state->begun = 0;
		apcsmart_fake_go(fake, byte, LINE_FAKE_STAYS_OFF, 0);
		return;
	}
	state->begun = byte;
	state->begun_at_ms = now_ms;
	if (state->refuses)
		apcsmart_fake_refuse(fake);
}

static void apcsmart_fake_tell_status(struct line_fake *fake)
{
	bool on_battery = apcsmart_fake_on_battery(fake);

	apcsmart_fake_say(fake, !on_battery             ? "08\r\n"
				: fake->charge_pct < 10 ? "50\r\n"
							: "10\r\n");
}

static void apcsmart_fake_tell_register(struct line_fake *fake)
{
	const struct apcsmart_fake *state = fake->state;

	if (state->is_old)
		return;
	apcsmart_fake_say(fake, state->going == APCSMART_HIBERNATE ? "08\r\n"
				: state->going                     ? "10\r\n"
								   : "00\r\n");
}

static void apcsmart_fake_abort(struct line_fake *fake)
{
	struct apcsmart_fake *state = fake->state;

	if (!state->going) {
		apcsmart_fake_refuse(fake);
		return;
	}
	state->going = 0;
	line_fake_cancel(fake);
	apcsmart_fake_accept(fake);
}

static void apcsmart_fake_obey(struct line_fake *fake, uint8_t byte)
{
	struct apcsmart_fake *state = fake->state;

	switch (byte) {
	case APCSMART_STATUS:
		apcsmart_fake_tell_status(fake);
		break;
	case APCSMART_REGISTER:
		apcsmart_fake_tell_register(fake);
		break;
	case APCSMART_SOFT:
		apcsmart_fake_soft(fake);
		break;
	case APCSMART_HIBERNATE:
		state->begun = APCSMART_HIBERNATE;
		state->count = 0;
		break;
	case APCSMART_SHUT:
	case APCSMART_OFF:
		apcsmart_fake_pair(fake, (char)byte);
		break;
	case APCSMART_FAIL:
		state->failing_at_ms = clock_now_ms();
		line_fake_say(fake, "!");
		break;
	case APCSMART_ABORT:
		apcsmart_fake_abort(fake);
		break;
	default:
		if (state->answer[byte][0])
			apcsmart_fake_say(fake, state->answer[byte]);
		else
			apcsmart_fake_refuse(fake);
	}
}

static void apcsmart_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct apcsmart_fake *state = fake->state;

	if (state->begun == APCSMART_HIBERNATE) {
		apcsmart_fake_digit(fake, (char)byte);
	} else if (byte == APCSMART_SMART) {
		state->is_smart = true;
		apcsmart_fake_say(fake, "SM\r\n");
	} else if (state->is_smart) {
		apcsmart_fake_obey(fake, byte);
	}
}

const struct line_fake_kind apcsmart_fake_kind = {
	.name = "apcsmart",
	.speed = 2400,
	.state_size = sizeof(struct apcsmart_fake),
	.start = apcsmart_fake_start,
	.receive = apcsmart_fake_receive,
};

const struct line_fake_kind apcsmart_fake_old = {
	.name = "apcsmart-old",
	.speed = 2400,
	.state_size = sizeof(struct apcsmart_fake),
	.start = apcsmart_fake_start_old,
	.receive = apcsmart_fake_receive,
};

LINE_FAKE(apcsmart_fake_kind);
LINE_FAKE(apcsmart_fake_old);
