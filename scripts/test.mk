# SPDX-License-Identifier: MIT
# Unit tests (*_test.c, with sanitizers, on the build machine), test scripts
# and scenarios, for the program of FLAVOUR=test.

HOST_CFLAGS := -g -O1 -fno-omit-frame-pointer -ffunction-sections \
	-fdata-sections -fsanitize=address,undefined \
	-fno-sanitize-recover=all
HOST_LDFLAGS := -Wl,--gc-sections -fsanitize=address,undefined

FAKES := $(wildcard drivers/*/*_fake.c payload/*/*_fake.c)
HOST_OBJECTS := $(addprefix $(O)/host/,$(sort \
	$(filter-out payload/main.o,$(obj-y)) $(FAKES:.c=.o)))

# T=drivers/hid runs only the tests whose path has that in it.
T ?=
chosen = $(if $(T),$(foreach test,$(sort $1),$(if $(findstring \
	$(T),$(test)),$(test))),$(sort $1))
TESTS := $(addprefix $(O)/host/,$(call chosen,$(test-y)))
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

$(TESTS): %: %.o $(HOST_OBJECTS) $(HOST_ARCHIVES)
	@echo "  HOSTLD  $(@F)"
	$(Q)$(HOSTCC) $(HOST_LDFLAGS) -o $@ $^ -lcmocka -lpthread

-include $(HOST_OBJECTS:.o=.d) $(TESTS:=.d)

.PHONY: build-tests run-unit-tests run-check run-check-long
build-tests: image $(TESTS)

# Scripts call make for themselves: not with what this one was told.
TEST_ENVIRONMENT := unset MAKEFLAGS MAKELEVEL MFLAGS \
	FLAVOUR O T V; \
	export BUILD=$(O) SRC=$(SRC) LIBS=$(LIBS) CC=$(CC)
SCENARIOS ?= qemu-tests/scenarios

run-unit-tests: build-tests
	$(Q)$(TEST_ENVIRONMENT); scripts/run-tests $(TESTS) $(SCRIPTS)

run-check run-check-long: build-tests
	$(Q)$(TEST_ENVIRONMENT); scripts/run-tests $(TESTS) $(SCRIPTS) \
		$(SLOW_SCRIPTS) -- qemu-tests/run \
		$(if $(filter %-long,$@),--long) $(SCENARIOS)

endif


.PHONY: check-unit check check-long
check-unit: image
	$(Q)$(MAKE) FLAVOUR=test run-unit-tests

check check-long: image rig $(O)/tools-demo
	$(Q)$(MAKE) FLAVOUR=test run-$@
