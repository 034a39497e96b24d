#!/bin/bash
# SPDX-License-Identifier: MIT
# lastwatt check: a machine that is set up well, and one for each thing wrong.
# Runs with BUILD, the folder of the build.
set -u

lastwatt=${BUILD:?}/lastwatt
[ -x "$BUILD/test/lastwatt" ] && lastwatt=$BUILD/test/lastwatt

base=$(mktemp -d)
trap 'rm -rf "$base"' EXIT
unset NUT_CONFPATH
run() {
    "$lastwatt" check --root "$root" "$@" >"$base/out" 2>"$base/err"
    status=$?
}

# shellcheck source=payload/cmd/root_fake.sh
. "${SRC:-.}/payload/cmd/root_fake.sh"
# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
evidence="$base/out $base/err"

says() { grep -qF -- "$1" "$base/out"; }
# One error, and this is it.
errs() {
    [ "$status" = 1 ] && [ "$(grep -c ^error "$base/out")" = 1 ] &&
        grep ^error "$base/out" | grep -qF -- "$1"
}
notes() { [ "$status" = 0 ] && grep ^note "$base/out" | grep -qF -- "$1"; }

new_root
run
ok "all is well" test "$status$(cat "$base/out")" = \
    '0ups     u, driver lastwatt-fake: would be told "return", off after 20 s, on not before 30 s (a test)
good    0 errors, 1 UPS to command'
run --json
ok "all is well, for programs" test "$status$(tr -d '\n' <"$base/out")" = \
    '0{  "findings": [],  "upses": [    {"name": "u", "driver": "lastwatt-fake", "order": 0, "speakable": true, "command": "return", "off_after_s": 20, "on_after_s": 30, "how": "a test"}  ],  "errors": 0,  "ok": true}'

new_root
rm "$root/run/initramfs/shutdown"
run
ok "nothing is staged" errs "/run/initramfs/shutdown is not there"
new_root
mkdir -p "$root/usr/lib/lastwatt/exitrd"
cp "$lastwatt" "$root/usr/lib/lastwatt/exitrd/shutdown"
run
ok "what is installed is staged" test "$status$(grep -c note "$base/out")" = 00
echo newer >>"$root/usr/lib/lastwatt/exitrd/shutdown"
run
ok "what is staged is old" notes "is not the installed one"
rm -r "$root/run/initramfs"
cp "$lastwatt" "$root/usr/lib/lastwatt/exitrd/shutdown"
echo 'check = absent' >>"$nut/ups.conf"
run
ok "the root of an image has nothing staged, and no UPS" test "$status" = 0
head -c 60 "$lastwatt" >"$root/usr/lib/lastwatt/exitrd/shutdown"
run
ok "... but must have what will be" errs "/usr/lib/lastwatt/exitrd/shutdown"
new_root
chmod -x "$root/run/initramfs/shutdown"
run
ok "what is staged would be passed over" errs "chmod 755"
new_root
printf '#!/bin/sh\n' >"$root/run/initramfs/shutdown"
run
ok "what is staged is dracut's" errs "is not lastwatt, but another program"
new_root
head -c 4096 "$lastwatt" >"$root/run/initramfs/shutdown"
run
ok "what is staged does not run" errs "does not run"
new_root
mv "$root/etc/systemd/system/sysinit.target.wants/lastwatt.service" \
    "$root/etc/systemd/system/sysinit.target.wants/lastwatt-handover.service"
rm -r "$root/run/initramfs"
run
ok "another exitrd calls us" notes "has to call"
mkdir -p "$root/usr/lib/systemd/system" "$root/run/initramfs"
: >"$root/usr/lib/systemd/system/dracut-shutdown.service"
run
ok "... but dracut will not be there" errs "dracut will not be the exitrd"
: >"$root/run/initramfs/.need_shutdown"
run
ok "... and now it will" notes "has to call"
new_root
rm "$root/etc/systemd/system/sysinit.target.wants/lastwatt.service"
run
ok "nothing would be staged again" errs "lastwatt.service is not enabled"
mkdir -p "$root"/usr/lib/systemd/system/sysinit.target.{wants,d}
ln -s ../lastwatt.service \
    "$root/usr/lib/systemd/system/sysinit.target.wants/lastwatt.service"
run
ok "an image has it enabled" test "$status" = 0
rm "$root/usr/lib/systemd/system/sysinit.target.wants/lastwatt.service"
cp "$SRC/image/sysext/upholds.conf" \
    "$root/usr/lib/systemd/system/sysinit.target.d/10-lastwatt.conf"
