// SPDX-License-Identifier: MIT
/*
 * Which keys there are in NUT's files, and which of them somebody meant. One
 * text, for a table of pointers would take twice the room: a line for each
 * row, its names, a colon, its keys; @row stands for the keys of that row.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cmd/check_parts.h"

/* clang-format off */
static const char check_rows[] =
	/* ups.conf, above the first section; and what does nothing below it. */
	"(global): user group maxstartdelay maxretry retrydelay pollinterval "
		"synchronous debug_min LIBUSB_DEBUG reconnect_max_tries "
		"reconnect_report_freq @(only-global)\n"
	"(only-global): chroot driverpath statepath nowait\n"
	/* In every section; and what NUT's upsdrvctl loses if it comes first. */
	"(section): driver port sdcommands allow_killpower desc nolock ignorelb "
		"user group pollinterval synchronous debug_min LIBUSB_DEBUG "
		"reconnect_max_tries reconnect_report_freq sddelay @(lost)\n"
	"(lost): sdorder maxstartdelay maxretry retrydelay\n"
	"(told): offdelay ondelay driver port sdorder\n"
	"(numbers): offdelay ondelay sdorder maxstartdelay maxretry retrydelay "
		"pollfreq pollinterval debug_min reconnect_max_tries "
		"reconnect_report_freq startdelay rebootdelay shutdown_delay "
		"upstype sdtype awd cshdelay wugrace baud_rate baudrate lowbatt "
		"snmp_retries snmp_timeout rio_slave_id dev_slave_id slaveid\n"
	"(upsmon): MONITOR POWERDOWNFLAG MINSUPPLIES SHUTDOWNCMD SHUTDOWNEXIT "
		"NOTIFYCMD NOTIFYMSG NOTIFYFLAG HOSTSYNC FINALDELAY DEADTIME "
		"POLLFREQ POLLFREQALERT POLLFAIL_LOG_THROTTLE_MAX RUN_AS_USER "
		"RBWARNTIME NOCOMMWARNTIME OFFDURATION OVERDURATION "
		"OBLBDURATION ALARMCRITICAL CERTPATH CERTIDENT CERTHOST "
		"CERTFILE CERTVERIFY FORCESSL DEBUG_MIN\n"
	"(nut): MODE POWEROFF_WAIT POWEROFF_QUIET UPSD_OPTIONS UPSMON_OPTIONS "
		"ALLOW_NO_DEVICE ALLOW_NOT_ALL_LISTENERS\n"
	/* NUT's drivers, by the name in "driver = ...". */
	"@usb: vendorid productid vendor product serial bus device busport "
		"allow_duplicates usb_set_altinterface usb_config_index "
		"usb_hid_rep_index usb_hid_desc_index usb_hid_ep_in "
		"usb_hid_ep_out\n"
	"@blazer: offdelay ondelay protocol runtimecal chargetime idleload "
		"norating novendor\n"
	"@hid: offdelay ondelay pollfreq pollonly lowbatt "
		"disable_fix_report_desc onlinedischarge "
		"onlinedischarge_onbattery onlinedischarge_calibration "
		"onlinedischarge_log_throttle_sec "
		"onlinedischarge_log_throttle_hovercharge lbrb_log_delay_sec "
		"lbrb_log_delay_without_calibrating "
		"interrupt_pipe_no_events_tolerance "
		"powercom_sdcmd_byte_order_fallback "
		"powercom_sdcmd_discrete_delay\n"
	"@solis: battext prgshut daysweek daysoff houron houroff\n"
	"adelsystem_cbi: device_mfr device_model ser_baud_rate ser_parity "
		"ser_data_bit ser_stop_bit dev_slave_id mod_resp_to_s "
		"mod_resp_to_us mod_byte_to_s mod_byte_to_us\n"
	"apc_modbus: @@usb porttype slaveid baudrate parity databits stopbits "
		"response_timeout_ms modbus_retries\n"
	"apcsmart: cable ttymode sdtype advorder awd cshdelay\n"
	"apcsmart-old: cable sdtype advorder wugrace\n"
	"bcmxcp bcmxcp_usb: shutdown_delay baud_rate\n"
	"belkin bestfcom bestuferrups bicker_ser etapro everups gamatronic "
		"isbmex metasys richcomm_usb us9003:\n"
	"belkinunv: wait silent dumbterm flash nohang\n"
	"bestfortress: baudrate max_load\n"
	"bestups: ID nombattvolt battvoltmult\n"
	"blazer_ser: @@blazer cablepower\n"
	"blazer_usb: @@usb @@blazer subdriver langid_fix\n"
	"generic_modbus: device_mfr device_model ser_baud_rate ser_parity "
		"ser_data_bit ser_stop_bit rio_slave_id mod_resp_to_s "
		"mod_resp_to_us mod_byte_to_s mod_byte_to_us "
		"FSD_pulse_duration OL_addr OB_addr LB_addr HB_addr RB_addr "
		"CHRG_addr DISCHRG_addr FSD_addr OL_regtype OB_regtype "
		"LB_regtype HB_regtype RB_regtype CHRG_regtype "
		"DISCHRG_regtype FSD_regtype OL_noro OB_noro LB_noro HB_noro "
		"RB_noro CHRG_noro DISCHRG_noro FSD_noro\n"
	"genericups: upstype CP OL LB RB BYPASS SD sdtime mfr model serial\n"
	"huawei-ups2000: offdelay ondelay rebootdelay\n"
	"masterguard: CS\n"
	"mge-shut newmge-shut: @@hid notification\n"
	"mge-utalk: LowBatt OffDelay OnDelay oldmac\n"
	"microdowell: ups.delay.shutdown ups.delay.start\n"
	"microsol-apc solis: @@solis\n"
	"netxml-ups: timeout subscribe login password shutdown_duration "
		"shutdown_timer do_convert_deci\n"
	"must_ep2000pro: lowbatt\n"
	"nutdrv_atcl_usb: vendor\n"
	"nutdrv_qx: @@usb @@blazer stayoff subdriver cablepower langid_fix "
		"noscanlangid pollfreq ignoresab ignoreoff nooutstats battvolts "
		"battery_voltage_reports_one_pack "
		"experimental.battery.ageing.factor "
		"experimental.battery.calibration.factor "
		"testing pins_shutdown_mode slave_address series "
		"input_fault_voltage number_of_battery_cells "
		"nominal_cell_voltage runtime_half runtime_full recharge_time "
		"output_voltages fault_1 fault_2 fault_3 fault_4 fault_5 "
		"advanced_eco_mode alarm_control auto_reboot battery_alarm "
		"battery_number battery_open_status_check battery_protection "
		"batt_type bypass_alarm bypass_forbidding bypass_when_off "
		"cold_start constant_phase_angle converter_mode eco_mode "
		"energy_saving limited_runtime_on_battery max_bypass_freq "
		"max_bypass_volt max_eco_freq max_eco_volt min_bypass_freq "
		"min_bypass_volt min_eco_freq min_eco_volt outlet_control "
		"outlet1_delay outlet2_delay outlet3_delay outlet4_delay "
		"output_phase_angle reset_to_default site_fault_detection "
		"work_range_type\n"
	"nutdrv_siemens-sitop nutdrv_siemens_sitop: max_polls_without_data\n"
	"oneac: offdelay testtime\n"
	"optiups: status_only powerup nowarn_noimp fake_lowbatt\n"
	"powercom: type manufacturer modelname serialnumber linevoltage "
		"shutdownArguments numOfBytesFromUPS methodOfFlowControl "
		"validationSequence voltage frequency batteryPercentage "
		"loadPercentage nobt\n"
	"powerpanel: protocol offdelay ondelay manufacturer model serial\n"
	"powervar-cs powervar_cx_ser: offdelay startdelay disptesttime pvbaud\n"
	"rhino: battext\n"
	"riello_ser: localcalculation\n"
	"riello_usb: @@usb localcalculation\n"
	"safenet: offdelay ondelay manufacturer modelname serialnumber\n"
	"sms_ser: rebootdelay\n"
	"snmp-ups: mibs community snmp_version snmp_retries snmp_timeout "
		"secLevel secName authProtocol authPassword privProtocol "
		"privPassword offdelay ondelay pollfreq semistaticfreq "
		"notransferoids symmetrathreephase\n"
	"tripplite: offdelay startdelay rebootdelay\n"
	"tripplite_usb: @@usb offdelay startdelay rebootdelay upsid battery_min "
		"battery_max\n"
	"tripplitesu: lowbatt command_delay\n"
	"upscode2: manufacturer input_timeout output_pace baudrate full_update "
		"use_crlf use_pre_lf\n"
	"usbhid-ups: @@usb @@hid subdriver interruptonly interruptsize explore "
		"maxreport langid_fix waitbeforereconnect winhid\n"
	"victronups: modelname usd\n";
