/* SPDX-License-Identifier: MIT */
/* The rungs of mibs.h, climbed. */
#ifndef SNMP_LADDER_H
#define SNMP_LADDER_H

#include "snmp/card.h"

/** The driver's cut(), of a card that is open. */
int ladder_cut(struct snmp_card *card, struct ups_cut *cut, deadline_t until);

/**
 * The first rung that would be tried: fills in cut->given and cut->how without
 * writing anything. Returns 0, or -EOPNOTSUPP with a sentence.
 */
int ladder_foresee(struct snmp_card *card, struct ups_cut *cut,
		   deadline_t until);

#endif
