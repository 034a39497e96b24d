# SPDX-License-Identifier: MIT
# Builds lastwatt. "make help" says what can be made; the folders' Makefiles
# only list what belongs to them, kconfig style.

SRC := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
# ARCH=aarch64 builds for another machine, beside what is built for this one.
ARCH ?=
O ?= build$(addprefix /,$(ARCH))
override O := $(abspath $(O))
ifeq ($(O),$(SRC))
$(error O must be a folder of its own, for "make distclean" removes it)
endif

# The same rules build two programs: the configured one in $(O), and in
# $(O)/test the one for the tests (FLAVOUR=test), with kconfig/test.config.
FLAVOUR ?=
B := $(O)$(addprefix /,$(FLAVOUR))

ifeq ($(origin CC),default)
CC := $(if $(ARCH),$(ARCH)-linux-gnu-)gcc
endif
STRIP := $(if $(ARCH),$(ARCH)-linux-gnu-)strip
HOSTCC ?= gcc
LIBS ?= $(O)/libs
PREFIX ?= /usr
WERROR ?= 1
V ?= 0
comma := ,
Q := $(if $(filter 1,$(V)),,@)

# Recipes run from the source root, so that every path in the program is
# relative to it wherever it is built.
MAKEFLAGS += --no-print-directory --no-builtin-rules
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:

.PHONY: all
all: image

ifneq ($(CURDIR),$(SRC))
# Called by "make -f": go to the source root first.
%: FORCE
	$(Q)$(MAKE) -C $(SRC) O=$(O) $@
FORCE:
.PHONY: FORCE
else

# What needs no configuration must work without one.
NO_CONFIG := help clean distclean menuconfig defconfig %_defconfig format rig pictures
ifneq ($(filter-out $(NO_CONFIG),$(or $(MAKECMDGOALS),all)),)
NEEDS_CONFIG := y
endif

# Each purpose is looked at once; what is missing is installed or named.
$(O)/tools-%: scripts/tools
	$(Q)mkdir -p $(O)
	$(Q)scripts/tools $*
	$(Q)touch $@

include scripts/config.mk
include $(sort $(wildcard payload/Makefile payload/*/Makefile \
	drivers/*/Makefile image/Makefile kconfig/Makefile \
	scripts/Makefile qemu-tests/Makefile))
include scripts/cross.mk
include scripts/compile.mk
include scripts/libraries.mk
include scripts/image.mk
include scripts/rig.mk
include scripts/test.mk
include scripts/coverage.mk
include scripts/fuzz.mk
include scripts/lint.mk

.PHONY: help clean distclean
help:
	@cat scripts/help

clean:
	$(Q)rm -rf $(O)/obj $(O)/host $(O)/exitrd $(O)/test $(O)/defconfig \
		$(O)/rig $(O)/qemu $(O)/fuzz $(O)/tools $(O)/deb $(O)/sysext $(O)/initrd \
		$(O)/lastwatt $(O)/lastwatt[._-]* $(O)/shutdown $(O)/shutdown.*
distclean:
	$(Q)rm -rf $(O)

.PHONY: FORCE
FORCE:

endif
