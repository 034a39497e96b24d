#!/bin/bash
# SPDX-License-Identifier: MIT
# dracut's module for LVM asks to be restored, too. Here it has not, as on a
# machine with a plain partition: what was asked for is forgotten before the
# hook of our module.
# shellcheck disable=SC2154

check() {
    return 255
}

depends() {
    echo base
}

install() {
    inst_hook pre-pivot 10 "$moddir/forget.sh"
}
