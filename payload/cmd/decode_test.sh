#!/bin/bash
# SPDX-License-Identifier: MIT
# lastwatt decode, against every descriptor of drivers/hid/testdata.
# Runs with BUILD, the folder of the build.
set -u

lastwatt=${BUILD:?}/lastwatt
[ -x "$BUILD/test/lastwatt" ] && lastwatt=$BUILD/test/lastwatt

data=drivers/hid/testdata
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

run() {
    "$lastwatt" decode "$@" >"$folder/out" 2>"$folder/err"
    status=$?
}

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
evidence="$folder/out $folder/err"

says() { [ "$status" = "$1" ] && grep -qF -- "$3" "$folder/$2"; }
prints() { [ "$status" = 0 ] && [ "$(cat "$folder/out")" = "$1" ]; }

# One clear sentence on standard error, and nothing else.
complains() {
    [ "$status" = 1 ] && [ ! -s "$folder/out" ] &&
        [ "$(wc -l <"$folder/err")" = 1 ] && says 1 err "$1"
}

for file in "$data"/*.hex; do
    name=$(basename "$file" .hex)
    run hid "$file"
    grep ^field "$data/$name.expected" | cut -f 1-16 >"$folder/expected"
    grep ^field "$folder/out" >"$folder/fields"
    ok "$name: fields" cmp -s "$folder/fields" "$folder/expected"
    grep ^report "$data/$name.expected" | sort >"$folder/expected"
    grep ^report "$folder/out" | sort >"$folder/fields"
    ok "$name: reports" cmp -s "$folder/fields" "$folder/expected"
done

python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' \
    <"$data/eaton-3s-700-0463-ffff.hex" >"$folder/raw"
run hid "$data/eaton-3s-700-0463-ffff.hex"
cp "$folder/out" "$folder/expected"
run hid "$folder/raw"
ok "bytes as the kernel has them" cmp -s "$folder/out" "$folder/expected"
head -c 7000 /dev/zero >"$folder/raw"
run hid "$folder/raw"
ok "... but not any number of them" complains "7000 bytes are no report descriptor"
run hid --json "$data/eaton-3s-700-0463-ffff.hex"
ok "fields as an object" scripts/json-holds "$folder/out" 'any(
    row["row"] == "field" and row["type"] == "Feature" and row["report"] == 9
    and row["physical_min"] is None and row["logical_max"] == 2147483647 and
    row["name"].endswith("DelayBeforeShutdown") for row in it["rows"]) and
    it["rows"][-1]["row"] == "report" and it["rows"][-1]["bytes"] > 1'
run hid --json --kill off "$data/eaton-3s-700-0463-ffff.hex"
ok "transfers as an object" scripts/json-holds "$folder/out" 'it == {
    "transfers": ["SET_REPORT feature 0x09 09 00 00 00 00"], "problem": None}'
run hid --json --kill off "$data/liebert-gxt4-10af-0000.hex"
ok "... and why there are none" scripts/json-holds "$folder/out" \
    'it["transfers"] == [] and "cannot be told" in it["problem"]'

cut() { # NAME COMMAND, EXPECTED
    local id=${1: -9}
    run hid --id "${id/-/:}" --kill "$2" "$data/$1.hex"
    ok "$1: $2" prints "$3"
}

eaton="eaton-3s-700-0463-ffff"
cut $eaton return "SET_REPORT feature 0x0a 0a 1e 00 00 00
WAIT 125
SET_REPORT feature 0x09 09 14 00 00 00"
cut $eaton stayoff "SET_REPORT feature 0x0a 0a ff ff ff ff
WAIT 125
SET_REPORT feature 0x09 09 14 00 00 00"
cut $eaton off "SET_REPORT feature 0x09 09 00 00 00 00"
# Startup 0 waits for the mains; 60 s are one count, and less is as well.
cut cyberpower-ec850lcd-0764-0501 return "SET_REPORT feature 0x16 16 00 00
WAIT 125
SET_REPORT feature 0x15 15 01 00"
cut cyberpower-st-series-0764-0501 return "SET_REPORT feature 0x87 87 00 00
WAIT 125
SET_REPORT feature 0x86 86 01 00"
cut apc-backups-bk650m2-ch-051d-0002 return "SET_REPORT feature 0x40 40 01"
# Its delays are of all outlets together.
cut legrand-keor-dk-3k-0665-5161 return "SET_REPORT feature 0x17 17 0a 00 00 00"
cut legrand-keor-dk-3k-0665-5161 stayoff "SET_REPORT feature 0x15 15 14 00 00 00"
cut powercom-hid-ups-battery-996-0d9f-0004 stayoff \
    "SET_REPORT feature 0x0f 0f 94 00"
for name in liebert-gxt4-10af-0000 eaton-ellipse-eco-iface0-0463-ffff; do
    cut $name return 'this unit cannot be told to switch off: it offers nothing that is known to work for "return"'
done
cut megatec-prolink-vendorpage-0665-5161 off \
    "this unit cannot be told to switch off: it is no HID power device"

# Without IDs the shape decides: 20 s are a count of a minute as well.
run hid --kill return $data/cyberpower-ec850lcd-0764-0501.hex
ok "the shape decides when there is no ID" prints "SET_REPORT feature 0x16 16 00 00
WAIT 125
SET_REPORT feature 0x15 15 01 00"
run hid --id 09d6:0001 --kill return $data/kstar-ups-hi-09d6-0001.hex
ok "what is not as wished is said" says 0 err 'it will do "stayoff"'
# AutomaticRestart may be set or not: then it is written.
printf '05 84 09 04 a1 01 95 01 09 16 a1 00 09 1a a1 81
0b 43 00 ff ff 85 02 75 08 15 00 25 01 b1 82 c0 c0
09 24 a1 00 66 01 10 75 18 15 ff 27 ff ff 7f 00 55 01 85 03 09 56 b1 82
55 00 85 04 09 57 b1 82 c0 c0' >"$folder/mge"
run hid --id 0463:0001 --kill stayoff "$folder/mge"
ok "a setting is written" prints "SET_REPORT feature 0x02 02 00
WAIT 125
SET_REPORT feature 0x03 03 ff ff ff
WAIT 125
SET_REPORT feature 0x04 04 14 00 00"

# Without a report ID there is no ID byte on the wire.
cat >"$folder/plain" <<'END'
# as in a C file, with a comment
0x05,0x84, 0x09,0x04, 0xa1,0x01, // application
	0x09,0x24,0xA1,0,0x95,1,0x75,10; summary
15002600ff0957b182// delay
c0 C0# the end
END
run hid - <"$folder/plain"
ok "reads what people write" says 0 out \
    "field	Feature	0x00	0	16	1	0	65280	-	-	0x00000000	0	0x82	lmax-unsigned	00840004.00840024.00840057	UPS.PowerSummary.DelayBeforeShutdown"
run hid --kill stayoff "$folder/plain"
ok "no ID, no ID byte" prints "SET_REPORT feature 0x00 14 00"

# One that lost its end is used as far as it goes, as the driver does.
head -c -6 "$data/$eaton.hex" >"$folder/cut"
run hid "$folder/cut"
ok "what there is of it is shown" says 0 out PowerSummary.DelayBeforeShutdown
ok "that it lost its end is said" says 0 err "it breaks off"
run hid --id 0463:ffff --kill off "$folder/cut"
ok "what there is of it is used" prints "SET_REPORT feature 0x09 09 00 00 00 00"
# Neither IDs nor a unit of time, but the shape of a Powercom.
run hid --kill return $data/powercom-hid-ups-battery-996-0d9f-0004.hex
ok "minutes and seconds are known by their shape" \
    prints "SET_REPORT feature 0x0f 0f 54 00"

run hid "$folder/none"
ok "no file" complains "$folder/none: No such file"
run hid "$folder"
ok "a folder" complains "$folder: Is a directory"
: >"$folder/bad"
run hid "$folder/bad"
ok "an empty file" complains "$folder/bad:1: there is no byte in it"
printf '05 84\n09 0q\n' >"$folder/bad"
run hid "$folder/bad"
ok "no hexadecimal" complains "$folder/bad:2: here is something"
printf '05 84\n\n  0x' >"$folder/bad"
run hid "$folder/bad"
ok "an 0x alone" complains "$folder/bad:3: here is something"
printf '05 840\n' >"$folder/bad"
run hid "$folder/bad"
ok "half a byte" complains "$folder/bad:1: here is half a byte"
yes 00 | head -n 6145 >"$folder/bad"
run hid "$folder/bad"
ok "too many bytes" complains "$folder/bad:6145: this is too long"
head -c 70000 /dev/zero >"$folder/bad"
run hid "$folder/bad"
ok "a file too long" complains "$folder/bad: File too large"
for garbage in 'de ad be ef' '00' '05 84 09 04 a1 01' '05 84 09 04 a1' ff; do
    echo "$garbage" >"$folder/bad"
    run hid --kill return "$folder/bad"
    ok "garbage: $garbage" complains "$folder/bad: this is no sound report descriptor"
done

run qx "$folder/plain"
ok "an unknown protocol" says 2 err "qx is no protocol"
for id in 0463 0463: 0463:fffff 0x463:1 0463:-1 "" :; do
    run hid --id "$id" "$folder/plain"
    ok "wrong ID '$id'" says 2 err "is not like 051d:0002"
done
run hid --kill now "$folder/plain"
ok "an unknown command" says 2 err "now is none of return, stayoff and off"