/* clang-format on */

/** The next word of at most @to's size; where it ends, NULL behind the last. */
static const char *check_next_word(const char *at, char to[CHECK_KEY_MAX])
{
	size_t len;

	at += strspn(at, " ");
	len = strcspn(at, " :\n");
	if (!len || len >= CHECK_KEY_MAX)
		return NULL;
	memcpy(to, at, len);
	to[len] = '\0';
	return at + len;
}

/** Behind the colon of the row that has the name @row, or NULL. */
static const char *check_find_row(const char *row)
{
	char word[CHECK_KEY_MAX];

	for (const char *line = check_rows; *line;
	     line += strcspn(line, "\n") + 1) {
		const char *at = line;

		while (*at != ':' && (at = check_next_word(at, word))) {
			if (!strcmp(word, row))
				return line + strcspn(line, ":") + 1;
		}
	}
	return NULL;
}

bool check_has_row(const char *row)
{
	return check_find_row(row) != NULL;
}

/** How many slips of the pen are between two words, case aside. */
static int check_distance(const char *a, const char *b)
{
	size_t len = strlen(b);
	int above[CHECK_KEY_MAX], here[CHECK_KEY_MAX], before[CHECK_KEY_MAX];

	if (len >= CHECK_KEY_MAX || strlen(a) >= CHECK_KEY_MAX)
		return CHECK_KEY_MAX;
	memset(before, 0, sizeof(before));
	for (size_t j = 0; j <= len; j++)
		above[j] = (int)j;
	for (size_t i = 1; a[i - 1]; i++) {
		here[0] = (int)i;
		for (size_t j = 1; j <= len; j++) {
			int cost = strncasecmp(&a[i - 1], &b[j - 1], 1) != 0;

			here[j] = above[j - 1] + cost;
			if (above[j] + 1 < here[j])
				here[j] = above[j] + 1;
			if (here[j - 1] + 1 < here[j])
				here[j] = here[j - 1] + 1;
			/* Two letters the wrong way round are one slip. */
			if (i > 1 && j > 1 &&
			    !strncasecmp(&a[i - 1], &b[j - 2], 1) &&
			    !strncasecmp(&a[i - 2], &b[j - 1], 1) &&
			    before[j - 2] + 1 < here[j])
				here[j] = before[j - 2] + 1;
		}
		memcpy(before, above, sizeof(before));
		memcpy(above, here, sizeof(above));
	}
	return above[len];
}

