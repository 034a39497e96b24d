// SPDX-License-Identifier: MIT
/* Keys, ciphers and messages of SNMPv3; the vectors are of the standards. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "snmp/usm.h"

static const uint8_t engine[12] = { [11] = 2 };

static void check_hex(const uint8_t *bytes, size_t len, const char *hex)
{
	assert_int_equal(strlen(hex), 2 * len);
	for (size_t i = 0; i < len; i++) {
		char byte[3] = { hex[2 * i], hex[2 * i + 1] };

		assert_int_equal(bytes[i], strtoul(byte, NULL, 16));
	}
}

/* RFC 3414, A.3; the password and the engine of it for the other hashes. */
static void test_keys(void **state)
{
	static const struct {
		const char *name;
		size_t mac_len;
		const char *key;
	} cases[] = {
		{ "MD5", 12, "526f5eed9fcce26f8964c2930787d82b" },
		{ "SHA", 12, "6695febc9288e36282235fc7151f128497b38f3f" },
		{ "SHA224", 16,
		  "0bd8827c6e29f8065e08e09237f177e410f69b90e1782be682075674" },
		{ "SHA256", 24,
		  "8982e0e549e866db361a6b625d84cccc11162d453ee8ce3a6445c2d6776f0f8b" },
		{ "SHA384", 32,
		  "3b298f16164a11184279d5432bf169e2d2a48307de02b3d3f7e2b4f36eb6f0455a53689a3937eea07319a633d2ccba78" },
		{ "SHA512", 48,
		  "22a5a36cedfcc085807a128d7bc6c2382167ad6c0dbc5fdff856740f3d84c099ad1ea87a8db096714d9788bd544047c9021e4229ce27e4c0a69250adfcffbb0b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int auth = usm_find_auth(cases[i].name);
		uint8_t key[USM_KEY_MAX];

		assert_true(auth >= 0);
		assert_int_equal(usm_mac_len(auth), cases[i].mac_len);
		usm_localize(auth, "maplesyrup", engine, sizeof(engine), key);
		check_hex(key, usm_digest_len(auth), cases[i].key);
	}
	assert_int_equal(usm_find_auth("SHA1"), -ENOENT);
	assert_int_equal(usm_find_priv("ROT13"), -ENOENT);
}

static void check_cipher(const char *priv, const char *key, int32_t boots,
			 int32_t time, const char *salt, const char *plain,
			 size_t len, const char *hex)
{
	struct usm usm = { .priv = (uint8_t)usm_find_priv(priv) };
	uint8_t bytes[64];

	for (size_t i = 0; key[2 * i]; i++) {
		char byte[3] = { key[2 * i], key[2 * i + 1] };

		usm.priv_key[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
	memcpy(bytes, plain, len);
	usm_encrypt(&usm, boots, time, (const uint8_t *)salt, bytes, len);
	check_hex(bytes, len, hex);
	usm_decrypt(&usm, boots, time, (const uint8_t *)salt, bytes, len);
	assert_memory_equal(bytes, plain, len);
}

/* NIST SP 800-38A, F.3; FIPS 81. */
static void test_ciphers(void **state)
{
	static const char plain[] =
		"\x6b\xc1\xbe\xe2\x2e\x40\x9f\x96\xe9\x3d\x7e\x11\x73\x93\x17\x2a"
		"\xae\x2d\x8a\x57\x1e\x03\xac\x9c\x9e\xb7\x6f\xac\x45\xaf\x8e\x51";
	static const char salt[] = "\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f";

	(void)state;
	check_cipher(
		"AES", "2b7e151628aed2a6abf7158809cf4f3c", 0x00010203,
		0x04050607, salt, plain, 32,
		"3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b");
	check_cipher(
		"AES192", "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
		0x00010203, 0x04050607, salt, plain, 32,
		"cdc80d6fddf18cab34c25909c99a417467ce7f7f81173621961a2b70171d3d7a");
	check_cipher(
		"AES256",
		"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
		0x00010203, 0x04050607, salt, plain, 32,
		"dc7e84bfda79164b7ecd8486985d386039ffed143b28b1c832113c6331e5407b");
	/* Half a block at the end. */
	check_cipher("AES", "2b7e151628aed2a6abf7158809cf4f3c", 0x00010203,
		     0x04050607, salt, plain, 20,
		     "3b3fd92eb72dad20333449f8e83cfb4ac8a64537");
	/* With a second half of the key that leaves the salt as it is. */
	check_cipher("DES", "0123456789abcdef0000000000000000", 7, 9,
		     "\x12\x34\x56\x78\x90\xab\xcd\xef",
		     "Now is the time for all ", 24,
		     "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6");
}

/** Two ends that know each other. */
static void meet(struct usm *us, struct usm *agent, const char *auth,
		 const char *priv)
{
	*us = (struct usm){
		.level = USM_AUTH | (priv ? USM_PRIV : 0),
		.auth = (uint8_t)usm_find_auth(auth),
		.priv = priv ? (uint8_t)usm_find_priv(priv) : 0,
		.name_len = 2,
		.name = "me",
		.engine_len = sizeof(engine),
		.boots = 3,
		.time = 1000,
		.at_ms = clock_now_ms(),
		.salt = UINT64_MAX,
	};
	memcpy(us->engine, engine, sizeof(engine));
	usm_derive(us, "maplesyrup", "maplesyrup two");
	*agent = *us;
	agent->salt = 7;
}

static const struct snmp_pdu answer = {
	.tag = SNMP_RESPONSE,
	.id = 77,
	.oid = { .len = 3, .bytes = { 0x2b, 6, 1 } },
	.value = { .tag = BER_INTEGER, .number = 4711 },
};

static int tell(struct usm *from, struct usm *to, uint8_t *bytes,
		struct usm_message *message)
{
	uint8_t copy[SNMP_MESSAGE_MAX];
	int at = usm_write(from, copy, sizeof(copy), 5, &answer);

	assert_true(at > 0);
	memcpy(bytes, copy + at, sizeof(copy) - (size_t)at);
	memcpy(copy, bytes, sizeof(copy) - (size_t)at);
	assert_int_equal(
		usm_read(to, copy, sizeof(copy) - (size_t)at, 5, message), 0);
	return (int)sizeof(copy) - at;
}

static void test_messages(void **state)
{
	static const char *const auths[] = { "MD5",    "SHA",    "SHA224",
					     "SHA256", "SHA384", "SHA512" };
	static const char *const privs[] = { NULL, "DES", "AES", "AES192",
					     "AES256" };

	(void)state;
	for (size_t i = 0; i < 6 * 5; i++) {
		uint8_t bytes[SNMP_MESSAGE_MAX], again[SNMP_MESSAGE_MAX];
		struct usm us, agent;
		struct usm_message message;
		int len;

		meet(&us, &agent, auths[i / 5], privs[i % 5]);
		len = tell(&agent, &us, bytes, &message);
		assert_true(message.is_authentic);
		assert_int_equal(message.pdu.id, 77);
		assert_int_equal(message.pdu.value.number, 4711);
		/* Whichever bit is another one, it is not believed. */
		for (int bit = 0; bit < 8 * len; bit++) {
			memcpy(again, bytes, (size_t)len);
			again[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_equal(
				usm_read(&us, again, (size_t)len, 5, &message),
				-EPROTO);
		}
		/* The salt counts, so no two are the same. */
		memcpy(again, bytes, (size_t)len);
		(void)tell(&agent, &us, bytes, &message);
		assert_true((i % 5 == 0) ==
			    (memcmp(again, bytes, (size_t)len) == 0));
	}
}

static void test_replays(void **state)
{
	uint8_t bytes[SNMP_MESSAGE_MAX], again[SNMP_MESSAGE_MAX];
	struct usm us, agent;
	struct usm_message message;
	int len;

	(void)state;
	meet(&us, &agent, "SHA", "AES");
	len = tell(&agent, &us, bytes, &message);
	/* Of another question. */
	memcpy(again, bytes, (size_t)len);
	assert_int_equal(usm_read(&us, again, (size_t)len, 6, &message),
			 -EPROTO);
	/* Of another time: it has begun anew, or time has passed. */
	us.time += 151;
	memcpy(again, bytes, (size_t)len);
	assert_int_equal(usm_read(&us, again, (size_t)len, 5, &message),
			 -EPROTO);
	us.time -= 10;
	memcpy(again, bytes, (size_t)len);
	assert_int_equal(usm_read(&us, again, (size_t)len, 5, &message), 0);
	us.boots++;
	memcpy(again, bytes, (size_t)len);
	assert_int_equal(usm_read(&us, again, (size_t)len, 5, &message),
			 -EPROTO);
	agent.boots = us.boots + 1;
	agent.time = 0;
	(void)tell(&agent, &us, bytes, &message);
	assert_int_equal(us.boots, agent.boots);
	assert_int_equal(us.time, 0);
}

/* Who answers in the clear, or to another user, is somebody else. */
static void test_weaker_answers(void **state)
{
	uint8_t bytes[SNMP_MESSAGE_MAX];
	struct usm us, agent, other;
	struct usm_message message;
	struct snmp_pdu report = answer;
	int at;

	(void)state;
	meet(&us, &agent, "SHA256", "AES");
	other = agent;
	other.level = USM_AUTH;
	at = usm_write(&other, bytes, sizeof(bytes), 5, &answer);
	assert_int_equal(usm_read(&us, bytes + at, sizeof(bytes) - (size_t)at,
				  5, &message),
			 -EPROTO);
	other.level = 0;
	at = usm_write(&other, bytes, sizeof(bytes), 5, &answer);
	assert_int_equal(usm_read(&us, bytes + at, sizeof(bytes) - (size_t)at,
				  5, &message),
			 -EPROTO);
	other = agent;
	other.name[0] = 'n';
	at = usm_write(&other, bytes, sizeof(bytes), 5, &answer);
	assert_int_equal(usm_read(&us, bytes + at, sizeof(bytes) - (size_t)at,
				  5, &message),
			 -EPROTO);
	/* But a report may come so: who does not know us has no key. */
	report.tag = SNMP_REPORT;
	report.oid.len = 0;
	(void)snmp_add_oid(&report.oid, "1.3.6.1.6.3.15.1.1.3.0");
	other.level = 0;
	at = usm_write(&other, bytes, sizeof(bytes), 5, &report);
	assert_int_equal(usm_read(&us, bytes + at, sizeof(bytes) - (size_t)at,
				  5, &message),
			 0);
	assert_int_equal(message.report, USM_UNKNOWN_USER);
	assert_false(message.is_authentic);
	assert_false(us.is_synced);
}

static void test_who_is_there(void **state)
{
	uint8_t bytes[SNMP_MESSAGE_MAX];
	struct usm us, agent;
	struct usm_message message;
	struct snmp_pdu pdu = { .tag = SNMP_GET, .id = 5 };
	int at;

	(void)state;
	meet(&us, &agent, "MD5", NULL);
	us.engine_len = 0;
	at = usm_write(&us, bytes, sizeof(bytes), 5, &pdu);
	/* Nobody in particular asks nobody in particular. */
	assert_null(memmem(bytes + at, sizeof(bytes) - (size_t)at, us.name,
			   us.name_len));
	assert_null(memmem(bytes + at, sizeof(bytes) - (size_t)at, engine,
			   sizeof(engine)));
	agent.level = 0;
	agent.name_len = 0;
	pdu.tag = SNMP_REPORT;
	at = usm_write(&agent, bytes, sizeof(bytes), 5, &pdu);
	assert_int_equal(usm_read(&us, bytes + at, sizeof(bytes) - (size_t)at,
				  5, &message),
			 0);
	assert_int_equal(us.engine_len, sizeof(engine));
	assert_memory_equal(us.engine, engine, sizeof(engine));
	assert_int_equal(us.boots, 3);
	assert_false(us.is_synced);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_ciphers),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_replays),
		cmocka_unit_test(test_weaker_answers),
		cmocka_unit_test(test_who_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
