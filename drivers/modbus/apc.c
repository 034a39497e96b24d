// SPDX-License-Identifier: MIT
/*
 * APC Smart-UPS over Modbus, NUT's apc_modbus: one command for all groups of
 * outlets, and simple signalling where that is refused or has no effect.
 * Sources: APC application notes 176 and 177; apcupsd, src/drivers/modbus;
 * networkupstools/nut, drivers/apc_modbus.c and issues 139, 2338.
 */
#include "modbus/apc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "link/registers.h"
#include "link/usb_find.h"
#include "modbus/apc_usb.h"
#include "modbus/section.h"

#define APC_ANSWER_MS     500
#define APC_ANSWER_NET_MS 2000
#define APC_GAP_MS        35
#define APC_LOOKS         6
#define APC_LOOK_MS       200
#define APC_NO_COUNTDOWN  0xffff
#define APC_GROUPS        5

/** What shows whether it is going to switch off. */
struct apc_view {
	uint32_t status;
	uint32_t outlet; /* of the first group that there is */
	uint16_t simple;
	uint16_t countdown;
};

struct apc_state {
	struct registers *registers;
	uint32_t targets; /* of a command; 0: not known */
	int first;        /* group: 0 is the main one */
	uint32_t source;
};

static const struct registers_settings apc_serial = {
	.serial = { .speed = 9600, .lines = SERIAL_DTR | SERIAL_RTS },
	.unit = 1,
	.answer_ms = APC_ANSWER_MS,
	.gap_ms = APC_GAP_MS,
};

static uint32_t apc_long(const uint16_t *words)
{
	return (uint32_t)words[0] << 16 | words[1];
}

static int apc_look(struct apc_state *state, struct apc_view *view,
		    deadline_t until)
{
	uint16_t words[APC_STATUS_LEN];
	int ret = registers_read(state->registers, REGISTERS_HOLDING,
				 APC_STATUS, APC_STATUS_LEN, words, until);

	if (ret < 0)
		return ret;
	view->status = apc_long(words);
	view->outlet = apc_long(words + 3 + 3 * state->first);
	view->simple = words[APC_SIMPLE_STATUS];
	view->countdown = APC_NO_COUNTDOWN;
	ret = registers_read(state->registers, REGISTERS_HOLDING,
			     APC_COUNTDOWN + APC_COUNTDOWN_LEN * state->first,
			     APC_COUNTDOWN_LEN, words, until);
	if (ret == 0)
		view->countdown = words[0];
	/* One that has none may still show it by its status. */
	return ret < 0 && registers_refusal(state->registers) ? 0 : ret;
}

static bool apc_is_pending(const struct apc_view *view)
{
	return view->countdown != APC_NO_COUNTDOWN ||
	       view->outlet & APC_OUTLET_SHUTDOWN;
}

/** Does it show something that it did not show before? */
static bool apc_has_begun(const struct apc_view *before,
			  const struct apc_view *now)
{
	uint32_t status = now->status & ~before->status;

	return (now->countdown != APC_NO_COUNTDOWN &&
		before->countdown == APC_NO_COUNTDOWN) ||
	       now->outlet & ~before->outlet & APC_OUTLET_SHUTDOWN ||
	       status & (APC_PENDING_OFF | APC_OUTPUT_OFF);
}

static int apc_command(struct apc_state *state, uint32_t command,
		       deadline_t until)
{
	const uint32_t whole = command | state->targets | state->source;
	const uint16_t words[] = { (uint16_t)(whole >> 16), (uint16_t)whole };

	return registers_write_block(state->registers, APC_COMMAND, 2, words,
				     until);
}

static void apc_close(struct ups *ups)
{
	struct apc_state *state = ups->state;

	registers_close(state->registers);
	state->registers = NULL;
}

