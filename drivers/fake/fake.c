// SPDX-License-Identifier: MIT
/*
 * A UPS that is not there, for tests. Its section says how it behaves:
 *
 *   journal = PATH   append a line for every call
 *   open = WORD      ok (default), fail, absent, hang, crash, spin, babble,
 *                    garble, deaf
 *   cut = WORD       ok (default), sent, refuse, fail, lost, and as above
 *   tries = WORD     when it is to cut, tries what mischief.c has by that name
 *   check = WORD     ok (default), fail, absent, refuse, busy, stayoff,
 *                    coarse
 *   grants = N       the load would go off after N s, as check says
 *   cancel = WORD    ok (default), yes, fail, lost, hang, crash
 *   runs = N         a countdown of N s runs, whatever was cancelled
 *   starts = N       the same, from its first cut on
 *   times = N        only the first N calls of a kind misbehave (default all)
 *   mains = WORD     present, absent; unknown if not given
 *   host = NAME      it is said to be reached over the network
 *   udp = HOST:PORT  it is reached over the network, and is what wire_fake.c
 *   tcp = HOST:PORT  is; told what it is told after all of the above
 *   only = COMMAND   gives this one, whatever is wanted, or nothing
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/ups.h"
#include "fake/mischief.h"
#include "fake/wire.h"

#define FAKE_OFF_AFTER_S 20
#define FAKE_ON_AFTER_S  30
#define FAKE_JOURNAL_MAX 4096

static bool fake_is(const struct ups *ups, const char *key, const char *word)
{
	const char *value = ups_value(ups, key);

	return value && strcmp(value, word) == 0;
}

static void fake_write(struct ups *ups, const char *what)
{
	const char *path = ups_value(ups, "journal");
	char line[128];
	int fd, len;

	fd = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)
		  : -1;
	if (fd < 0)
		return;
	len = snprintf(line, sizeof(line), "%lld %s %s\n",
		       (long long)clock_now_ms(), ups->name, what);
	if (len > 0 && write(fd, line, (size_t)len) != len)
		ups_note(ups, "fake: the journal cannot be written");
	(void)close(fd);
}

/* How often @what was called, this UPS and this call included. */
static int fake_calls(const struct ups *ups, const char *what)
{
	const char *path = ups_value(ups, "journal");
	char text[FAKE_JOURNAL_MAX + 1], pattern[128];
	const char *at = text;
	int fd, calls = 0;
	ssize_t len;

	fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return 1;
	len = read(fd, text, FAKE_JOURNAL_MAX);
	(void)close(fd);
	text[len > 0 ? len : 0] = '\0';
	(void)snprintf(pattern, sizeof(pattern), " %s %s\n", ups->name, what);
	while ((at = strstr(at, pattern))) {
		at += strlen(pattern);
		calls++;
	}
	return calls;
}

/* Does this call misbehave as @key says? Hanging and crashing happen here. */
static int fake_misbehave(struct ups *ups, const char *key)
{
	int times = ups_number(ups, "times", 1000, 0, 1000);

	fake_write(ups, key);
	if (fake_calls(ups, key) > times)
		return 0;
	mischief_live(ups, ups_value(ups, key) ? ups_value(ups, key) : "");
	if (fake_is(ups, key, "crash"))
		__builtin_trap();
	if (fake_is(ups, key, "fail"))
		return ups_fail(ups, -EIO, "the fake fails at %s, as told", key);
	if (fake_is(ups, key, "refuse"))
		return ups_fail(ups, -EOPNOTSUPP, "the fake refuses, as told");
	if (fake_is(ups, key, "absent") || fake_is(ups, key, "lost"))
		return ups_fail(ups, -ENODEV, "the fake is not there");
	return 0;
}

static int fake_open(struct ups *ups, deadline_t until)
{
	int ret = fake_misbehave(ups, "open");

	return ret < 0 || !wire_key(ups) ? ret
					 : wire_open(ups->state, ups, until);
}

/* What it does when @wanted is wanted. */
static enum ups_command fake_given(const struct ups *ups,
				   enum ups_command wanted)
{
	for (enum ups_command i = UPS_RETURN; i <= UPS_REBOOT; i++) {
		if (fake_is(ups, "only", ups_command_name(i)))
			return i;
	}
	return wanted;
}

/* What became of it stands in the journal: "disk -13". */
static void fake_try(struct ups *ups)
{
	const char *word = ups_value(ups, "tries");
	char line[64];

	if (!word)
		return;
	(void)snprintf(line, sizeof(line), "%s %d", word,
		       mischief_try(ups, word));
	fake_write(ups, line);
}