run
ok "an extension has it held up" test "$status" = 0

new_root
sed -i /POWERDOWNFLAG/d "$nut/upsmon.conf"
run
ok "there is no flag" errs "sets no POWERDOWNFLAG"
new_root
sed -i 's|/run/nut|run|' "$nut/upsmon.conf"
run
ok "the flag is not absolute" says "must be an absolute path"
new_root
rmdir "$root/run/nut"
run
ok "the flag has no folder" errs "there is no folder /run/nut"
new_root
printf upsmon-shutdown-file >"$root/run/nut/killpower"
run
ok "the flag is there" notes "upsmon has asked for it"
touch -d 2001-01-01 "$root/run/nut/killpower"
run
ok "the flag is stale" errs "was left by an earlier boot"
echo nonsense >"$root/run/nut/killpower"
run
ok "the flag is not upsmon's" errs "upsmon did not write it"

new_root
sed -i s/primary/secondary/ "$nut/upsmon.conf"
run
ok "nothing is ours" errs "is primary of no UPS of its own"
new_root
sed -i s/u@localhost/other/ "$nut/upsmon.conf"
run
ok "a primary without a section" errs "ups.conf has no section [other]"
new_root
rm -r "$nut"
run
ok "no NUT" errs "there is no configuration of NUT"
new_root
sed -i s/secret// "$nut/upsmon.conf"
run
ok "a MONITOR line is short" says "MONITOR needs five words"
ok "no password is shown" test -z "$(grep secret "$base/out")"

new_root
echo 'MODE = standalone' >"$nut/nut.conf"
run
ok "MODE with blanks is understood" notes "MODE is understood, but"
echo 'MODE = none' >"$nut/nut.conf"
run
ok "MODE none with blanks counts" says "MODE is none, NUT is switched off"
echo 'POWEROFF_WAIT=soon' >"$nut/nut.conf"
run
ok "a wait that is none" errs "POWEROFF_WAIT is not a time"

new_root
hook=$root/lib/systemd/system-shutdown/nutshutdown
mkdir -p "${hook%/*}" "$root/sbin"
install -m 755 /dev/null "$hook"
run
ok "NUT's hook" errs "chmod -x /lib/systemd/system-shutdown/nutshutdown"
echo MODE=none >"$nut/nut.conf"
printf '#!/bin/sh\n' >"$root/sbin/upsmon"
run
ok "Debian as it is installed" says "cuts at every power-off, flag or no flag"
chmod -x "$hook"
echo MODE=standalone >"$nut/nut.conf"
run
ok "NUT's hook, disabled" test "$status" = 0

apcupsd() { # LINE...: apcupsd.conf instead of NUT
    new_root
    rm -r "$nut"
    mkdir -p "$root/etc/apcupsd"
    printf '%s\n' "$@" >"$root/etc/apcupsd/apcupsd.conf"
    run
}
apcupsd 'UPSTYPE apcsmart' 'DEVICE /dev/null' 'UPSNAME rack'
ok "apcupsd instead of NUT" notes "no NUT: UPS and flag are those of /etc/apcupsd/apcupsd.conf"
ok "its UPS" says 'ups     rack, driver apcsmart: would be told "return"'
: >"$root/etc/apcupsd/powerfail"
run
ok "its flag" notes "apcupsd has asked for it"
touch -d 2001-01-01 "$root/etc/apcupsd/powerfail"
run
ok "its flag is stale" errs "apcupsd does not renew it"
hook=$root/lib/systemd/system-shutdown/apcupsd_shutdown
mkdir -p "${hook%/*}"
install -m 755 /dev/null "$hook"
rm "$root/etc/apcupsd/powerfail"
run
ok "its hook" errs "chmod -x /lib/systemd/system-shutdown/apcupsd_shutdown"
apcupsd 'UPSTYPE apcsmart' 'DEVICE /dev/null' 'PWRFAILDIR /none'
ok "its flag has no folder" errs "there is no folder /none: apcupsd could"
apcupsd 'UPSTYPE net' 'DEVICE nas:3551'
ok "its UPS is another machine's" notes "the UPS is on another machine, not ours"
apcupsd 'UPSTYPE no'
ok "it has none" says "apcupsd has no UPS that is ours"
apcupsd 'UPSTYPE apcsmart' 'DEVICE /dev/null' 'KILLDELAY 60'
ok "it would be first" errs "/etc/apcupsd/apcupsd.conf:3: KILLDELAY 60: after it apcupsd cuts"

