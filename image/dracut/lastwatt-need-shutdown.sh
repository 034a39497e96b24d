#!/bin/sh
# SPDX-License-Identifier: MIT
# While the machine boots: have dracut restore this initramfs at shutdown.

type need_shutdown >/dev/null 2>&1 || . /lib/dracut-lib.sh
need_shutdown
