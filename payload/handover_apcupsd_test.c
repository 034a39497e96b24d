// SPDX-License-Identifier: MIT
/* apcupsd.conf: which UPS it means, and where its flag is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/said_fake.h"
#include "handover_fake.h"
#include "handover_format.h"
#include "handover_parts.h"

static void read_conf(struct handover *handover, const char *text,
		      struct said *said)
{
	struct conf_report report = { said_hear, said };
	struct handover_file file = { .len = strlen(text) };

	memset(handover, 0, sizeof(*handover));
	memset(said, 0, sizeof(*said));
	memcpy(file.text, text, file.len);
	assert_int_equal(conf_parse(&handover->conf, "", "", 0, NULL), 0);
	handover_read_apcupsd(handover, "apcupsd.conf", &file, &report);
}

/** All of the section, as "key=value " */
static void render(const struct handover *handover, char *out, size_t size)
{
	const struct conf *conf = &handover->conf;
	size_t at = 0;

	*out = '\0';
	for (int i = 0; i < conf->entries && at < size; i++)
		at += (size_t)snprintf(out + at, size - at, "%s=%s ",
				       conf->text + conf->entry[i].key,
				       conf->text + conf->entry[i].value);
}

static void each_type_is_one_of_nuts_drivers(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		const char *section; /* "": not ours, or nothing to open */
		const char *sentence;
	} table[] = {
		{ "UPSTYPE usb\n", "driver=usbhid-ups port=auto vendorid=051d ", NULL },
		{ "UPSTYPE usb\nDEVICE /dev/ttyS0\n", "driver=usbhid-ups port=auto vendorid=051d ", NULL },
		{ "upstype USB # x", "driver=usbhid-ups port=auto vendorid=051d ", NULL },
		{ "UPSTYPE usb\r\nUPSTYPE apcsmart\r\n\tDEVICE  /dev/ttyS1 \r\n", "driver=apcsmart port=/dev/ttyS1 ", NULL },
		{ "UPSTYPE apcsmart\nDEVICE /dev/my port # x\n", "driver=apcsmart port=/dev/my port ", NULL },
		{ "UPSTYPE apcsmart\n", "", "must be a serial port" },
		{ "UPSTYPE dumb\nUPSCABLE simple\nDEVICE /dev/ttyS0\n", "driver=genericups upstype=1 sdtime=10 port=/dev/ttyS0 ", NULL },
		{ "UPSTYPE dumb\nUPSCABLE 940-0095b\nDEVICE /dev/ttyS0\n", "driver=genericups upstype=1 sdtime=10 port=/dev/ttyS0 ", NULL },
		{ "UPSTYPE dumb\nUPSCABLE 940-0020C\nDEVICE /dev/ttyS0\n", "driver=genericups upstype=2 sdtime=10 port=/dev/ttyS0 ", NULL },
		{ "UPSTYPE dumb\nUPSCABLE 940-0023A\nDEVICE /dev/ttyS0\n", "driver=genericups upstype=9 sdtime=10 port=/dev/ttyS0 ", NULL },
		{ "UPSTYPE dumb\nUPSCABLE 940-0128A\nDEVICE /dev/ttyS0\n", "driver=genericups upstype=12 sdtime=10 port=/dev/ttyS0 ", NULL },
		{ "UPSTYPE dumb\nUPSCABLE MAM-04-02-2000\nDEVICE /dev/ttyS0\n", "driver=genericups upstype=12 sdtime=10 port=/dev/ttyS0 ", NULL },
		{ "UPSTYPE dumb\nUPSCABLE smart\nDEVICE /dev/ttyS0\n", "", "apcupsd.conf:2: UPSCABLE smart: it is not" },
		{ "UPSTYPE snmp\nDEVICE ups.example\n", "driver=snmp-ups port=ups.example community=private ", NULL },
		{ "UPSTYPE snmp\nDEVICE ups.example:161\n", "driver=snmp-ups port=ups.example:161 community=private ", NULL },
		{ "UPSTYPE snmp\nDEVICE u:161:APC_NOTRAP:a:b\n", "driver=snmp-ups port=u:161 mibs=apcc community=a:b ", NULL },
		{ "UPSTYPE netsnmp\nDEVICE u::RFC:pub\n", "driver=snmp-ups port=u mibs=ietf community=pub ", NULL },
		{ "UPSTYPE snmp\nDEVICE :161\n", "", "it names no host" },
		{ "UPSTYPE modbus\n", "driver=apc_modbus porttype=usb port=auto ", NULL },
		{ "UPSTYPE modbus\nDEVICE AS1302223920\n", "driver=apc_modbus porttype=usb port=auto serial=AS1302223920 ", NULL },
		{ "UPSTYPE modbus\nDEVICE /dev/ttyS0\n", "driver=apc_modbus porttype=serial port=/dev/ttyS0 ", NULL },
		{ "UPSTYPE net\nDEVICE nas:3551\n", "", "is on another machine, not ours" },
		{ "UPSTYPE pcnet\nDEVICE a:b:c\n", "", "is on another machine, not ours" },
		{ "UPSTYPE usb\nUPSCLASS shareslave\nUPSMODE share\n", "", "is on another machine, not ours" },
		{ "UPSTYPE usb\nUPSCLASS shareslave\nUPSMODE disable\n", "driver=usbhid-ups port=auto vendorid=051d ", NULL },
		{ "UPSTYPE usbb\n", "", "apcupsd.conf:1: UPSTYPE usbb: there is no such type" },
		{ "", "", "there is no such type" },
		{ "#UPSTYPE usb\nXUPSTYPE usb\n", "", "there is no such type" },
		{ "UPSTYPE usb\nKILLDELAY 000\n", "driver=usbhid-ups port=auto vendorid=051d ", NULL },
		{ "UPSTYPE usb\nKILLDELAY 90\n", "driver=usbhid-ups port=auto vendorid=051d ", "apcupsd.conf:2: KILLDELAY 90: after it apcupsd" },
	};
	/* clang-format on */
	static struct handover handover;
	struct said said;
	char out[512];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		read_conf(&handover, table[i].text, &said);
		render(&handover, out, sizeof(out));
		assert_string_equal(out, table[i].section);
		assert_int_equal(handover.primaries, *table[i].section ? 1 : 0);
		assert_int_equal(handover.others,
				 strstr(said.text, "another machine") ? 1 : 0);
		assert_true(conf_is_sound(&handover.conf));
		said_check(&said, table[i].sentence);
	}
}

