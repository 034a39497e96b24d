// SPDX-License-Identifier: MIT
/* Messages of SNMPv3 (RFC 3412) with the parameters of its USM (RFC 3414). */
#include <errno.h>
#include <string.h>

#include "snmp/usm.h"

#define USM_MODEL    3
#define USM_SALT_LEN 8
#define USM_WINDOW_S 150

/** What stands in front of the PDU. */
struct usm_header {
	uint8_t flags;
	int32_t id;
	int32_t boots, time;
	size_t engine_len, name_len, salt_len;
	uint8_t engine[USM_ENGINE_MAX];
	uint8_t name[USM_NAME_MAX];
	uint8_t salt[USM_SALT_LEN];
	struct ber mac; /* where it is in the message */
};

/** The agent's clock now, as far as we know it. */
static int32_t usm_time_now(const struct usm *usm)
{
	int64_t time = usm->time + (clock_now_ms() - usm->at_ms) / 1000;

	return time > INT32_MAX ? INT32_MAX : (int32_t)time;
}

static void usm_write_scoped(const struct usm *usm, struct ber_writer *to,
			     const struct snmp_pdu *pdu)
{
	size_t end = to->at;

	snmp_write_pdu(to, pdu);
	ber_put_bytes(to, BER_STRING, NULL, 0); /* contextName */
	ber_put_bytes(to, BER_STRING, usm->engine, usm->engine_len);
	ber_put_head(to, BER_SEQUENCE, end);
}

/** Each salt once: what it begins with is random, and then it counts. */
static void usm_next_salt(struct usm *usm, int32_t boots,
			  uint8_t salt[USM_SALT_LEN])
{
	uint64_t number = usm->salt++;

	if (usm_block_len(usm) > 1) /* DES: boots, and half of it */
		number = (uint64_t)(uint32_t)boots << 32 | (uint32_t)number;
	for (int i = 0; i < USM_SALT_LEN; i++)
		salt[i] = (uint8_t)(number >> (56 - 8 * i));
}

/** The PDU, encrypted: it begins at the end, so its padding does, too. */
static void usm_write_encrypted(struct usm *usm, struct ber_writer *to,
				const struct snmp_pdu *pdu, int32_t time,
				uint8_t salt[USM_SALT_LEN])
{
	static const uint8_t zeros[USM_SALT_LEN];
	size_t end = to->at, block = usm_block_len(usm), len;
	struct ber_writer measure = *to;

	usm_write_scoped(usm, &measure, pdu);
	len = end - measure.at;
	ber_put(to, zeros, (block - len % block) % block);
	usm_write_scoped(usm, to, pdu);
	usm_next_salt(usm, usm->boots, salt);
	usm_encrypt(usm, usm->boots, time, salt, to->bytes + to->at,
		    end - to->at);
	ber_put_head(to, BER_STRING, end);
}

/** Returns where the MAC has to go. */
static size_t usm_write_parameters(const struct usm *usm, struct ber_writer *to,
				   const struct usm_header *header)
{
	static const uint8_t zeros[USM_KEY_MAX];
	size_t end = to->at, mac_at;

	ber_put_bytes(to, BER_STRING, header->salt, header->salt_len);
	ber_put(to, zeros, header->mac.len);
	mac_at = to->at;
	ber_put_head(to, BER_STRING, mac_at + header->mac.len);
	ber_put_bytes(to, BER_STRING, header->name, header->name_len);
	ber_put_number(to, BER_INTEGER, header->time);
	ber_put_number(to, BER_INTEGER, header->boots);
	ber_put_bytes(to, BER_STRING, usm->engine, usm->engine_len);
	ber_put_head(to, BER_SEQUENCE, end);
	ber_put_head(to, BER_STRING, end);
	return mac_at;
}

static void usm_write_head(struct ber_writer *to,
			   const struct usm_header *header)
{
	size_t end = to->at;

	ber_put_number(to, BER_INTEGER, USM_MODEL);
	ber_put_bytes(to, BER_STRING, &header->flags, 1);
	ber_put_number(to, BER_INTEGER, SNMP_MESSAGE_MAX);
	ber_put_number(to, BER_INTEGER, header->id);
	ber_put_head(to, BER_SEQUENCE, end);
	ber_put_number(to, BER_INTEGER, SNMP_V3);
	ber_put_head(to, BER_SEQUENCE, to->size);
}

