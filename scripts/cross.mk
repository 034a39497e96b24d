# SPDX-License-Identifier: MIT
# Building for another machine: Debian's compiler for it, the kernel headers
# that come with that, and musl from the package that Debian has for it.

ifneq ($(HOME),)
DL_DIR ?= $(HOME)/.cache/lastwatt
else
DL_DIR ?= $(O)/downloads
endif

ifneq ($(ARCH),)
ifneq ($(ARCH),aarch64)
$(error ARCH=$(ARCH) is not known: aarch64, or none for this machine)
endif

MUSL_ARCH := $(ARCH)-linux-musl
MUSL := $(LIBS)/musl
MUSL_LIB := $(MUSL)/usr/lib/$(MUSL_ARCH)
MUSL_INCLUDE := $(MUSL)/usr/include/$(MUSL_ARCH)
KERNEL_INCLUDE := /usr/$(ARCH)-linux-gnu/include
KERNEL_ASM := $(KERNEL_INCLUDE)/asm

# libgcc's outlined atomics ask the C library at the start of the program.
ARCH_CFLAGS := -mno-outline-atomics

musl-aarch64-file := musl-dev_1.2.3-1_arm64.deb
musl-aarch64-apt := pool/main/m/musl/$(musl-aarch64-file)
musl-aarch64-sha256 := 55c2ca4bc3041c8ed8ac7dc3ef6080d9551a21650568b2fd7610b59eaf98a4f4

$(DL_DIR)/$(musl-$(ARCH)-file): | $(O)/tools-build
	$(Q)scripts/fetch $@ $(musl-$(ARCH)-sha256) $(musl-$(ARCH)-apt)

$(MUSL)/unpacked: $(DL_DIR)/$(musl-$(ARCH)-file) | $(O)/tools-$(ARCH)
	@echo "  UNPACK  $(notdir $<)"
	$(Q)rm -rf $(@D) && mkdir -p $(@D)
	$(Q)dpkg-deb -x $< $(@D)
	$(Q)touch $@

$(LIBS)/kernel-headers $(B)/config/linked.h: $(MUSL)/unpacked
endif
