// SPDX-License-Identifier: MIT
/* Limits, Landlock and capabilities of a keeper. */
#include "pid1/sandbox.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "link/node.h"
#include "pid1/sandbox_calls.h"

#define SANDBOX_FILES     64
/* The fake UPS of the tests keeps a journal in /run. */
#define SANDBOX_FILE_SIZE (IS_ENABLED(CONFIG_DRIVER_FAKE) ? 1024 * 1024 : 0)

#define SANDBOX_READ LANDLOCK_ACCESS_FS_READ_FILE
#define SANDBOX_USE  (SANDBOX_READ | LANDLOCK_ACCESS_FS_WRITE_FILE)
#define SANDBOX_MAKE                                  \
	(SANDBOX_USE | LANDLOCK_ACCESS_FS_MAKE_CHAR | \
	 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE)
/* Forbidden where no rule allows it: all of the first version but listing. */
#define SANDBOX_HANDLED                                                \
	(SANDBOX_MAKE | LANDLOCK_ACCESS_FS_EXECUTE |                   \
	 LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | \
	 LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | \
	 LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

static void sandbox_limit(int what, rlim_t most)
{
	struct rlimit limit = { .rlim_cur = most, .rlim_max = most };

	(void)setrlimit(what, &limit); /* one that is refused is not needed */
}

static void sandbox_allow(int rules, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = access,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};

	if (rule.parent_fd < 0)
		return;
	(void)syscall(__NR_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH,
		      &rule, 0);
	(void)close(rule.parent_fd);
}

/* hidraw0, ttyS0, ttyUSB0, but not the terminals: tty0. */
static bool sandbox_is_port(const char *name)
{
	return strncmp(name, "hidraw", 6) == 0 ||
	       (strncmp(name, "tty", 3) == 0 && isupper((unsigned char)name[3]));
}

/* usb1: what hangs on a root hub lies below it. */
static bool sandbox_is_bus(const char *name)
{
	return strncmp(name, "usb", 3) == 0;
}

/* Those entries of @folder that are wanted, each by itself. */
static void sandbox_allow_some(int rules, const char *folder,
			       bool (*is_wanted)(const char *name))
{
	const struct dirent *entry;
	char path[NODE_PATH_MAX];
	DIR *dir = opendir(folder);

	while (dir && (entry = readdir(dir))) {
		if (!is_wanted(entry->d_name))
			continue;
		(void)snprintf(path, sizeof(path), "%s/%.64s", folder,
			       entry->d_name);
		sandbox_allow(rules, path, SANDBOX_USE);
	}
	if (dir)
		(void)closedir(dir); /* only read */
}

static void sandbox_allow_devices(int rules)
{
	/* A driver is given a device, and a device kept awake. */
	sandbox_allow(rules, "/sys", SANDBOX_READ);
	sandbox_allow(rules, "/sys/bus/usb/drivers/usbhid", SANDBOX_USE);
	sandbox_allow_some(rules, "/sys/bus/usb/devices", sandbox_is_bus);
	/*
	 * Ports that are there now: /dev as a whole has the disks. For one
	 * that comes back node_open() makes a node where that is allowed.
	 */
	sandbox_allow_some(rules, "/dev", sandbox_is_port);
	sandbox_allow(rules, "/dev/bus", SANDBOX_MAKE);
	sandbox_allow(rules, "/dev/" NODE_FOLDER, SANDBOX_MAKE);
}

static void sandbox_hide_files(const struct sandbox *sandbox)
{
	struct landlock_ruleset_attr handled = {
		.handled_access_fs = SANDBOX_HANDLED,
	};
	int rules = (int)syscall(__NR_landlock_create_ruleset, &handled,
				 sizeof(handled.handled_access_fs), 0);

	if (rules < 0)
		return;
	if (sandbox->names)
		sandbox_allow(rules, "/etc", SANDBOX_READ);
	if (!sandbox->network)
		sandbox_allow_devices(rules);
	if (IS_ENABLED(CONFIG_DRIVER_FAKE))
		sandbox_allow(rules, "/run",
			      SANDBOX_USE | LANDLOCK_ACCESS_FS_MAKE_REG);
	(void)syscall(__NR_landlock_restrict_self, rules, 0);
	(void)close(rules);
}

/* Root without capabilities still opens what belongs to root. */
static void sandbox_drop_capabilities(const struct sandbox *sandbox)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { 0 };
	/* A network that is lost is brought back, a node that is lost made. */
	unsigned int kept = sandbox->network ? CAP_NET_ADMIN : CAP_MKNOD;

	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	for (unsigned int i = 0; i < 64; i++) {
		if (i != kept && prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0)
			break; /* the last one that this kernel has */
	}
	sets[CAP_TO_INDEX(kept)].permitted = CAP_TO_MASK(kept);
	sets[CAP_TO_INDEX(kept)].effective = CAP_TO_MASK(kept);
	(void)syscall(__NR_capset, &header, sets);
}

void sandbox_enter(const struct sandbox *sandbox)
{
	(void)mkdir("/dev/bus", 0755); /* rules are for what is there */
	(void)mkdir("/dev/" NODE_FOLDER, 0700);
	sandbox_limit(RLIMIT_CORE, 0);
	sandbox_limit(RLIMIT_FSIZE, SANDBOX_FILE_SIZE);
	sandbox_limit(RLIMIT_NOFILE, SANDBOX_FILES);
	sandbox_limit(RLIMIT_AS, sandbox->memory);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	sandbox_hide_files(sandbox);
	sandbox_drop_capabilities(sandbox);
	sandbox_filter(sandbox);
}