section() { # LINE...: all of [u] but driver and port
    new_root
    printf '%s\n' "$@" >>"$nut/ups.conf"
    run
}
section "offdelya = 20"
ok "an unknown key" errs "ups.conf:4: [u] has a key offdelya that driver lastwatt-fake does not know"
ok "what was meant" says "(did you mean offdelay?)"
section "completely = 20"
ok "what was meant, nobody knows" test -z "$(grep "did you mean" "$base/out")"
section "Port = auto"
ok "another spelling than NUT's" errs "/etc/nut/ups.conf:4: Port is a key to lastwatt, but to NUT only if it is written port"
section "override.battery.charge.low = 30" "desc = x" "OffDelay = 9"
ok "keys that every section may have" test "$status" = 0
section "nowait"
ok "a global key in a section" errs "/etc/nut/ups.conf:4: nowait does nothing in [u]"
section "offdelay = soon"
ok "garbage for a number" errs "ups.conf:4: offdelay is not a whole number and counts as 0"
section "offdelay"
ok "no number at all" errs "ups.conf:4: offdelay needs a number"
section 'desc = "a # b"'
ok "a # inside of quotes" says "ups.conf:4"
section "sdorder = -1"
ok "one that stays on" notes "[u] has a negative sdorder"
new_root
printf 'offdelay = 9\npollintervall = 1\n' |
    cat - "$nut/ups.conf" >"$nut/new"
mv "$nut/new" "$nut/ups.conf"
run
ok "all with the whole path" test -z "$(grep 'ups.conf:' "$base/out" | grep -v ' /etc/nut/ups.conf:')"
ok "a key above its section" says 'ups.conf:1: "offdelay" does nothing above'
ok "an unknown key above the sections" says "ups.conf:2: pollintervall above"
ok "what was meant above the sections" says "(did you mean pollinterval?)"
new_root
printf 'vendorid = 0463\nsdcommands = shutdown.return\ndefault.x = 1\n' |
    cat - "$nut/ups.conf" >"$nut/new"
mv "$nut/new" "$nut/ups.conf"
run
ok "a driver's key above the sections" says "ups.conf:1: vendorid does nothing above the first [section]: it belongs"
ok "a core's key above the sections" says "ups.conf:2: sdcommands does nothing above"
ok "a variable above the sections" says "ups.conf:3: default.x does nothing above"
new_root
printf '[u]\ndriver = usbhid-ups\nport = auto\nupstype = 3\npollonly\n' >"$nut/ups.conf"
run
ok "another driver's key" says "ups.conf:4: [u] has a key upstype that driver usbhid-ups does not know"
ok "its own key" test -z "$(grep pollonly "$base/out")"
printf '[u]\ndriver = blazer_ser\nport = /dev/null\nstayoff\nvendorid = 1\n' >"$nut/ups.conf"
run
ok "a key of a driver that is spoken by the same" says "ups.conf:4: [u] has a key stayoff that driver blazer_ser does not know"
ok "a USB key of a serial driver" says "ups.conf:5: [u] has a key vendorid that driver blazer_ser does not know"
new_root
mkdir -p "$root/usr/lib/nut"
printf 'driver\0port\0nolock\0desc\0' >"$root/usr/lib/nut/lastwatt-fake"
printf '%s\n' "sdcommands = shutdown.return" "desc = x" "maxretry = 1" \
    >>"$nut/ups.conf"
