// SPDX-License-Identifier: MIT
/*
 * The end: the reboot() call of the verb, the nearest other one when the
 * kernel refuses it, and never a return.
 */
#include <linux/reboot.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pid1/conclude.h"
#include "pid1/kernel.h"

/* 9600 baud paint a screen in two seconds; a blocked console costs as much. */
#define OFF_PAINT_MS 2000
#define OFF_AGAIN_MS 1000

static void off_call(unsigned int command, const char *param)
{
	(void)syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		      command, param);
}

/* Returns only if the kernel refused. */
static void off_carry_out(const struct pid1 *pid1)
{
	switch (pid1->verb) {
	case VERB_REBOOT:
		if (pid1->plan.reboot_param[0])
			off_call(LINUX_REBOOT_CMD_RESTART2,
				 pid1->plan.reboot_param);
		off_call(LINUX_REBOOT_CMD_RESTART, NULL);
		return;
	case VERB_KEXEC:
		off_call(LINUX_REBOOT_CMD_KEXEC, NULL);
		off_call(LINUX_REBOOT_CMD_RESTART, NULL);
		return;
	case VERB_HALT:
		off_call(LINUX_REBOOT_CMD_HALT, NULL);
		return;
	case VERB_POWEROFF:
	case VERB_EXIT:
	case VERB_UNKNOWN: /* we are at the end of a shutdown, whatever its word */
		break;
	}
	off_call(LINUX_REBOOT_CMD_POWER_OFF, NULL);
}

static void off_by_sysrq(enum verb verb)
{
	/* If it fails, nothing is left to be tried with it. */
	(void)kernel_tell("/proc/sysrq-trigger",
			  verb == VERB_REBOOT || verb == VERB_KEXEC ? "b" : "o");
}

/* A halted machine would be reset by a watchdog that nobody can stop. */
static void __attribute__((noreturn)) off_stay(struct pid1 *pid1)
{
	log_say(&pid1->log, "off",
		"halted, but for the watchdog: you may switch off");
	log_finish(&pid1->log, deadline_in_ms(OFF_PAINT_MS));
	for (;;)
		(void)pause();
}

int off_run(struct pid1 *pid1, deadline_t until)
{
	(void)until;
	log_record(&pid1->log, PAINT_PLAIN, "off", "%s", verb_name(pid1->verb));
	conclude(pid1);
	if (!watchdog_finish(&pid1->watchdog, pid1->verb))
		off_stay(pid1);
	log_finish(&pid1->log, deadline_in_ms(OFF_PAINT_MS));
	for (;;) {
		off_carry_out(pid1);
		off_by_sysrq(pid1->verb);
		(void)clock_sleep_ms(OFF_AGAIN_MS, deadline_in_ms(OFF_AGAIN_MS));
	}
}
