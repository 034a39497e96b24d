# SPDX-License-Identifier: MIT
# Compiles and links the program: static against musl, position independent.

MUSL_ARCH ?= $(shell uname -m)-linux-musl
MUSL_LIB ?= /usr/lib/$(MUSL_ARCH)
MUSL_INCLUDE ?= /usr/include/$(MUSL_ARCH)
KERNEL_INCLUDE ?= /usr/include
KERNEL_ASM ?= $(KERNEL_INCLUDE)/$(shell gcc -print-multiarch)/asm

# Where the linker can pack the pointers that are to be moved at the start.
ifneq ($(filter x86_64-%,$(MUSL_ARCH)),)
obj-y += payload/start.o
PACKED_LDFLAGS := -Wl,-z,pack-relative-relocs -Wl,-e,start_packed
endif

OBJECTS := $(addprefix $(B)/obj/,$(sort $(obj-y)))
# The program of the exitrd has the stages and no commands.
EXITRD_OBJECTS = $(filter-out $(B)/obj/payload/cmd/%,$(OBJECTS)) \
	$(B)/obj/payload/exitrd.o
ARCHIVES := $(patsubst %,$(LIBS)/payload/%.a,$(sort $(lib-y)))
LIBRARY_HEADERS := $(addprefix $(LIBS)/include/,$(sort $(lib-y)))

# Paths of the build machine stay out of the program.
PREFIX_MAP := -ffile-prefix-map=$(SRC)/= -ffile-prefix-map=$(B)/=

INCLUDES := -include $(AUTOCONF) -include drivers/base/kconfig.h \
	-I $(B)/config -I drivers -I payload $(if $(lib-y),-isystem $(LIBS)/include)
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wformat=2 $(if $(filter 1,$(WERROR)),-Werror)
COMMON := -std=gnu11 -D_GNU_SOURCE $(INCLUDES) $(WARNINGS)

# musl-gcc links a dynamic program when it is told -static-pie (Debian 12), and
# clang has no such wrapper; so both compilers are given musl's files by name.
COMPILER_INCLUDE = $(shell $(CC) -print-file-name=include)
MUSL_CFLAGS = -nostdinc -isystem $(MUSL_INCLUDE) \
	-isystem $(COMPILER_INCLUDE) -isystem $(LIBS)/kernel-headers
PAYLOAD_CFLAGS = -Oz -fPIE -ffunction-sections -fdata-sections \
	-fstack-protector-strong -fstack-clash-protection \
	-fno-asynchronous-unwind-tables -fno-unwind-tables \
	-fcf-protection=none -fno-strict-aliasing -fvisibility=hidden \
	$(ARCH_CFLAGS) $(MUSL_CFLAGS)
PAYLOAD_LDFLAGS = -nostdlib -static-pie -Wl,--gc-sections -Wl,-z,relro \
	-Wl,-z,now -Wl,-z,noexecstack -Wl,-z,noseparate-code \
	-Wl,-z,text -Wl,--build-id=none -Wl,--no-eh-frame-hdr \
	-Wl,--hash-style=gnu -Wl,-O1 -Wl,--sort-section=alignment
LIBGCC = $(shell $(CC) -print-file-name=libgcc.a)

# The kernel's headers and nothing else of the build machine's C library.
$(LIBS)/kernel-headers: | $(O)/tools-build
	$(Q)rm -rf $@.new $@ && mkdir -p $@.new
	$(Q)for part in linux asm-generic; do \
		ln -s $(KERNEL_INCLUDE)/$$part $@.new/$$part; done
	$(Q)ln -s $(KERNEL_ASM) $@.new/asm
	$(Q)mv -T $@.new $@

MUSL_VERSION = $(shell grep -aoE '\b1\.[0-9]+\.[0-9]+\b' $(MUSL_LIB)/libc.a | \
	head -n 1)

# For "lastwatt --version".
LINKED := $(B)/config/linked.h
$(LINKED): $(AUTOCONF) image/libraries FORCE
	$(Q)echo '#define LASTWATT_LINKED "$(foreach library,$(sort \
		$(lib-y)),$(library) $($(library)-version),) musl $(MUSL_VERSION)"' >$@.new
	$(Q)cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(B)/obj/payload/cmd/cmd.o $(O)/host/payload/cmd/cmd.o: $(LINKED)

# What is compiled with other flags than last time is compiled again.
$(B)/obj/flags: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)echo '$(CC) $(COMMON) $(PAYLOAD_CFLAGS) $(PAYLOAD_LDFLAGS) \
		$(PACKED_LDFLAGS) $(PREFIX_MAP)' >$@.new
	$(Q)cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(B)/obj/%.o: %.c $(AUTOCONF) $(B)/obj/flags \
		| $(LIBS)/kernel-headers $(LIBRARY_HEADERS)
	@echo "  CC      $<"
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(COMMON) $(PAYLOAD_CFLAGS) $(PREFIX_MAP) -MMD -MP -c -o $@ $<

# The list of objects is part of what decides about a new link.
$(B)/obj/objects: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)echo '$(OBJECTS) $(ARCHIVES)' >$@.new
	$(Q)cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# $1: the program, $2: its objects, $3: its libraries, $4: more flags.
define link
$(CC) $(PAYLOAD_LDFLAGS) $4 -Wl,-Map=$(1:.full=).map -o $1 \
	$(MUSL_LIB)/rcrt1.o $(MUSL_LIB)/crti.o $2 -Wl,--start-group $3 \
	$(MUSL_LIB)/libc.a $(LIBGCC) -Wl,--end-group $(MUSL_LIB)/crtn.o && \
	scripts/assert-static-pie $1
endef

$(B)/lastwatt: $(OBJECTS)
$(B)/shutdown: $(EXITRD_OBJECTS)
$(B)/lastwatt $(B)/shutdown: $(ARCHIVES) $(B)/obj/objects $(B)/obj/flags
	@echo "  LINK    $(@F)"
	$(Q)$(call link,$@.full,$(filter %.o,$^),$(ARCHIVES),$(PACKED_LDFLAGS))
	$(Q)$(STRIP) -o $@.new $@.full
	$(Q)mv $@.new $@

-include $(sort $(OBJECTS:.o=.d) $(EXITRD_OBJECTS:.o=.d))
