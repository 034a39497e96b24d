# SPDX-License-Identifier: MIT
# From the Kconfig files to $(B)/.config, and from there to auto.conf (for
# make) and autoconf.h (in front of every C file).

CONFIG := $(B)/.config
AUTOCONF := $(B)/config/autoconf.h
KCONFIG_FILES := $(wildcard kconfig/Kconfig */Kconfig */*/Kconfig)

# kconfig-frontends writes where it stands; reads Kconfig from $srctree.
KCONFIG_RUN = mkdir -p $(B)/config/include/config && cd $(B)/config && \
	export srctree=$(SRC) KCONFIG_CONFIG=$(CONFIG) KCONFIG_AUTOCONFIG=auto.new \
	KCONFIG_AUTOHEADER=autoconf.new KCONFIG_TRISTATE=tristate.new &&

.PHONY: menuconfig defconfig
menuconfig: $(O)/tools-build
	$(Q)test -e $(CONFIG) || cp kconfig/full_defconfig $(CONFIG)
	$(Q)$(KCONFIG_RUN) kconfig-mconf kconfig/Kconfig

defconfig: full_defconfig

%_defconfig: $(O)/tools-build
	$(Q)test -e kconfig/$@ || { echo "no kconfig/$@" >&2; exit 1; }
	$(Q)cp kconfig/$@ $(CONFIG)
	$(Q)$(KCONFIG_RUN) kconfig-conf --olddefconfig kconfig/Kconfig \
		>/dev/null
	@echo "$(CONFIG) written from kconfig/$@"

$(O)/.config: | $(O)/tools-build
	$(Q)cp kconfig/full_defconfig $@

ifneq ($(FLAVOUR),)
# A fragment comes last and wins.
$(CONFIG): $(O)/.config kconfig/$(FLAVOUR).config
	$(Q)mkdir -p $(@D)
	$(Q)sed -n 's/^\(CONFIG_[A-Z0-9_]*\)=.*/^\1=\n^# \1 is/p' \
		kconfig/$(FLAVOUR).config | grep -v -f - $< >$@.new
	$(Q)cat kconfig/$(FLAVOUR).config >>$@.new
	$(Q)mv $@.new $@
endif

# Only a header whose content changed gets a new time: everything depends on it.
$(B)/config/auto.conf: $(CONFIG) $(KCONFIG_FILES)
	$(Q)$(KCONFIG_RUN) \
		kconfig-conf --olddefconfig kconfig/Kconfig >/dev/null && \
		kconfig-conf --silentoldconfig kconfig/Kconfig >/dev/null && \
		mv auto.new auto.conf && \
		{ cmp -s autoconf.new autoconf.h || \
			mv autoconf.new autoconf.h; }
	$(Q)touch $@

$(AUTOCONF): $(B)/config/auto.conf ;

ifeq ($(NEEDS_CONFIG),y)
include $(B)/config/auto.conf
endif
