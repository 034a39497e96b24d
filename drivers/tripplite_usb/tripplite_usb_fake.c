// SPDX-License-Identifier: MIT
/* The emulated Tripp Lite UPS: takes reports, and repeats its answer. */
#include "tripplite_usb/tripplite_usb_fake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define TRIPPLITE_USB_FAKE_THINK_MS 80
#define TRIPPLITE_USB_FAKE_EACH_MS  10 /* between answers */
#define TRIPPLITE_USB_FAKE_GAP_MS   1500
#define TRIPPLITE_USB_FAKE_BACK_S   5

static void tripplite_usb_fake_start(struct usb_fake *fake)
{
	struct tripplite_usb_fake *state = fake->state;

	state->protocol = 0x3005;
	state->knows = -1;
}

static void tripplite_usb_1001_fake_start(struct usb_fake *fake)
{
	tripplite_usb_fake_start(fake);
	((struct tripplite_usb_fake *)fake->state)->protocol = 0x1001;
}

static void tripplite_usb_3003_fake_start(struct usb_fake *fake)
{
	tripplite_usb_fake_start(fake);
	((struct tripplite_usb_fake *)fake->state)->protocol = 0x3003;
}

/** How long the text in a report is; 0: it is none. */
static size_t tripplite_usb_fake_len(const uint8_t *report)
{
	uint8_t sum = 0;

	if (report[0] != TRIPPLITE_USB_START)
		return 0;
	for (size_t len = 1; len <= TRIPPLITE_USB_TEXT_MAX; len++) {
		sum = (uint8_t)(sum + report[len]);
		if (report[2 + len] == TRIPPLITE_USB_END &&
		    (uint8_t)(sum + report[1 + len]) == 0xff)
			return len;
	}
	return 0;
}

static void tripplite_usb_fake_tell_status(const struct usb_fake *fake,
					   uint8_t *answer)
{
	const struct tripplite_usb_fake *state = fake->state;
	const struct line_fake *ups = fake->ups;
	uint8_t zero = state->protocol == 0x3005 ? 0 : '0';

	answer[1] = zero + (ups->charge_pct < 10 ? 0 : 1);
	answer[2] = zero;
	if (state->protocol == 0x1001)
		answer[2] = zero + (ups->mains ? 0 : 1);
	answer[3] = zero;
	answer[4] = zero + (ups->mains ? 0 : 1);
	answer[5] = (uint8_t)ups->charge_pct;
}

static int tripplite_usb_fake_delay(const struct tripplite_usb_fake *state,
				    const uint8_t *text, bool digits)
{
	char number[3] = { (char)text[1], (char)text[2] };

	return digits && state->protocol == 0x3003
		       ? (int)strtol(number, NULL, 16)
		       : text[1] << 8 | text[2];
}

static void tripplite_usb_fake_cut(struct usb_fake *fake, const uint8_t *text,
				   size_t len)
{
	struct tripplite_usb_fake *state = fake->state;
	bool goes = text[0] == TRIPPLITE_USB_GO && !fake->ups->mains;

	if (clock_now_ms() - state->delayed_ms < TRIPPLITE_USB_FAKE_GAP_MS)
		return;
	if (goes)
		line_fake_order(fake->ups, state->delay_s, LINE_FAKE_WITH_MAINS,
				TRIPPLITE_USB_FAKE_BACK_S);
	else if (text[0] == TRIPPLITE_USB_OUTLET && len >= 2)
		line_fake_order(fake->ups, state->delay_s, LINE_FAKE_STAYS_OFF,
				0);
}

static void tripplite_usb_fake_watch(struct usb_fake *fake, int off_s)
{
	if (off_s > 0)
		line_fake_order(fake->ups, off_s, LINE_FAKE_BY_CLOCK,
				TRIPPLITE_USB_FAKE_BACK_S);
	else if (line_fake_left_s(fake->ups) >= 0)
		line_fake_cancel(fake->ups);
}

