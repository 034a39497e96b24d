// SPDX-License-Identifier: MIT
/* Which objects the emulated cards have. */
#include "snmp/snmp_fake.h"

#define KIND(symbol, its_name)                          \
	const struct net_fake_kind symbol = {           \
		.name = its_name,                       \
		.port = 161,                            \
		.state_size = sizeof(struct snmp_fake), \
		.start = snmp_fake_begin,               \
		.receive = snmp_fake_receive,           \
	};                                              \
	NET_FAKE(symbol)

KIND(snmp_fake_ietf, "snmp-ietf");
KIND(snmp_fake_powernet, "snmp-powernet");
KIND(snmp_fake_cyberpower, "snmp-cyberpower");
KIND(snmp_fake_xups, "snmp-xups");
KIND(snmp_fake_cpqpower, "snmp-cpqpower");
KIND(snmp_fake_delta, "snmp-delta");
KIND(snmp_fake_xppc, "snmp-xppc");
KIND(snmp_fake_mge, "snmp-mge");
KIND(snmp_fake_tripplite, "snmp-tripplite");
KIND(snmp_fake_tripplite_old, "snmp-tripplite-old");
KIND(snmp_fake_tripplite_products, "snmp-tripplite-products");

#define INT BER_INTEGER

/* clang-format off */
#define IDENTITY(card) \
	{ ".1.1.0", BER_STRING, SNMP_FAKE_FIXED, 0, "a test" }, \
	{ ".1.2.0", BER_OID, SNMP_FAKE_FIXED, 0, card }

#define UPS_MIB \
	{ "1.1.0", BER_STRING, SNMP_FAKE_FIXED, 0, "Maker" }, \
	{ "1.2.0", BER_STRING, SNMP_FAKE_FIXED, 0, "Model" }, \
	{ "2.1.0", INT, SNMP_FAKE_CHARGE, 0, NULL }, \
	{ "2.4.0", INT, SNMP_FAKE_FIXED, 15, NULL }, \
	{ "4.1.0", INT, SNMP_FAKE_SOURCE, 3, NULL }, \
	{ "8.1.0", INT, SNMP_FAKE_STORED, 2, NULL }, \
	{ "8.2.0", INT, SNMP_FAKE_COUNT, 0, "8.5.0" }, \
	{ "8.3.0", INT, SNMP_FAKE_STORED, -1, NULL }, \
	{ "8.4.0", INT, SNMP_FAKE_REBOOT, -1, NULL }, \
	{ "8.5.0", INT, SNMP_FAKE_STORED, 2, NULL }

#define END { "", 0, 0, 0, NULL }

static const struct snmp_fake_row ietf_rows[] = {
	IDENTITY("1.3.6.1.2.1.33"), UPS_MIB, END,
};

static const struct snmp_fake_row mge_rows[] = {
	IDENTITY("1.3.6.1.4.1.705.1.2"), UPS_MIB, 
	{ ".705.1.1.1.0", BER_STRING, SNMP_FAKE_FIXED, 0, "Pulsar" }, END,
};

static const struct snmp_fake_row tripplite_rows[] = {
	IDENTITY("1.3.6.1.4.1.850.1"), UPS_MIB, END,
};

static const struct snmp_fake_row tripplite_old_rows[] = {
	IDENTITY("1.3.6.1.4.1.850.1"),
	{ "1.0", INT, SNMP_FAKE_STORED, 2, NULL },
	{ "2.0", INT, SNMP_FAKE_COUNT, 0, "5.0" },
	{ "3.0", INT, SNMP_FAKE_STORED, -1, NULL },
	{ "4.0", INT, SNMP_FAKE_REBOOT, -1, NULL },
	{ "5.0", INT, SNMP_FAKE_STORED, 2, NULL }, END,
};

static const struct snmp_fake_row tripplite_products_rows[] = {
	IDENTITY("1.3.6.1.4.1.850.1"),
	{ "1.5.1.1.7.1", INT, SNMP_FAKE_STORED, 0, NULL },
	{ "1.4.1.1.5.1", INT, SNMP_FAKE_TRUTH, 0, "1.5.1.1.7.1" }, END,
};

static const struct snmp_fake_row powernet_rows[] = {
	IDENTITY("1.3.6.1.4.1.318.1.3.2.11"),
	{ "1.1.1.0", BER_STRING, SNMP_FAKE_FIXED, 0, "Smart-UPS 1500" },
	{ "2.1.1.0", INT, SNMP_FAKE_CHARGE, 0, NULL },
	{ "4.1.1.0", INT, SNMP_FAKE_SOURCE, 2, NULL },
	{ "5.2.9.0", SNMP_TIME_TICKS, SNMP_FAKE_STORED, 6000, NULL },
	{ "5.2.10.0", SNMP_TIME_TICKS, SNMP_FAKE_STORED, 18000, NULL },
	{ "6.1.1.0", INT, SNMP_FAKE_CONSERVE, 1, NULL },
	{ "6.2.1.0", INT, SNMP_FAKE_SWITCH_STAY, 1, "5.2.10.0" },
	{ "6.2.2.0", INT, SNMP_FAKE_SWITCH_RETURN, 1, "5.2.10.0" },
	{ "6.2.8.0", INT, SNMP_FAKE_SWITCH_CLOCK, 1, "5.2.10.0" }, END,
};

