// SPDX-License-Identifier: MIT
/*
 * The first instructions of the program. A program without a fixed address is
 * full of pointers that have to be moved to where it was loaded, 24 bytes each
 * in the classic table and about one bit in the packed one (DT_RELR, gABI). The
 * C library of Debian 12 does not read the packed one at its start, so that is
 * done here, before the C library begins.
 *
 * Nothing works yet: no pointer in data, no thread pointer (and so no stack
 * protector), no function of the C library.
 */
#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>

void start_move_pointers(void);

extern const ElfW(Dyn) start_dynamic[] __asm__("_DYNAMIC")
	__attribute__((visibility("hidden")));
extern uint8_t start_base[] __asm__("__ehdr_start")
	__attribute__((visibility("hidden")));

#define RELR_BITS (8 * sizeof(ElfW(Addr)) - 1)

/* The gABI's; musl 1.2.3 does not know them. */
#define START_DT_RELRSZ 35
#define START_DT_RELR   36

/**
 * Move all pointers of the packed table. An even entry is the place of one
 * pointer; an odd one a bitmap of which of the next 63 words are pointers.
 */
__attribute__((used, no_stack_protector)) void start_move_pointers(void)
{
	const ElfW(Addr) *entry = NULL;
	uintptr_t *word = (uintptr_t *)start_base;
	size_t count = 0;

	for (const ElfW(Dyn) *dyn = start_dynamic; dyn->d_tag != DT_NULL; dyn++) {
		if (dyn->d_tag == START_DT_RELR)
			entry = (const ElfW(Addr) *)(start_base +
						     dyn->d_un.d_ptr);
		else if (dyn->d_tag == START_DT_RELRSZ)
			count = dyn->d_un.d_val / sizeof(*entry);
	}
	for (; entry && count; entry++, count--) {
		if (!(*entry & 1)) {
			word = (uintptr_t *)(start_base + *entry);
			*word++ += (uintptr_t)start_base;
			continue;
		}
		for (size_t i = 0; i < RELR_BITS; i++) {
			if (*entry >> (i + 1) & 1)
				word[i] += (uintptr_t)start_base;
		}
		word += RELR_BITS;
	}
}

/* The C library's _start finds the stack as the kernel has left it. */
__asm__(".text\n"
	".globl start_packed\n"
	".hidden start_packed\n"
	".type start_packed, @function\n"
	"start_packed:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rbx\n"
	"	and $-16, %rsp\n"
	"	call start_move_pointers\n"
	"	mov %rbx, %rsp\n"
	"	jmp _start\n"
	".size start_packed, . - start_packed\n");
