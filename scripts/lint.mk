# SPDX-License-Identifier: MIT
# For people and their editors: format, lint, compile_commands.json.

# One file needs a header of NUT's, which is not on every machine.
ALL_SOURCES := $(sort $(filter-out qemu-tests/nut-grammar.d/words.c,$(shell \
	find payload drivers image qemu-tests -name '*.c')))

# With the build machine's headers: good enough to read, and tests are in it.
define compile-command
{ "directory": "$(SRC)", "file": "$1", "command": "cc $(COMMON) $(if $(filter $(libusb-ours),$1),-I $(libusb-tree) -I $(libusb-tree)/libusb) -isystem $(LIBS)/include -c $1" }
endef

$(O)/compile_commands.json: FORCE | $(AUTOCONF) $(LINKED) \
		$(LIBS)/include/bearssl $(LIBS)/include/libusb \
		$(libusb-tree)/config.h
	$(file >$@.new,[)
	$(foreach file,$(ALL_SOURCES),$(file >>$@.new,$(if $(filter-out \
		$(firstword $(ALL_SOURCES)),$(file)),$(comma)) $(call compile-command,$(file))))
	$(file >>$@.new,])
	$(Q)cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# The timeline of a run and the screens of others; without them their pictures
# stay as they are.
TIMELINE ?= $(O)/qemu/debian12-outage/timeline.jsonl
SCREENS ?= $(O)/qemu/screen

.PHONY: pictures
pictures:
	$(Q)scripts/pictures architecture docs/architecture.svg
	$(Q)if [ -e $(TIMELINE) ]; then \
		scripts/pictures timeline $(TIMELINE) docs/timeline.svg; \
	else echo "There is no $(TIMELINE): make demo first" >&2; fi
	$(Q)if [ -e $(SCREENS)/text/last.png ] && \
			[ -e $(SCREENS)/trouble/last.png ]; then \
		cp $(SCREENS)/text/last.png docs/screen.png; \
		cp $(SCREENS)/trouble/last.png docs/screen-trouble.png; \
	else echo "There is no picture in $(SCREENS): qemu-tests/run" \
		"qemu-tests/scenarios/screen first" >&2; fi

.PHONY: lint analyze format compile_commands
compile_commands: $(O)/compile_commands.json

lint: $(O)/tools-lint $(O)/tools-check $(O)/tools-demo \
		$(O)/compile_commands.json
	$(Q)BUILD=$(O) scripts/lint

# Two minutes of a computer, and it sees more than one function at a time.
analyze: $(AUTOCONF) $(LIBS)/include/libusb
	@echo "  ANALYZE payload drivers"
	$(Q)scripts/analyze gcc $(COMMON) -Wno-error -isystem $(LIBS)/include

format: $(O)/tools-lint
	$(Q)find payload drivers image qemu-tests -name '*.[ch]' \
		-exec clang-format -i {} +
