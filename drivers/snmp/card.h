/* SPDX-License-Identifier: MIT */
/* A card: which of the tables in mibs.h it has, and what they say. */
#ifndef SNMP_CARD_H
#define SNMP_CARD_H

#include "snmp/mibs.h"
#include "snmp/session.h"

struct snmp_card {
	struct snmp_session session;
	uint8_t tables[SNMP_TABLES_MAX]; /* that are there */
	int off_s, on_s;
	/** The section says it: for what a device remembers by itself. */
	bool has_off, has_on;
};

const struct snmp_table *card_table(int table);

/** The name of an object of a table, and of one of those that control. */
struct snmp_oid card_oid(int table, const char *object);
struct snmp_oid card_control(int table, const char *object);

/** Read one of the latter. Returns as session_get(). */
int card_get_control(struct snmp_card *card, int table, const char *object,
		     int64_t *number, deadline_t until);

/** What its power comes from, as a bit. Returns as session_get(). */
int card_read_source(struct snmp_card *card, int table, uint32_t *bit,
		     deadline_t until);
enum ups_mains card_mains(int table, uint32_t bit);

/**
 * Which of the tables of @mib are there? Their number, 0 for none, or a
 * negative errno with a sentence.
 */
int card_look(struct snmp_card *card, const struct snmp_mib *mib,
	      deadline_t until);

/** Does an alarm of RFC 1628 say that it is going to switch off? */
bool card_finds_alarm(struct snmp_card *card, deadline_t until);

/** The driver's status() and cancel(), of a card that is open. */
int card_read_status(struct snmp_card *card, struct ups_status *status,
		     deadline_t until);
int card_cancel(struct snmp_card *card, deadline_t until);

#endif
