# SPDX-License-Identifier: MIT
# The test bench, and the outage to watch.

.PHONY: rig demo
rig: $(O)/tools-demo
	$(Q)$(MAKE) $(if $(Q),-s) -C qemu-tests/rig O=$(O) CC=$(HOSTCC)

demo: image rig
	$(Q)BUILD=$(O) qemu-tests/demo
