/* SPDX-License-Identifier: MIT */
/*
 * The virtual machine: one QEMU process for each boot, its console, its
 * events, and its end.
 */
#ifndef RIG_VM_H
#define RIG_VM_H

#include <stdbool.h>
#include <sys/types.h>

#include "timeline.h"

#define VM_LINE_MAX  4096
#define VM_PORTS_MAX 32
#define VM_HUNG      "hung"

struct vm {
	struct timeline *timeline;
	const char *out;   /* folder for the logs */
	const char *disk;  /* the overlay, copied at snapshots */
	char *const *args; /* QEMU's; @BOOT@ is replaced */
	int boot;          /* number of the boot, from 1 */
	pid_t pid;         /* 0: not running */
	bool frozen;
	const char *why_killed; /* "dark", "killed"; NULL: not by us */
	int64_t started_ms;
	bool marked;     /* our first program runs */
	bool halted;     /* the console says so */
	char reason[32]; /* of QMP's SHUTDOWN */
	int console, qmp;
	bool has_net;            /* it has a network card, */
	bool has_vlan;           /* with a switch of ours between: */
	int vlan_near, vlan_far; /* its two ends of this boot */
	FILE *console_log;
	char line[VM_LINE_MAX], event[VM_LINE_MAX];
	size_t line_len, event_len;
	int snapshots;
};

/** What a UPS is plugged into. */
enum vm_port {
	VM_USB,        /* redirected */
	VM_SERIAL,     /* on the board; the console has the first one */
	VM_USB_SERIAL, /* QEMU's adapter */
	VM_NET,        /* no port at all: the network card */
};

/** Start the next boot with @ports ports; @fd[] get their sockets. */
void vm_start(struct vm *vm, int ports, const enum vm_port port[], int fd[]);

/** Read what the console and QMP have said. */
void vm_read(struct vm *vm);

/**
 * Has it ended? Then say how, and collect it. One that was killed because it
 * hung counts as never started.
 */
bool vm_ended(struct vm *vm);

/** End it at this instant; @why becomes the `how` of its exit. */
void vm_kill(struct vm *vm, const char *why);

/** Hold it still, copy its disk, and leave it held. */
void vm_freeze_and_copy(struct vm *vm);
void vm_thaw(struct vm *vm);

/** Type a line on its console. */
void vm_type(struct vm *vm, const char *text);

/** Pull its network cable out, or put it in. */
void vm_set_carrier(struct vm *vm, bool present);

/** Press its power button. */
void vm_press_button(struct vm *vm);

/** Keep what its screen shows as @name.ppm beside the logs. */
void vm_keep_screen(struct vm *vm, const char *name);
/** Press Ctrl-Alt-Del on its keyboard. */
void vm_press_keys(struct vm *vm);

#endif