int usm_write(struct usm *usm, uint8_t *bytes, size_t size, int32_t id,
	      const struct snmp_pdu *pdu)
{
	struct usm_header header = { .flags = USM_REPORTABLE, .id = id };
	uint8_t mac[USM_KEY_MAX];
	struct ber_writer to;
	size_t mac_at;

	/* Who is not known yet is asked by nobody in particular. */
	if (usm->engine_len > 0) {
		header.flags |= usm->level;
		header.boots = usm->boots;
		header.time = usm_time_now(usm);
		header.name_len = usm->name_len;
		memcpy(header.name, usm->name, usm->name_len);
	}
	if (header.flags & USM_AUTH)
		header.mac.len = usm_mac_len(usm->auth);
	ber_start(&to, bytes, size);
	if (header.flags & USM_PRIV) {
		header.salt_len = USM_SALT_LEN;
		usm_write_encrypted(usm, &to, pdu, header.time, header.salt);
	} else {
		usm_write_scoped(usm, &to, pdu);
	}
	mac_at = usm_write_parameters(usm, &to, &header);
	usm_write_head(&to, &header);
	if (to.is_full)
		return -EMSGSIZE;
	if (header.mac.len > 0) {
		usm_sign(usm, bytes + to.at, size - to.at, mac);
		memcpy(bytes + mac_at, mac, header.mac.len);
	}
	return (int)to.at;
}

static int usm_read_parameters(struct ber *from, struct usm_header *header)
{
	struct ber wrapped, parameters;

	if (ber_take(from, BER_STRING, &wrapped) < 0 ||
	    ber_take(&wrapped, BER_SEQUENCE, &parameters) < 0 ||
	    ber_take_bytes(&parameters, header->engine, sizeof(header->engine),
			   &header->engine_len) < 0 ||
	    ber_take_int(&parameters, &header->boots) < 0 ||
	    ber_take_int(&parameters, &header->time) < 0 || header->boots < 0 ||
	    header->time < 0 ||
	    ber_take_bytes(&parameters, header->name, sizeof(header->name),
			   &header->name_len) < 0 ||
	    ber_take(&parameters, BER_STRING, &header->mac) < 0)
		return -EPROTO;
	return ber_take_bytes(&parameters, header->salt, sizeof(header->salt),
			      &header->salt_len);
}

/** Up to the PDU, or what hides it. */
static int usm_read_header(struct ber *message, struct usm_header *header)
{
	int32_t version, size, model;
	size_t flags_len;
	struct ber head;

	if (ber_take_int(message, &version) < 0 || version != SNMP_V3 ||
	    ber_take(message, BER_SEQUENCE, &head) < 0 ||
	    ber_take_int(&head, &header->id) < 0 ||
	    ber_take_int(&head, &size) < 0 ||
	    ber_take_bytes(&head, &header->flags, 1, &flags_len) < 0 ||
	    flags_len != 1 || ber_take_int(&head, &model) < 0 ||
	    model != USM_MODEL)
		return -EPROTO;
	return usm_read_parameters(message, header);
}

static bool usm_same(const uint8_t *a, const uint8_t *b, size_t len)
{
	uint8_t differs = 0;

	for (size_t i = 0; i < len; i++)
		differs |= a[i] ^ b[i];
	return differs == 0;
}

/** Is its MAC that of our key? Leaves zeros in its place. */
static bool usm_is_authentic(const struct usm *usm, uint8_t *bytes, size_t len,
			     const struct usm_header *header)
{
	uint8_t came[USM_KEY_MAX], mac[USM_KEY_MAX];
	size_t mac_len = usm_mac_len(usm->auth);

	if (header->mac.len != mac_len)
		return false;
	memcpy(came, header->mac.at, mac_len);
	memset(bytes + (header->mac.at - bytes), 0, mac_len);
	usm_sign(usm, bytes, len, mac);
	return usm_same(came, mac, mac_len);
}

/** Is it as late there as we think? Older messages are somebody's replay. */
static bool usm_is_fresh(const struct usm *usm, const struct usm_header *header)
{
	if (!usm->is_synced)
		return true;
	return header->boots > usm->boots ||
	       (header->boots == usm->boots &&
		header->time + (int64_t)USM_WINDOW_S >= usm_time_now(usm));
}

