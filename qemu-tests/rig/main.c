/* SPDX-License-Identifier: MIT */
/*
 * The rig: plays the mains and the UPSes around a virtual machine, and writes
 * down what happens. It judges nothing; qemu-tests/run does.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "ports.h"

#define SEARCH_MAX    8
#define HALT_GRACE_MS 2000
/* Emulated kernels hang now and then before our first program runs. */
#define HUNG_AFTER_MS 90000

static const char usage[] =
	"usage: rig --out DIR --disk FILE [--ups NAME=FILE]... [--search DIR]...\n"
	"           [--mains FILE] [--boots N] [--timeout S] [--snmpd PROGRAM]\n"
	"           -- QEMU...\n";

static void bench_hear(void *arg, const struct event *event)
{
	struct bench *bench = arg;

	script_hear(&bench->script, event);
}

static void bench_commanded(void *arg, struct ups *ups, int64_t off_after_s)
{
	struct bench *bench = arg;

	(void)ups;
	vm_freeze_and_copy(&bench->vm);
	/* With no delay it is never let go again. */
	if (off_after_s > 0 || !ups->feeds)
		vm_thaw(&bench->vm);
}

static void bench_load_changed(void *arg, struct ups *ups)
{
	struct bench *bench = arg;
	bool feeds = false, powered = false;
	int i;

	(void)ups;
	for (i = 0; i < bench->upses; i++) {
		if (bench->line[i])
			line_feel(bench->line[i]);
		feeds |= bench->ups[i]->feeds;
		powered |= bench->ups[i]->feeds && bench->ups[i]->load;
	}
	bench->powered = powered || !feeds;
	if (bench->powered) {
		vm_thaw(&bench->vm);
		return;
	}
	bench->was_dark = true;
	vm_kill(&bench->vm, "dark");
}

static void bench_boot(struct bench *bench)
{
	enum vm_port port[VM_PORTS_MAX];
	int fd[VM_PORTS_MAX], i;

	bench->was_dark = false;
	bench->halted_at_ms = 0;
	for (i = 0; i < bench->upses; i++)
		port[i] = port_kind(bench, i);
	vm_start(&bench->vm, bench->upses, port, fd);
	for (i = 0; i < bench->upses; i++)
		port_start(bench, i, fd[i]);
}

static bool bench_is_cutting(const struct bench *bench)
{
	int i;

	for (i = 0; i < bench->upses; i++)
		if (ups_is_cutting(bench->ups[i]))
			return true;
	return false;
}

static void bench_each_ups(struct bench *bench, const struct action *action,
			   int i)
{
	struct ups *ups = bench->ups[i];

	switch (action->kind) {
	case ACTION_CHARGE:
		ups->charge_pct = (int)action->number;
		break;
	case ACTION_RUNTIME:
		ups->runtime_s = (int)action->number;
		break;
	case ACTION_PLUG:
		usb_plug(&bench->usb[i], true);
		break;
	case ACTION_UNPLUG:
		usb_plug(&bench->usb[i], false);
		break;
	case ACTION_REENUMERATE:
		usb_plug(&bench->usb[i], false);
		bench->usb[i].plug_at_ms = now_ms() + action->time_ms;
		break;
	case ACTION_FAULT:
		ups_add_fault(ups, &action->words, action->words_from,
			      action->text);
		break;
	case ACTION_LATENCY:
		ups->latency_ms = action->time_ms;
		break;
	case ACTION_MAINS:
		ups_set_mains(ups, action->number);
		break;
	case ACTION_LINE:
		if (bench->line[i])
			line_suffer(bench->line[i], &action->trouble);
		break;
	case ACTION_DEVICE:
		if (bench->usb[i].device)
			device_suffer(&bench->usb[i], &action->device_trouble);
		break;
	case ACTION_NETWORK:
		if (bench->net[i])
			net_suffer(bench->net[i], &action->net_trouble);
		break;
	case ACTION_CUT:
		ups_set_load(ups, false, "script");
		break;
	default:
		break;
	}
	if (bench->line[i])
		line_feel(bench->line[i]);
	if (action->kind == ACTION_CHARGE || action->kind == ACTION_RUNTIME)
		timeline_say(&bench->timeline, "battery", "ups", "%s",
			     ups->name, "charge_pct", "%d", ups->charge_pct,
			     "runtime_s", "%d", ups->runtime_s, NULL);
}

