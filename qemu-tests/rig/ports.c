/* SPDX-License-Identifier: MIT */
/* USB devices, serial lines, such lines behind a USB adapter, the network. */
#include "ports.h"

#include "adapter.h"
#include "agent.h"
#include "device.h"
#include "netns.h"

static bool port_is_usb(const struct bench *bench, int i)
{
	return bench->ups[i]->port == UPS_ON_USB ||
	       bench->ups[i]->port == UPS_ON_ADAPTER ||
	       bench->ups[i]->port == UPS_IS_DEVICE;
}

static void port_make_net(struct bench *bench, int i)
{
	struct vm *vm = &bench->vm;
	const struct ups *ups = bench->ups[i];

	if (!vm->has_net)
		netns_enter();
	else if (ups->vlan || vm->has_vlan)
		words_die(NULL, "%s: only one can be there with a VLAN",
			  ups->name);
	vm->has_net = true;
	vm->has_vlan = ups->vlan;
	bench->net[i] = net_make(bench->ups[i]);
	bench->line[i] = bench->net[i]->line;
	if (ups->agent[0])
		agent_start(bench->snmpd, ups->agent, vm->out);
}

void port_make(struct bench *bench, int i)
{
	struct ups *ups = bench->ups[i];
	struct usb *usb = &bench->usb[i];

	usb->ups = ups;
	usb->fd = -1;
	usb->plugged = ups->plugged;
	usb->plug_at_ms = UPS_NEVER;
	usb->function = &usb_hid_function;
	if (ups->port == UPS_ON_USB)
		return;
	if (ups->port == UPS_IS_DEVICE) {
		bench->line[i] = device_make(usb);
		return;
	}
	if (ups->port == UPS_ON_NET) {
		port_make_net(bench, i);
		return;
	}
	bench->line[i] = line_make(ups);
	if (ups->port == UPS_ON_ADAPTER)
		adapter_make(usb, bench->line[i]);
}

enum vm_port port_kind(const struct bench *bench, int i)
{
	if (port_is_usb(bench, i))
		return VM_USB;
	if (bench->net[i])
		return VM_NET;
	return bench->ups[i]->port == UPS_ON_SERIAL ? VM_SERIAL : VM_USB_SERIAL;
}

void port_start(struct bench *bench, int i, int fd)
{
	if (port_is_usb(bench, i))
		usb_start(&bench->usb[i], fd);
	else if (bench->net[i])
		net_start(bench->net[i], bench->vm.vlan_near,
			  bench->vm.vlan_far);
	else
		line_start(bench->line[i], fd);
}

void port_stop(struct bench *bench, int i)
{
	if (port_is_usb(bench, i))
		usb_stop(&bench->usb[i]);
	if (bench->net[i])
		net_stop(bench->net[i]);
	/* A machine without current drives no outputs. */
	if (bench->line[i]) {
		line_set_outputs(bench->line[i], 0, false);
		line_stop(bench->line[i]);
	}
}

int port_fd(const struct bench *bench, int i)
{
	if (bench->net[i])
		return net_fd(bench->net[i]);
	return port_is_usb(bench, i) ? bench->usb[i].fd : bench->line[i]->fd;
}

int64_t port_next_ms(const struct bench *bench, int i)
{
	int64_t usb = INT64_MAX, line = INT64_MAX;

	if (port_is_usb(bench, i))
		usb = usb_next_ms(&bench->usb[i]);
	if (bench->net[i])
		return net_next_ms(bench->net[i]);
	if (bench->line[i])
		line = line_next_ms(bench->line[i]);
	return usb < line ? usb : line;
}

void port_read(struct bench *bench, int i)
{
	if (bench->net[i])
		net_read(bench->net[i]);
	else if (port_is_usb(bench, i) ? !usb_read(&bench->usb[i])
				       : !line_read(bench->line[i]))
		port_stop(bench, i);
}

void port_tick(struct bench *bench, int i)
{
	if (bench->line[i])
		line_tick(bench->line[i]);
	if (bench->net[i])
		net_tick(bench->net[i]);
	if (!port_is_usb(bench, i))
		return;
	if (bench->ups[i]->port == UPS_IS_DEVICE
		    ? !device_is_there(&bench->usb[i])
		    : bench->line[i] &&
			      !line_fake_is_there(&bench->line[i]->fake))
		usb_plug(&bench->usb[i], false);
	usb_tick(&bench->usb[i]);
}