static void usm_set_clock(struct usm *usm, const struct usm_header *header)
{
	usm->boots = header->boots;
	usm->time = header->time;
	usm->at_ms = clock_now_ms();
}

/** From whom, and with what right? */
static int usm_judge(const struct usm *usm, uint8_t *bytes, size_t len,
		     const struct usm_header *header,
		     struct usm_message *message)
{
	if (usm->engine_len == 0)
		return header->engine_len == 0 || header->flags & USM_AUTH
			       ? -EPROTO
			       : 0;
	if (header->flags & USM_AUTH) {
		if (!(usm->level & USM_AUTH) ||
		    header->engine_len != usm->engine_len ||
		    memcmp(header->engine, usm->engine, usm->engine_len) != 0 ||
		    header->name_len != usm->name_len ||
		    memcmp(header->name, usm->name, usm->name_len) != 0 ||
		    !usm_is_authentic(usm, bytes, len, header))
			return -EPROTO;
		message->is_authentic = true;
	}
	return 0;
}

/** Who it is. Its clock is a guess, until it is signed. */
static void usm_learn(struct usm *usm, const struct usm_header *header)
{
	usm->engine_len = (uint8_t)header->engine_len;
	memcpy(usm->engine, header->engine, header->engine_len);
	usm_set_clock(usm, header);
}

/** Open what is encrypted, and read it. */
static int usm_read_data(const struct usm *usm, uint8_t *bytes, struct ber *from,
			 const struct usm_header *header, struct snmp_pdu *pdu)
{
	struct ber scoped, hidden, skipped;

	if (header->flags & USM_PRIV) {
		if (!(usm->level & USM_PRIV) ||
		    ber_take(from, BER_STRING, &hidden) < 0 ||
		    header->salt_len != USM_SALT_LEN ||
		    hidden.len % usm_block_len(usm))
			return -EPROTO;
		usm_decrypt(usm, header->boots, header->time, header->salt,
			    bytes + (hidden.at - bytes), hidden.len);
		*from = hidden;
	}
	if (ber_take(from, BER_SEQUENCE, &scoped) < 0 ||
	    ber_take(&scoped, BER_STRING, &skipped) < 0 ||
	    ber_take(&scoped, BER_STRING, &skipped) < 0)
		return -EPROTO;
	return snmp_read_pdu(&scoped, pdu);
}

static enum usm_report usm_read_report(const struct snmp_pdu *pdu)
{
	struct snmp_oid stats = { 0 };
	uint8_t which;

	/* usmStats.N.0 */
	(void)snmp_add_oid(&stats, "1.3.6.1.6.3.15.1.1");
	if (!snmp_oid_is_below(&pdu->oid, &stats) ||
	    pdu->oid.len != stats.len + 2)
		return USM_OTHER_REPORT;
	which = pdu->oid.bytes[stats.len];
	return which <= USM_DECRYPTION_ERROR ? (enum usm_report)which
					     : USM_OTHER_REPORT;
}

int usm_read(struct usm *usm, uint8_t *bytes, size_t len, int32_t id,
	     struct usm_message *message)
{
	struct ber from = { bytes, len }, content;
	struct usm_header header = { 0 };
	uint8_t level;

	memset(message, 0, sizeof(*message));
	if (ber_take(&from, BER_SEQUENCE, &content) < 0 ||
	    usm_read_header(&content, &header) < 0 || header.id != id)
		return -EPROTO;
	/* The MAC is over the message, without what may be behind it. */
	len -= from.len;
	level = header.flags & (USM_AUTH | USM_PRIV);
	if (level == USM_PRIV ||
	    usm_judge(usm, bytes, len, &header, message) < 0 ||
	    usm_read_data(usm, bytes, &content, &header, &message->pdu) < 0)
		return -EPROTO;
	if (usm->engine_len == 0)
		usm_learn(usm, &header);
	if (message->pdu.tag == SNMP_REPORT)
		message->report = usm_read_report(&message->pdu);
	else if (level != usm->level)
		return -EPROTO;
	/* A report about the clock is fresh by the number of our message. */
	if (message->is_authentic) {
		if (message->report != USM_NOT_IN_WINDOW &&
		    !usm_is_fresh(usm, &header))
			return -EPROTO;
		usm_set_clock(usm, &header);
		usm->is_synced = true;
	}
	return 0;
}
