# SPDX-License-Identifier: MIT
# Unit tests (*_test.c, with sanitizers, on the build machine), test scripts
# and scenarios, for the program of FLAVOUR=test.

HOST_CFLAGS := -g -O1 -fno-omit-frame-pointer -ffunction-sections \
	-fdata-sections -fsanitize=address,undefined \
	-fno-sanitize-recover=all
HOST_LDFLAGS := -Wl,--gc-sections -fsanitize=address,undefined

FAKES := $(wildcard drivers/*/*_fake.c payload/*_fake.c \
	payload/*/*_fake.c)
HOST_OBJECTS := $(addprefix $(O)/host/,$(sort \
	$(filter-out payload/main.o,$(obj-y)) $(FAKES:.c=.o)))

# T=drivers/hid runs only the tests whose path has that in it.
T ?=
chosen = $(if $(T),$(foreach test,$(sort $1),$(if $(findstring \
	$(T),$(test)),$(test))),$(sort $1))
# Those of test-virtual-y play serial ports, USB, datagrams and the time that
# drivers wait.
PLAIN_TESTS := $(addprefix $(O)/host/,$(call chosen,$(test-y)))
VIRTUAL_TESTS := $(addprefix $(O)/host/,$(call chosen,$(test-virtual-y)))
TESTS := $(sort $(PLAIN_TESTS) $(VIRTUAL_TESTS))
SCRIPTS := $(call chosen,$(test-script-y))
# These build things again and take a minute; "make check" runs them.
SLOW_SCRIPTS := $(call chosen,$(check-script-y))

ifeq ($(FLAVOUR),test)

$(O)/host/flags: FORCE | $(O)/tools-check
	$(Q)mkdir -p $(@D)
	$(Q)echo '$(HOSTCC) $(COMMON) $(HOST_CFLAGS) $(HOST_LDFLAGS)' >$@.new
	$(Q)cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(O)/host/%.o: %.c $(AUTOCONF) $(O)/host/flags | $(LIBRARY_HEADERS)
	@echo "  HOSTCC  $<"
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) $(COMMON) $(HOST_CFLAGS) -MMD -MP -c -o $@ $<

HOST_ARCHIVES := $(patsubst %,$(LIBS)/host/%.a,$(sort $(lib-y)))

# What test programs of the two sorts are linked from.
VIRTUAL_CLOCK := $(O)/host/virtual/drivers/base/clock.o
NOT_VIRTUAL := $(addprefix $(O)/host/drivers/,base/clock.o link/net.o \
	link/serial.o link/usb_find.o link/usb_handle.o)
VIRTUAL_OBJECTS := $(filter-out $(NOT_VIRTUAL),$(HOST_OBJECTS)) \
	$(VIRTUAL_CLOCK) $(addprefix $(O)/host/drivers/,\
	base/virtual_time.o link/line_bench.o link/line_bench_storm.o \
	link/net_virtual.o link/serial_virtual.o link/usb_virtual.o)

$(O)/host/virtual/%.o: %.c $(AUTOCONF) $(O)/host/flags | $(LIBRARY_HEADERS)
	@echo "  HOSTCC  $< (virtual time)"
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) $(COMMON) $(HOST_CFLAGS) -Dclock_gettime=virtual_gettime \
		-Dclock_nanosleep=virtual_nanosleep -MMD -MP -c -o $@ $<

$(PLAIN_TESTS): $(HOST_OBJECTS)
$(VIRTUAL_TESTS): $(VIRTUAL_OBJECTS)
$(TESTS): %: %.o $(HOST_ARCHIVES)
	@echo "  HOSTLD  $(@F)"
	$(Q)$(HOSTCC) $(HOST_LDFLAGS) -o $@ $(filter %.o,$^) \
		$(filter %.a,$^) -lcmocka -lpthread

# The whole program as the tests are: dynamic, so that something may stand
# between it and the C library.
HOST_PROGRAM := $(O)/host/lastwatt
$(HOST_PROGRAM): $(O)/host/payload/main.o $(HOST_OBJECTS) $(HOST_ARCHIVES)
	@echo "  HOSTLD  $(@F)"
	$(Q)$(HOSTCC) $(HOST_LDFLAGS) -o $@ $(filter %.o,$^) \
		$(filter %.a,$^) -lpthread

# The same, on a bus with the one emulated device that its environment names.
HOST_USB_PROGRAM := $(O)/host/lastwatt-usb
HOST_USB_OBJECTS := $(addprefix $(O)/host/,drivers/link/usb_virtual.o \
	$(addprefix qemu-tests/rig/,usb_plugged.o usb_host.o)) \
	$(filter-out $(addprefix $(O)/host/drivers/link/,usb_find.o \
	usb_handle.o),$(HOST_OBJECTS))
$(HOST_USB_PROGRAM): $(O)/host/payload/main.o $(HOST_USB_OBJECTS) \
		$(HOST_ARCHIVES)
	@echo "  HOSTLD  $(@F)"
	$(Q)$(HOSTCC) $(HOST_LDFLAGS) -o $@ $(filter %.o,$^) \
		$(filter %.a,$^) -lpthread

-include $(O)/host/payload/main.d
-include $(HOST_OBJECTS:.o=.d) $(VIRTUAL_OBJECTS:.o=.d) $(TESTS:=.d)

.PHONY: build-tests run-unit-tests run-check run-check-long
build-tests: image $(TESTS)

# Scripts call make for themselves: not with what this one was told.
TEST_ENVIRONMENT := unset MAKEFLAGS MAKELEVEL MFLAGS \
	FLAVOUR O T V; \
	export BUILD=$(O) SRC=$(SRC) LIBS=$(LIBS) CC=$(CC)
SCENARIOS ?= qemu-tests/scenarios

run-unit-tests: build-tests
	$(Q)$(TEST_ENVIRONMENT); scripts/run-tests $(TESTS) $(SCRIPTS)

run-check run-check-long: build-tests $(HOST_PROGRAM) $(HOST_USB_PROGRAM)
	$(Q)$(TEST_ENVIRONMENT); scripts/run-tests $(TESTS) $(SCRIPTS) \
		$(SLOW_SCRIPTS) -- qemu-tests/run \
		--random $(if $(filter %-long,$@),200 --long,10 --seed 1) $(SCENARIOS)

endif


.PHONY: check-unit check check-long
check-unit: image
	$(Q)$(MAKE) FLAVOUR=test run-unit-tests

# Scenarios on 64-bit ARM are long ones.
.PHONY: check-arm64-parts
check-arm64-parts:
	$(Q)$(MAKE) ARCH=aarch64 O=$(O)/aarch64 LIBS=$(O)/aarch64/libs \
		CC=aarch64-linux-gnu-gcc image inside

check-long: check-arm64-parts initrd
check check-long: image budget rig $(O)/tools-demo $(O)/tools-pack
	$(Q)$(MAKE) FLAVOUR=test run-$@
