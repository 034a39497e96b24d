# SPDX-License-Identifier: MIT
# What the unit tests run of the program: a build of its own with counters, in
# which the program of scripts and of PID 1's tests counts, too. That one is slow
# and has no sandbox, so some tests fail here; they are judged by check-unit.

COUNT_FLAGS := HOST_CFLAGS="-g -O1 --coverage -fprofile-update=atomic" \
	HOST_LDFLAGS="--coverage -Wl,--wrap=_exit -Wl,--wrap=syscall -Wl,--wrap=child_tell $(O)/coverage/count.o"
COUNTING := $(O)/host/lastwatt-counting

ifeq ($(FLAVOUR),test)

# Of the build machine's C library: the other one knows no counters.
$(COUNTING): $(addprefix $(O)/host/,$(sort \
		$(filter-out payload/start.o,$(obj-y)))) $(HOST_ARCHIVES)
	@echo "  HOSTLD  $(@F)"
	$(Q)$(HOSTCC) $(HOST_LDFLAGS) -static \
		-Wl,--wrap=sandbox_enter -o $@ $(filter %.o,$^) \
		$(filter %.a,$^) -lpthread 2>$@.log || { cat $@.log; exit 1; }

.PHONY: run-coverage
run-coverage: build-tests $(COUNTING)
	$(Q)cp $(COUNTING) $(O)/lastwatt
	$(Q)cp $(COUNTING) $(O)/test/lastwatt
	$(Q)$(TEST_ENVIRONMENT); export LASTWATT_COUNTERS=$(O)/host; \
		scripts/run-tests $(TESTS) $(SCRIPTS) || true

endif

.PHONY: coverage
coverage: $(O)/tools-check
	$(Q)mkdir -p $(O)/coverage
	$(Q)find $(O)/coverage -name '*.gcda' -delete
	$(Q)cp $(O)/.config $(O)/coverage/.config
	$(Q)$(HOSTCC) -c -o $(O)/coverage/count.o scripts/coverage_count.c
	$(Q)$(MAKE) O=$(O)/coverage LIBS=$(LIBS) image
	$(Q)$(MAKE) O=$(O)/coverage LIBS=$(LIBS) $(COUNT_FLAGS) \
		FLAVOUR=test T=$(T) run-coverage
	$(Q)scripts/coverage $(O)/coverage
