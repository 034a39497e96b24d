// SPDX-License-Identifier: MIT
/*
 * Counters are written by exit(). Children leave by _exit(), PID 1 by
 * reboot(), and what they ran is to be counted, too.
 */
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

void __gcov_dump(void);
void __gcov_reset(void);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
void __wrap_sandbox_enter(const void *sandbox);
int __real_child_tell(int fd, const void *message, size_t len);
int __wrap_child_tell(int fd, const void *message, size_t len);

void __wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}

long __wrap_syscall(long number, ...)
{
	long argument[6];
	va_list arguments;

	va_start(arguments, number);
	for (int i = 0; i < 6; i++)
		argument[i] = va_arg(arguments, long);
	va_end(arguments);
	if (number == SYS_reboot) {
		__gcov_dump();
		__gcov_reset(); /* it may be refused */
	}
	return __real_syscall(number, argument[0], argument[1], argument[2],
			      argument[3], argument[4], argument[5]);
}

/* No counter could be written in it. sandbox_test counts it by itself. */
void __wrap_sandbox_enter(const void *sandbox)
{
	(void)sandbox;
}

/* Who has told PID 1 the last that it wants to hear is killed. */
int __wrap_child_tell(int fd, const void *message, size_t len)
{
	__gcov_dump();
	__gcov_reset();
	return __real_child_tell(fd, message, len);
}
