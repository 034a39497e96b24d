// SPDX-License-Identifier: MIT
/* Which bridges there are, and which device is one. */
#include <strings.h>

#include "qx/bridge.h"

/* clang-format off */
enum qx_way_index {
	QX_CYPRESS, QX_PHOENIX, QX_PHOENIXTEC, QX_IPPON, QX_OMRON, QX_GTEC,
	QX_SGS, QX_ABLEREX, QX_ARMAC, QX_FUJI, QX_KRAULER, QX_FABULA,
	QX_HUNNOX, QX_SNR,
};

static const struct qx_way_row qx_ways[] = {
	[QX_CYPRESS] = { .name = "cypress", .block = 8, .value = 0x0200,
		.packet = 8, .send_ms = 5000, .drain_ms = 40 },
	/* It has to be silent for a second before it is reliable. */
	[QX_PHOENIX] = { .name = "phoenix", .block = 8, .value = 0x0200,
		.packet = 8, .send_ms = 1000, .drain_ms = 1000 },
	[QX_PHOENIXTEC] = { .name = "phoenixtec", .way = QX_BY_REQUEST,
		.packet = 64, .send_ms = 1000 },
	[QX_IPPON] = { .name = "ippon", .block = 8, .value = 0x0002,
		.limits = QX_NO_DRILL, .packet = 64, .send_ms = 1000,
		.flags = QX_ONCE },
	[QX_OMRON] = { .name = "omron", .dialect = "omron", .block = 16,
		.value = 0x0002, .packet = 64, .send_ms = 1000,
		.flags = QX_ONCE },
	[QX_GTEC] = { .name = "gtec", .block = 8, .value = 0x0002,
		.packet = 128, .send_ms = 5000 },
	/* No CR ends its answers, but silence. */
	[QX_SGS] = { .name = "sgs", .block = 8, .value = 0x0200, .packet = 8,
		.send_ms = 5000, .flags = QX_COUNTED },
	[QX_ABLEREX] = { .name = "ablerex", .dialect = "ablerex",
		.way = QX_BY_FEATURE, .block = 47, .value = 0x0305,
		.packet = 47, .send_ms = 1000, .flags = QX_ONCE },
	[QX_ARMAC] = { .name = "armac", .block = 4, .mark = 0xa0,
		.value = 0x0200, .packet = 6, .send_ms = 5000, .drain_ms = 100,
		.flags = QX_COUNTED | QX_AND_PIPED },
	[QX_FUJI] = { .name = "fuji", .way = QX_BY_ENDPOINT,
		.limits = QX_NEVER_R, .block = 8, .packet = 8,
		.send_ms = 1000 },
	[QX_KRAULER] = { .name = "krauler", .way = QX_BY_STRING,
		.limits = QX_NO_CUT },
	[QX_FABULA] = { .name = "fabula", .way = QX_BY_STRING,
		.limits = QX_LAST_STAY | QX_NO_DRILL, .flags = QX_IS_MEC0003 },
	[QX_HUNNOX] = { .name = "hunnox", .way = QX_BY_STRING,
		.limits = QX_LAST_STAY | QX_NO_DRILL, .flags = QX_IS_MEC0003 | QX_IN_ORDER },
	[QX_SNR] = { .name = "snr", .way = QX_BY_STRING,
		.limits = QX_NO_CUT, .flags = QX_WOKEN },
};

/* The first that fits is it. */
const struct usb_id qx_usb_ids[] = {
	{ 0x05b8, 0x0000, NULL, NULL },
	{ 0xffff, 0x0000, NULL, NULL },
	{ 0x1cb0, 0x0035, NULL, NULL },
	{ 0x0665, 0x5161, NULL, NULL },
	{ 0x06da, 0x0002, "Phoenixtec Power", "USB Cable (V2.00)" },
	{ 0x06da, 0x0002, NULL, NULL },
	{ 0x06da, 0x0003, NULL, NULL },
	{ 0x06da, 0x0004, NULL, NULL },
	{ 0x06da, 0x0005, NULL, NULL },
	{ 0x06da, 0x0201, NULL, NULL },
	{ 0x06da, 0x0601, NULL, NULL },
	{ 0x0f03, 0x0001, NULL, NULL },
	{ 0x14f0, 0x00c9, NULL, NULL },
	{ 0x0483, 0x0035, NULL, NULL },
	{ 0x0590, 0x00b7, NULL, NULL },
	{ 0x0001, 0x0000, "MEC", "MEC0003" },
	{ 0x0001, 0x0000, NULL, "MEC0003" },
	{ 0x0001, 0x0000, "ATCL FOR UPS", "ATCL FOR UPS" },
	{ 0x0001, 0x0000, NULL, NULL },
	{ 0x0925, 0x1234, NULL, NULL },
};

static const uint8_t qx_way_of_id[] = {
	QX_CYPRESS, QX_ABLEREX, QX_KRAULER, QX_CYPRESS, QX_PHOENIXTEC,
	QX_CYPRESS, QX_IPPON, QX_CYPRESS, QX_CYPRESS, QX_CYPRESS, QX_PHOENIX,
	QX_CYPRESS, QX_PHOENIX, QX_SGS, QX_OMRON, QX_FABULA, QX_HUNNOX,
	QX_FUJI, QX_KRAULER, QX_ARMAC,
};
/* clang-format on */

const size_t qx_usb_ids_count = sizeof(qx_usb_ids) / sizeof(qx_usb_ids[0]);
_Static_assert(sizeof(qx_way_of_id) == sizeof(qx_usb_ids) / sizeof(qx_usb_ids[0]),
	       "a bridge for each device");

const struct qx_way_row *qx_way_of(size_t id)
{
	return &qx_ways[qx_way_of_id[id]];
}

const struct qx_way_row *qx_find_way(const char *subdriver)
{
	for (size_t i = 0; i < sizeof(qx_ways) / sizeof(qx_ways[0]); i++) {
		if (strcasecmp(qx_ways[i].name, subdriver) == 0)
			return &qx_ways[i];
	}
	return NULL;
}
