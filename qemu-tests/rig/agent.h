/* SPDX-License-Identifier: MIT */
/*
 * net-snmp's agent before an emulated card: it knows SNMPv3, and hands on what
 * it was asked as its configuration says.
 */
#ifndef RIG_AGENT_H
#define RIG_AGENT_H

/** Where the machine finds it; the card keeps its own port. */
#define AGENT_ADDRESS "udp:127.0.0.1:1161"

/**
 * Start @program with @conf, in the network of the rig; it ends with the rig.
 * What it says and keeps goes to @out. Dies if it cannot.
 */
void agent_start(const char *program, const char *conf, const char *out);

#endif
