// SPDX-License-Identifier: MIT
/*
 * Reads apcupsd.conf where there is no NUT, and says the same in the words of
 * ups.conf. Keys count in any case; of a path all up to a # or the end of the
 * line, of all other values the first word.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "handover_parts.h"

#define APCUPSD_LINE_MAX 512

/** What of apcupsd.conf matters, and where it is said. */
enum apcupsd_key {
	APCUPSD_NAME,
	APCUPSD_CABLE,
	APCUPSD_TYPE,
	APCUPSD_DEVICE,
	APCUPSD_FOLDER,
	APCUPSD_DELAY,
	APCUPSD_CLASS,
	APCUPSD_MODE,
	APCUPSD_KEYS,
};

static const char apcupsd_keys[][12] = {
	[APCUPSD_NAME] = "UPSNAME",      [APCUPSD_CABLE] = "UPSCABLE",
	[APCUPSD_TYPE] = "UPSTYPE",      [APCUPSD_DEVICE] = "DEVICE",
	[APCUPSD_FOLDER] = "PWRFAILDIR", [APCUPSD_DELAY] = "KILLDELAY",
	[APCUPSD_CLASS] = "UPSCLASS",    [APCUPSD_MODE] = "UPSMODE",
};

struct apcupsd {
	struct handover *handover;
	const char *file;
	const struct conf_report *report;
	char value[APCUPSD_KEYS][HANDOVER_PATH_MAX];
	int line[APCUPSD_KEYS];
	char text[2048]; /* ups.conf in the making */
	size_t len;
};

static bool apcupsd_is(const struct apcupsd *apcupsd, enum apcupsd_key key,
		       const char *value)
{
	return !strcasecmp(apcupsd->value[key], value);
}

static void apcupsd_say(const struct apcupsd *apcupsd, enum apcupsd_key key,
			const char *sentence)
{
	conf_say(apcupsd->report, apcupsd->file, apcupsd->line[key],
		 "%s %.60s: %s", apcupsd_keys[key], apcupsd->value[key],
		 sentence);
}

/** Take one line, which ends at a NUL. */
static void apcupsd_take_line(struct apcupsd *apcupsd, char *at, int number)
{
	size_t len;

	at += strspn(at, " \t");
	at[strcspn(at, "#\r")] = '\0';
	len = strcspn(at, " \t");
	for (int i = 0; i < APCUPSD_KEYS; i++) {
		char *value = at + len + strspn(at + len, " \t");

		if (strlen(apcupsd_keys[i]) != len ||
		    strncasecmp(apcupsd_keys[i], at, len) != 0)
			continue;
		/* Paths may have blanks in them. */
		if (i != APCUPSD_FOLDER && i != APCUPSD_DEVICE)
			value[strcspn(value, " \t")] = '\0';
		for (len = strlen(value);
		     len && isblank((unsigned char)value[len - 1]); len--)
			value[len - 1] = '\0';
		apcupsd->line[i] = number;
		/* The longest that fits is longer than any that is meant. */
		(void)snprintf(apcupsd->value[i], sizeof(apcupsd->value[i]),
			       "%s", value);
		return;
	}
}

static void apcupsd_take_file(struct apcupsd *apcupsd,
			      const struct handover_file *file)
{
	char text[APCUPSD_LINE_MAX];
	size_t start = 0;

	for (int number = 1; start < file->len; number++) {
		const char *at = file->text + start;
		const char *end = memchr(at, '\n', file->len - start);
		size_t len = end ? (size_t)(end - at) : file->len - start;

		start += len + 1;
		if (len >= sizeof(text))
			len = sizeof(text) - 1;
		memcpy(text, at, len);
		text[len] = '\0';
		apcupsd_take_line(apcupsd, text, number);
	}
}

/** Write a key of the section; no value is more than fits. */
static void apcupsd_put(struct apcupsd *apcupsd, const char *key,
			const char *value, size_t len)
{
	char *text = apcupsd->text;
	size_t size = sizeof(apcupsd->text);

	if (apcupsd->len + strlen(key) + 2 * len + 8 > size)
		return;
	apcupsd->len += (size_t)sprintf(text + apcupsd->len, "%s = \"", key);
	for (; len; len--, value++) {
		if (strchr("\"\\#", *value))
			text[apcupsd->len++] = '\\';
		text[apcupsd->len++] = *value;
	}
	apcupsd->len += (size_t)sprintf(text + apcupsd->len, "\"\n");
}

