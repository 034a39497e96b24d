/* SPDX-License-Identifier: MIT */
/*
 * The User-based Security Model of SNMPv3 (RFC 3414, 3826, 7860): whose
 * message it is, that it is fresh, and what it hides. Hashes and ciphers are
 * BearSSL's.
 */
#ifndef SNMP_USM_H
#define SNMP_USM_H

#include "base/clock.h"
#include "snmp/message.h"

#define USM_NAME_MAX     32
#define USM_ENGINE_MAX   32
#define USM_KEY_MAX      64
#define USM_PASSWORD_MIN 8

/** A level is these bits of msgFlags. */
#define USM_AUTH       0x01
#define USM_PRIV       0x02
#define USM_REPORTABLE 0x04

/** Why an agent reports instead of answering: the last number of usmStats. */
enum usm_report {
	USM_OTHER_REPORT = 0,
	USM_BAD_LEVEL = 1,
	USM_NOT_IN_WINDOW = 2,
	USM_UNKNOWN_USER = 3,
	USM_UNKNOWN_ENGINE = 4,
	USM_WRONG_DIGEST = 5,
	USM_DECRYPTION_ERROR = 6,
};

struct usm {
	uint8_t level;
	uint8_t auth, priv; /* of usm_find_auth(), usm_find_priv() */
	uint8_t name_len;
	uint8_t engine_len; /* 0: not known yet */
	char name[USM_NAME_MAX];
	uint8_t engine[USM_ENGINE_MAX];
	/* The agent's clock, and when it was that late. */
	int32_t boots, time;
	int64_t at_ms;
	bool is_synced; /* an authentic message has said so */
	uint64_t salt;  /* never the same twice for a key */
	uint8_t auth_key[USM_KEY_MAX];
	uint8_t priv_key[USM_KEY_MAX];
};

/** A message that came. */
struct usm_message {
	bool is_authentic;
	enum usm_report report; /* of a REPORT */
	struct snmp_pdu pdu;
};

/** The protocols by NUT's names for them, or -ENOENT. */
int usm_find_auth(const char *name);
int usm_find_priv(const char *name);

/**
 * Keys for the engine that @usm knows, from passwords; what the level does
 * not need may be NULL. This hashes a megabyte for each.
 */
void usm_derive(struct usm *usm, const char *auth_password,
		const char *priv_password);

/**
 * A whole message. Returns its first byte in @bytes, whose last one is at
 * @size; or -EMSGSIZE.
 */
int usm_write(struct usm *usm, uint8_t *bytes, size_t size, int32_t id,
	      const struct snmp_pdu *pdu);

/**
 * Read what came in answer to message @id, and note the agent's clock when it
 * is authentic. While the engine is not known it is learned. @bytes are spoilt.
 * Returns 0, or -EPROTO for what is not meant for us or not to be trusted; of
 * that which is not authentic only a report is let through.
 */
int usm_read(struct usm *usm, uint8_t *bytes, size_t len, int32_t id,
	     struct usm_message *message);

/* For them, and for the tests. */

/** Bytes of a MAC and of a key. */
size_t usm_mac_len(int auth);
size_t usm_digest_len(int auth);

/** RFC 3414, A.2: a password becomes a key for one engine. */
void usm_localize(int auth, const char *password, const uint8_t *engine,
		  size_t engine_len, uint8_t key[USM_KEY_MAX]);

/** HMAC over a message whose own place for it holds zeros. */
void usm_sign(const struct usm *usm, const uint8_t *bytes, size_t len,
	      uint8_t mac[USM_KEY_MAX]);

/**
 * Encrypt or decrypt in place with what goes with @salt. For DES @len is a
 * multiple of 8.
 */
void usm_encrypt(const struct usm *usm, int32_t boots, int32_t time,
		 const uint8_t salt[8], uint8_t *bytes, size_t len);
void usm_decrypt(const struct usm *usm, int32_t boots, int32_t time,
		 const uint8_t salt[8], uint8_t *bytes, size_t len);

/** What the length of encrypted bytes must be a multiple of. */
size_t usm_block_len(const struct usm *usm);

#endif
