# SPDX-License-Identifier: MIT
# What the unit tests run of the program: a build of its own with counters.

COVERAGE := $(O)/coverage
COVERAGE_EXIT := $(COVERAGE)/exit.o

.PHONY: coverage
coverage: $(O)/tools-check
	$(Q)mkdir -p $(COVERAGE)
	$(Q)find $(COVERAGE) -name '*.gcda' -delete
	$(Q)cp $(O)/.config $(COVERAGE)/.config
	$(Q)$(HOSTCC) -c -o $(COVERAGE_EXIT) scripts/coverage_exit.c
	$(Q)$(MAKE) O=$(COVERAGE) LIBS=$(LIBS) \
		HOST_CFLAGS="-g -O1 --coverage -fprofile-update=atomic" \
		HOST_LDFLAGS="--coverage -Wl,--wrap=_exit $(COVERAGE_EXIT)" \
		check-unit T=$(T) || true
	$(Q)scripts/coverage $(COVERAGE)