/** Another sort of device would take a command for something else. */
static int apc_probe(struct ups *ups, deadline_t until)
{
	static const uint16_t text[] = { 0x3132, 0x3334, 0x3536, 0x3738 };
	struct apc_state *state = ups->state;
	uint16_t words[APC_MAP_LEN], relays = 0;
	struct apc_view view;
	int ret = registers_read(state->registers, REGISTERS_HOLDING, APC_MAP,
				 APC_MAP_LEN, words, until);

	if (ret == 0 && memcmp(words + 2, text, sizeof(text)) != 0)
		return ups_fail(ups, -EPROTO,
				"[%s] has not the registers of an APC UPS",
				ups->name);
	if (ret < 0 && !registers_refusal(state->registers))
		return registers_fail(state->registers, ret);
	ret = registers_read(state->registers, REGISTERS_HOLDING, APC_RELAYS, 1,
			     &relays, until);
	if (ret < 0 && !registers_refusal(state->registers))
		return registers_fail(state->registers, ret);
	for (int i = APC_GROUPS - 1; ret == 0 && i >= 0; i--) {
		if (!(relays & 1 << i))
			continue;
		state->first = i;
		state->targets |= i < APC_GROUPS - 1
					  ? (uint32_t)APC_MAIN_GROUP << i
					  : APC_GROUP_3;
	}
	ret = apc_look(state, &view, until);
	return ret < 0 ? registers_fail(state->registers, ret) : 0;
}

/** Without a porttype: what is no path and no host is on the USB. */
static bool apc_is_usb(const struct ups *ups)
{
	const char *type = ups_value(ups, "porttype");
	const char *port = ups_value(ups, "port");

	return type ? !strcasecmp(type, "usb") : port && !strcmp(port, "auto");
}

static int apc_connect(struct ups *ups, struct registers_settings *settings,
		       deadline_t until)
{
	struct apc_state *state = ups->state;
	struct byte_link *link;
	int ret;

	if (!apc_is_usb(ups))
		return registers_open(&state->registers, ups, settings, until);
	settings->gap_ms = 0;
	ret = apc_usb_open(ups, &link, until);
	return ret < 0 ? ret
		       : registers_open_bare(&state->registers, ups, settings,
					     link);
}

static int apc_find_host(const struct ups *ups, char *host, size_t size)
{
	return apc_is_usb(ups) ? -ENOENT : registers_find_host(ups, host, size);
}

static int apc_open(struct ups *ups, deadline_t until)
{
	struct apc_state *state = ups->state;
	struct registers_settings settings = apc_serial;
	bool is_net = !apc_is_usb(ups) && registers_is_net(ups);
	int ret;

	if (is_net)
		settings.answer_ms = APC_ANSWER_NET_MS;
	state->source = is_net            ? APC_FROM_CARD
			: apc_is_usb(ups) ? APC_FROM_USB
					  : APC_FROM_SERIAL;
	modbus_read_section(ups, MODBUS_APC, "slaveid", &settings);
	ret = apc_connect(ups, &settings, until);
	if (ret < 0)
		return ret;
	ret = apc_probe(ups, until);
	if (ret < 0)
		apc_close(ups);
	return ret;
}

/** Look for what it was told; fills in @cut if it is there. */
static bool apc_verify(struct apc_state *state, struct ups_cut *cut,
		       const struct apc_view *before, deadline_t until)
{
	struct apc_view now;

	for (int i = 0; i < APC_LOOKS; i++) {
		if (apc_look(state, &now, until) < 0)
			return false;
		if (apc_has_begun(before, &now)) {
			cut->proof = UPS_VERIFIED;
			if (now.countdown != APC_NO_COUNTDOWN)
				cut->off_after_s = now.countdown;
			return true;
		}
		if (clock_sleep_ms(APC_LOOK_MS, until) < 0)
			return false;
	}
	return false;
}

static uint32_t apc_find_command(enum ups_command wanted)
{
	switch (wanted) {
	case UPS_STAYOFF:
		return APC_OFF | APC_USE_OFF_DELAY;
	case UPS_OFF:
		return APC_OFF;
	case UPS_REBOOT:
		return APC_REBOOT | APC_USE_OFF_DELAY;
	default:
		return APC_SHUTDOWN | APC_USE_OFF_DELAY;
	}
}

/** What is pending makes it refuse the next; @before is how it is then. */
static int apc_clear(struct apc_state *state, struct apc_view *before,
		     deadline_t until)
{
	int ret = apc_look(state, before, until);

	if (ret < 0 || !state->targets || !apc_is_pending(before))
		return ret;
	if (apc_command(state, APC_CANCEL, until) < 0)
		return 0; /* what comes now may do in spite of it */
	return apc_look(state, before, until);
}

