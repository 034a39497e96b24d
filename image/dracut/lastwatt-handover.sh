#!/bin/sh
# SPDX-License-Identifier: MIT
# The old root is still mounted: if nobody has looked at upsmon's flag yet (a
# forced "poweroff -f"), or wrote nothing down, that is done now.

grep -q '^FLAG unknown' /run/lastwatt/handover 2>/dev/null ||
    ! [ -e /run/lastwatt/handover ] &&
    /usr/sbin/lastwatt handover --root /oldroot --dir /run/lastwatt
