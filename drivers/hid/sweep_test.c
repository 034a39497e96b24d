// SPDX-License-Identifier: MIT
/*
 * Every fault at every transfer: the device leaves the bus before it or after
 * it, for a moment or for good, refuses, is silent, answers late or nonsense,
 * or lies. A cut ends in time, what is said of it is true, and what passes does
 * not keep the load from being cut. A drill never switches off, nor leaves a
 * countdown behind it that it does not tell of.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fleet.h"
#include "base/rehearse.h"
#include "hid/hid.h"
#include "hid/hid_fake.h"
#include "hid/testdata.h"

#define PATIENCE_MS 20000
#define GRACE_MS    200
/* A device that moves on the bus is away for so long. */
#define AWAY_MS     800
#define GONE_MS     (10 * PATIENCE_MS)
#define NAME_MAX    64

/* The one device of this bus. */
static struct hid_fake fake;
static struct hid_identity identity;
static int64_t away_ms;

static int sweep_open(struct ups *ups, deadline_t until)
{
	if (fake.is_gone && !fake.back_at_ms)
		fake.back_at_ms = clock_now_ms() + away_ms;
	if (!hid_fake_plug(&fake))
		return ups_fail(ups, -ENODEV, "[%s] is not there", ups->name);
	fake.back_at_ms = 0;
	return hid_attach(ups->state, ups, &fake.link, &identity, until);
}

static void sweep_close(struct ups *ups)
{
	(void)ups;
}

static const char *const sweep_names[] = { "sweep", NULL };

static const struct ups_driver sweep_driver = {
	.name = "sweep",
	.summary = "the engine on an emulated unit",
	.nut_names = sweep_names,
	.state_size = sizeof(struct hid_unit),
	.open = sweep_open,
	.cut = hid_cut,
	.status = hid_status,
	.cancel = hid_cancel,
	.rehearses = true,
	.close = sweep_close,
};

UPS_DRIVER(sweep_driver);

/** What is wrong, and where. */
struct fault {
	const char *unit;
	enum hid_fake_way way;
	int from, times;
	int64_t away_ms;
};

static void check(bool holds, const struct fault *fault, const char *what,
		  int value)
{
	if (!holds)
		fail_msg("%s: way %d from transfer %d, %d times, away %lld ms: "
			 "%s (%d)",
			 fault->unit, fault->way, fault->from, fault->times,
			 (long long)fault->away_ms, what, value);
}

static void check_cut(const struct fault *fault, const struct ups *ups, int ret,
		      bool doubt, const struct ups_cut *cut)
{
	bool passes = fault->times == 1 && fault->away_ms < PATIENCE_MS;
	bool lies = fault->way == HID_FAKE_IGNORE;

	if (ret < 0) {
		check(strncmp(ups->problem, "[u] ", 4) == 0, fault,
		      "a failure without a sentence", ret);
		/* Everything else is recorded as "not commanded". */
		check(fake.orders == 0 || doubt, fault,
		      "it was commanded, and nobody says so", ret);
	} else {
		check(fake.orders > 0 || (lies && cut->proof == UPS_SENT),
		      fault, "done, and it is not true", cut->proof);
		check(!fake.is_unread || fault->times < 0, fault,
		      "nobody has read it after the command", 0);
	}
	check(ret == 0 || !passes, fault, "what passes has kept it", ret);
	/* Told, perhaps by itself once more, and told again. */
	check(fake.orders <= 3 || fault->times < 0, fault, "told too often",
	      fake.orders);
}

/** One keeper's life: it opens the unit, and cuts. @doubt: did it, perhaps? */
static int live(const struct fault *fault, struct ups *ups, struct ups_cut *cut,
		bool *doubt, deadline_t until)
{
	static const char text[] = "[u]\ndriver = sweep\nport = auto\n";
	static struct conf conf;
	struct ups_status status;
	int before = fake.orders;
	int ret;

	(void)conf_parse(&conf, "ups.conf", text, sizeof(text) - 1, NULL);
	*cut = (struct ups_cut){ .wanted = UPS_RETURN };
	ret = fleet_arm(ups, &conf, conf_find_section(&conf, "u"), until);
	check(fake.orders == before || before, fault,
	      "commanded when it was opened", ret);
	if (ret < 0)
		return ret;
	ret = fleet_cut(ups, cut, until);
	if (ret == 0)
		(void)hid_status(ups, &status, until); /* as a keeper looks */
	*doubt |= ret == -ETIMEDOUT || ret == -EIO || ret == -ENODEV;
	return ret;
}

static void start(const struct fault *fault)
{
	const char *ids = fault->unit + strlen(fault->unit) - 9;

	hid_fake_load(&fake, fault->unit);
	identity = (struct hid_identity){ (uint16_t)strtoul(ids, NULL, 16),
					  (uint16_t)strtoul(ids + 5, NULL, 16),
					  "", fault->unit };
	away_ms = fault->away_ms;
	fake.sweep.way = fault->way;
	fake.sweep.from = fault->from;
	fake.sweep.times = fault->times;
}