static void apcupsd_put_word(struct apcupsd *apcupsd, const char *key,
			     const char *value)
{
	apcupsd_put(apcupsd, key, value, strlen(value));
}

/** A serial port. Without one there is nothing to open. */
static bool apcupsd_put_port(struct apcupsd *apcupsd)
{
	const char *device = apcupsd->value[APCUPSD_DEVICE];

	if (*device != '/') {
		apcupsd_say(apcupsd, APCUPSD_DEVICE,
			    "this must be a serial port");
		return false;
	}
	apcupsd_put_word(apcupsd, "port", device);
	return true;
}

static bool apcupsd_put_smart(struct apcupsd *apcupsd)
{
	apcupsd_put_word(apcupsd, "driver", "apcsmart");
	return apcupsd_put_port(apcupsd);
}

/** apcupsd knows no other maker on the USB. */
static bool apcupsd_put_usb(struct apcupsd *apcupsd)
{
	apcupsd_put_word(apcupsd, "driver", "usbhid-ups");
	apcupsd_put_word(apcupsd, "port", "auto");
	apcupsd_put_word(apcupsd, "vendorid", "051d");
	return true;
}

/** A cable, and the type of genericups whose lines it has. */
static bool apcupsd_put_dumb(struct apcupsd *apcupsd)
{
	static const struct {
		char cable[15], upstype[3];
	} cables[] = {
		{ "simple", "1" },          { "940-0095A", "1" },
		{ "940-0095B", "1" },       { "940-0095C", "1" },
		{ "940-0020B", "2" },       { "940-0020C", "2" },
		{ "940-0023A", "9" },       { "940-0119A", "12" },
		{ "940-0127A", "12" },      { "940-0128A", "12" },
		{ "MAM-04-02-2000", "12" },
	};

	for (size_t i = 0; i < sizeof(cables) / sizeof(cables[0]); i++) {
		if (!apcupsd_is(apcupsd, APCUPSD_CABLE, cables[i].cable))
			continue;
		apcupsd_put_word(apcupsd, "driver", "genericups");
		apcupsd_put_word(apcupsd, "upstype", cables[i].upstype);
		apcupsd_put_word(apcupsd, "sdtime", "10"); /* as apcupsd */
		return apcupsd_put_port(apcupsd);
	}
	apcupsd_say(apcupsd, APCUPSD_CABLE, "it is not a dumb UPS's");
	return false;
}

/** host[:port[:vendor[:community]]] */
static bool apcupsd_put_snmp(struct apcupsd *apcupsd)
{
	const char *at = apcupsd->value[APCUPSD_DEVICE];
	size_t host = strcspn(at, ":");
	size_t port = at[host] ? strcspn(at + host + 1, ":") : 0;
	const char *vendor = at + host + (at[host] ? 1 + port : 0);
	const char *community;

	if (!host) {
		apcupsd_say(apcupsd, APCUPSD_DEVICE, "it names no host");
		return false;
	}
	apcupsd_put_word(apcupsd, "driver", "snmp-ups");
	apcupsd_put(apcupsd, "port", at, port ? host + 1 + port : host);
	vendor += *vendor == ':';
	if (!strncasecmp(vendor, "APC", 3))
		apcupsd_put_word(apcupsd, "mibs", "apcc");
	else if (!strncasecmp(vendor, "RFC", 3))
		apcupsd_put_word(apcupsd, "mibs", "ietf");
	community = strchr(vendor, ':');
	apcupsd_put_word(apcupsd, "community",
			 community && community[1] ? community + 1 : "private");
	return true;
}

/** A serial port, or on the USB nothing or a serial number. */
static bool apcupsd_put_modbus(struct apcupsd *apcupsd)
{
	const char *device = apcupsd->value[APCUPSD_DEVICE];

	apcupsd_put_word(apcupsd, "driver", "apc_modbus");
	apcupsd_put_word(apcupsd, "porttype", *device == '/' ? "serial" : "usb");
	apcupsd_put_word(apcupsd, "port", *device == '/' ? device : "auto");
	if (*device && *device != '/')
		apcupsd_put_word(apcupsd, "serial", device);
	return true;
}