run
ok "a key that NUT's driver is too old for" says "ups.conf:4: [u] has a key sdcommands that /usr/lib/nut/lastwatt-fake is too old for: it would not start with it; put it into lastwatt.conf"
ok "no other one" test "$(grep -c ^error "$base/out")" = 2
ok "where else it may stand" says "ups.conf:6: [u] has a key maxretry that /usr/lib/nut/lastwatt-fake is too old for: it would not start with it; above"
ok "a key that it knows" test -z "$(grep ups.conf:5 "$base/out")"
head -c 32740 /dev/zero >>"$root/usr/lib/nut/lastwatt-fake"
printf 'sdcommands\0maxretry\0' >>"$root/usr/lib/nut/lastwatt-fake"
run
ok "a key that it knows further down" test -z "$(grep 'too old' "$base/out")"
printf '#!/bin/sh\n' >"$root/usr/lib/nut/lastwatt-fake"
run
ok "a driver of which nobody can say it" test -z "$(grep 'too old' "$base/out")"
printf 'nolock\0driver\0port\0' >"$root/usr/lib/nut/lastwatt-fake"
printf '[u]\ndriver = lastwatt-fake\nport = auto\n' >"$nut/ups.conf"
printf '[u]\nsdcommands = shutdown.stayoff\n' >"$nut/lastwatt.conf"
chmod 600 "$nut/lastwatt.conf"
run
ok "what NUT is too old for may stand in lastwatt.conf" test "$status" = 0
ok "and counts" says 'u, driver lastwatt-fake: would be told "stayoff"'
new_root
printf 'POWERDOWNFLGA /x\npoweroff_wait 5\n' >>"$nut/upsmon.conf"
printf 'MONITOR v 1 a "se#cret" primary\nDebug_Min 1\n' >>"$nut/upsmon.conf"
run
ok "an unknown directive" says "/etc/nut/upsmon.conf:3: POWERDOWNFLGA means nothing to upsmon (did you mean POWERDOWNFLAG?)"
ok "a directive that is none" says "/etc/nut/upsmon.conf:4: this line means nothing to upsmon"
ok "the rest of a broken line is not shown" test "$(grep -c "upsmon.conf:5" "$base/out")$(grep -c cret "$base/out")" = 20
ok "a directive in any case" test -z "$(grep upsmon.conf:6 "$base/out")"
new_root
printf 'MODE=standalone\n POWEROF_WAIT=5\nPATH=/bin\n' >"$nut/nut.conf"
run
ok "nearly one of nut.conf" errs "/etc/nut/nut.conf:2: POWEROF_WAIT means nothing to NUT (did you mean POWEROFF_WAIT?)"
new_root
printf '[u]\nsdorder = 1\ndriver = lastwatt-fake\nport = auto\n' \
    >"$nut/ups.conf"
run
ok "a key that NUT loses" notes "ups.conf:2: sdorder is the first key of [u]"
new_root
sed -i /port/d "$nut/ups.conf"
run
ok "no port" errs "[u] has no port"
new_root
sed -i /driver/d "$nut/ups.conf"
run
ok "no driver" errs "[u] names no driver"
new_root
sed -i s/lastwatt-fake/apcsmurt/ "$nut/ups.conf"
run
ok "an unknown driver" errs 'apcsmurt is not one that this lastwatt speaks: "lastwatt list"'
ok "where NUT's own goes" errs 'one: /usr/lib/lastwatt/pack-nut-drivers'
ok "it would not be commanded" says "ups     u, driver apcsmurt: would not be commanded"
sed -i s/apcsmurt/nhs_ser/ "$nut/ups.conf"
run
ok "one that is left out on purpose" errs "speaks: no command is known"

section "check = absent"
ok "the device is not there" errs "the fake is not there"
section "check = refuse"
ok "the device cannot" errs "the fake refuses"
section "check = busy" "mains = absent"
ok "the device is held" notes "the fake is held"
section "check = coarse" "mains = present"
ok "the delay is coarse" notes "the fake counts minutes"
ok "the mains show" says "; it has mains now"
section "check = stayoff"
ok "another command" notes '[u] offers nothing for "return"; it would be told "stayoff"'
section "sdcommands = \"beeper.mute, shutdown.stayoff\""
ok "the section's own list" says 'would be told "stayoff"'
ok "what is none of it" notes "beeper.mute of sdcommands is no command"
section "sdcommands = shutdown.return" "check = stayoff"
ok "nothing of the list" errs "none of sdcommands = shutdown.return is to be had"
new_root
printf '[u]\ndriver = blazer_ser\nport = /dev/null\n' >"$nut/ups.conf"
echo 'sdcommands = "beeper.mute, shutdown.stayoff"' >>"$nut/ups.conf"
run
ok "the list of one that is not looked at" says 'would be told "stayoff"'
ok "what is none of that" notes "beeper.mute of sdcommands is no command"
new_root
sed -i s/lastwatt-fake/usbhid-ups/ "$nut/ups.conf"
echo 'vendorid = fffe' >>"$nut/ups.conf"
run
ok "no such USB device" errs "[u] no such USB device"
echo 'vendorid = "("' >>"$nut/ups.conf"
run
ok "no regular expression" errs "is no regular expression"

section 'desc = "a\"b\\c"' "check = absent" "offdelya = 1"
run --json
ok "findings are JSON" says '{"level": "error", "sentence": "the fake is not there"}'
if command -v python3 >/dev/null; then
    ok "all of it is JSON" python3 -m json.tool "$base/out" /dev/null
fi

run --loud
ok "an unknown option is wrong usage" test "$status" = 2
"$lastwatt" check more >"$base/out" 2>"$base/err"
status=$?
ok "a word too many is wrong usage" test "$status" = 2
