// SPDX-License-Identifier: MIT
/* The table of cables, and the words for lines in ups.conf. */
#include "contact/types.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define DTR SERIAL_DTR
#define RTS SERIAL_RTS
#define ST  CONTACT_BREAK

#define HIGH(line)         \
	{                  \
		line, line \
	}
#define LOW(line)       \
	{               \
		line, 0 \
	}
#define CTS_HIGH HIGH(SERIAL_CTS)
#define CTS_LOW  LOW(SERIAL_CTS)
#define DCD_HIGH HIGH(SERIAL_DCD)
#define DCD_LOW  LOW(SERIAL_DCD)
#define RNG_LOW  LOW(SERIAL_RNG)

/* clang-format off */
static const struct contact_type contact_types[] = {
	/*        CP         OL        LB        SD */
	[0]  = { DTR | RTS, CTS_LOW,  DCD_HIGH, RTS },       /* Upsonic LAN Saver 600 */
	[1]  = { DTR,       RNG_LOW,  DCD_HIGH, RTS },       /* APC 940-0095A, C */
	[2]  = { RTS,       CTS_LOW,  DCD_HIGH, DTR | RTS }, /* APC 940-0020B, C */
	[3]  = { DTR,       CTS_LOW,  DCD_HIGH, DTR | RTS }, /* PowerTech Comp1000 */
	[4]  = { RTS,       CTS_HIGH, DCD_LOW,  0 },         /* RUPS */
	[5]  = { DTR,       CTS_HIGH, DCD_LOW,  DTR | RTS }, /* Tripp Lite 73-0844 */
	[6]  = { DTR,       CTS_HIGH, DCD_LOW,  RTS },       /* Best Patriot, INT51 */
	[7]  = { RTS,       CTS_HIGH, DCD_LOW,  DTR },       /* CyberPower Power99 */
	[8]  = { DTR,       CTS_HIGH, DCD_LOW,  CONTACT_NONE }, /* Nitram Elite 500 */
	[9]  = { 0,         DCD_LOW,  CTS_HIGH, RTS },       /* APC 940-0023A */
	[10] = { RTS,       CTS_HIGH, DCD_LOW,  DTR },       /* Victron Lite */
	[11] = { DTR,       CTS_LOW,  DCD_LOW,  ST },        /* Powerware 3115 */
	[12] = { RTS,       CTS_LOW,  DCD_HIGH, DTR },       /* APC 940-0119A */
	[13] = { DTR | RTS, DCD_HIGH, CTS_LOW,  ST },        /* Repoteck RPT-800A */
	[14] = { DTR,       DCD_HIGH, CTS_LOW,  RTS },       /* Online P-series */
	[15] = { DTR,       CTS_HIGH, DCD_LOW,  ST },        /* Powerware 5119, 5125 */
	[16] = { DTR | RTS, CTS_HIGH, DCD_LOW,  CONTACT_NONE }, /* Nitram Elite 2002 */
	[17] = { DTR,       CTS_HIGH, DCD_LOW,  CONTACT_NONE }, /* PowerKinetics 9001 */
	[18] = { DTR,       CTS_HIGH, DCD_HIGH, CONTACT_NONE }, /* Tripp Lite Omni 450LAN */
	[19] = { DTR,       CTS_HIGH, DCD_LOW,  RTS },       /* Fideltronik Ares */
	[20] = { DTR,       CTS_LOW,  DCD_HIGH, ST },        /* Powerware 5119 RM */
	[21] = { RTS,       CTS_HIGH, DCD_LOW,  DTR | RTS }, /* RUPS 2000, M2501 */
	[22] = { RTS,       CTS_HIGH, DCD_LOW,  DTR },       /* Gamatronic, CyberPower SL */
	[23] = { RTS,       CTS_HIGH, DCD_LOW,  CONTACT_NONE }, /* FTTx, four wires */
};
/* clang-format on */

#define CONTACT_TYPES ((int)(sizeof(contact_types) / sizeof(contact_types[0])))

const struct contact_type *contact_find_type(int upstype)
{
	return upstype >= 0 && upstype < CONTACT_TYPES ? &contact_types[upstype]
						       : NULL;
}

int contact_last_type(void)
{
	return CONTACT_TYPES - 1;
}

struct contact_word {
	const char *name;
	unsigned int line;
};

static const struct contact_word contact_outputs[] = {
	{ "DTR", SERIAL_DTR },
	{ "RTS", SERIAL_RTS },
	{ "ST", CONTACT_BREAK },
	{ "NULL", 0 },
};

static const struct contact_word contact_inputs[] = {
	{ "CTS", SERIAL_CTS }, { "DCD", SERIAL_DCD }, { "RNG", SERIAL_RNG },
	{ "DSR", SERIAL_DSR }, { "NULL", 0 },
};

/** Words with anything between them that is no letter and no minus. */
static int contact_parse(const char *text, const struct contact_word *words,
			 size_t count, struct contact_signal *signal,
			 const char **word)
{
	*signal = (struct contact_signal){ 0 };
	while (*text) {
		bool is_low = *text == '-';
		size_t len = 0, i = 0;

		text += is_low;
		while (isalpha((unsigned char)text[len]))
			len++;
		*word = text;
		if (len == 0) {
			text += !is_low; /* of a minus, it was skipped */
			continue;
		}
		while (i < count && (strlen(words[i].name) != len ||
				     strncmp(words[i].name, text, len) != 0))
			i++;
		if (i == count)
			return -EINVAL;
		signal->mask |= words[i].line;
		if (!is_low)
			signal->level |= words[i].line;
		text += len;
	}
	return 0;
}

int contact_parse_outputs(const char *text, unsigned int *lines,
			  const char **word)
{
	struct contact_signal signal;
	int ret = contact_parse(text, contact_outputs,
				sizeof(contact_outputs) /
					sizeof(contact_outputs[0]),
				&signal, word);

	if (ret == 0)
		*lines = signal.level;
	return ret;
}

int contact_parse_inputs(const char *text, struct contact_signal *signal,
			 const char **word)
{
	struct contact_signal parsed;
	int ret =
		contact_parse(text, contact_inputs,
			      sizeof(contact_inputs) / sizeof(contact_inputs[0]),
			      &parsed, word);

	if (ret == 0)
		*signal = parsed;
	return ret;
}
