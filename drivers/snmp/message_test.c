// SPDX-License-Identifier: MIT
/* BER and the messages of v1 and v2c, in bytes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "snmp/message.h"
#include "snmp/mibs.h"

static struct snmp_oid oid_of(const char *text)
{
	struct snmp_oid oid = { 0 };

	assert_int_equal(snmp_add_oid(&oid, text), 0);
	return oid;
}

static void check_message(int version, const char *community,
			  const struct snmp_pdu *pdu, const char *bytes,
			  size_t len)
{
	uint8_t message[SNMP_MESSAGE_MAX];
	struct snmp_pdu back;
	int at = snmp_write_message(message, sizeof(message), version,
				    community, pdu);

	assert_int_equal(sizeof(message) - (size_t)at, len);
	assert_memory_equal(message + at, bytes, len);
	assert_int_equal(snmp_read_message(message + at, len, version, &back),
			 0);
	assert_int_equal(back.tag, pdu->tag);
	assert_int_equal(back.id, pdu->id);
	assert_true(snmp_oid_is(&back.oid, &pdu->oid));
	assert_int_equal(back.value.number, pdu->value.number);
	assert_int_equal(snmp_read_message(message + at, len, version ^ 1, &back),
			 -EPROTO);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(
			snmp_read_message(message + at, i, version, &back),
			-EPROTO);
}

static void test_known_messages(void **state)
{
	struct snmp_pdu pdu = {
		.tag = SNMP_SET,
		.id = 1,
		.oid = oid_of(".1.3.6.1.2.1.33.1.8.2.0"),
		.value = { .tag = BER_INTEGER, .number = 20 },
	};

	(void)state;
	check_message(SNMP_V1, "private", &pdu,
		      "\x30\x2a\x02\x01\x00\x04\x07private\xa3\x1c\x02\x01\x01"
		      "\x02\x01\x00\x02\x01\x00\x30\x11\x30\x0f\x06\x0a\x2b\x06"
		      "\x01\x02\x01\x21\x01\x08\x02\x00\x02\x01\x14",
		      44);
	pdu.oid = oid_of("1.3.6.1.4.1.534.1.9.6.0");
	pdu.value.number = 300;
	check_message(SNMP_V1, "private", &pdu,
		      "\x30\x2c\x02\x01\x00\x04\x07private\xa3\x1e\x02\x01\x01"
		      "\x02\x01\x00\x02\x01\x00\x30\x13\x30\x11\x06\x0b\x2b\x06"
		      "\x01\x04\x01\x84\x16\x01\x09\x06\x00\x02\x02\x01\x2c",
		      46);
	pdu = (struct snmp_pdu){
		.tag = SNMP_GET,
		.id = 3,
		.oid = oid_of("1.3.6.1.2.1.1.2.0"),
	};
	check_message(SNMP_V2C, "public", &pdu,
		      "\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x03"
		      "\x02\x01\x00\x02\x01\x00\x30\x0e\x30\x0c\x06\x08\x2b\x06"
		      "\x01\x02\x01\x01\x02\x00\x05\x00",
		      40);
}

static void test_numbers(void **state)
{
	static const struct {
		int32_t number;
		const char *bytes;
		size_t len;
	} cases[] = {
		{ 0, "\x02\x01\x00", 3 },
		{ 127, "\x02\x01\x7f", 3 },
		{ 128, "\x02\x02\x00\x80", 4 },
		{ -1, "\x02\x01\xff", 3 },
		{ -128, "\x02\x01\x80", 3 },
		{ -129, "\x02\x02\xff\x7f", 4 },
		{ INT32_MAX, "\x02\x04\x7f\xff\xff\xff", 6 },
		{ INT32_MIN, "\x02\x04\x80\x00\x00\x00", 6 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t bytes[8];
		struct ber_writer to;
		struct ber from;
		int32_t number;

		ber_start(&to, bytes, sizeof(bytes));
		ber_put_number(&to, BER_INTEGER, cases[i].number);
		assert_int_equal(sizeof(bytes) - to.at, cases[i].len);
		assert_memory_equal(bytes + to.at, cases[i].bytes, cases[i].len);
		from = (struct ber){ bytes + to.at, cases[i].len };
		assert_int_equal(ber_take_int(&from, &number), 0);
		assert_int_equal(number, cases[i].number);
	}
}

static void test_lengths(void **state)
{
	static const uint8_t bad[][7] = {
		{ 0x04, 0x80, 0, 0 },          /* until its end */
		{ 0x04, 0x85, 0, 0, 0, 0, 0 }, /* too long a length */
		{ 0x04, 0x06, 0, 0, 0, 0, 0 }, /* beyond the end */
		{ 0x04, 0x84, 0xff, 0xff, 0xff, 0xff },
	};
	static const uint8_t zeros[260];
	uint8_t bytes[300];
	struct ber_writer to;
	struct ber from, content;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		from = (struct ber){ bad[i], sizeof(bad[i]) };
		assert_int_equal(ber_take(&from, BER_STRING, &content), -EPROTO);
	}
	/* Not the shortest: net-snmp and others write them. */
	from = (struct ber){ (const uint8_t *)"\x30\x82\x00\x01\x00", 5 };
	assert_int_equal(ber_take(&from, BER_SEQUENCE, &content), 0);
	assert_int_equal(content.len, 1);
	ber_start(&to, bytes, sizeof(bytes));
	ber_put_bytes(&to, BER_STRING, zeros, 200);
	assert_memory_equal(bytes + to.at, "\x04\x81\xc8", 3);
	ber_start(&to, bytes, sizeof(bytes));
	ber_put_bytes(&to, BER_STRING, zeros, 260);
	assert_memory_equal(bytes + to.at, "\x04\x82\x01\x04", 4);
	ber_put_bytes(&to, BER_STRING, zeros, 260);
	assert_true(to.is_full);
}