/** Somebody else commands the UPS, or an apcupsd that is its client's. */
static bool apcupsd_is_secondary(const struct apcupsd *apcupsd)
{
	return apcupsd_is(apcupsd, APCUPSD_TYPE, "net") ||
	       apcupsd_is(apcupsd, APCUPSD_TYPE, "pcnet") ||
	       (apcupsd_is(apcupsd, APCUPSD_MODE, "share") &&
		apcupsd_is(apcupsd, APCUPSD_CLASS, "shareslave"));
}

static bool apcupsd_put_type(struct apcupsd *apcupsd)
{
	if (apcupsd_is_secondary(apcupsd)) {
		apcupsd->handover->others = 1;
		conf_say(apcupsd->report, apcupsd->file,
			 apcupsd->line[APCUPSD_TYPE],
			 "the UPS is on another machine, not ours");
		return false;
	}
	if (apcupsd_is(apcupsd, APCUPSD_TYPE, "usb"))
		return apcupsd_put_usb(apcupsd);
	if (apcupsd_is(apcupsd, APCUPSD_TYPE, "apcsmart"))
		return apcupsd_put_smart(apcupsd);
	if (apcupsd_is(apcupsd, APCUPSD_TYPE, "dumb"))
		return apcupsd_put_dumb(apcupsd);
	if (apcupsd_is(apcupsd, APCUPSD_TYPE, "modbus"))
		return apcupsd_put_modbus(apcupsd);
	if (apcupsd_is(apcupsd, APCUPSD_TYPE, "snmp") ||
	    apcupsd_is(apcupsd, APCUPSD_TYPE, "netsnmp"))
		return apcupsd_put_snmp(apcupsd);
	apcupsd_say(apcupsd, APCUPSD_TYPE, "there is no such type");
	return false;
}

/** One that stays the same when ups.conf is parsed. */
static bool apcupsd_is_name(const char *name)
{
	for (size_t i = 0; name[i]; i++) {
		if (i == UPS_NAME_MAX - 1 || name[i] <= ' ' || name[i] > '~' ||
		    strchr("\"\\[]#=", name[i]))
			return false;
	}
	return *name && strcasecmp(name, "default") != 0;
}

static void apcupsd_put_header(struct apcupsd *apcupsd)
{
	const char *name = apcupsd->value[APCUPSD_NAME];
	char *primary = apcupsd->handover->primary[0];

	if (!apcupsd_is_name(name))
		name = "apcupsd";
	strcpy(primary, name);
	apcupsd->len = (size_t)sprintf(apcupsd->text, "[%s]\n", primary);
}

static void apcupsd_take_folder(struct apcupsd *apcupsd)
{
	char *folder = apcupsd->value[APCUPSD_FOLDER];
	struct handover *handover = apcupsd->handover;
	int len;

	if (!*folder)
		strcpy(folder, HANDOVER_APCUPSD_DIR);
	len = snprintf(handover->flag_path, sizeof(handover->flag_path),
		       "%s/powerfail", folder);
	if (*folder == '/' && (size_t)len < sizeof(handover->flag_path))
		return;
	*handover->flag_path = '\0';
	apcupsd_say(apcupsd, APCUPSD_FOLDER,
		    "this must be an absolute, short path");
}

void handover_read_apcupsd(struct handover *handover, const char *name,
			   const struct handover_file *file,
			   const struct conf_report *report)
{
	struct apcupsd apcupsd = {
		.handover = handover,
		.file = name,
		.report = report,
	};

	handover->from_apcupsd = true;
	apcupsd_take_file(&apcupsd, file);
	apcupsd_take_folder(&apcupsd);
	apcupsd_put_header(&apcupsd);
	if (apcupsd.value[APCUPSD_DELAY][strspn(apcupsd.value[APCUPSD_DELAY], "0")])
		apcupsd_say(
			&apcupsd, APCUPSD_DELAY,
			"after it apcupsd cuts, disks mounted or not: set it to 0");
	if (!apcupsd_put_type(&apcupsd))
		return;
	handover->primaries = 1;
	(void)conf_parse(&handover->conf, name, apcupsd.text, apcupsd.len,
			 NULL); /* one section always fits */
}
