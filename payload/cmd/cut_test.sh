#!/bin/bash
# SPDX-License-Identifier: MIT
# lastwatt cut and cancel, with UPSes that are not there.
# Runs with BUILD, the folder of the build, whose test program has the fake.
set -u

lastwatt=${BUILD:?}/test/lastwatt
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
unset NUT_CONFPATH
chmod 755 "$root"
mkdir -p "$root/etc/nut"

run() {
    : >"$root/journal"
    "$lastwatt" "$@" --root "$root" >"$root/out" 2>"$root/err"
    status=$?
    cut -d ' ' -f 2- "$root/journal" >"$root/calls"
}

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
evidence="$root/out $root/err $root/calls"

says() { [ "$status" = "$1" ] && grep -qF -- "$3" "$root/$2"; }
calls() { [ "$(cat "$root/calls")" = "$1" ]; }

# Each section gets the journal and its own lines.
ups_conf() {
    local section
    : >"$root/etc/nut/ups.conf"
    for section; do
        printf '[%s]\ndriver = lastwatt-fake\njournal = %s\n%b\n' \
            "${section%%:*}" "$root/journal" "${section#*:}" \
            >>"$root/etc/nut/ups.conf"
    done
}

upsmon_conf() {
    local name
    echo 'POWERDOWNFLAG /etc/killpower' >"$root/etc/nut/upsmon.conf"
    for name; do
        echo "MONITOR $name@localhost 1 admin secret primary"
    done >>"$root/etc/nut/upsmon.conf"
}

ups_conf 'a:'
upsmon_conf a
run cut --by-nut
ok "NUT's own driver is not there" says 1 err \
    "[a] NUT's own driver lastwatt-fake is not in the image"

ups_conf 'late:sdorder = 2' 'a:' 'other:' 'stays:sdorder = -1'
upsmon_conf late a stays
run cut
ok "cuts what is ours, by sdorder" calls "a open
a cut
a return
a close
late open
late cut
late return
late close"
ok "says what was granted and shown" says 0 out \
    "a: off in 20 s, on again with the mains, not before 30 s; it shows that (a test)"
run cut --command stayoff other
ok "cuts what is named" calls "other open
other cut
other stayoff
other close"
ok "says that it stays off" says 0 out "other: off in 20 s, and it stays off"
run cut --dry-run
ok "a dry run only opens" calls "a open
a close
late open
late close"
ok "a dry run says what would be told" says 0 out \
    'a: it is there and would be told "return"'
run cut none
ok "refuses a name that is not there" says 1 err "no section [none]"
ok "... and does nothing" calls ""
run cut a stays
ok "what stays on is not cut" says 1 err "stays has a negative sdorder"
ok "... nor anything else then" calls ""
run cut --command now
ok "knows its commands" says 2 err "now is none of"

ups_conf 'a:cut = refuse' 'b:cut = sent\noffdelay = 0' 'c:driver = no-such-driver'
upsmon_conf a b c
run cut
ok "a failure is said" says 1 err "a: the fake refuses"
ok "... and so is a driver that is not here" says 1 err \
    "driver no-such-driver is not one that this lastwatt speaks"
ok "... and does not stop the others" says 1 out \
    "b: off at once, on again with the mains, not before 30 s; it acknowledged that and shows nothing"
ups_conf 'a:mains = present'
upsmon_conf a
run cut --dry-run
ok "a dry run looks at the mains" says 0 out "a: it is there, has mains and"
upsmon_conf
run cut
ok "nothing to cut is a failure" says 1 err "primary of no UPS"

ups_conf 'a:' 'b:runs = 9' 'c:cancel = fail'
upsmon_conf a b c
run cancel
ok "cancels" says 1 out "a: it acknowledged, and shows no countdown"
ok "looks whether it stopped" says 1 err "b: it acknowledged, but still goes off in 9 s"
ok "a cancel may fail" says 1 err "c: the fake fails at cancel"
run cancel a
ok "cancels what is named" says 0 out "a: it acknowledged"

json() { scripts/json-holds "$root/out" "$1"; }
run cancel --json
ok "cancel prints one object" json '[ups["ok"] for ups in it["upses"]] ==
    [True, False, False] and it["upses"][0]["verified"] and not it["ok"] and
    "still goes off in 9 s" in it["upses"][1]["problem"]'
ups_conf 'a:cut = sent' 'b:cut = refuse' 'c:mains = present'
upsmon_conf a b c
run cut a b --json
ok "cut prints one object" json 'it["upses"][0] == {"name": "a", "ok": True,
    "wanted": "return", "command": "return", "off_after_s": 20,
    "on_after_s": 30, "verified": False, "how": "a test"} and
    it["upses"][1] == {"name": "b", "ok": False,
    "problem": "the fake refuses, as told"} and not it["ok"]'
run cut c --dry-run --json
ok "... and of a dry run" json 'it == {"upses": [{"name": "c", "ok": True,
    "order": "return", "mains": "present"}], "ok": True}'
run cut none --json
ok "... and where nothing was done" json 'it == {"upses": [], "ok": False}'

chmod -R go+rX "$root"
if [ "$(id -u)" = 0 ]; then
    lastwatt() {
        setpriv --reuid 65534 --regid 65534 --clear-groups -- "$@"
    }
    cp "$lastwatt" "$root/lastwatt"
    for command in cut cancel; do
        lastwatt "$root/lastwatt" "$command" --root "$root" \
            >"$root/out" 2>"$root/err"
        status=$?
        ok "$command is for root" says 1 err "only root may"
    done
else
    echo "skip only-root needs root to become somebody else"
fi
rm -r "${root:?}/etc"
run cut a
ok "no NUT, no cut" says 1 err "there is no configuration of NUT"
