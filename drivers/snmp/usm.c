// SPDX-License-Identifier: MIT
/* Keys, MACs and ciphers of SNMPv3. */
#include "snmp/usm.h"

#include <bearssl_block.h>
#include <bearssl_hash.h>
#include <bearssl_hmac.h>
#include <errno.h>
#include <string.h>

#define USM_PASSWORD_BYTES (1024 * 1024)
#define USM_BLOCK          16
#define USM_DES_BLOCK      8

static const struct usm_auth {
	char name[8];
	uint8_t mac_len;
	const br_hash_class *hash;
} usm_auths[] = {
	{ "MD5", 12, &br_md5_vtable },
	{ "SHA", 12, &br_sha1_vtable },
	{ "SHA224", 16, &br_sha224_vtable },
	{ "SHA256", 24, &br_sha256_vtable },
	{ "SHA384", 32, &br_sha384_vtable },
	{ "SHA512", 48, &br_sha512_vtable },
};

/* A key of 0 bytes: DES. */
static const struct usm_priv {
	char name[8];
	uint8_t key_len;
} usm_privs[] = {
	{ "DES", 0 },
	{ "AES", 16 },
	{ "AES192", 24 },
	{ "AES256", 32 },
};

int usm_find_auth(const char *name)
{
	for (size_t i = 0; i < sizeof(usm_auths) / sizeof(usm_auths[0]); i++) {
		if (!strcmp(usm_auths[i].name, name))
			return (int)i;
	}
	return -ENOENT;
}

int usm_find_priv(const char *name)
{
	for (size_t i = 0; i < sizeof(usm_privs) / sizeof(usm_privs[0]); i++) {
		if (!strcmp(usm_privs[i].name, name))
			return (int)i;
	}
	return -ENOENT;
}

size_t usm_mac_len(int auth)
{
	return usm_auths[auth].mac_len;
}

size_t usm_digest_len(int auth)
{
	return usm_auths[auth].hash->desc >> BR_HASHDESC_OUT_OFF &
	       BR_HASHDESC_OUT_MASK;
}

void usm_localize(int auth, const char *password, const uint8_t *engine,
		  size_t engine_len, uint8_t key[USM_KEY_MAX])
{
	const br_hash_class *hash = usm_auths[auth].hash;
	size_t digest_len = usm_digest_len(auth), len = strlen(password);
	br_hash_compat_context context;
	size_t left;

	hash->init(&context.vtable);
	for (left = USM_PASSWORD_BYTES; left > len; left -= len)
		hash->update(&context.vtable, password, len);
	hash->update(&context.vtable, password, left);
	hash->out(&context.vtable, key);

	hash->init(&context.vtable);
	hash->update(&context.vtable, key, digest_len);
	hash->update(&context.vtable, engine, engine_len);
	hash->update(&context.vtable, key, digest_len);
	hash->out(&context.vtable, key);
	explicit_bzero(&context, sizeof(context));
}

/**
 * AES with more than 128 bits wants more key than some hashes have bytes. As
 * net-snmp and most devices: that of draft-blumenthal-aes-usm-04.
 */
static void usm_extend(int auth, size_t key_len, uint8_t key[USM_KEY_MAX])
{
	const br_hash_class *hash = usm_auths[auth].hash;
	size_t digest_len = usm_digest_len(auth);
	br_hash_compat_context context;

	if (key_len <= digest_len)
		return;
	/* No hash here is so short that once would not do. */
	hash->init(&context.vtable);
	hash->update(&context.vtable, key, digest_len);
	hash->out(&context.vtable, key + digest_len);
	explicit_bzero(&context, sizeof(context));
}

void usm_derive(struct usm *usm, const char *auth_password,
		const char *priv_password)
{
	if (usm->level & USM_AUTH)
		usm_localize(usm->auth, auth_password, usm->engine,
			     usm->engine_len, usm->auth_key);
	if (usm->level & USM_PRIV) {
		usm_localize(usm->auth, priv_password, usm->engine,
			     usm->engine_len, usm->priv_key);
		usm_extend(usm->auth, usm_privs[usm->priv].key_len,
			   usm->priv_key);
	}
}

