#!/bin/sh
# SPDX-License-Identifier: MIT
# An exitrd as dracut's, to be measured beside lastwatt: a shell and the tools of
# a distribution, and then NUT's upsdrvctl. Less than dracut does: no udev, no
# hooks of other modules, no emergency shell, and busybox for all tools.
export PATH=/bin:/nut LD_LIBRARY_PATH=/nut/lib

# Unmounts what is left below the old root. True if anything went.
umount_all() {
	went=1
	while read -r _ where _; do
		case $where in
		/oldroot | /oldroot/*) list="$where $list" ;;
		esac
	done < /proc/mounts
	for where in $list; do
		umount "$where" 2> /dev/null && went=0
	done
	list=
	return $went
}

# Who still works in there.
kill_users() {
	for pid in /proc/[0-9]*; do
		case $(readlink "$pid/cwd") in
		/oldroot*) kill -9 "${pid#/proc/}" ;;
		esac
	done
}

list=
while umount_all; do
	:
done
kill_users
while umount_all; do
	:
done
losetup -a | while IFS=: read -r device _; do
	losetup -d "$device"
done
sync
echo "exitrd: safe"
mkdir -p /run/nut
upsdrvctl -u root shutdown
echo "exitrd: told"
poweroff -f -n
