#!/bin/bash
# SPDX-License-Identifier: MIT
# Each library is there for musl and does something in a static program, and
# an archive that is not the released one is refused.
set -u

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"

link_and_run() {
    make -s -C "$SRC" O="$BUILD" LIBS="$LIBS" CC="$CC" \
        PROGRAM="$folder/$1" SOURCE="$folder/$1.c" LIBRARY="$1" link-with-library &&
        "$folder/$1"
}

# Its own sscanf() is only what it needs, so that has to be right.
cat >"$folder/libusb.c" <<'END'
#include <libusb.h>
int libusb_scan_numbers(const char *text, const char *format, ...);
int main(void)
{
	const struct libusb_version *version = libusb_get_version();
	int a = 0, b = 0, c = 7;
	unsigned char bus = 0, device = 0;

	if (libusb_scan_numbers("6.1.0-44", "%d.%d.%d", &a, &b, &c) != 3 ||
	    a != 6 || b != 1 || c != 0)
		return 1;
	if (libusb_scan_numbers("6.12-rc1", "%d.%d.%d", &a, &b, &c) != 2 ||
	    b != 12)
		return 2;
	if (libusb_scan_numbers("/dev/bus/usb/001/004",
				"/dev/bus/usb/%hhu/%hhu", &bus, &device) != 2 ||
	    bus != 1 || device != 4)
		return 3;
	if (libusb_scan_numbers("", "%d", &a) != 0 ||
	    libusb_scan_numbers("usbdev", "usbdev%d.%d", &a, &b) != 0 ||
	    libusb_scan_numbers("usb", "usbdev%d.%d", &a, &b) != 0)
		return 4;
	return version->micro >= 28 ? 0 : 5;
}
END

# No network: a context for a port that nobody listens on.
cat >"$folder/libmodbus.c" <<'END'
#include <modbus.h>
int main(void)
{
	modbus_t *context = modbus_new_tcp("127.0.0.1", 1);
	int failed = !context || modbus_set_slave(context, 1) ||
		     (int)libmodbus_version_micro < 11;

	modbus_free(context);
	return failed;
}
END

# What SNMPv3 needs of it: "abc" by MD5 begins with 0x90.
cat >"$folder/bearssl.c" <<'END'
#include <bearssl_hash.h>
int main(void)
{
	unsigned char sum[br_md5_SIZE];
	br_md5_context context;

	br_md5_init(&context);
	br_md5_update(&context, "abc", 3);
	br_md5_out(&context, sum);
	return sum[0] != 0x90;
}
END

refuses_other_bytes() {
    local file=$folder/downloads/libusb-1.0.28.tar.bz2
    mkdir -p "$folder/downloads"
    echo "not an archive" >"$file"
    ! make -s -C "$SRC" O="$folder/build" DL_DIR="$folder/downloads" libs \
        >"$folder/log" 2>&1 && grep -q 'SHA-256\|checksum' "$folder/log"
}

ok "bearssl runs" link_and_run bearssl
ok "libusb runs" link_and_run libusb
ok "libmodbus runs" link_and_run libmodbus
ok "archive with other bytes is refused" refuses_other_bytes
exit $failed
