#!/bin/bash
# SPDX-License-Identifier: MIT
# lastwatt drill: what each level does, and what it refuses to do. systemctl is
# a script that says what it was told.
# Runs with BUILD, the folder of the build, whose test program has the fake.
set -u

lastwatt=${BUILD:?}/test/lastwatt
base=$(mktemp -d)
trap 'rm -rf "$base"' EXIT
unset NUT_CONFPATH
mkdir "$base/bin"
printf '#!/bin/sh\necho "systemctl $*"\n' >"$base/bin/systemctl"
chmod +x "$base/bin/systemctl"
PATH=$base/bin:$PATH

# shellcheck source=payload/cmd/root_fake.sh
. "${SRC:-.}/payload/cmd/root_fake.sh"

new_machine() {
    new_root
    mkdir -p "$root/var/lib"
    echo "journal = $root/journal" >>"$nut/ups.conf"
}

run() {
    "$lastwatt" "$@" --root "$root" >"$base/out" 2>"$base/err" </dev/null
    status=$?
}

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
evidence="$base/out $base/err"

says() { [ "$status" = "$1" ] && grep -qF -- "$3" "$base/$2"; }
calls() { [ "$(cut -d ' ' -f 3- "$root/journal" | xargs)" = "$1" ]; }
no_reboot() { ! grep -q ^systemctl "$base/out"; }

new_machine
run drill
ok "level 1 opens what it may" says 0 out "done    u: opened and let go"
ok "... after it has checked" says 0 out "good    0 errors, 1 UPS to command"
ok "... and writes to no device" calls "check open close"
ok "... and says what it left alone" says 0 out "left    alone: the disks"
run drill --json
ok "one object for programs" python3 -c '
import json, sys
found = json.load(open(sys.argv[1]))
assert found["ok"] and found["check"]["ok"]
assert found["opened"] == [{"name": "u", "result": "opened", "sentence": ""}]
' "$base/out"

new_machine
echo "$$" >"$root/run/nut/lastwatt-fake-u.pid"
run drill
ok "what NUT's driver has is left to it" says 0 out "skipped u: not opened"
ok "... and not opened" calls "check"
echo 999999999 >"$root/run/nut/lastwatt-fake-u.pid"
run drill
ok "a driver that is gone has nothing" says 0 out "done    u: opened"

new_machine
echo 'open = fail' >>"$nut/ups.conf"
run drill
ok "what cannot be opened is an error" says 1 out \
    "error   u: cannot be opened: the fake fails at open"
run drill --level 2
if [ "$(id -u)" != 0 ]; then
    ok "levels 2 and 3 are for root" says 1 err "only root may"
    exit
fi
ok "level 2 wants everything to be well" says 1 err "put that right first"
ok "... and does not reboot then" no_reboot
run drill --level 2 --really
ok "... unless it is meant" says 0 out "systemctl reboot"

new_machine
run drill --level 2
ok "level 2 reboots" says 0 out "systemctl reboot"
ok "... with a mark" grep -q '^look ' "$root/run/lastwatt/drill"
run handover --stopping
ok "... which the handover takes along" \
    grep -qx 'DRILL look' "$root/run/lastwatt/handover"
ok "... once" test ! -e "$root/run/lastwatt/drill"
ok "... and leaves for the report" \
    grep -qx 'drill = yes' "$root/var/lib/lastwatt/boot"
run handover --stopping
ok "the next end is none" \
    test -z "$(grep DRILL "$root/run/lastwatt/handover")"

run drill --level 2 --arm --by-hand
ok "somebody else may reboot" says 0 out "A reboot within 600 s is the drill"
ok "... or not" no_reboot
ok "arming is asked for" grep -q '^arm ' "$root/run/lastwatt/drill"
printf upsmon-shutdown-file >"$root/run/nut/killpower"
run handover --stopping
ok "upsmon's flag goes before" \
    test -z "$(grep DRILL "$root/run/lastwatt/handover")"
ok "... and ends the drill" test ! -e "$root/run/lastwatt/drill"
run drill --level 2
ok "no drill while upsmon means it" says 1 err "is no time for a drill"
rm "$root/run/nut/killpower"

run drill --level 2 --by-hand
ok "a mark waits" test -e "$root/run/lastwatt/drill"
# It refuses to stage over the check's exitrd here, and that is enough.
run stage
ok "staging anew calls it off" test ! -e "$root/run/lastwatt/drill"
# What lastwatt.service does when it is stopped, with a handover of this boot.
run handover
run drill --level 2 --by-hand --really
run stage --again
run handover --stopping
ok "a stop takes it along" says 0 out "A reboot now is a drill."

rm "$root/run/initramfs/shutdown"
run drill --level 3
ok "level 3 wants everything to be well" says 1 err "put that right first"
cp "$lastwatt" "$root/run/initramfs/shutdown"
run drill --level 3
ok "level 3 wants to be asked twice" says 1 err "say --really --really"
run drill --level 3 --really
ok "... not once" says 1 err "say --really --really"
ok "... and sets no flag before" test ! -e "$root/run/nut/killpower"
run drill --level 3 --really --really
ok "level 3 powers off" says 0 out "systemctl poweroff"
ok "... with upsmon's flag" \
    test "$(cat "$root/run/nut/killpower")" = upsmon-shutdown-file
rm "$root/run/nut/killpower"
rm "$base/bin/systemctl"
PATH=$base/bin run drill --level 3 --really --really
ok "without systemd it fails" says 1 err "systemctl poweroff cannot be run"
ok "... and takes the flag back" test ! -e "$root/run/nut/killpower"
PATH=$base/bin run drill --level 2 --really
ok "so does level 2" test ! -e "$root/run/lastwatt/drill"
sed -i /POWERDOWNFLAG/d "$nut/upsmon.conf"
run drill --level 3 --really --really
ok "level 3 needs a flag to set" says 1 err "names no POWERDOWNFLAG"

run drill --level 4
ok "there are three levels" says 2 err "a level is 1, 2 or 3"
run drill --arm
ok "only level 2 arms" says 2 err "--arm and --by-hand are for level 2"
run drill --level 2 --json
ok "only level 1 prints an object" says 2 err "--json is for level 1"
