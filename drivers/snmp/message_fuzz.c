// SPDX-License-Identifier: MIT
/* Fuzzes the messages of v1 and v2c: what is read can be written again. */
#include <assert.h>
#include <stddef.h>

#include "snmp/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t again[SNMP_MESSAGE_MAX];
	struct snmp_pdu pdu, back;
	int at;

	for (int version = SNMP_V1; version <= SNMP_V2C; version++) {
		if (snmp_read_message(bytes, len, version, &pdu) < 0)
			continue;
		assert(pdu.oid.len <= SNMP_OID_MAX);
		assert(pdu.value.len <= SNMP_BYTES_MAX);
		at = snmp_write_message(again, sizeof(again), version, "c",
					&pdu);
		assert(at >= 0);
		assert(snmp_read_message(again + at, sizeof(again) - (size_t)at,
					 version, &back) == 0);
		assert(back.id == pdu.id && back.error == pdu.error);
		assert(snmp_oid_is(&back.oid, &pdu.oid));
	}
	return 0;
}
