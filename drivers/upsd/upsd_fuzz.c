// SPDX-License-Identifier: MIT
/* Fuzzes what may come from upsd, or from whatever listens in its place. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/fleet.h"
#include "upsd/upsd.h"

#define FUZZ_LIMIT_MS 20000

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What is left of the input; a byte of 0xff in it is silence. */
static struct {
	const uint8_t *bytes;
	size_t len;
} fuzz;

static int fuzz_write(struct byte_link *link, const void *bytes, size_t len,
		      deadline_t until)
{
	(void)link;
	assert(len > 1 && len <= UPSD_LINE_MAX);
	/* One line, whatever is in it. */
	assert(memchr(bytes, '\n', len) == (const char *)bytes + len - 1);
	return deadline_passed(until) ? -ETIMEDOUT : 0;
}

static int fuzz_read(struct byte_link *link, void *bytes, size_t size,
		     deadline_t until)
{
	(void)link;
	(void)size;
	if (fuzz.len == 0)
		return -ENODEV;
	fuzz.len--;
	if (*fuzz.bytes == 0xff) {
		fuzz.bytes++;
		(void)clock_sleep_ms(FUZZ_LIMIT_MS, until);
		return -ETIMEDOUT;
	}
	*(uint8_t *)bytes = *fuzz.bytes++;
	return 1;
}

static void fuzz_nothing(struct byte_link *link)
{
	(void)link;
}

static const struct byte_link_ops fuzz_ops = {
	.write = fuzz_write,
	.read = fuzz_read,
	.drain = fuzz_nothing,
	.close = fuzz_nothing,
};

static const char section[] = "[u]\ndriver = upsd\nport = far@host\n"
			      "username = u\npassword = \"a \\\" \\# b\"\n"
			      "offdelay = 30\n";

static void fuzz_live(struct ups *ups, enum ups_command wanted)
{
	struct ups_cut cut = { .wanted = wanted };
	struct ups_status status = { 0 };
	int ret = upsd_learn(ups, deadline_in_ms(FUZZ_LIMIT_MS));

	if (ret == 0)
		ret = ups->driver->cut(ups, &cut, deadline_in_ms(FUZZ_LIMIT_MS));
	assert(ret <= 0);
	assert(ret == 0 || ups->problem[0]);
	assert(strlen(cut.how) < sizeof(cut.how));
	for (const char *at = ups->problem; *at; at++)
		assert(*at >= ' ' && *at <= '~');
	(void)ups->driver->status(ups, &status, deadline_in_ms(FUZZ_LIMIT_MS));
	(void)ups->driver->cancel(ups, deadline_in_ms(FUZZ_LIMIT_MS));
	ups->driver->close(ups);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct upsd_state state = { .name = "far" };
	static struct conf conf; /* large, and written anew each time */
	struct ups ups = {
		.driver = fleet_find_driver("upsd"),
		.conf = &conf,
		.section = 1,
		.name = "u",
		.state = &state,
	};

	if (len == 0)
		return 0;
	(void)conf_parse(&conf, "ups.conf", section, strlen(section), NULL);
	fuzz.bytes = bytes + 1;
	fuzz.len = len - 1;
	state.net.link.ops = &fuzz_ops;
	fuzz_live(&ups, bytes[0] % 4);
	return 0;
}