/** Do what a line of the script says. */
static void bench_act(struct bench *bench, const struct action *action)
{
	int i;

	switch (action->kind) {
	case ACTION_TYPE:
		vm_type(&bench->vm, action->text);
		return;
	case ACTION_BUTTON:
		vm_press_button(&bench->vm);
		return;
	case ACTION_SCREEN:
		vm_keep_screen(&bench->vm, action->text);
		return;
	case ACTION_KEYS:
		vm_press_keys(&bench->vm);
		return;
	case ACTION_KILL:
		vm_kill(&bench->vm, "killed");
		return;
	case ACTION_CARRIER:
		vm_set_carrier(&bench->vm, action->number);
		return;
	case ACTION_MAINS:
		bench->mains = action->number;
		timeline_say(&bench->timeline, "mains", "state", "%s",
			     bench->mains ? "on" : "off", NULL);
		break;
	default:
		break;
	}
	for (i = 0; i < bench->upses; i++)
		if (action->ups < 0 || action->ups == i)
			bench_each_ups(bench, action, i);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Wait until somebody speaks or something is due. */
static void bench_wait(struct bench *bench)
{
	struct pollfd poll_fd[VM_PORTS_MAX + 2];
	int64_t next = now_ms() + 500;
	int fds = 0, i;

	next = earlier(next, script_next_ms(&bench->script));
	for (i = 0; i < bench->upses; i++) {
		next = earlier(next, ups_next_ms(bench->ups[i]));
		next = earlier(next, port_next_ms(bench, i));
		poll_fd[fds++].fd = port_fd(bench, i);
	}
	poll_fd[fds++].fd = bench->vm.pid ? bench->vm.console : -1;
	poll_fd[fds++].fd = bench->vm.pid ? bench->vm.qmp : -1;
	for (i = 0; i < fds; i++)
		poll_fd[i].events = POLLIN;
	next -= now_ms();
	(void)poll(poll_fd, (nfds_t)fds, next < 0 ? 0 : (int)next);
	for (i = 0; i < bench->upses; i++)
		if (poll_fd[i].revents)
			port_read(bench, i);
}

static void bench_turn(struct bench *bench)
{
	const struct action *action;
	int i;

	if (bench->vm.pid)
		vm_read(&bench->vm);
	while ((action = script_take(&bench->script)))
		bench_act(bench, action);
	for (i = 0; i < bench->upses; i++) {
		ups_tick(bench->ups[i]);
		port_tick(bench, i);
	}
	if (bench->vm.pid && !bench->vm.marked &&
	    now_ms() - bench->vm.started_ms > HUNG_AFTER_MS)
		vm_kill(&bench->vm, VM_HUNG);
	if (bench->vm.pid && vm_ended(&bench->vm))
		for (i = 0; i < bench->upses; i++)
			port_stop(bench, i);
}

/* What ends the run, or NULL: it goes on. */
static const char *bench_over(struct bench *bench)
{
	struct vm *vm = &bench->vm;
	bool waiting = bench_is_cutting(bench) ||
		       script_next_ms(&bench->script) != INT64_MAX;

	if (now_ms() - bench->timeline.start_ms > bench->timeout_ms)
		return "timeout";
	if (vm->pid && !vm->halted)
		return NULL;
	if (vm->pid) { /* halted, but QEMU goes on */
		if (!bench->halted_at_ms)
			bench->halted_at_ms = now_ms();
		return waiting || now_ms() - bench->halted_at_ms < HALT_GRACE_MS
			       ? NULL
			       : "halted";
	}
	if (vm->boot == bench->boots)
		return "boots";
	if (vm->why_killed && !strcmp(vm->why_killed, VM_HUNG)) {
		bench_boot(bench);
		return NULL;
	}
	/* After a reset, and by itself when current returns after a cut. */
	if (bench->powered &&
	    (bench->was_dark ||
	     (!strcmp(vm->reason, "guest-reset") && !vm->why_killed))) {
		bench_boot(bench);
		return NULL;
	}
	return waiting ? NULL : bench->powered ? "off" : "dark";
}

static void bench_run(struct bench *bench)
{
	const char *why;

	bench_boot(bench);
	while (!(why = bench_over(bench))) {
		bench_wait(bench);
		bench_turn(bench);
	}
	timeline_say(&bench->timeline, "end", "mains", "%s",
		     bench->mains ? "on" : "off", "machine", "%s",
		     bench->vm.pid && !bench->vm.halted ? "on" : "off",
		     "cutting", "%s", bench_is_cutting(bench) ? "yes" : "no",
		     "why", "%s", why, NULL);
	vm_kill(&bench->vm, "end");
	while (bench->vm.pid && !vm_ended(&bench->vm))
		usleep(10000);
}

static void bench_add_ups(struct bench *bench, char *option,
			  const char *const *search)
{
	char *file = strchr(option, '=');
	struct ups *ups = calloc(1, sizeof(*ups));
	int i = bench->upses++;

	if (!ups || !file || i == VM_PORTS_MAX)
		words_die(NULL, "--ups %s: not NAME=FILE, or too many", option);
	*file++ = '\0';
	snprintf(ups->name, sizeof(ups->name), "%s", option);
	ups_load_file(ups, file, search);
	ups->timeline = &bench->timeline;
	ups->commanded = bench_commanded;
	ups->load_changed = bench_load_changed;
	ups->arg = bench;
	bench->ups[i] = ups;
	port_make(bench, i);
}

static void bench_open_timeline(struct bench *bench)
{
	char path[1024];

	snprintf(path, sizeof(path), "%s/timeline.jsonl", bench->vm.out);
	bench->timeline.file = fopen(path, "we");
	if (!bench->timeline.file)
		words_die(NULL, "%s: %s", path, strerror(errno));
	bench->timeline.start_ms = now_ms();
	bench->timeline.heard = bench_hear;
	bench->timeline.arg = bench;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "out", required_argument, NULL, 'o' },
		{ "disk", required_argument, NULL, 'd' },
		{ "ups", required_argument, NULL, 'u' },
		{ "search", required_argument, NULL, 's' },
		{ "mains", required_argument, NULL, 'm' },
		{ "boots", required_argument, NULL, 'b' },
		{ "timeout", required_argument, NULL, 't' },
		{ "snmpd", required_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	struct bench *bench = calloc(1, sizeof(*bench));
	char *ups[VM_PORTS_MAX];
	const char *search[SEARCH_MAX + 1] = { NULL }, *mains = NULL;
	int option, upses = 0, searches = 0, i;

	if (!bench)
		words_die(NULL, "out of memory");
	bench->boots = 1;
	bench->timeout_ms = 60000;
	bench->mains = bench->powered = true;
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == 'o')
			bench->vm.out = optarg;
		else if (option == 'd')
			bench->vm.disk = optarg;
		else if (option == 'u' && upses < VM_PORTS_MAX)
			ups[upses++] = optarg;
		else if (option == 's' && searches < SEARCH_MAX)
			search[searches++] = optarg;
		else if (option == 'm')
			mains = optarg;
		else if (option == 'b')
			bench->boots = atoi(optarg);
		else if (option == 't')
			bench->timeout_ms = (int64_t)atoi(optarg) * 1000;
		else if (option == 'a')
			bench->snmpd = optarg;
		else
			words_die(NULL, "bad option\n%s", usage);
	}
	if (!bench->vm.out || !bench->vm.disk || optind == argc)
		words_die(NULL, "something is missing\n%s", usage);
	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < upses; i++)
		bench_add_ups(bench, ups[i], search);
	bench->vm.args = argv + optind;
	bench->vm.timeline = &bench->timeline;
	bench_open_timeline(bench);
	if (mains)
		script_load(&bench->script, mains, bench->ups, bench->upses);
	bench_run(bench);
	return 0;
}