static void test_names(void **state)
{
	struct snmp_oid oid = oid_of("1.3.6.1.4.1.4294967295.128.127");
	struct snmp_oid none = { 0 };

	(void)state;
	assert_int_equal(oid.len, 5 + 5 + 2 + 1);
	assert_memory_equal(
		oid.bytes,
		"\x2b\x06\x01\x04\x01\x8f\xff\xff\xff\x7f\x81\x00\x7f", 13);
	assert_int_equal(snmp_add_oid(&none, "1.x"), -EINVAL);
	assert_int_equal(snmp_add_oid(&none, "1.3..1"), -EINVAL);
}

/* A table with a slip in it would ask for something else, or for nothing. */
static void test_the_tables_are_sound(void **state)
{
	(void)state;
	for (int i = 1; i < SNMP_TABLES; i++) {
		struct snmp_oid oid = oid_of(snmp_tables[i].base);

		assert_int_equal(snmp_add_oid(&oid, snmp_tables[i].source), 0);
		assert_int_equal(snmp_add_oid(&oid, snmp_tables[i].charge), 0);
		assert_int_equal(snmp_tables[i].mains & snmp_tables[i].battery,
				 0);
	}
	for (size_t i = 0; i < snmp_rung_count; i++) {
		const struct snmp_rung *rung = &snmp_rungs[i];
		struct snmp_oid oid = oid_of(snmp_tables[rung->table].base);
		int last = 0;

		assert_int_equal(
			snmp_add_oid(&oid, snmp_tables[rung->table].control), 0);

		while (rung->step[last].kind != SNMP_ORDER)
			assert_true(++last < SNMP_STEPS_MAX);
		for (int k = 0; k <= last; k++) {
			struct snmp_oid whole = oid;

			assert_int_equal(
				snmp_add_oid(&whole, rung->step[k].object), 0);
			assert_int_not_equal(rung->step[k].kind, SNMP_END);
			/* As long as its place: no end, and no room. */
			assert_non_null(memchr(rung->step[k].object, 0,
					       sizeof(rung->step[k].object)));
		}
		assert_non_null(memchr(rung->how, 0, sizeof(rung->how)));
	}
	for (size_t i = 0; i < snmp_mib_count; i++) {
		(void)oid_of(snmp_mibs[i].card);
		assert_non_null(memchr(snmp_mibs[i].names, 0,
				       sizeof(snmp_mibs[i].names)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_messages),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_the_tables_are_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
