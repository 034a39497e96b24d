# SPDX-License-Identifier: MIT
# The exitrd, as a cpio archive and as the tree that "lastwatt stage" copies;
# and where everything is installed.

IMAGE_LIST := image/exitrd.list

$(O)/tools/pack: image/pack.c | $(O)/tools-build
	@echo "  HOSTCC  $<"
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) -std=gnu11 -O1 $(WARNINGS) -o $@ $<

# NUT's own drivers, if there are to be some: a list of files like the other.
NUT_DRIVERS := $(subst ",,$(CONFIG_IMAGE_NUT_DRIVERS))
NUT_ROOT := $(subst ",,$(CONFIG_IMAGE_NUT_ROOT))
ifneq ($(strip $(NUT_DRIVERS)),)
IMAGE_LIST += $(B)/nut.list
endif
$(B)/nut.list: image/nut/pack $(B)/config/auto.conf
	@echo "  NUT     $(NUT_DRIVERS)"
	$(Q)rm -rf $(B)/nut-drivers && mkdir -p $(B)/nut-drivers
	$(Q)image/nut/pack --root $(NUT_ROOT) --tree $(B)/nut-drivers \
		--list $@ $(NUT_DRIVERS)

$(B)/lastwatt.cpio: $(B)/shutdown $(IMAGE_LIST) $(O)/tools/pack
	@echo "  PACK    $(@F)"
	$(Q)cat $(IMAGE_LIST) >$(B)/image.list
	$(Q)$(O)/tools/pack $(B)/image.list $(B) >$@

$(B)/exitrd/shutdown: $(B)/shutdown $(IMAGE_LIST)
	@echo "  TREE    exitrd"
	$(Q)rm -rf $(@D)
	$(Q)while read -r kind path mode source; do \
		case $$kind in \
		dir) install -d -m $$mode $(@D)$$path ;; \
		file) install -D -m $$mode $(B)/$$source $(@D)$$path ;; \
		esac; done < <(cat $(IMAGE_LIST))

.PHONY: image
image: $(B)/lastwatt $(B)/lastwatt.cpio $(B)/exitrd/shutdown

# What an uncompressed image may weigh: 384 and 192 KiB.
BUDGET_full := 393216
BUDGET_tiny := 196608

# The ready-made configurations, beside the chosen one.
.PHONY: size-full size-tiny
size-full size-tiny: size-%:
	$(Q)$(MAKE) -s O=$(O)/defconfig/$* LIBS=$(LIBS) $*_defconfig >/dev/null
	$(Q)$(MAKE) -s O=$(O)/defconfig/$* LIBS=$(LIBS) image
	$(Q)scripts/size $*_defconfig $(O)/defconfig/$* $(BUDGET_$*)

# The same, silent as long as both are small enough.
.PHONY: budget
budget:
	$(Q)$(MAKE) size-full size-tiny >/dev/null

.PHONY: size
size: image
	$(Q)scripts/size "This configuration" $(B) $(BUDGET_full)
	$(Q)$(MAKE) size-full size-tiny

