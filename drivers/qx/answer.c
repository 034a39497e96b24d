// SPDX-License-Identifier: MIT
/* What the answers mean: status bits in their columns, yes and no. */
#include <errno.h>
#include <string.h>

#include "qx/qx.h"

#define BITS_AT       38
#define BITS_LEAST    7 /* one unit leaves the last of the eight out */
#define BITS_OF_QGS   12
#define BINARY_FIELD  10
#define BINARY_ESCAPE 0x28

/** Some units send NUL where they mean '0'. */
static bool qx_is_bit(char byte)
{
	return byte == '0' || byte == '1' || byte == '\0';
}

static size_t qx_count_bits(const char *from, size_t len)
{
	size_t count = 0;

	while (count < len && qx_is_bit(from[count]))
		count++;
	return count;
}

/** The last word of @answer; its length. */
static size_t qx_last_word(const char *answer, size_t len, const char **word)
{
	size_t from;

	while (len > 0 && answer[len - 1] == ' ')
		len--;
	for (from = len; from > 0 && answer[from - 1] != ' ';)
		from--;
	*word = answer + from;
	return len - from;
}

/** Where the columns say, and else where the last word is. */
static int qx_parse_bits(const char *answer, size_t len,
			 struct qx_status *status)
{
	const char *bits = answer + BITS_AT;
	size_t word;

	if (len < BITS_AT + BITS_LEAST || bits[-1] != ' ' ||
	    qx_count_bits(bits, BITS_LEAST) < BITS_LEAST) {
		word = qx_last_word(answer, len, &bits);
		if (word < BITS_LEAST || word > BITS_LEAST + 1 ||
		    qx_count_bits(bits, word) < word)
			return -EPROTO;
	}
	status->on_battery = bits[0] == '1';
	status->battery_low = bits[1] == '1';
	status->is_active = bits[6] == '1';
	return 0;
}

static int qx_parse_qgs(const char *answer, size_t len, struct qx_status *status)
{
	const char *bits;
	size_t word = qx_last_word(answer, len, &bits);

	if (word != BITS_OF_QGS || qx_count_bits(bits, word) < word)
		return -EPROTO;
	status->on_battery = bits[2] == '1';
	status->battery_low = bits[3] == '1';
	status->is_active = bits[8] == '1';
	return 0;
}

static int qx_parse_letters(const char *answer, size_t len,
			    struct qx_status *status)
{
	const char *letters;
	size_t word = qx_last_word(answer, len, &letters);

	if (word == 0 || word == len)
		return -EPROTO;
	for (size_t i = 0; i < word; i++) {
		if (letters[i] < 'A' || letters[i] > 'Z')
			return -EPROTO;
		status->on_battery |= letters[i] == 'A';
		status->battery_low |= letters[i] == 'B';
		status->is_active |= letters[i] == 'F';
	}
	return 0;
}

/** Fields are parted by spaces; what cannot be sent is escaped. */
static int qx_parse_binary(const char *answer, size_t len,
			   struct qx_status *status)
{
	static const char escaped[] = { '\r', 0x11, 0x13, '\n', ' ' };
	int field = 1;

	for (size_t i = 0; i < len; i++) {
		char byte = answer[i];

		if (byte == ' ') {
			field++;
			continue;
		}
		if (byte == BINARY_ESCAPE && i + 1 < len &&
		    (uint8_t)answer[i + 1] < sizeof(escaped))
			byte = escaped[(uint8_t)answer[++i]];
		if (field != BINARY_FIELD)
			continue;
		status->on_battery = byte & 0x80;
		status->battery_low = byte & 0x40;
		status->is_active = byte & 0x02;
		return 0;
	}
	return -EPROTO;
}

int qx_parse_status(enum qx_columns columns, const char *answer, size_t len,
		    struct qx_status *status)
{
	*status = (struct qx_status){ 0 };
	if (len == 0)
		return -EPROTO;
	/* One unit begins its very first answer with a star. */
	if (columns == QX_BINARY)
		return answer[0] == '#' ? qx_parse_binary(answer, len, status)
					: -EPROTO;
	if (answer[0] != '(' && answer[0] != '*')
		return -EPROTO;
	switch (columns) {
	case QX_QGS:
		return qx_parse_qgs(answer, len, status);
	case QX_LETTERS:
		return qx_parse_letters(answer, len, status);
	default:
		return qx_parse_bits(answer, len, status);
	}
}

static bool qx_begins(const char *answer, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(answer, with, strlen(with)) == 0;
}

enum qx_verdict qx_judge(const char *command, const char *answer, size_t len)
{
	while (len > 0 && (answer[len - 1] == ' ' || answer[len - 1] == '\0'))
		len--;
	if (len == 0)
		return QX_SILENT;
	if (len == strlen(command) && memcmp(answer, command, len) == 0)
		return QX_REFUSED;
	/* Salicru repeats the order behind a bracket when it obeys. */
	if (qx_begins(answer, len, "(S"))
		return QX_ACCEPTED;
	if (answer[0] == '(') {
		answer++;
		len--;
	}
	/* MEC0003 says "UPS No Ack" to everything. */
	if (qx_begins(answer, len, "ACK") || qx_begins(answer, len, "OK") ||
	    qx_begins(answer, len, "UPS No Ack"))
		return QX_ACCEPTED;
	if (qx_begins(answer, len, "NAK") ||
	    (len == 1 && (answer[0] == 'N' || answer[0] == '*')))
		return QX_REFUSED;
	return QX_UNSURE;
}

int qx_encode_off(int off_s, int minutes, char code[3])
{
	int n = (off_s + 5) / 6;

	code[2] = '\0';
	/* .0 and .1 are not everywhere what they seem. */
	if (n < 2)
		n = 2;
	if (n < 10) {
		code[0] = '.';
		code[1] = (char)('0' + n);
		return n * 6;
	}
	n = off_s < 60 * minutes ? (off_s + 59) / 60 : minutes;
	code[0] = (char)('0' + n / 10);
	code[1] = (char)('0' + n % 10);
	return n * 60;
}