/** Act on it, and put the answer together; false: it is not known. */
static bool tripplite_usb_fake_obey(struct usb_fake *fake, const uint8_t *text,
				    size_t len, uint8_t *answer)
{
	struct tripplite_usb_fake *state = fake->state;

	if (state->knows == 0)
		return false;
	if (state->knows > 0)
		state->knows--;
	answer[0] = text[0];
	answer[7] = TRIPPLITE_USB_END;
	switch (text[0]) {
	case TRIPPLITE_USB_PROTOCOL:
		answer[1] = (uint8_t)(state->protocol >> 8);
		answer[2] = (uint8_t)state->protocol;
		return true;
	case TRIPPLITE_USB_STATUS:
		tripplite_usb_fake_tell_status(fake, answer);
		return true;
	case TRIPPLITE_USB_DELAY:
		if (len >= 3) {
			state->delay_s = tripplite_usb_fake_delay(
				state, text, text[1] >= '0');
			state->delayed_ms = clock_now_ms();
		}
		return true;
	case TRIPPLITE_USB_WATCHDOG:
		if (len >= 2)
			tripplite_usb_fake_watch(fake, text[1]);
		return state->protocol != 0x3003;
	case TRIPPLITE_USB_GO:
	case TRIPPLITE_USB_OUTLET:
		tripplite_usb_fake_cut(fake, text, len);
		return true;
	case 'P':
		memcpy(answer + 1, "01500X", 6);
		return true;
	case 'V':
		memcpy(answer + 1,
		       state->protocol == 0x3005 ? "\2\0\x0c\1XX" : "102XXX", 6);
		return true;
	default:
		/* What only people want to know. */
		memset(answer + 1, state->protocol == 0x3005 ? 0 : '0', 6);
		return text[0] >= 'A' && text[0] <= 'Z';
	}
}

static int tripplite_usb_fake_control(struct usb_fake *fake,
				      const struct usb_fake_setup *setup,
				      uint8_t *data)
{
	struct tripplite_usb_fake *state = fake->state;
	uint8_t answer[TRIPPLITE_USB_REPORT] = { 0 };
	size_t len;

	if (setup->type != TRIPPLITE_USB_SET_REPORT_TYPE ||
	    setup->request != TRIPPLITE_USB_SET_REPORT)
		return -ENOSYS;
	if (setup->value != TRIPPLITE_USB_FEATURE_REPORT ||
	    setup->length != TRIPPLITE_USB_REPORT)
		return -EPIPE;
	len = tripplite_usb_fake_len(data);
	if (len == 0 || !tripplite_usb_fake_obey(fake, data + 1, len, answer))
		return setup->length;
	memcpy(state->before, state->answer, sizeof(answer));
	memcpy(state->answer, answer, sizeof(answer));
	state->ready_ms = clock_now_ms() + TRIPPLITE_USB_FAKE_THINK_MS;
	return setup->length;
}

static int tripplite_usb_fake_in(struct usb_fake *fake, uint8_t endpoint,
				 uint8_t *data, size_t size)
{
	struct tripplite_usb_fake *state = fake->state;
	int64_t now_ms = clock_now_ms();

	(void)endpoint;
	if (size < TRIPPLITE_USB_REPORT)
		return -EOVERFLOW;
	fake->ready_ms = now_ms + TRIPPLITE_USB_FAKE_EACH_MS;
	memcpy(data, now_ms < state->ready_ms ? state->before : state->answer,
	       TRIPPLITE_USB_REPORT);
	return TRIPPLITE_USB_REPORT;
}

#define TRIPPLITE_USB_FAKE_KIND(model)                                         \
	.vendor_id = 0x09ae, .product_id = 0x0001, .release = 0x0100,          \
	.string = { "Tripp Lite", "TRIPP LITE " model }, .interface_class = 3, \
	.endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 } },                       \
	.state_size = sizeof(struct tripplite_usb_fake),                       \
	.control = tripplite_usb_fake_control, .in = tripplite_usb_fake_in

const struct usb_fake_kind tripplite_usb_fake_kind = {
	.name = "tripplite_usb",
	.start = tripplite_usb_fake_start,
	TRIPPLITE_USB_FAKE_KIND("SMART500RT1U"),
};

const struct usb_fake_kind tripplite_usb_1001_fake_kind = {
	.name = "tripplite_usb-1001",
	.start = tripplite_usb_1001_fake_start,
	TRIPPLITE_USB_FAKE_KIND("OMNIVS1000"),
};

const struct usb_fake_kind tripplite_usb_3003_fake_kind = {
	.name = "tripplite_usb-3003",
	.start = tripplite_usb_3003_fake_start,
	TRIPPLITE_USB_FAKE_KIND("SMART1500RM2U"),
};

USB_FAKE(tripplite_usb_fake_kind);
USB_FAKE(tripplite_usb_1001_fake_kind);
USB_FAKE(tripplite_usb_3003_fake_kind);