/**
 * The command for outlets. Returns 0 when it shows, -EAGAIN when it was
 * acknowledged and does not show, or an error.
 */
static int apc_cut_outlets(struct apc_state *state, struct ups_cut *cut,
			   const struct apc_view *before, deadline_t until)
{
	int ret = apc_command(state, apc_find_command(cut->wanted), until);

	if (ret < 0)
		return ret;
	cut->proof = UPS_SENT;
	(void)snprintf(cut->how, sizeof(cut->how), "outlet command");
	return apc_verify(state, cut, before, until) ? 0 : -EAGAIN;
}

static int apc_cut_simply(struct ups *ups, struct ups_cut *cut,
			  const struct apc_view *before, deadline_t until)
{
	struct apc_state *state = ups->state;
	bool stays = cut->wanted == UPS_OFF || cut->wanted == UPS_STAYOFF;
	int ret = ups_give(ups, cut, stays ? UPS_OFF : UPS_RETURN);

	if (ret < 0)
		return ret;
	ret = registers_write(state->registers, REGISTERS_HOLDING, APC_SIMPLE,
			      stays ? APC_REMOTE_OFF : APC_REQUEST_SHUTDOWN,
			      until);
	if (ret < 0)
		return registers_fail(state->registers, ret);
	cut->proof = UPS_SENT;
	(void)snprintf(cut->how, sizeof(cut->how), "simple signalling");
	(void)apc_verify(state, cut, before, until);
	return 0;
}

static int apc_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct apc_state *state = ups->state;
	struct ups_cut other = *cut;
	struct apc_view before = { 0 };
	int ret = ups_give(ups, cut, cut->wanted);

	if (ret < 0)
		return ret;
	ret = apc_clear(state, &before, until);
	if (ret < 0)
		return registers_fail(state->registers, ret);
	if (!state->targets)
		return apc_cut_simply(ups, cut, &before, until);
	ret = apc_cut_outlets(state, cut, &before, until);
	if (ret == 0)
		return 0;
	if (ret == -EAGAIN) {
		/* Some acknowledge it and do nothing; a second way does no
		 * harm if it means the same. */
		if (cut->wanted == UPS_RETURN &&
		    apc_cut_simply(ups, &other, &before, until) == 0)
			*cut = other;
		return 0;
	}
	if (!registers_refusal(state->registers))
		return registers_fail(state->registers, ret);
	return apc_cut_simply(ups, cut, &before, until);
}

static int apc_cancel(struct ups *ups, deadline_t until)
{
	struct apc_state *state = ups->state;
	int ret;

	if (!state->targets)
		return ups_fail(ups, -EOPNOTSUPP,
				"[%s] does not say which outlets it has",
				ups->name);
	ret = apc_command(state, APC_CANCEL, until);
	return ret < 0 ? registers_fail(state->registers, ret) : 0;
}

static int apc_status(struct ups *ups, struct ups_status *status,
		      deadline_t until)
{
	struct apc_state *state = ups->state;
	struct apc_view view;
	int ret = apc_look(state, &view, until);

	if (ret < 0)
		return registers_fail(state->registers, ret);
	status->mains = view.status & APC_ON_LINE      ? UPS_MAINS_PRESENT
			: view.status & APC_ON_BATTERY ? UPS_MAINS_ABSENT
						       : UPS_MAINS_UNKNOWN;
	status->battery_low = view.simple & APC_SHUTDOWN_IMMINENT;
	status->off_after_s = view.countdown == APC_NO_COUNTDOWN
				      ? UPS_UNKNOWN_S
				      : view.countdown;
	return 0;
}

static const char *const apc_nut_names[] = { "apc_modbus", NULL };

static const char *const apc_keys[] = {
	MODBUS_APC_KEYS,
	"porttype",
	NULL,
};

static const struct ups_driver apc_driver = {
	.name = "apc_modbus",
	.summary = "APC Smart-UPS over Modbus, on USB, a serial line and TCP",
	.nut_names = apc_nut_names,
	.state_size = sizeof(struct apc_state),
	.keys = apc_keys,
	.open = apc_open,
	.cut = apc_cut,
	.status = apc_status,
	.cancel = apc_cancel,
	.find_host = apc_find_host,
	.close = apc_close,
};

UPS_DRIVER(apc_driver);
