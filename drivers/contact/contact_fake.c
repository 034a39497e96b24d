// SPDX-License-Identifier: MIT
/*
 * The emulated contact closure: raises inputs while its cable has power, and
 * switches off when it is on battery and the order has lasted.
 */
#include "contact/contact_fake.h"

#include "link/serial.h"

static void contact_fake_start(struct line_fake *fake)
{
	*(struct contact_fake *)fake->state = (struct contact_fake){
		.power = SERIAL_RTS,
		.online = SERIAL_CTS,
		.online_is_high = true,
		.low = SERIAL_DCD,
		.cut = SERIAL_DTR,
		.hold_s = 5,
	};
}

static void contact_fake_start_break(struct line_fake *fake)
{
	*(struct contact_fake *)fake->state = (struct contact_fake){
		.power = SERIAL_DTR,
		.online = SERIAL_CTS,
		.online_is_high = true,
		.low = SERIAL_DCD,
		.is_cut_by_break = true,
	};
}

static void contact_fake_tell(struct line_fake *fake)
{
	const struct contact_fake *state = fake->state;
	bool is_low = fake->charge_pct < 10;

	fake->inputs = 0;
	if ((state->lines & state->power) != state->power)
		return;
	if (fake->mains == state->online_is_high)
		fake->inputs |= state->online;
	if (is_low == state->low_is_high)
		fake->inputs |= state->low;
}

static void contact_fake_feel(struct line_fake *fake)
{
	const struct contact_fake *state = fake->state;
	bool is_ordered = state->is_cut_by_break ? state->is_break
						 : state->lines == state->cut;

	contact_fake_tell(fake);
	if (line_fake_is_off(fake))
		return;
	if (!is_ordered || fake->mains) {
		if (fake->off_at_ms != LINE_FAKE_NEVER)
			line_fake_cancel(fake);
	} else if (fake->off_at_ms == LINE_FAKE_NEVER) {
		line_fake_order(fake, state->hold_s, LINE_FAKE_WITH_MAINS, 0);
	}
}

static void contact_fake_set_lines(struct line_fake *fake, unsigned int lines,
				   bool is_break)
{
	struct contact_fake *state = fake->state;

	state->lines = lines;
	state->is_break = is_break;
	contact_fake_feel(fake);
}

const struct line_fake_kind contact_fake_kind = {
	.name = "contact",
	.state_size = sizeof(struct contact_fake),
	.start = contact_fake_start,
	.set_lines = contact_fake_set_lines,
	.feel = contact_fake_feel,
};

const struct line_fake_kind contact_fake_break = {
	.name = "contact-break",
	.state_size = sizeof(struct contact_fake),
	.start = contact_fake_start_break,
	.set_lines = contact_fake_set_lines,
	.feel = contact_fake_feel,
};

LINE_FAKE(contact_fake_kind);
LINE_FAKE(contact_fake_break);
