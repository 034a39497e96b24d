/* SPDX-License-Identifier: MIT */
/*
 * The bench in an initrd that is not its own: started before that one's init,
 * it says that the machine lives; run by a unit there, it lays the scenario's
 * files over the root that the initrd has mounted.
 */
#include <sys/mount.h>
#include <unistd.h>

#include "init.h"

#define SYSROOT "/sysroot"

static _Noreturn void begin_and_leave(void)
{
	int boot;

	if (mount("proc", "/proc", "proc", 0, NULL))
		give_up("/proc");
	boot = boot_number();
	(void)umount("/proc"); /* the initrd would not mind */
	say("init %d", boot);
	execl("/init", "/init", NULL);
	give_up("/init");
}

int join_initrd(void)
{
	if (getpid() == 1)
		begin_and_leave();
	open_console();
	if (boot_number() > 1)
		return 0;
	if (mount(NULL, SYSROOT, NULL, MS_REMOUNT, NULL))
		give_up("remount the root");
	lay_tree("/files", SYSROOT);
	if (mount(NULL, SYSROOT, NULL, MS_REMOUNT | MS_RDONLY, NULL))
		give_up("remount the root read-only");
	return 0;
}