static void its_name_and_its_flag_are_taken(void **state)
{
	static struct handover handover;
	struct said said;
	char text[400];

	(void)state;
	read_conf(&handover,
		  "UPSTYPE usb\nUPSNAME rack1\nPWRFAILDIR /run/a b\n", &said);
	assert_string_equal(handover.primary[0], "rack1");
	assert_string_equal(conf_section_name(&handover.conf, 1), "rack1");
	assert_string_equal(handover.flag_path, "/run/a b/powerfail");
	read_conf(&handover, "UPSTYPE usb\nUPSNAME a]\"b\n", &said);
	assert_string_equal(handover.primary[0], "apcupsd");
	assert_string_equal(conf_section_name(&handover.conf, 1), "apcupsd");
	assert_string_equal(handover.flag_path, "/etc/apcupsd/powerfail");
	read_conf(&handover,
		  "UPSTYPE usb\nUPSNAME r\xda"
		  "ck\n",
		  &said);
	assert_string_equal(handover.primary[0], "apcupsd");
	read_conf(&handover, "UPSTYPE usb\nPWRFAILDIR here\n", &said);
	assert_string_equal(handover.flag_path, "");
	said_check(&said, "apcupsd.conf:2: PWRFAILDIR here");
	snprintf(text, sizeof(text), "PWRFAILDIR /%0250d\n", 0);
	read_conf(&handover, text, &said);
	assert_string_equal(handover.flag_path, "");
}

/* Below a root of its own: without NUT it is read, beside NUT it is not. */
static void nut_comes_first(void **state)
{
	char root[HANDOVER_FAKE_ROOT_MAX];
	static struct handover handover, again;
	static struct handover_file facts, conf;

	(void)state;
	handover_fake_make(root);
	handover_fake_put_dir(root, "/etc/apcupsd");
	handover_fake_put(root, "/etc/apcupsd/apcupsd.conf", "UPSTYPE usb\n");
	assert_int_equal(handover_collect(&handover, root, NULL), 0);
	assert_true(handover.from_apcupsd);
	assert_int_equal(handover.flag, FLAG_ABSENT);
	/* It is empty, but for what somebody has put into it. */
	handover_fake_put(root, "/etc/apcupsd/powerfail", "");
	assert_int_equal(handover_judge(&handover, root), FLAG_VALID);
	assert_int_equal(handover_judge_flag(root, handover.flag_path),
			 FLAG_INVALID);
	handover_fake_put(root, "/etc/apcupsd/powerfail", "x");
	assert_int_equal(handover_judge(&handover, root), FLAG_VALID);

	assert_int_equal(handover_format_conf(&handover, &conf), 0);
	assert_int_equal(handover_format_facts(&handover, &conf, &facts), 0);
	assert_int_equal(handover_parse(&again, &facts, &conf), 0);
	assert_true(again.from_apcupsd);
	assert_string_equal(conf_value(&again.conf, 1, "driver"), "usbhid-ups");

	handover_fake_put(root, "/etc/nut/ups.conf", "[u]\n");
	assert_int_equal(handover_collect(&handover, root, NULL), 0);
	assert_false(handover.from_apcupsd);
	assert_int_equal(handover.primaries, 0);
	handover_fake_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_is_one_of_nuts_drivers),
		cmocka_unit_test(its_name_and_its_flag_are_taken),
		cmocka_unit_test(nut_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
