// SPDX-License-Identifier: MIT
/* Fuzzes what a card may answer, from single bits to whole messages. */
#include <string.h>

#include "link/line_fuzz.h"
#include "snmp/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define ANSWER_RAW_BIT  0x80
#define ANSWER_NEXT_BIT 0x40

/** Whatever it is. */
static size_t snmp_fuzz_raw(uint8_t *answer, size_t size)
{
	size_t len = line_fuzz_next();

	if (len > size)
		len = size;
	for (size_t i = 0; i < len; i++)
		answer[i] = line_fuzz_next();
	return len;
}

/** The answer to that question, with an error and a value of our own. */
static size_t snmp_fuzz_answer(const uint8_t *question, size_t len,
			       uint8_t *answer, size_t size)
{
	uint8_t how = line_fuzz_next();
	struct snmp_pdu pdu;
	int at;

	if (how & ANSWER_RAW_BIT ||
	    snmp_read_message(question, len, SNMP_V2C, &pdu) < 0)
		return snmp_fuzz_raw(answer, size);
	pdu.tag = SNMP_RESPONSE;
	pdu.error = how & 0x1f;
	if (how & ANSWER_NEXT_BIT && pdu.oid.len < SNMP_OID_MAX)
		pdu.oid.bytes[pdu.oid.len++] = line_fuzz_next() & 0x7f;
	pdu.value.tag = line_fuzz_next();
	pdu.value.number = line_fuzz_next() - 128;
	pdu.value.len = line_fuzz_next() % SNMP_BYTES_MAX;
	for (int i = 0; i < pdu.value.len; i++)
		pdu.value.bytes[i] = line_fuzz_next();
	at = snmp_write_message(answer, size, SNMP_V2C, "public", &pdu);
	if (at < 0)
		return 0;
	memmove(answer, answer + at, size - (size_t)at);
	return size - (size_t)at;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	line_fuzz_net("snmp-ups", "snmp_version = v2c\noffdelay = 60",
		      snmp_fuzz_answer, bytes, len);
	return 0;
}
