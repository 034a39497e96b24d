// SPDX-License-Identifier: MIT
/* Reads sdtype, advorder and what goes with them. */
#include "apcsmart/section.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Directly after U some do not hear S: networkupstools/nut, issue 322. */
#define APCSMART_FAIL_MS      3500
#define APCSMART_BEGIN_MS     200
/* The same of apcsmart-old. */
#define APCSMART_OLD_BEGIN_MS 1500

/** A driver of NUT's: what its numbers mean. */
struct apcsmart_dialect {
	const char *battery[7]; /* of sdtype */
	const char *line[7];
	const char *order; /* methods of the digits of advorder */
	const char *wake;  /* the key for the digits of @ */
	int begin_ms;
};

/* clang-format off */
static const struct apcsmart_dialect apcsmart_new = {
	.battery = { "S", "S@", "Z", "K", "U", "@" },
	.line    = { "@", "@",  "Z", "K", "U", "@" },
	.order = "S@KZU",
	.wake = "awd",
	.begin_ms = APCSMART_BEGIN_MS,
};

static const struct apcsmart_dialect apcsmart_old = {
	.battery = { "S", "S@", "Z", "K", "U", "2", "@" },
	.line    = { "@", "@",  "Z", "K", "U", "2", "@" },
	.order = "S@KZU2",
	.wake = "wugrace",
	.begin_ms = APCSMART_OLD_BEGIN_MS,
};
/* clang-format on */

/* Where the section says nothing and NUT's way was refused. */
static const char apcsmart_more_battery[] = "S@K";
static const char apcsmart_more_line[] = "@U";

static int apcsmart_fail_key(struct ups *ups, const char *key)
{
	return ups_fail(ups, -EINVAL, "[%s] %s cannot be \"%.20s\"", ups->name,
			key, ups_value(ups, key));
}

static bool apcsmart_are_digits(const char *text, size_t max)
{
	size_t len = strspn(text, "0123456789");

	return len > 0 && len <= max && !text[len];
}

static int apcsmart_read_sdtype(struct ups *ups,
				const struct apcsmart_dialect *dialect,
				struct apcsmart_section *section)
{
	const char *text = ups_value(ups, "sdtype");
	int sdtype;

	if (!text)
		return 0;
	sdtype = apcsmart_are_digits(text, 1) ? *text - '0' : 7;
	if (sdtype > 6 || !dialect->battery[sdtype])
		return apcsmart_fail_key(ups, "sdtype");
	(void)snprintf(section->battery, sizeof(section->battery), "%s",
		       dialect->battery[sdtype]);
	(void)snprintf(section->line, sizeof(section->line), "%s",
		       dialect->line[sdtype]);
	section->own = APCSMART_METHODS_MAX;
	return 0;
}

static int apcsmart_read_advorder(struct ups *ups,
				  const struct apcsmart_dialect *dialect,
				  struct apcsmart_section *section)
{
	const char *text = ups_value(ups, "advorder");
	size_t len, methods = strlen(dialect->order);

	if (!text || strcasecmp(text, "no") == 0)
		return 0;
	len = strlen(text);
	if (len == 0 || len >= APCSMART_METHODS_MAX)
		return apcsmart_fail_key(ups, "advorder");
	memset(section->battery, 0, sizeof(section->battery));
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] >= '0' + (int)methods)
			return apcsmart_fail_key(ups, "advorder");
		section->battery[i] = dialect->order[text[i] - '0'];
	}
	memcpy(section->line, section->battery, sizeof(section->line));
	section->own = APCSMART_METHODS_MAX;
	return 0;
}

/** The digits of @: two of them are a wish to send two. */
static int apcsmart_read_wake(struct ups *ups,
			      const struct apcsmart_dialect *dialect,
			      struct apcsmart_section *section)
{
	const char *text = ups_value(ups, dialect->wake);

	memcpy(section->two, "00", sizeof(section->two));
	if (!text)
		return 0;
	if (!apcsmart_are_digits(text, 3))
		return apcsmart_fail_key(ups, dialect->wake);
	(void)snprintf(section->digits, sizeof(section->digits), "%.*s%s",
		       3 - (int)strlen(text), "00", text);
	memcpy(section->two, section->digits + 1, sizeof(section->two));
	return 0;
}

/** Every @ becomes one of two digits, and one of three if that is not heard. */
static void apcsmart_prefer_two(char methods[APCSMART_METHODS_MAX])
{
	char *at = strchr(methods, APCSMART_BY_HIBERNATE);
	size_t len = strlen(methods);

	if (!at || len + 1 >= APCSMART_METHODS_MAX)
		return;
	memmove(at + 1, at, strlen(at) + 1);
	*at = APCSMART_BY_TWO;
}

/** Tenths of seconds, as "3", "3.", ".5" or "3.5". */
static int apcsmart_read_fail_ms(struct ups *ups,
				 struct apcsmart_section *section)
{
	const char *text = ups_value(ups, "cshdelay");
	const char *at = text;
	int ms = 0;

	if (!text)
		return 0;
	if (*at >= '0' && *at <= '9')
		ms = 1000 * (*at++ - '0');
	if (*at == '.') {
		at++;
		if (*at >= '0' && *at <= '9')
			ms += 100 * (*at++ - '0');
	}
	if (*at || at == text || (at == text + 1 && *text == '.'))
		return apcsmart_fail_key(ups, "cshdelay");
	section->fail_ms = ms;
	return 0;
}

int apcsmart_read_section(struct ups *ups, struct apcsmart_section *section)
{
	const char *driver = ups_value(ups, "driver");
	bool is_old = driver && strcmp(driver, "apcsmart-old") == 0;
	const struct apcsmart_dialect *dialect =
		is_old ? &apcsmart_old : &apcsmart_new;
	const char *wake = ups_value(ups, "awd");
	int ret;

	*section = (struct apcsmart_section){
		.own = 1,
		.fail_ms = APCSMART_FAIL_MS,
		.begin_ms = dialect->begin_ms,
	};
	memcpy(section->battery, apcsmart_more_battery,
	       sizeof(apcsmart_more_battery));
	memcpy(section->line, apcsmart_more_line, sizeof(apcsmart_more_line));
	ret = apcsmart_read_sdtype(ups, dialect, section);
	if (ret == 0)
		ret = apcsmart_read_advorder(ups, dialect, section);
	if (ret == 0)
		ret = apcsmart_read_wake(ups, dialect, section);
	if (ret == 0)
		ret = apcsmart_read_fail_ms(ups, section);
	if (ret < 0)
		return ret;
	if (!is_old && wake && strlen(wake) == 2) {
		apcsmart_prefer_two(section->battery);
		apcsmart_prefer_two(section->line);
	}
	return 0;
}
