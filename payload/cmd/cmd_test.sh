#!/bin/bash
# SPDX-License-Identifier: MIT
# lastwatt handover, plan, list and the manners that all commands share.
# Runs with BUILD, the folder of the build.
set -u

lastwatt=${BUILD:?}/lastwatt
[ -x "$BUILD/test/lastwatt" ] && lastwatt=$BUILD/test/lastwatt

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
unset NUT_CONFPATH
mkdir -p "$root/etc/nut" "$root/run"
echo 'MONITOR u@localhost 1 admin secret primary' >"$root/etc/nut/upsmon.conf"
echo 'POWERDOWNFLAG /etc/killpower' >>"$root/etc/nut/upsmon.conf"
printf '[u]\ndriver = usbhid-ups\nport auto\n' >"$root/etc/nut/ups.conf"
echo 'POWEROFF_WAIT=90' >"$root/etc/nut/nut.conf"

run() {
    "$lastwatt" "$@" >"$root/out" 2>"$root/err"
    status=$?
}

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
evidence="$root/out $root/err"

says() { [ "$status" = "$1" ] && grep -qF -- "$3" "$root/$2"; }
has_example() { sed "1,/^Examples:$/d" "$root/out" | grep -q lastwatt; }

run handover --root "$root"
ok "handover says what the flag is" \
    says 0 out "The flag /etc/killpower is absent."
ok "handover says what is ours" says 0 out "primary of u."
ok "handover says how long to wait" says 0 out "POWEROFF_WAIT is 90 s."
ok "handover says what is wrong" \
    says 0 err '/etc/nut/ups.conf:3: "port" is ignored'
ok "handover keeps the judged flag" \
    grep -qx 'FLAG absent' "$root/run/lastwatt/handover"
ok "handover keeps no password" \
    test -z "$(grep -r secret "$root/run/lastwatt" "$root/out" "$root/err")"
printf upsmon-shutdown-file >"$root/etc/killpower"
run handover --root "$root" --dir "$root/other"
ok "handover writes where it is told" \
    grep -qx 'FLAG valid' "$root/other/handover"
run handover --root "$root" --dir "$root/other" --open-flag
ok "handover leaves open what is not decided yet" \
    grep -qx 'FLAG unknown' "$root/other/handover"
run handover --root "$root" --dir "$root/other" --json
ok "handover prints one object" scripts/json-holds "$root/out" 'it == {
    "ok": True, "flag": "/etc/killpower", "state": "valid", "primary": ["u"],
    "poweroff_wait_s": 90, "drill": False,
    "dir": "'"$root"'/other"}'
touch -d 2001-01-01 "$root/etc/killpower"
run handover --root "$root"
ok "handover distrusts a flag of another boot" says 0 out "is stale"
ln -s "$root/other" "$root/link"
run handover --root "$root" --dir "$root/link"
ok "handover follows no link" says 1 err "cannot be written"
run handover --root "$root" --dir "$root/link" --json
ok "... and says so to programs" scripts/json-holds "$root/out" \
    'not it["ok"] and it["dir"] is None'
run handover --root "$root/none"
ok "handover fails without a place to write to" says 1 err "cannot be written"

run plan poweroff --root "$root"
ok "plan tells why nothing is cut" says 0 out "older than this boot"
run plan poweroff --root "$root" --forced
ok "plan tells what is cut" says 0 out "ups       u, driver usbhid-ups"
ok "plan tells the wait" says 0 out "waits 90 s"
echo "	sdorder = first" >>"$root/etc/nut/ups.conf"
run plan poweroff --root "$root" --forced
ok "plan tells the whole path of what is wrong" says 0 out \
    "note      /etc/nut/ups.conf:4: sdorder is not a whole number"
ok "plan lists the stages" grep -q '^storage ' "$root/out"
run plan reboot --forced --root "$root"
ok "plan tells that a forced reboot stays" \
    says 0 out "stays until the load goes off"
run plan kexec --forced --root "$root"
ok "plan tells that kexec never cuts" says 0 out "kexec never cuts"
run plan dance
ok "plan takes only systemd's verbs" says 2 err "dance is no verb"
run plan
ok "plan needs a verb" says 2 err "an argument is missing"

run list
ok "list has three columns" \
    test "$(awk -F '\t' 'NF != 3' "$root/out" | wc -l)" = 0
ok "list is sorted" sort -c "$root/out"

row() { printf '"Maker"\t"ups"\t"3"\t"%s"\t""\t"%s"\n' "$@"; }
{
    echo '# a list like NUT'"'"'s'
    row A "driver=usbhid-ups (since 2.8)"
    row B "no-such-driver or usbhid-ups vendorid=0463"
    row C nhs_ser
    row D no-such-driver
} >"$root/list"
run list --coverage "$root/list"
ok "list counts what NUT's list has" \
    test "$(cat "$root/out")" = $'rows\t4\nnative\t2\nnut\t3\nboth\t2'
echo nonsense >>"$root/list"
run list --coverage "$root/list"
ok "list tells of lines that are no rows" says 0 err "1 lines are no rows"
run list --coverage "$root/none"
ok "list needs the file" says 1 err "none: No such file"
run list --coverage "$root"
ok "list needs a file" says 1 err "Invalid argument"
run list --coverage /dev/zero
ok "list ends with an endless file" says 1 err "Invalid argument"
: >"$root/list"
run list --coverage "$root/list"
ok "list needs rows" says 1 err "there is no row in it"

run list --json
ok "list prints one object" python3 -c '
import json, sys
drivers = json.load(open(sys.argv[1]))["drivers"]
assert len(drivers) > 1 and all(one["nut_names"] or one["name"] == "nut" for one in drivers)
' "$root/out"
run scan --json
ok "scan prints one object" python3 -c '
import json, sys
assert isinstance(json.load(open(sys.argv[1]))["upses"], list)
' "$root/out"
run plan poweroff --forced --json --root "$root"
ok "plan prints one object" python3 -c '
import json, sys
plan = json.load(open(sys.argv[1]))
assert plan["cut"] and plan["after"] == "wait" and plan["wait_s"] == 90
assert plan["upses"][0]["name"] == "u"
assert plan["stages"][0]["name"] == "adopt"
' "$root/out"
"$lastwatt" --help | sed -n 's/^  \([a-z]*\) .*/\1/p' >"$root/commands"
while read -r command; do
    run "$command" --help
    ok "$command has an example" has_example
done <"$root/commands"

run
ok "no command is wrong usage" says 2 err "usage: lastwatt"
run --help
ok "--help lists the commands" says 0 out "  handover "
run --version
ok "--version tells it" grep -qx 'lastwatt [0-9.]*' "$root/out"
ok "... and what is in it" grep -qE '^with .*musl [0-9.]+' "$root/out"
run dance
ok "an unknown command is wrong usage" says 2 err "no such command: dance"
run list --loud
ok "an unknown option is wrong usage" says 2 err "unknown option --loud"
run list more
ok "an argument too many is wrong usage" says 2 err "one word too many: more"
run handover --root
ok "an option without value is wrong usage" says 2 err "value is missing"
run plan poweroff --forced=yes
ok "a value too many is wrong usage" says 2 err "no value belongs to"
run stage --help
ok "a command explains itself" says 0 out "usage: lastwatt stage"
"$lastwatt" --version >/dev/full 2>"$root/err"
status=$?
ok "a full disk is a failure" says 1 err "cannot write"
