/* SPDX-License-Identifier: MIT */
/* Runs QEMU, listens to its console and to QMP, copies its disk, ends it. */
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "disk.h"
#include "vm_args.h"

static void vm_socket_pair(int type, int pair[2])
{
	if (socketpair(AF_UNIX, type, 0, pair))
		words_die(NULL, "socketpair: %s", strerror(errno));
	fcntl(pair[0], F_SETFD, FD_CLOEXEC);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
}

static void vm_send(int fd, const char *text)
{
	/* QEMU reads these few bytes, or is gone: then there is no reader. */
	(void)!write(fd, text, strlen(text));
}

static void vm_make_sockets(struct vm *vm, struct vm_sockets *sockets,
			    int ports, const enum vm_port port[], int fd[])
{
	int i;

	vm_socket_pair(SOCK_STREAM, sockets->console);
	vm_socket_pair(SOCK_STREAM, sockets->qmp);
	vm->console = sockets->console[0];
	vm->qmp = sockets->qmp[0];
	vm->vlan_near = vm->vlan_far = -1;
	/* A datagram is a frame. */
	if (vm->has_vlan) {
		vm_socket_pair(SOCK_DGRAM, sockets->near);
		vm_socket_pair(SOCK_DGRAM, sockets->far);
		vm->vlan_near = sockets->near[0];
		vm->vlan_far = sockets->far[0];
	}
	for (i = 0; i < ports; i++) {
		fd[i] = -1;
		if (port[i] == VM_NET)
			continue;
		vm_socket_pair(SOCK_STREAM, sockets->port[i]);
		fd[i] = sockets->port[i][0];
	}
}

static void vm_close_far_ends(const struct vm *vm,
			      const struct vm_sockets *sockets, int ports,
			      const enum vm_port port[])
{
	int i;

	close(sockets->console[1]);
	close(sockets->qmp[1]);
	if (vm->has_vlan) {
		close(sockets->near[1]);
		close(sockets->far[1]);
	}
	for (i = 0; i < ports; i++)
		if (port[i] != VM_NET)
			close(sockets->port[i][1]);
}

