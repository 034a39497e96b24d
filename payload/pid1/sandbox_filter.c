// SPDX-License-Identifier: MIT
/*
 * The system calls that a keeper may make. The lists are what our links, the
 * C library and libusb use; a keeper that needs another one is a bug, and the
 * sentence about its end has the number.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "pid1/sandbox.h"
#include "pid1/sandbox_calls.h"

#define SANDBOX_FILTER_MAX 256

/* clang-format off */
static const uint16_t sandbox_common[] = {
	/* files and sockets that are open, and names */
	__NR_read, __NR_write, __NR_readv, __NR_writev, __NR_lseek, __NR_close,
	SANDBOX_OLD(open, openat), __NR_openat,
	SANDBOX_OLD(stat, newfstatat), SANDBOX_OLD(lstat, newfstatat),
	__NR_fstat, __NR_newfstatat, __NR_statx, __NR_fcntl,
	SANDBOX_OLD(access, faccessat), __NR_faccessat, __NR_faccessat2,
	SANDBOX_OLD(readlink, readlinkat), __NR_readlinkat,
	__NR_getdents64, __NR_getcwd,
	SANDBOX_OLD(poll, ppoll), __NR_ppoll,
	__NR_sendto, __NR_recvfrom, __NR_sendmsg, __NR_recvmsg,
	/* memory, without making any of it a program */
	__NR_munmap, __NR_mremap, __NR_brk, __NR_madvise,
	/* time, threads, signals, the end */
	__NR_clock_gettime, __NR_clock_nanosleep, __NR_nanosleep,
	__NR_gettimeofday, __NR_getrandom, __NR_futex,
	__NR_getpid, __NR_gettid, __NR_getppid, __NR_uname,
	__NR_rt_sigaction, __NR_rt_sigprocmask, __NR_rt_sigreturn,
	__NR_restart_syscall, __NR_exit, __NR_exit_group,
};

/* USB, hidraw and serial ports; ioctl, mknod see below. */
static const uint16_t sandbox_device[] = {
	__NR_flock, SANDBOX_OLD(mkdir, mkdirat), __NR_mkdirat,
	SANDBOX_OLD(unlink, unlinkat), __NR_unlinkat,
	SANDBOX_OLD(pipe, pipe2), __NR_pipe2, __NR_eventfd2,
	__NR_timerfd_create, __NR_timerfd_settime, __NR_statfs,
};

static const uint16_t sandbox_network[] = {
	__NR_connect, __NR_bind, __NR_getsockname, __NR_getpeername,
	__NR_setsockopt, __NR_getsockopt, __NR_shutdown, __NR_sendmmsg,
};

/* The resolver works in a child that can be killed. */
static const uint16_t sandbox_names[] = {
	SANDBOX_OLD(fork, clone), __NR_clone, __NR_wait4, __NR_kill,
	SANDBOX_OLD(pipe, pipe2), __NR_pipe2, __NR_set_tid_address,
};

static const int sandbox_families[] = { AF_INET, AF_INET6 };

/* The second byte of a request: USB devices, hidraw, terminals. */
static const int sandbox_requests[] = { 'U' << 8, 'H' << 8, 'T' << 8 };

/* Terminals can do more than be talked over: TIOCSTI types on them. */
static const int sandbox_no_requests[] = { TIOCSTI, TIOCLINUX, TIOCCONS };
/* clang-format on */

struct sandbox_program {
	struct sock_filter code[SANDBOX_FILTER_MAX];
	unsigned short len;
};

static void sandbox_put(struct sandbox_program *program, uint16_t code,
			uint32_t value, uint8_t if_true, uint8_t if_false)
{
	if (program->len == SANDBOX_FILTER_MAX)
		return; /* the last one stops: more is stopped, not less */
	program->code[program->len++] = (struct sock_filter){
		.code = code,
		.jt = if_true,
		.jf = if_false,
		.k = value,
	};
}

