# SPDX-License-Identifier: MIT
# Fuzzers (*_fuzz.c beside the code): libFuzzer with sanitizers, one for each
# parser of what a device, a file or the kernel says. Time is played, not
# spent: drivers/base/virtual_time.c.

FUZZ_S ?= 60
FUZZ_CC ?= clang
FUZZ_CFLAGS := -g -O1 -fno-omit-frame-pointer \
	-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FUZZ_LDFLAGS := -fsanitize=fuzzer,address,undefined

PLAIN_FUZZERS := $(addprefix $(O)/fuzz/,$(call chosen,$(fuzz-y)))
# Those of fuzz-virtual-y sit at the far end of a serial port, of the USB or of
# the network.
VIRTUAL_FUZZERS := $(addprefix $(O)/fuzz/,$(call chosen,$(fuzz-virtual-y)))
FUZZERS := $(sort $(PLAIN_FUZZERS) $(VIRTUAL_FUZZERS))
FUZZ_OBJECTS := $(addprefix $(O)/fuzz/,drivers/base/virtual_time.o $(sort \
	$(filter-out payload/main.o,$(obj-y))))
FUZZ_ENDS := $(addprefix $(O)/fuzz/drivers/link/,line_fuzz.o line_fuzz_net.o \
	line_fuzz_usb.o)
FUZZ_ARCHIVES := $(patsubst %,$(LIBS)/host/%.a,$(sort $(lib-y)))

$(O)/fuzz/drivers/base/clock.o: FUZZ_CFLAGS += \
	-Dclock_gettime=virtual_gettime -Dclock_nanosleep=virtual_nanosleep

$(O)/fuzz/flags: FORCE | $(O)/tools-fuzz
	$(Q)mkdir -p $(@D)
	$(Q)echo '$(FUZZ_CC) $(COMMON) $(FUZZ_CFLAGS) $(FUZZ_LDFLAGS)' >$@.new
	$(Q)cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(O)/fuzz/%.o: %.c $(AUTOCONF) $(O)/fuzz/flags | $(LIBRARY_HEADERS)
	@echo "  FUZZCC  $<"
	$(Q)mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(COMMON) $(FUZZ_CFLAGS) -MMD -MP -c -o $@ $<

$(PLAIN_FUZZERS): $(FUZZ_OBJECTS)
$(VIRTUAL_FUZZERS): $(FUZZ_ENDS) $(filter-out $(addprefix \
	$(O)/fuzz/drivers/link/,net.o serial.o usb_find.o usb_handle.o),\
	$(FUZZ_OBJECTS))
$(FUZZERS): %: %.o $(FUZZ_ARCHIVES)
	@echo "  FUZZLD  $(@F)"
	$(Q)$(FUZZ_CC) $(FUZZ_LDFLAGS) -o $@ $(filter %.o,$^) \
		$(filter %.a,$^) -lpthread

-include $(FUZZ_OBJECTS:.o=.d) $(FUZZ_ENDS:.o=.d) $(FUZZERS:=.d)

# What it found so far stays in $(O)/fuzz/corpus, for the next time.
.PHONY: fuzz
fuzz: $(FUZZERS)
	$(Q)scripts/fuzz $(O)/fuzz $(FUZZ_S) \
		$(patsubst $(O)/fuzz/%,%,$(FUZZERS))