void vm_start(struct vm *vm, int ports, const enum vm_port port[], int fd[])
{
	struct vm_sockets sockets;
	char *argv[VM_ARGS_MAX], path[1024];

	vm->boot++;
	vm->frozen = vm->halted = vm->marked = false;
	vm->started_ms = now_ms();
	vm->why_killed = NULL;
	vm->reason[0] = '\0';
	vm->line_len = vm->event_len = 0;
	vm_make_sockets(vm, &sockets, ports, port, fd);
	vm_collect_args(vm, argv, &sockets, ports, port);
	snprintf(path, sizeof(path), "%s/console-%d.log", vm->out, vm->boot);
	vm->console_log = fopen(path, "we");
	if (!vm->console_log)
		words_die(NULL, "%s: %s", path, strerror(errno));
	timeline_say(vm->timeline, "boot", "number", "%d", vm->boot, NULL);

	vm->pid = fork();
	if (vm->pid < 0)
		words_die(NULL, "fork: %s", strerror(errno));
	if (!vm->pid) {
		/* Whatever ends the rig ends QEMU. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execvp(argv[0], argv);
		fprintf(stderr, "rig: %s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	vm_close_far_ends(vm, &sockets, ports, port);
	vm_send(vm->qmp, "{\"execute\": \"qmp_capabilities\"}\n");
}

/* Without escape sequences and control characters. */
static void vm_clean_line(char *line)
{
	char *in = line, *out = line;

	while (*in) {
		if (*in == '\033') {
			in++;
			if (*in == '[')
				in += strspn(in + 1, "0123456789;?") + 1;
			in += *in != '\0';
		} else if ((unsigned char)*in < 0x20) {
			in++;
		} else {
			*out++ = *in++;
		}
	}
	*out = '\0';
}

static void vm_say_line(struct vm *vm)
{
	vm->line[vm->line_len] = '\0';
	vm->line_len = 0;
	vm_clean_line(vm->line);
	if (!vm->line[0])
		return;
	if (strstr(vm->line, "rig: init"))
		vm->marked = true;
	if (strstr(vm->line, "reboot: System halted"))
		vm->halted = true;
	timeline_say(vm->timeline, "console", "boot", "%d", vm->boot, "text",
		     "%s", vm->line, NULL);
}

static void vm_read_console(struct vm *vm)
{
	char bytes[4096];
	ssize_t len, i;

	while ((len = read(vm->console, bytes, sizeof(bytes))) > 0) {
		fwrite(bytes, 1, (size_t)len, vm->console_log);
		fflush(vm->console_log);
		for (i = 0; i < len; i++) {
			if (bytes[i] == '\n' ||
			    vm->line_len == sizeof(vm->line) - 1)
				vm_say_line(vm);
			else if (bytes[i])
				vm->line[vm->line_len++] = bytes[i];
		}
	}
}

/* The string after "@key": in a line of QMP; "" if it is not there. */
static void vm_qmp_value(const char *line, const char *key, char *value,
			 size_t size)
{
	const char *at = strstr(line, key);

	*value = '\0';
	if (!at)
		return;
	at += strlen(key);
	at += strspn(at, "\": ");
	snprintf(value, size, "%.*s", (int)strcspn(at, "\""), at);
}

static void vm_hear_qmp(struct vm *vm, const char *line)
{
	char name[40], reason[32];

	vm_qmp_value(line, "\"event\"", name, sizeof(name));
	if (!name[0])
		return;
	vm_qmp_value(line, "\"reason\"", reason, sizeof(reason));
	if (!strcmp(name, "SHUTDOWN"))
		snprintf(vm->reason, sizeof(vm->reason), "%s", reason);
	timeline_say(vm->timeline, "qmp", "name", "%s", name, "reason", "%s",
		     reason, NULL);
}

static void vm_read_qmp(struct vm *vm)
{
	char bytes[4096];
	ssize_t len, i;

	while ((len = read(vm->qmp, bytes, sizeof(bytes))) > 0) {
		for (i = 0; i < len; i++) {
			if (vm->event_len < sizeof(vm->event) - 1)
				vm->event[vm->event_len++] = bytes[i];
			if (bytes[i] != '\n')
				continue;
			vm->event[vm->event_len] = '\0';
			vm->event_len = 0;
			vm_hear_qmp(vm, vm->event);
		}
	}
}

void vm_read(struct vm *vm)
{
	vm_read_console(vm);
	vm_read_qmp(vm);
}

static const char *vm_how(const struct vm *vm)
{
	if (vm->why_killed)
		return vm->halted && !strcmp(vm->why_killed, "end")
			       ? "halt"
			       : vm->why_killed;
	if (!strcmp(vm->reason, "guest-shutdown"))
		return "poweroff";
	if (!strcmp(vm->reason, "guest-reset"))
		return "reboot";
	return "crash";
}

bool vm_ended(struct vm *vm)
{
	char path[1024];

	if (waitpid(vm->pid, NULL, WNOHANG) <= 0)
		return false;
	vm_read(vm);
	if (vm->line_len)
		vm_say_line(vm);
	fclose(vm->console_log);
	close(vm->console);
	close(vm->qmp);
	vm->pid = 0;
	if (vm->why_killed && !strcmp(vm->why_killed, VM_HUNG)) {
		timeline_say(vm->timeline, "hung", "boot", "%d", vm->boot, NULL);
		vm->boot--;
		return true;
	}
	snprintf(path, sizeof(path), "%s/end-%d.qcow2", vm->out, vm->boot);
	disk_copy(vm->disk, path);
	timeline_say(vm->timeline, "exit", "boot", "%d", vm->boot, "how", "%s",
		     vm_how(vm), "file", "%s", path, NULL);
	return true;
}

void vm_kill(struct vm *vm, const char *why)
{
	if (!vm->pid || vm->why_killed)
		return;
	kill(vm->pid, SIGKILL);
	vm->why_killed = why;
}

void vm_freeze_and_copy(struct vm *vm)
{
	char path[1024];
	int status;

	if (!vm->pid || vm->why_killed)
		return;
	kill(vm->pid, SIGSTOP);
	/* Only when it is said to have stopped does none of its threads run. */
	while (waitpid(vm->pid, &status, WUNTRACED) < 0 && errno == EINTR)
		;
	vm->frozen = true;
	snprintf(path, sizeof(path), "%s/command-%d.qcow2", vm->out,
		 ++vm->snapshots);
	disk_copy(vm->disk, path);
	timeline_say(vm->timeline, "snapshot", "boot", "%d", vm->boot, "file",
		     "%s", path, NULL);
}

void vm_thaw(struct vm *vm)
{
	if (vm->frozen && !vm->why_killed)
		kill(vm->pid, SIGCONT);
	vm->frozen = false;
}

void vm_type(struct vm *vm, const char *text)
{
	if (!vm->pid)
		return;
	vm_send(vm->console, text);
	vm_send(vm->console, "\n");
}

void vm_set_carrier(struct vm *vm, bool present)
{
	char order[128];

	if (!vm->pid || !vm->has_net)
		return;
	snprintf(order, sizeof(order),
		 "{\"execute\": \"set_link\", \"arguments\": "
		 "{\"name\": \"rig-net\", \"up\": %s}}\n",
		 present ? "true" : "false");
	vm_send(vm->qmp, order);
	timeline_say(vm->timeline, "carrier", "state", "%s",
		     present ? "on" : "off", NULL);
}

void vm_press_button(struct vm *vm)
{
	if (vm->pid)
		vm_send(vm->qmp, "{\"execute\": \"system_powerdown\"}\n");
}

void vm_keep_screen(struct vm *vm, const char *name)
{
	char order[1024];

	if (!vm->pid)
		return;
	snprintf(order, sizeof(order),
		 "{\"execute\": \"screendump\", \"arguments\": "
		 "{\"filename\": \"%s/%s.ppm\"}}\n",
		 vm->out, name);
	vm_send(vm->qmp, order);
	timeline_say(vm->timeline, "screen", "name", "%s", name, NULL);
}

void vm_press_keys(struct vm *vm)
{
	if (!vm->pid)
		return;
	vm_send(vm->qmp, "{\"execute\": \"send-key\", \"arguments\": {\"keys\": ["
			 "{\"type\": \"qcode\", \"data\": \"ctrl\"}, "
			 "{\"type\": \"qcode\", \"data\": \"alt\"}, "
			 "{\"type\": \"qcode\", \"data\": \"delete\"}]}}\n");
	timeline_say(vm->timeline, "keys", "boot", "%d", vm->boot, NULL);
}