/** As PID 1 has it done. Returns how many transfers there were. */
static int try(const struct fault *fault)
{
	deadline_t until = deadline_in_ms(PATIENCE_MS), end;
	struct ups ups = { .note = NULL };
	struct ups_cut cut;
	bool doubt = false;
	int ret = -EIO;

	start(fault);
	for (int lives = 3; lives > 0 && ret < 0; lives--) {
		end = deadline_in_ms(deadline_left_ms(until) /
				     (lives > 1 ? 2 : 1));
		fleet_release(&ups);
		ret = live(fault, &ups, &cut, &doubt, end);
		check(clock_now_ms() <= end + GRACE_MS, fault, "too late", ret);
		if (ret == -EOPNOTSUPP || ret == -EINVAL)
			break;
	}
	check_cut(fault, &ups, ret, doubt, &cut);
	fleet_release(&ups);
	return fake.transfers;
}

/** The seconds that a report gives to a countdown of the load; -1: none. */
static int seconds(const struct hid_field *field, const uint8_t *report)
{
	int64_t raw;

	if (field->usage == HID_DELAY_BEFORE_STARTUP ||
	    hid_field_get(field, report, REPORT_MAX, &raw) < 0 ||
	    hid_field_is_none(field, raw))
		return -1;
	return hid_raw_to_seconds(field, raw);
}

/** Was it told to go off within five minutes, at any time? */
static bool was_hasty(void)
{
	for (int i = 0; i < fake.transfers && i < HID_FAKE_TRANSFERS_MAX; i++) {
		const struct hid_fake_transfer *one = &fake.transfer[i];

		for (int k = 0;
		     one->kind == HID_FAKE_SET && k < fake.countdowns; k++) {
			const struct hid_field *field = fake.countdown[k].field;
			int off_s = seconds(field, one->bytes);

			if (field->report_id == one->bytes[0] && off_s >= 0 &&
			    off_s < 300)
				return true;
		}
	}
	return false;
}

static int countdowns(void)
{
	int count = 0;

	for (int i = 0; i < fake.countdowns; i++) {
		const struct hid_field *field = fake.countdown[i].field;

		count += seconds(field,
				 fake.report[field->type][field->report_id]) > 0;
	}
	return count;
}

/** As a keeper does it in a drill. True if it was armed, and is at rest. */
static bool rehearse(const struct fault *fault)
{
	static const char text[] = "[u]\ndriver = sweep\nport = auto\n"
				   "offdelay = 600\nondelay = 660\n";
	static struct conf conf;
	deadline_t until = deadline_in_ms(PATIENCE_MS);
	struct ups ups = { .mains_only = true };
	bool armed = false;
	struct ups_cut cut;
	int ret, before;

	start(fault);
	hid_fake_set(&fake, HID_AC_PRESENT, 1);
	before = countdowns();
	(void)conf_parse(&conf, "ups.conf", text, sizeof(text) - 1, NULL);
	ret = fleet_arm(&ups, &conf, conf_find_section(&conf, "u"), until);
	if (ret == 0)
		ret = rehearse_arm(&ups, &cut, &armed, until);
	fleet_release(&ups);
	if (fault->way == HID_FAKE_OBEY)
		print_message("%s: %s\n", fault->unit,
			      ret < 0 ? ups.problem : cut.how);
	check(!was_hasty(), fault, "a drill would have cut", ret);
	check(ret != -EOPNOTSUPP || fake.orders == 0, fault,
	      "commanded, and left alone, it says", fake.orders);
	check(armed || countdowns() <= before, fault,
	      "it counts down, and nobody says so", ret);
	return ret == 0 && !armed;
}

static void every_fault_of_a_drill(void **state)
{
	char names[64][NAME_MAX];
	size_t count = testdata_names(names, 64);
	int rehearsed = 0;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct fault fault = { .unit = names[i] };
		int transfers;

		if (!rehearse(&fault))
			continue;
		/* Of these nobody has written down that a cancel works. */
		check(strncmp(names[i], "apc-", 4) != 0 &&
			      strncmp(names[i], "powerwalker-", 12) != 0,
		      &fault, "armed", 0);
		rehearsed++;
		transfers = fake.transfers;
		for (int way = HID_FAKE_STALL; way <= HID_FAKE_GARBAGE; way++) {
			for (int from = 0; from <= transfers; from++) {
				fault = (struct fault){ names[i],
							(enum hid_fake_way)way,
							from, 1, AWAY_MS };
				(void)rehearse(&fault);
				fault.times = -1;
				(void)rehearse(&fault);
			}
		}
	}
	print_message("%d units\n", rehearsed);
	assert_true(rehearsed > 5);
}

/* False for one that cannot be cut, healthy as it is. */
static bool sweep_unit(const char *unit)
{
	struct fault fault = { .unit = unit };
	int transfers = try(&fault);

	if (fake.orders == 0)
		return false;

	for (int way = HID_FAKE_STALL; way <= HID_FAKE_GARBAGE; way++) {
		for (int from = 0; from <= transfers; from++) {
			fault = (struct fault){ unit, (enum hid_fake_way)way,
						from, 1, AWAY_MS };
			(void)try(&fault);
			fault.away_ms = GONE_MS;
			(void)try(&fault);
			fault.times = -1;
			(void)try(&fault);
		}
	}
	return true;
}

static void every_fault_at_every_transfer(void **state)
{
	char names[64][NAME_MAX];
	size_t count = testdata_names(names, 64);
	int swept = 0;

	(void)state;
	for (size_t i = 0; i < count; i++)
		swept += sweep_unit(names[i]);
	assert_true(swept > 14);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_at_every_transfer),
		cmocka_unit_test(every_fault_of_a_drill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