/* The one at the far end of a network has to hear of it. */
static int fake_tell_cut(struct ups *ups, const struct ups_cut *cut,
			 deadline_t until)
{
	char words[64];

	if (!wire_key(ups))
		return 0;
	(void)snprintf(words, sizeof(words), "cut %s %d %d",
		       ups_command_name(cut->given), cut->off_after_s,
		       cut->on_after_s);
	return wire_tell(ups->state, ups, words, until);
}

static int fake_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	int ret = fake_misbehave(ups, "cut");

	if (ret < 0)
		return ret;
	fake_try(ups);
	cut->off_after_s =
		ups_number(ups, "offdelay", FAKE_OFF_AFTER_S, 0, 86400);
	ret = ups_give_after(
		ups, cut, fake_given(ups, cut->wanted),
		ups_number(ups, "grants", cut->off_after_s, 0, 86400));
	if (ret < 0)
		return ret;
	fake_write(ups, ups_command_name(cut->given));
	cut->proof = fake_is(ups, "cut", "sent") ? UPS_SENT : UPS_VERIFIED;
	cut->on_after_s = ups_number(ups, "ondelay", FAKE_ON_AFTER_S, 0, 86400);
	(void)snprintf(cut->how, sizeof(cut->how), "a test");
	return fake_tell_cut(ups, cut, until);
}

static int fake_status(struct ups *ups, struct ups_status *status,
		       deadline_t until)
{
	(void)until;
	status->mains = fake_is(ups, "mains", "present")  ? UPS_MAINS_PRESENT
			: fake_is(ups, "mains", "absent") ? UPS_MAINS_ABSENT
							  : UPS_MAINS_UNKNOWN;
	status->off_after_s = UPS_UNKNOWN_S;
	if (ups->mains_only)
		return 0;
	status->off_after_s = ups_number(
		ups,
		ups_value(ups, "starts") && fake_calls(ups, "cut") ? "starts"
								   : "runs",
		UPS_UNKNOWN_S, UPS_UNKNOWN_S, 86400);
	return 0;
}

static int fake_cancel(struct ups *ups, deadline_t until)
{
	int ret = fake_misbehave(ups, "cancel");

	if (ret == 0 && wire_key(ups))
		ret = wire_tell(ups->state, ups, "cancel", until);
	return ret < 0 ? ret : fake_is(ups, "cancel", "yes");
}

static int fake_check(struct ups *ups, struct ups_found *found,
		      struct ups_cut *cut, deadline_t until)
{
	int ret = fake_misbehave(ups, "check");
	struct ups_status status;

	if (ret < 0)
		return ret;
	if (fake_is(ups, "check", "busy"))
		return ups_fail(ups, -EBUSY, "the fake is held, as told");
	if (fake_is(ups, "check", "coarse"))
		ups_note(ups, "the fake counts minutes, as told");
	(void)fake_status(ups, &status, until); /* it cannot fail */
	found->mains = status.mains;
	cut->given =
		fake_is(ups, "check", "stayoff") ? UPS_STAYOFF : cut->wanted;
	cut->off_after_s = ups_number(
		ups, "grants",
		ups_number(ups, "offdelay", FAKE_OFF_AFTER_S, 0, 86400), 0,
		86400);
	cut->on_after_s = FAKE_ON_AFTER_S;
	(void)snprintf(cut->how, sizeof(cut->how), "a test");
	return 0;
}

static void fake_close(struct ups *ups)
{
	fake_write(ups, "close");
	if (wire_key(ups) && ups->state)
		wire_close(ups->state);
}

static int fake_find_host(const struct ups *ups, char *host, size_t size)
{
	const char *name = ups_value(ups, "host");

	if (!name)
		return size < NET_HOST_MAX ? -EINVAL : wire_host(ups, host);
	(void)snprintf(host, size, "%s", name); /* a test's is short */
	return 0;
}

static const char *const fake_nut_names[] = { "lastwatt-fake", NULL };

static const char *const fake_keys[] = {
	"journal", "open",  "cut",      "check",   "cancel", "runs",
	"times",   "mains", "offdelay", "ondelay", "host",   "tries",
	"udp",     "tcp",   "grants",   "starts",  NULL,
};

static const struct ups_driver fake_driver = {
	.name = "fake",
	.summary = "no UPS at all, for tests",
	.nut_names = fake_nut_names,
	.rehearses = true,
	.keys = fake_keys,
	.check = fake_check,
	.open = fake_open,
	.cut = fake_cut,
	.status = fake_status,
	.cancel = fake_cancel,
	.find_host = fake_find_host,
	.close = fake_close,
	.state_size = sizeof(struct wire),
};

UPS_DRIVER(fake_driver);