SBIN := $(DESTDIR)$(PREFIX)/sbin
LIB := $(DESTDIR)$(PREFIX)/lib
DOC := $(DESTDIR)$(PREFIX)/share/doc/lastwatt
MAN := $(DESTDIR)$(PREFIX)/share/man
PAGES := $(wildcard docs/*.[1-8])
BASH_COMPLETION := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSH_COMPLETION := $(DESTDIR)$(PREFIX)/share/zsh/vendor-completions
UNITS := lastwatt.service lastwatt-handover.service lastwatt-refresh.service \
	lastwatt-refresh.path lastwatt-report.service
ONFAILURE := dracut-shutdown-onfailure.service.d/lastwatt.conf

# $1: a unit or drop-in, $2: its name; where PREFIX is not /usr it says so.
define install-unit
install -d $(dir $(LIB)/systemd/system/$2) && \
sed 's,=\(-\?\)/usr/sbin/lastwatt,=\1$(PREFIX)/sbin/lastwatt,; \
	/^RequiresMountsFor/s,/usr/lib/lastwatt,$(PREFIX)/lib/lastwatt,' $1 \
	>$(LIB)/systemd/system/$2 && chmod 0644 $(LIB)/systemd/system/$2
endef

.PHONY: install
install: image $(B)/lastwatt.spdx.json
	$(Q)install -D -m 0755 $(B)/lastwatt $(SBIN)/lastwatt
	$(Q)install -d $(LIB)/lastwatt
	$(Q)rm -rf $(LIB)/lastwatt/exitrd
	$(Q)cp -R --preserve=mode $(B)/exitrd $(LIB)/lastwatt/
	$(Q)install -m 0755 image/nut/pack $(LIB)/lastwatt/pack-nut-drivers
	$(Q)$(foreach unit,$(UNITS),$(call install-unit,image/$(unit),$(unit)) ;)
	$(Q)$(call install-unit,image/dracut/onfailure.conf,$(ONFAILURE))
	$(Q)install -d $(LIB)/dracut/modules.d/99lastwatt
	$(Q)install -m 0755 image/dracut/module-setup.sh \
		$(wildcard image/dracut/lastwatt-*.sh) \
		$(LIB)/dracut/modules.d/99lastwatt
	$(Q)install -D -m 0644 image/mkinitcpio/lastwatt \
		$(LIB)/initcpio/install/lastwatt
	$(Q)install -D -m 0644 $(B)/lastwatt.spdx.json $(DOC)/lastwatt.spdx.json
	$(Q)$(foreach page,$(PAGES),install -D -m 0644 $(page) \
		$(MAN)/man$(subst .,,$(suffix $(page)))/$(notdir $(page)) ;)
	$(Q)install -D -m 0644 image/completion/lastwatt.bash \
		$(BASH_COMPLETION)/lastwatt
	$(Q)install -D -m 0644 image/completion/_lastwatt \
		$(ZSH_COMPLETION)/_lastwatt
	$(Q)install -D -m 0644 LICENSE $(DOC)/LICENSE
	$(Q)$(foreach library,$(lib-y),install -m 0644 \
		$($(library)-tree)/$($(library)-licence-file) \
		$(DOC)/$(library).$($(library)-licence-file) ;)

VERSION := $(shell sed -n 's/^.define LASTWATT_VERSION "\(.*\)"/\1/p' \
	payload/cmd/cmd.h)
# The age of everything that is packed: that of the last entry.
SOURCE_DATE_EPOCH ?= $(shell date -d "$$(sed -n '/^ -- /{s/.*  //p;q}' \
	image/debian/changelog)" +%s)

# What is linked into the program: name, version, licence, sum, and of what.
PARTS = $(foreach library,$(sort $(lib-y)),echo $(library) \
	$($(library)-version) $($(library)-licence) $($(library)-sha256) \
	$($(library)-url);) \
	echo musl $(MUSL_VERSION) MIT \
	$$(sha256sum <$(MUSL_LIB)/libc.a | cut -d ' ' -f 1) libc.a; \
	echo libgcc $$($(CC) -dumpversion) GPL-3.0-or-later WITH GCC-exception-3.1 \
	$$(sha256sum <$(LIBGCC) | cut -d ' ' -f 1) libgcc.a

.PHONY: sbom
sbom: $(B)/lastwatt.spdx.json

$(B)/lastwatt.spdx.json: $(B)/lastwatt image/sbom image/libraries
	@echo "  SBOM    $(@F)"
	$(Q){ $(PARTS) ; } | image/sbom $(VERSION) $< $(SOURCE_DATE_EPOCH) >$@

DEB_ARCH_x86_64 := amd64
DEB_ARCH_aarch64 := arm64
DEB_ARCH = $(or $(DEB_ARCH_$(firstword $(subst -, ,$(MUSL_ARCH)))),\
	$(error no Debian architecture is known for $(MUSL_ARCH)))
DEB = $(O)/lastwatt_$(VERSION)_$(DEB_ARCH).deb

# A package as Debian's own tools would make it, but without them: the program
# is linked with what image/libraries names, and with nothing of the machine.
.PHONY: deb
deb: image
	@echo "  DEB     $(notdir $(DEB))"
	$(Q)rm -rf $(O)/deb && mkdir -p $(O)/deb
	$(Q)$(MAKE) -s DESTDIR=$(O)/deb PREFIX=/usr install
	$(Q)image/debian/build $(O)/deb $(DEB) $(DEB_ARCH) $(VERSION) \
		$(SOURCE_DATE_EPOCH) $(foreach library,$(sort $(lib-y)),\
		$(library) $($(library)-licence) \
		$(library).$($(library)-licence-file))

# For systems that are images: a system extension, signed if KEY= and
# CERTIFICATE= name PEM files, and what can be added to an initrd.
SYSEXT := $(O)/lastwatt.raw
.PHONY: sysext
sysext: image $(O)/tools-pack
	@echo "  SYSEXT  $(notdir $(SYSEXT))"
	$(Q)rm -rf $(O)/sysext && mkdir -p $(O)/sysext
	$(Q)$(MAKE) -s DESTDIR=$(O)/sysext PREFIX=/usr install
	$(Q)PATH=$$PATH:/usr/sbin:/sbin image/sysext/build $(O)/sysext \
		$(SYSEXT) $(MUSL_ARCH) $(SOURCE_DATE_EPOCH) $(KEY) $(CERTIFICATE)

INITRD_LIST := image/initrd/initrd.list
INITRD_FILES := $(addprefix $(B)/initrd/,wants.conf lastwatt-initrd.service)
$(INITRD_FILES): $(B)/initrd/%: image/initrd/%
	$(Q)install -D -m 0644 $< $@

$(B)/lastwatt-initrd.cpio: $(B)/lastwatt $(B)/shutdown $(INITRD_FILES) $(INITRD_LIST) \
		$(O)/tools/pack
	@echo "  PACK    $(@F)"
	$(Q)$(O)/tools/pack $(INITRD_LIST) $(B) >$@

.PHONY: initrd
initrd: $(B)/lastwatt-initrd.cpio
