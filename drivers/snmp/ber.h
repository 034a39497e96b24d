/* SPDX-License-Identifier: MIT */
/*
 * ASN.1 in the Basic Encoding Rules, as far as SNMP uses them: tags of one
 * byte, definite lengths. Reading never goes beyond what it was given;
 * writing begins at the end of a buffer, for a length is known only when
 * what it counts is written.
 */
#ifndef SNMP_BER_H
#define SNMP_BER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BER_INTEGER  0x02
#define BER_STRING   0x04
#define BER_NULL     0x05
#define BER_OID      0x06
#define BER_SEQUENCE 0x30

/** Bytes that are still to be read. */
struct ber {
	const uint8_t *at;
	size_t len;
};

/** Take the next element, whatever it is. Returns 0 or -EPROTO. */
int ber_take_any(struct ber *from, uint8_t *tag, struct ber *content);

/** The same, and its tag has to be @tag. */
int ber_take(struct ber *from, uint8_t tag, struct ber *content);

/** An integer that fits into 32 bits, with sign. */
int ber_take_int(struct ber *from, int32_t *number);

/** The number in the content of an INTEGER, Counter, Gauge or TimeTicks. */
int ber_read_number(struct ber content, int64_t *number);

/** A string of at most @size bytes. */
int ber_take_bytes(struct ber *from, uint8_t *bytes, size_t size, size_t *len);

struct ber_writer {
	uint8_t *bytes;
	size_t size;
	size_t at;    /* the first byte that is written */
	bool is_full; /* something did not fit: all of it is void */
};

void ber_start(struct ber_writer *to, uint8_t *bytes, size_t size);

/** Bytes as they are, in front of what is there. */
void ber_put(struct ber_writer *to, const void *bytes, size_t len);

/** Tag and length of all that was written since to->at was @end. */
void ber_put_head(struct ber_writer *to, uint8_t tag, size_t end);

void ber_put_bytes(struct ber_writer *to, uint8_t tag, const void *bytes,
		   size_t len);

/** A number as INTEGER, or as @tag. */
void ber_put_number(struct ber_writer *to, uint8_t tag, int32_t number);

#endif
