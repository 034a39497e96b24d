#!/bin/bash
# SPDX-License-Identifier: MIT
# dracut has no module for NUT: what somebody writes who wants his UPS to be
# commanded once nothing is mounted.

# Only where it is asked for.
check() {
    return 255
}

depends() {
    echo shutdown
}

install() {
    inst_multiple mkdir /sbin/upsdrvctl /lib/nut/@DRIVER@
    inst_simple /etc/nut/ups.conf
    # Behind the hooks of others.
    inst_hook shutdown 90 "${moddir:?}/nut.sh"
}
