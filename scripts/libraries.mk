# SPDX-License-Identifier: MIT
# Fetches, unpacks and compiles the libraries of image/libraries, for the
# program (musl) and for the unit tests (the build machine's C library).

include image/libraries

LIBRARY_CFLAGS := -std=gnu11 -D_GNU_SOURCE -w -pthread

$(LIBS)/payload/flags: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)echo '$(CC) $(LIBRARY_CFLAGS) $(PAYLOAD_CFLAGS)' >$@.new
	$(Q)cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# $1 is the library.
define library-rules
$1-tree := $(LIBS)/src/$1-$($1-version)
$1-objects := $($1-sources:.c=.o) $($1-ours:.c=.o)

$(DL_DIR)/$($1-archive): | $(O)/tools-build
	$$(Q)scripts/fetch $$@ $($1-sha256) $($1-apt) $($1-url)

$$($1-tree)/unpacked: $(DL_DIR)/$($1-archive) image/libraries
	@echo "  UNPACK  $($1-archive)"
	$$(Q)echo "$($1-sha256)  $$<" | sha256sum --status -c - || \
		{ echo "$$< has another SHA-256 than $($1-archive) has; remove it" >&2; exit 1; }
	$$(Q)rm -rf $$(@D) && mkdir -p $$(@D)
	$$(Q)tar -xf $$< --strip-components=1 --no-same-owner -C $$(@D)
	$$(Q)cd $$(@D)/$($1-folder) && $(or $($1-prepare),true)
	$$(Q)touch $$@

$$($1-tree)/config.h: $$($1-tree)/unpacked $($1-ours)
	$$(Q)$(if $($1-ours),mkdir -p $$($1-tree)/$($1-folder)/image && \
		cp $($1-ours) $$($1-tree)/$($1-folder)/image)
	$$(file >$$@,$$($1-config))

$(LIBS)/include/$1: $$($1-tree)/unpacked
	$$(Q)mkdir -p $$(@D)
	$$(Q)cd $$($1-tree)/$($1-folder) && cp $($1-headers) $$(abspath $$(@D))
	$$(Q)touch $$@

$(LIBS)/payload/$1/%.o: $$($1-tree)/config.h $(LIBS)/payload/flags \
		| $(LIBS)/kernel-headers
	$$(Q)mkdir -p $$(@D)
	$$(Q)$$(CC) $(LIBRARY_CFLAGS) $$(PAYLOAD_CFLAGS) \
		-ffile-prefix-map=$(LIBS)/src/= \
		-include $$< -I$$($1-tree) -I$$($1-tree)/$($1-folder) \
		-c -o $$@ $$($1-tree)/$($1-folder)/$$*.c

$(LIBS)/host/$1/%.o: $$($1-tree)/config.h
	$$(Q)mkdir -p $$(@D)
	$$(Q)$(HOSTCC) $(LIBRARY_CFLAGS) -g -O1 -include $$< \
		-I$$($1-tree) -I$$($1-tree)/$($1-folder) \
		-c -o $$@ $$($1-tree)/$($1-folder)/$$*.c

$(LIBS)/%/$1.a: $$(addprefix $(LIBS)/%/$1/,$$($1-objects))
	@echo "  AR      $$*/$1.a"
	$$(Q)rm -f $$@ && ar rcD $$@ $$^
endef
$(foreach library,$(LIBRARIES),$(eval $(call library-rules,$(library))))

.PHONY: libs
libs: $(foreach library,$(LIBRARIES),$(LIBS)/payload/$(library).a \
	$(LIBS)/host/$(library).a $(LIBS)/include/$(library))

# For a test: SOURCE becomes PROGRAM with LIBRARY, as the payload would.
.PHONY: link-with-library
link-with-library: libs
	$(Q)$(CC) -std=gnu11 -isystem $(LIBS)/include $(PAYLOAD_CFLAGS) \
		-c -o $(PROGRAM).o $(SOURCE)
	$(Q)$(call link,$(PROGRAM),$(PROGRAM).o,$(LIBS)/payload/$(LIBRARY).a)