void usm_sign(const struct usm *usm, const uint8_t *bytes, size_t len,
	      uint8_t mac[USM_KEY_MAX])
{
	br_hmac_key_context key;
	br_hmac_context context;

	br_hmac_key_init(&key, usm_auths[usm->auth].hash, usm->auth_key,
			 usm_digest_len(usm->auth));
	br_hmac_init(&context, &key, 0);
	br_hmac_update(&context, bytes, len);
	(void)br_hmac_out(&context, mac);
	explicit_bzero(&key, sizeof(key));
	explicit_bzero(&context, sizeof(context));
}

size_t usm_block_len(const struct usm *usm)
{
	return usm_privs[usm->priv].key_len ? 1 : USM_DES_BLOCK;
}

/**
 * CFB with 128 bits. One block at a time is encrypted, by CBC of a block that
 * begins with zeros.
 */
static void usm_run_aes(const struct usm *usm, uint8_t iv[USM_BLOCK],
			uint8_t *bytes, size_t len, bool decrypt)
{
	br_aes_ct_cbcenc_keys keys;

	br_aes_ct_cbcenc_init(&keys, usm->priv_key,
			      usm_privs[usm->priv].key_len);
	for (size_t i = 0; i < len; i++) {
		uint8_t in = bytes[i];

		if (i % USM_BLOCK == 0) {
			uint8_t zeros[USM_BLOCK] = { 0 };

			br_aes_ct_cbcenc_run(&keys, zeros, iv, USM_BLOCK);
		}
		bytes[i] ^= iv[i % USM_BLOCK];
		iv[i % USM_BLOCK] = decrypt ? in : bytes[i];
	}
	explicit_bzero(&keys, sizeof(keys));
}

static void usm_run_des(const struct usm *usm, uint8_t iv[USM_DES_BLOCK],
			uint8_t *bytes, size_t len, bool decrypt)
{
	union {
		br_des_ct_cbcenc_keys encrypt;
		br_des_ct_cbcdec_keys decrypt;
	} keys;

	if (decrypt) {
		br_des_ct_cbcdec_init(&keys.decrypt, usm->priv_key,
				      USM_DES_BLOCK);
		br_des_ct_cbcdec_run(&keys.decrypt, iv, bytes, len);
	} else {
		br_des_ct_cbcenc_init(&keys.encrypt, usm->priv_key,
				      USM_DES_BLOCK);
		br_des_ct_cbcenc_run(&keys.encrypt, iv, bytes, len);
	}
	explicit_bzero(&keys, sizeof(keys));
}

static void usm_put32(uint8_t *to, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(number >> (24 - 8 * i));
}

static void usm_run(const struct usm *usm, int32_t boots, int32_t time,
		    const uint8_t salt[8], uint8_t *bytes, size_t len,
		    bool decrypt)
{
	uint8_t iv[USM_BLOCK];

	if (usm_privs[usm->priv].key_len) {
		usm_put32(iv, (uint32_t)boots);
		usm_put32(iv + 4, (uint32_t)time);
		memcpy(iv + 8, salt, 8);
		usm_run_aes(usm, iv, bytes, len, decrypt);
	} else {
		/* The second half of the key is what the salt is mixed with. */
		for (int i = 0; i < USM_DES_BLOCK; i++)
			iv[i] = salt[i] ^ usm->priv_key[USM_DES_BLOCK + i];
		usm_run_des(usm, iv, bytes, len, decrypt);
	}
}

void usm_encrypt(const struct usm *usm, int32_t boots, int32_t time,
		 const uint8_t salt[8], uint8_t *bytes, size_t len)
{
	usm_run(usm, boots, time, salt, bytes, len, false);
}

void usm_decrypt(const struct usm *usm, int32_t boots, int32_t time,
		 const uint8_t salt[8], uint8_t *bytes, size_t len)
{
	usm_run(usm, boots, time, salt, bytes, len, true);
}
