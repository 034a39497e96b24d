/* SPDX-License-Identifier: MIT */
/* The whole bench: UPSes, their cables, the machine, and the script. */
#ifndef RIG_BENCH_H
#define RIG_BENCH_H

#include "line.h"
#include "net.h"
#include "script.h"
#include "ups.h"
#include "usb.h"
#include "vm.h"

struct bench {
	struct timeline timeline;
	struct vm vm;
	struct script script;
	int upses;
	struct ups *ups[VM_PORTS_MAX];
	struct usb usb[VM_PORTS_MAX];
	struct line *line[VM_PORTS_MAX]; /* NULL: it is on USB */
	struct net *net[VM_PORTS_MAX];   /* NULL: it is not on the network */
	bool mains;
	bool powered;  /* does the machine get current? */
	bool was_dark; /* since it started */
	int boots;     /* how often it may start */
	int64_t timeout_ms;
	int64_t halted_at_ms;
	const char *snmpd; /* the program, for cards behind it */
};

#endif
