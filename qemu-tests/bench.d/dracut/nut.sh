#!/bin/sh
# SPDX-License-Identifier: MIT
# Read by dracut's /shutdown once it has unmounted what it could.
echo "exitrd: safe"
mkdir -p /run/nut
upsdrvctl -u root shutdown
echo "exitrd: told"