static void sandbox_put_load(struct sandbox_program *program, size_t offset)
{
	sandbox_put(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void sandbox_put_end(struct sandbox_program *program, uint32_t what)
{
	sandbox_put(program, BPF_RET | BPF_K, what, 0, 0);
}

/* What was loaded is @value: end with @what. */
static void sandbox_put_if(struct sandbox_program *program, uint32_t value,
			   uint32_t what)
{
	sandbox_put(program, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
	sandbox_put_end(program, what);
}

#define sandbox_put_list(program, list)                                         \
	do {                                                                    \
		for (size_t i_ = 0; i_ < sizeof(list) / sizeof(*(list)); i_++)  \
			sandbox_put_if(program, (list)[i_], SECCOMP_RET_ALLOW); \
	} while (0)

/* Argument @arg of system call @call, masked; else behind @skip more. */
static void sandbox_put_argument(struct sandbox_program *program, uint32_t call,
				 size_t arg, uint8_t skip)
{
	sandbox_put(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0,
		    (uint8_t)(skip + 1));
	/* The lower half, on a machine whose lower half comes first. */
	sandbox_put_load(program, offsetof(struct seccomp_data, args) +
					  arg * sizeof(uint64_t));
}

/* @call is allowed when its argument @arg under @mask is @value. */
static void sandbox_put_masked(struct sandbox_program *program, uint32_t call,
			       size_t arg, uint32_t mask, uint32_t value)
{
	sandbox_put_argument(program, call, arg, 4);
	sandbox_put(program, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
	sandbox_put_if(program, value, SECCOMP_RET_ALLOW);
	sandbox_put_end(program, SECCOMP_RET_TRAP);
}

static void sandbox_put_ioctl(struct sandbox_program *program)
{
	size_t no = sizeof(sandbox_no_requests) / sizeof(int);
	size_t yes = sizeof(sandbox_requests) / sizeof(int);

	sandbox_put_argument(program, __NR_ioctl, 1,
			     (uint8_t)(2 * no + 1 + 2 * yes + 1));
	for (size_t i = 0; i < no; i++)
		sandbox_put_if(program, (uint32_t)sandbox_no_requests[i],
			       SECCOMP_RET_TRAP);
	sandbox_put(program, BPF_ALU | BPF_AND | BPF_K, 0xff00, 0, 0);
	sandbox_put_list(program, sandbox_requests);
	sandbox_put_end(program, SECCOMP_RET_TRAP);
}

static void sandbox_put_sockets(struct sandbox_program *program)
{
	size_t yes = sizeof(sandbox_families) / sizeof(int);

	sandbox_put_argument(program, __NR_socket, 0, (uint8_t)(2 * yes + 5));
	sandbox_put_list(program, sandbox_families);
	sandbox_put(program, BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 3);
	sandbox_put_load(program, offsetof(struct seccomp_data, args[2]));
	sandbox_put_if(program, NETLINK_ROUTE, SECCOMP_RET_ALLOW);
	sandbox_put_end(program, SECCOMP_RET_TRAP);
}

static void sandbox_put_links(struct sandbox_program *program,
			      const struct sandbox *sandbox)
{
	if (sandbox->network) {
		sandbox_put_list(program, sandbox_network);
		sandbox_put_sockets(program);
	} else {
		sandbox_put_list(program, sandbox_device);
		sandbox_put_ioctl(program);
		sandbox_put_masked(
			program, SANDBOX_OLD(mknod, mknodat),
			SANDBOX_OLD(mknod, mknodat) == __NR_mknodat ? 2 : 1,
			S_IFMT, S_IFCHR);
		sandbox_put_masked(program, __NR_mknodat, 2, S_IFMT, S_IFCHR);
	}
	if (sandbox->names)
		sandbox_put_list(program, sandbox_names);
}

void sandbox_filter(const struct sandbox *sandbox)
{
	struct sandbox_program program = { .len = 0 };
	struct sock_fprog order = { .filter = program.code };

	if (!SANDBOX_ARCH)
		return;
	sandbox_put_load(&program, offsetof(struct seccomp_data, arch));
	sandbox_put(&program, BPF_JMP | BPF_JEQ | BPF_K, SANDBOX_ARCH, 1, 0);
	sandbox_put_end(&program, SECCOMP_RET_KILL_PROCESS);
	sandbox_put_load(&program, offsetof(struct seccomp_data, nr));
	sandbox_put_list(&program, sandbox_common);
	sandbox_put_masked(&program, __NR_mmap, 2, PROT_EXEC, 0);
	sandbox_put_masked(&program, __NR_mprotect, 2, PROT_EXEC, 0);
	sandbox_put_links(&program, sandbox);
	sandbox_put_end(&program, SECCOMP_RET_TRAP);
	order.len = program.len;
	(void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &order, 0, 0);
}
