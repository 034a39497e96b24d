// SPDX-License-Identifier: MIT
/* QEMU's arguments: those of the scenario, and what the rig plugs in. */
#include "vm_args.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define BUS_PORTS 8

static char *vm_text(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* These few bytes are never given back. */
static char *vm_text(const char *format, ...)
{
	va_list args;
	char *text;
	int ret;

	va_start(args, format);
	ret = vasprintf(&text, format, args);
	va_end(args);
	if (ret < 0)
		words_die(NULL, "out of memory");
	return text;
}

/* Put the number of the boot in. */
static char *vm_fill_in(const char *arg, int boot)
{
	const char *mark = strstr(arg, "@BOOT@");

	if (!mark)
		return vm_text("%s", arg);
	return vm_text("%.*s%d%s", (int)(mark - arg), arg, boot,
		       mark + strlen("@BOOT@"));
}

/*
 * A network card, and QEMU's own network: it brings to the loopback here what
 * the machine sends to 10.0.2.2 and fec0::2. With a VLAN our switch is between.
 */
static int vm_add_net(const struct vm *vm, char *argv[], int near, int far)
{
	int count = 0;

	argv[count++] = "-netdev";
	argv[count++] =
		vm_text("user,id=%s", vm->has_vlan ? "rig-user" : "rig-net");
	if (vm->has_vlan) {
		argv[count++] = "-netdev";
		argv[count++] = vm_text("socket,id=rig-net,fd=%d", near);
		argv[count++] = "-netdev";
		argv[count++] = vm_text("socket,id=rig-far,fd=%d", far);
		argv[count++] = "-netdev";
		argv[count++] = "hubport,id=rig-hub1,hubid=0,netdev=rig-user";
		argv[count++] = "-netdev";
		argv[count++] = "hubport,id=rig-hub2,hubid=0,netdev=rig-far";
	}
	argv[count++] = "-device";
	argv[count++] = "virtio-net-pci,netdev=rig-net,romfile=";
	return count;
}

/* Port @i of the machine, with the socket @fd. */
static int vm_add_port(char *argv[], int i, enum vm_port port, int fd)
{
	char *place;

	if (port == VM_NET)
		return 0;
	place = vm_text("bus=rig-bus%d.0,port=%d", i / BUS_PORTS,
			i % BUS_PORTS + 1);

	argv[0] = "-chardev";
	argv[1] = vm_text("socket,id=rig-port%d,fd=%d", i, fd);
	argv[2] = "-device";
	if (port == VM_SERIAL)
		argv[3] = vm_text("isa-serial,chardev=rig-port%d", i);
	else
		argv[3] = vm_text("%s,chardev=rig-port%d,%s",
				  port == VM_USB ? "usb-redir" : "usb-serial",
				  i, place);
	return 4;
}

void vm_collect_args(const struct vm *vm, char *argv[VM_ARGS_MAX],
		     const struct vm_sockets *sockets, int ports,
		     const enum vm_port port[])
{
	int count = 0, i;

	for (i = 0; vm->args[i] && count < VM_ARGS_MAX - 32 - 4 * ports; i++)
		argv[count++] = vm_fill_in(vm->args[i], vm->boot);
	argv[count++] = "-chardev";
	argv[count++] =
		vm_text("socket,id=rig-console,fd=%d", sockets->console[1]);
	argv[count++] = "-serial";
	argv[count++] = "chardev:rig-console";
	argv[count++] = "-chardev";
	argv[count++] = vm_text("socket,id=rig-qmp,fd=%d", sockets->qmp[1]);
	argv[count++] = "-mon";
	argv[count++] = "chardev=rig-qmp,mode=control";
	for (i = 0; i == 0 || i < ports; i += BUS_PORTS) {
		argv[count++] = "-device";
		argv[count++] = vm_text("qemu-xhci,id=rig-bus%d,p2=%d,p3=%d",
					i / BUS_PORTS, BUS_PORTS, BUS_PORTS);
	}
	for (i = 0; i < ports; i++)
		count += vm_add_port(argv + count, i, port[i],
				     sockets->port[i][1]);
	if (vm->has_net)
		count += vm_add_net(vm, argv + count, sockets->near[1],
				    sockets->far[1]);
	argv[count] = NULL;
}
