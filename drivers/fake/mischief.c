// SPDX-License-Identifier: MIT
/* Mischief by name. */
#include "fake/mischief.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/kconfig.h"
#include "link/net.h"
#include "link/usb_handle.h"

/* A keeper's socket to PID 1. */
#define MISCHIEF_FD    3
#define MISCHIEF_BLOCK (1024 * 1024)
#define MISCHIEF_UDP   9

void mischief_live(struct ups *ups, const char *word)
{
	char nonsense[64];

	memset(nonsense, 0x5a, sizeof(nonsense));
	if (strcmp(word, "deaf") == 0)
		(void)close(MISCHIEF_FD);
	if (strcmp(word, "hang") == 0 || strcmp(word, "deaf") == 0)
		for (;;)
			(void)clock_sleep_ms(1000, deadline_in_ms(1000));
	if (strcmp(word, "garble") == 0)
		for (;;)
			(void)send(MISCHIEF_FD, nonsense, sizeof(nonsense),
				   MSG_NOSIGNAL);
	if (strcmp(word, "babble") == 0)
		for (;;)
			ups_note(ups, "the fake babbles\r\n\033[2Jas told");
	if (strcmp(word, "spin") == 0)
		for (;;)
			__asm__ volatile("");
}

static int mischief_answer(long ret)
{
	return ret < 0 ? -errno : 0;
}

static int mischief_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd >= 0)
		(void)close(fd);
	return fd < 0 ? -errno : 0;
}

static int mischief_reboot(struct ups *ups)
{
	(void)ups;
	return mischief_answer(syscall(SYS_reboot, LINUX_REBOOT_MAGIC1,
				       LINUX_REBOOT_MAGIC2,
				       LINUX_REBOOT_CMD_CAD_OFF, NULL));
}

static int mischief_mount(struct ups *ups)
{
	(void)ups;
	return mischief_answer(mount("none", "/nowhere", "tmpfs", 0, NULL));
}

static int mischief_umount(struct ups *ups)
{
	(void)ups;
	return mischief_answer(umount2("/nowhere", 0));
}

static int mischief_ptrace(struct ups *ups)
{
	(void)ups;
	return mischief_answer(ptrace(PTRACE_ATTACH, 1, NULL, NULL));
}

static int mischief_kexec(struct ups *ups)
{
	(void)ups;
	return mischief_answer(syscall(SYS_kexec_load, 0, 0, NULL, ~0UL));
}

static int mischief_module(struct ups *ups)
{
	(void)ups;
	return mischief_answer(syscall(SYS_init_module, NULL, 0, ""));
}

static int mischief_bpf(struct ups *ups)
{
	(void)ups;
	return mischief_answer(syscall(SYS_bpf, 5, NULL, 0));
}

static int mischief_fork(struct ups *ups)
{
	pid_t pid = fork();

	(void)ups;
	if (pid == 0)
		_exit(0);
	return mischief_answer(pid);
}

static int mischief_exec(struct ups *ups)
{
	char *const nothing[] = { NULL };

	(void)ups;
	return mischief_answer(execve("/nowhere", nothing, nothing));
}

static int mischief_kill(struct ups *ups)
{
	(void)ups;
	return mischief_answer(syscall(SYS_kill, 1, 0));
}

static int mischief_code(struct ups *ups)
{
	void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)ups;
	return code == MAP_FAILED ? -errno : 0;
}

static int mischief_type(struct ups *ups)
{
	(void)ups;
	return mischief_answer(ioctl(0, TIOCSTI, "x"));
}

static int mischief_block(struct ups *ups)
{
	(void)ups;
	return mischief_answer(mknod("/nowhere", S_IFBLK | 0600, makedev(8, 0)));
}

static int mischief_disk(struct ups *ups)
{
	(void)ups;
	return mischief_open("/dev/sda", O_RDWR);
}

static int mischief_program(struct ups *ups)
{
	(void)ups;
	return mischief_open("/shutdown", O_RDONLY);
}

static int mischief_sysfs(struct ups *ups)
{
	(void)ups;
	return mischief_open("/sys/power/state", O_WRONLY);
}

/* What libusb does before it knows whether there is a device. */
static int mischief_usb(struct ups *ups)
{
	const struct usb_device device = { .bus = 1, .device = 1 };
	struct usb_handle usb;
	int ret;

	(void)ups;
	if (!IS_ENABLED(CONFIG_LINK_USB))
		return -EIO;
	ret = usb_handle_open(&usb, &device);
	if (ret == 0)
		usb_handle_close(&usb);
	return ret;
}

static int mischief_leak(struct ups *ups)
{
	(void)ups;
	for (int i = 0; i < 1024; i++) {
		if (mmap(NULL, MISCHIEF_BLOCK, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
			return -errno;
	}
	return 0;
}

static int mischief_files(struct ups *ups)
{
	int last = -1, fd;

	(void)ups;
	for (int i = 0; i < 4096; i++) {
		fd = eventfd(0, EFD_CLOEXEC);
		if (fd < 0)
			break;
		last = fd;
	}
	fd = errno;
	(void)close(last); /* for the journal */
	return -fd;
}

static int mischief_socket(struct ups *ups)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)ups;
	return mischief_answer(fd);
}

/* A UPS on the network, by its number or by its name. */
static int mischief_udp(struct ups *ups)
{
	int fd = net_open_udp(ups, ups_value(ups, "host"), MISCHIEF_UDP,
			      deadline_in_ms(1000));

	return fd < 0 ? fd : 0;
}

int mischief_try(struct ups *ups, const char *word)
{
	static const struct {
		const char *word;
		int (*try)(struct ups *ups);
	} list[] = {
		{ "reboot", mischief_reboot },   { "mount", mischief_mount },
		{ "umount", mischief_umount },   { "ptrace", mischief_ptrace },
		{ "kexec", mischief_kexec },     { "module", mischief_module },
		{ "bpf", mischief_bpf },         { "fork", mischief_fork },
		{ "exec", mischief_exec },       { "kill", mischief_kill },
		{ "code", mischief_code },       { "type", mischief_type },
		{ "block", mischief_block },     { "disk", mischief_disk },
		{ "program", mischief_program }, { "leak", mischief_leak },
		{ "files", mischief_files },     { "socket", mischief_socket },
		{ "udp", mischief_udp },         { "sysfs", mischief_sysfs },
		{ "usb", mischief_usb },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (strcmp(list[i].word, word) == 0)
			return list[i].try(ups);
	}
	return -ENOENT;
}
