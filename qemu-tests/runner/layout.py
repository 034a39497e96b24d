# SPDX-License-Identifier: MIT
"""Disks with more on them than one file system. A boot of the machine itself
makes them, with Debian's tools, and looks at them; no host needs a loop
device or a right for that."""

import hashlib
import os
import re
import struct
import subprocess
import tempfile

from .initrd import begin_initrd
from .machine import CMDLINE, Unable, plain_qemu

HELP_S = 180
TRIES = 3
SECTOR = 512
MIB = 1 << 20
BAD = re.compile(r"rig: check bad: (.*)")


def _folder(machine):
    return os.path.join(machine["folder"], "layouts")


def _text(machine, name):
    """A layout with all that it takes from others."""
    with open(os.path.join(_folder(machine), name), encoding="utf-8") as file:
        text = file.read()
    for other in re.findall(r"^\. /layouts/(\S+)$", text, re.M):
        text += _text(machine, other)
    return text


def _boot(bench, machine, name, what, drives):
    """Run "run NAME WHAT" in a machine with these disks. Its console."""
    with tempfile.TemporaryDirectory(prefix="rig-") as folder:
        initrd = os.path.join(folder, "initrd.cpio")
        archive = begin_initrd(bench, machine, name, initrd)
        archive.add("rig.conf", 0o100644,
                    f"mode play\nroot {name}\nlayout {what}\n".encode())
        archive.close()
        words = [CMDLINE.replace("@BOOT@", "0")]
        for _ in range(TRIES):
            qemu = plain_qemu(machine, initrd, words, name, drives)
            try:
                console = subprocess.run(
                    qemu + ["-serial", "stdio"], stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    timeout=HELP_S, check=False).stdout
            except subprocess.TimeoutExpired as late:
                console = late.stdout or b""
            console = console.decode("utf-8", "replace").replace("\r", "")
            # Before that it is the emulator's fault.
            if "rig: init" in console:
                return console
    raise Unable(f"the machine for layout {name} does not start")


def _partitions(path, sizes):
    """A partition table with these sizes in MiB, one behind the other."""
    entries, at = b"", MIB // SECTOR
    for size in sizes:
        count = size * MIB // SECTOR
        entries += struct.pack("<B3sB3sII", 0, b"\xfe\xff\xff", 0x83,
                               b"\xfe\xff\xff", at, count)
        at += count
    with open(path, "r+b") as file:
        file.seek(446)
        file.write(entries.ljust(64, b"\0") + b"\x55\xaa")


def of_scenario(bench, scenario):
    """The layout of a scenario's disk, and the machine that makes it and looks
    at it: the scenario's own, or for a real one the fast machine. Or None."""
    machine = bench.machine(scenario["machine"])
    if scenario["root"]:
        return machine, scenario["root"]
    if "layout" in machine:
        return bench.machine("fast"), machine["layout"]
    return None


def _make(bench, machine, name, path, root):
    text = _text(machine, name)
    size = re.search(r"^# size: (\d+)$", text, re.M)
    parts = re.search(r"^# partitions: ([\d ]+)$", text, re.M)
    with open(path, "wb") as file:
        file.truncate(int(size.group(1)) * MIB)
    if parts:
        _partitions(path, [int(word) for word in parts.group(1).split()])
    console = _boot(bench, machine, name, "make", [
        f"file={path},format=raw", f"file={root},format=raw,readonly=on"])
    if f"rig: made {name}" not in console:
        raise Unable(f"layout {name} could not be made: " +
                     " | ".join(console.splitlines()[-6:]))


def disk(bench, scenario):
    """The disk image that a scenario begins with; one with a layout is made if
    it is not there."""
    made = bench.machine(scenario["machine"])["made"]
    root = os.path.realpath(os.path.join(made, "root.img"))
    found = of_scenario(bench, scenario)
    if not found:
        return root
    machine, name = found
    # The root's folder is named after what it was made of.
    key = hashlib.sha256("\0".join([
        _text(machine, name), _text(machine, "run"),
        os.path.basename(os.path.dirname(root)),
    ]).encode()).hexdigest()[:16]
    path = os.path.join(made, f"{name}-{key}.img")
    if not os.path.exists(path):
        _make(bench, machine, name, path + ".new", root)
        os.rename(path + ".new", path)
    return path


def problem(bench, scenario, image):
    """Why the layout in a copy of the disk is not clean, or None."""
    machine, name = of_scenario(bench, scenario)
    console = _boot(bench, machine, name, "check",
                    [f"file={image},snapshot=on"])
    bad = BAD.search(console)
    if bad:
        return bad.group(1).strip()
    if "rig: check good" not in console:
        return "nobody could look: " + " | ".join(console.splitlines()[-3:])
    return None