void check_look_for(struct check_guess *guess, const char *known)
{
	int slips = check_distance(guess->key, known);

	if (slips >= guess->slips)
		return;
	guess->slips = slips;
	strcpy(guess->meant, known); /* as long as its row's words are */
}

/** Rows that stand in a row of a row are not there. */
static void check_look_in(struct check_guess *guess, const char *row, int depth)
{
	const char *at = check_find_row(row);
	char word[CHECK_KEY_MAX];

	while (at && (at = check_next_word(at, word))) {
		if (*word != '@')
			check_look_for(guess, word);
		else if (depth < 2)
			check_look_in(guess, word + 1, depth + 1);
	}
}

void check_look_in_row(struct check_guess *guess, const char *row)
{
	check_look_in(guess, row, 0);
}

bool check_row_has(const char *row, const char *key)
{
	struct check_guess guess = { .key = key, .slips = 1 };

	check_look_in_row(&guess, row);
	return guess.slips == 0;
}

bool check_some_driver_has(const char *key)
{
	char word[CHECK_KEY_MAX];
	const char *line = check_rows;

	for (; *line; line += strcspn(line, "\n") + 1) {
		if (*line != '(' && check_next_word(line, word) &&
		    check_row_has(word, key))
			return true;
	}
	return false;
}

const char *check_hint(const struct check_guess *guess,
		       char hint[CHECK_HINT_MAX])
{
	/* Short words are all alike. */
	int slips = strlen(guess->key) > 5 ? 2 : 1;

	*hint = '\0';
	if (guess->slips <= slips)
		(void)snprintf(hint, CHECK_HINT_MAX, " (did you mean %s?)",
			       guess->meant); /* it fits */
	return hint;
}
