/* SPDX-License-Identifier: MIT */
/* What QEMU is started with. */
#ifndef RIG_VM_ARGS_H
#define RIG_VM_ARGS_H

#include "vm.h"

#define VM_ARGS_MAX 256

/** Our end and QEMU's. */
struct vm_sockets {
	int console[2], qmp[2], near[2], far[2], port[VM_PORTS_MAX][2];
};

/** The arguments for the next boot, NULL at the end. */
void vm_collect_args(const struct vm *vm, char *argv[VM_ARGS_MAX],
		     const struct vm_sockets *sockets, int ports,
		     const enum vm_port port[]);

#endif