static const struct snmp_fake_row cyberpower_rows[] = {
	IDENTITY("1.3.6.1.4.1.3808.1.1.1"),
	{ "1.1.1.0", BER_STRING, SNMP_FAKE_FIXED, 0, "PR1500" },
	{ "2.1.1.0", INT, SNMP_FAKE_CHARGE, 0, NULL },
	{ "4.1.1.0", INT, SNMP_FAKE_SOURCE, 2, NULL },
	{ "5.2.9.0", SNMP_TIME_TICKS, SNMP_FAKE_STORED, 0, NULL },
	{ "5.2.10.0", SNMP_TIME_TICKS, SNMP_FAKE_STORED, 6000, NULL },
	{ "5.2.11.0", SNMP_TIME_TICKS, SNMP_FAKE_STORED, 9000, NULL },
	{ "6.1.1.0", INT, SNMP_FAKE_CONSERVE, 1, NULL },
	{ "6.2.1.0", INT, SNMP_FAKE_SWITCH_STAY, 1, "5.2.10.0" },
	{ "6.2.3.0", INT, SNMP_FAKE_SWITCH_RETURN, 1, "5.2.11.0" },
	{ "6.2.6.0", INT, SNMP_FAKE_STORED, 1, NULL }, END,
};

static const struct snmp_fake_row xups_rows[] = {
	IDENTITY("1.3.6.1.4.1.534.1"),
	{ "1.2.0", BER_STRING, SNMP_FAKE_FIXED, 0, "5PX" },
	{ "4.5.0", INT, SNMP_FAKE_SOURCE, 3, NULL },
	{ "9.1.0", INT, SNMP_FAKE_STAY, -1, NULL },
	{ "9.2.0", INT, SNMP_FAKE_STORED, -1, NULL },
	{ "9.6.0", INT, SNMP_FAKE_RETURN, -1, NULL }, END,
};

static const struct snmp_fake_row cpqpower_rows[] = {
	IDENTITY("1.3.6.1.4.1.232.165.3"),
	{ "1.1.0", BER_STRING, SNMP_FAKE_FIXED, 0, "HP" },
	{ "1.2.0", BER_STRING, SNMP_FAKE_FIXED, 0, "R3000" },
	{ "4.5.0", INT, SNMP_FAKE_SOURCE, 3, NULL },
	{ "8.1.0", INT, SNMP_FAKE_STAY, -1, NULL },
	{ "8.6.0", INT, SNMP_FAKE_RETURN, -1, NULL }, END,
};

static const struct snmp_fake_row delta_rows[] = {
	IDENTITY("1.3.6.1.4.1.2254.2.4"),
	{ "2.1.0", INT, SNMP_FAKE_STORED, 2, NULL },
	{ "2.2.0", INT, SNMP_FAKE_STORED, 2, NULL },
	{ "2.3.0", INT, SNMP_FAKE_COUNT, 0, "2.2.0" },
	{ "2.4.0", INT, SNMP_FAKE_STORED, 0, NULL },
	{ "5.1.0", INT, SNMP_FAKE_SOURCE, 0, NULL }, END,
};

static const struct snmp_fake_row xppc_rows[] = {
	IDENTITY("1.3.6.1.4.1.935.1"),
	{ "2.1.1.0", INT, SNMP_FAKE_CHARGE, 0, NULL },
	{ "4.1.1.0", INT, SNMP_FAKE_SOURCE, 2, NULL },
	{ "6.1.1.0", INT, SNMP_FAKE_CONSERVE, 1, NULL },
	{ "6.2.1.0", INT, SNMP_FAKE_SWITCH_STAY, 1, NULL },
	{ "6.2.3.0", INT, SNMP_FAKE_SWITCH_CLOCK, 1, NULL }, END,
};

static const struct snmp_fake_agent agents[] = {
	{ &snmp_fake_ietf, "1.3.6.1.2.1.33.1", 5, 2, ietf_rows },
	{ &snmp_fake_mge, "1.3.6.1.2.1.33.1", 5, 2, mge_rows },
	{ &snmp_fake_tripplite, "1.3.6.1.2.1.33.1", 5, 2, tripplite_rows },
	{ &snmp_fake_tripplite_old, "1.3.6.1.4.1.850.1.1.9", 0, 0,
	  tripplite_old_rows },
	{ &snmp_fake_tripplite_products, "1.3.6.1.4.1.850.1.1.3", 0, 0,
	  tripplite_products_rows },
	{ &snmp_fake_powernet, "1.3.6.1.4.1.318.1.1.1", 3, 7, powernet_rows },
	{ &snmp_fake_cyberpower, "1.3.6.1.4.1.3808.1.1.1", 3, 6,
	  cyberpower_rows },
	{ &snmp_fake_xups, "1.3.6.1.4.1.534.1", 5, 2, xups_rows },
	{ &snmp_fake_cpqpower, "1.3.6.1.4.1.232.165.3", 5, 2, cpqpower_rows },
	{ &snmp_fake_delta, "1.3.6.1.4.1.2254.2.4", 1, 7, delta_rows },
	{ &snmp_fake_xppc, "1.3.6.1.4.1.935.1.1.1", 3, 8, xppc_rows },
};
/* clang-format on */

const struct snmp_fake_agent *
snmp_fake_find_agent(const struct net_fake_kind *kind)
{
	for (size_t i = 0; i < sizeof(agents) / sizeof(agents[0]); i++) {
		if (agents[i].kind == kind)
			return &agents[i];
	}
	return &agents[0];
}
