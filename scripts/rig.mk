# SPDX-License-Identifier: MIT
# The test bench, the outage to watch, and the numbers.

.PHONY: rig demo
rig: $(O)/tools-demo
	$(Q)$(MAKE) $(if $(Q),-s) -C qemu-tests/rig O=$(O) CC=$(HOSTCC)

demo: image rig
	$(Q)BUILD=$(O) qemu-tests/demo

# lastwatt beside NUT's own drivers: rewrites docs/numbers.md. ROUNDS=20 for more.
ROUNDS ?= 5
.PHONY: bench
bench: image rig size-tiny $(O)/tools-bench
	$(Q)BUILD=$(O) qemu-tests/bench --rounds $(ROUNDS)

# What a newcomer types and reads: the scenario fails where the document is not
# what the machine says any more.
.PHONY: transcripts
transcripts: image rig
	-$(Q)BUILD=$(O) qemu-tests/run qemu-tests/scenarios/transcripts
	$(Q)qemu-tests/transcripts $(O)/qemu/transcripts docs/transcripts.md

# The two programs that run inside of a virtual machine of another kind.
INSIDE := qemu-tests/machines/init
.PHONY: inside
inside: $(O)/rig/init $(O)/rig/rig-process

ifneq ($(ARCH),)
$(O)/rig/init: $(addprefix $(INSIDE)/,init.c cmdline.c files.c initrd.c \
	shutdown.c init.h)
$(O)/rig/rig-process: $(addprefix $(INSIDE)/,process.c fuse.c fuse.h kexec.c \
	kexec.h sample.c sample.h)
$(O)/rig/init $(O)/rig/rig-process: | $(LIBS)/kernel-headers
	@echo "  CC      $(@F)"
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 $(ARCH_CFLAGS) $(MUSL_CFLAGS) -s -static \
		-nostdlib -no-pie -fno-pie -o $@ $(MUSL_LIB)/crt1.o \
		$(MUSL_LIB)/crti.o $(filter %.c,$^) -Wl,--start-group \
		$(MUSL_LIB)/libc.a $(LIBGCC) -Wl,--end-group $(MUSL_LIB)/crtn.o
endif
