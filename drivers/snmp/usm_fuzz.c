// SPDX-License-Identifier: MIT
/*
 * Fuzzes the messages of v3: as they come, and signed, so that what is behind
 * the MAC is read, too. The first byte is the level.
 */
#include <assert.h>
#include <string.h>

#include "snmp/usm.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/** Find the number of a message, and the place of its MAC. */
static int usm_fuzz_find(const uint8_t *bytes, size_t len, int32_t *id,
			 struct ber *mac, size_t *whole)
{
	struct ber from = { bytes, len }, message, head, parameters, skipped;
	int32_t number;

	if (ber_take(&from, BER_SEQUENCE, &message) < 0 ||
	    ber_take_int(&message, &number) < 0 ||
	    ber_take(&message, BER_SEQUENCE, &head) < 0 ||
	    ber_take_int(&head, id) < 0 ||
	    ber_take(&message, BER_STRING, &parameters) < 0 ||
	    ber_take(&parameters, BER_SEQUENCE, &head) < 0 ||
	    ber_take(&head, BER_STRING, &skipped) < 0 ||
	    ber_take_int(&head, &number) < 0 ||
	    ber_take_int(&head, &number) < 0 ||
	    ber_take(&head, BER_STRING, &skipped) < 0 ||
	    ber_take(&head, BER_STRING, mac) < 0)
		return -1;
	*whole = len - from.len;
	return 0;
}

static void usm_fuzz_sign(const struct usm *usm, uint8_t *bytes, size_t whole,
			  const struct ber *mac)
{
	uint8_t right[USM_KEY_MAX];
	uint8_t *place = bytes + (mac->at - bytes);

	if (mac->len != usm_mac_len(usm->auth))
		return;
	memset(place, 0, mac->len);
	usm_sign(usm, bytes, whole, right);
	memcpy(place, right, mac->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t copy[SNMP_MESSAGE_MAX];
	struct usm_message message;
	struct usm usm = {
		.name_len = 2,
		.name = "me",
		.engine_len = 5,
		.engine = { 0x80, 0, 0, 0, 2 },
	};
	struct ber mac = { 0 };
	int32_t id = 0;
	size_t whole = 0;

	if (len < 1 || len - 1 > sizeof(copy))
		return 0;
	usm.level = bytes[0] & USM_AUTH ? bytes[0] & (USM_AUTH | USM_PRIV) : 0;
	usm.priv = bytes[0] >> 2 & 3;
	if (bytes[0] & 0x80)
		usm.engine_len = 0;
	len--;
	memcpy(copy, bytes + 1, len);
	if (usm_fuzz_find(copy, len, &id, &mac, &whole) == 0 &&
	    bytes[0] & USM_AUTH)
		usm_fuzz_sign(&usm, copy, whole, &mac);
	if (usm_read(&usm, copy, len, id, &message) == 0) {
		assert(usm.engine_len > 0 && usm.engine_len <= USM_ENGINE_MAX);
		assert(message.is_authentic || !(usm.level & USM_AUTH) ||
		       message.pdu.tag == SNMP_REPORT);
		assert(message.pdu.oid.len <= SNMP_OID_MAX);
	}
	return 0;
}
