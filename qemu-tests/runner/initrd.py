# SPDX-License-Identifier: MIT
"""What the bench puts into an initrd: its own, or the machine's."""

import os
import shutil
import stat

# Where units are in an initrd that is not ours.
UNITS = "etc/systemd/system"


class Newc:
    """A cpio archive as the kernel unpacks it."""

    def __init__(self, path, mode="wb"):
        self.file = open(path, mode)
        self.number = 0

    def add(self, name, mode, data=b""):
        self.number += 1
        fields = [self.number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0,
                  len(name) + 1, 0]
        head = b"070701" + b"".join(b"%08x" % field for field in fields)
        head += name.encode() + b"\0"
        self.file.write(head + b"\0" * (-len(head) % 4))
        self.file.write(data + b"\0" * (-len(data) % 4))

    def add_path(self, name, path):
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            self.add(name, mode, os.readlink(path).encode())
        elif stat.S_ISDIR(mode):
            self.add(name, mode)
            for entry in sorted(os.listdir(path)):
                self.add_path(f"{name}/{entry}", os.path.join(path, entry))
        else:
            with open(path, "rb") as file:
                self.add(name, mode, file.read())

    def close(self):
        self.add("TRAILER!!!", 0)
        self.file.close()


def begin_initrd(bench, machine, layout, path):
    """What every initrd has; with a layout Debian's tools, too."""
    archive = Newc(path)
    archive.add("dev", 0o40755)
    archive.add_path("init", bench.inside(machine, "rig/init", "make inside"))
    archive.add_path("modules", os.path.realpath(
        os.path.join(machine["made"], "modules")))
    if layout:
        layers = os.path.realpath(bench.layers(machine))
        for name in sorted(os.listdir(layers)):
            archive.add_path(name, os.path.join(layers, name))
        archive.add_path("layouts", os.path.join(machine["folder"],
                                                 "layouts"))
    return archive


def join_initrd(bench, scenario, machine, path):
    """The machine's own initrd, what the scenario adds to it, and behind that
    what the bench does there."""
    parts = [os.path.join(machine["made"], "initrd.img")]
    if scenario["initrd"]:
        parts.append(bench.inside(machine, scenario["initrd"], "make initrd"))
    with open(path, "wb") as file:
        for part in parts:
            with open(part, "rb") as more:
                shutil.copyfileobj(more, file)
            # The next archive has to begin at such a place.
            file.write(b"\0" * (-file.tell() % 4))
    archive = Newc(path, "ab")
    for name in ("rig", "etc", UNITS.rpartition("/")[0], UNITS,
                 UNITS + "/initrd.target.wants"):
        archive.add(name, 0o40755)
    archive.add_path("rig/init", bench.inside(machine, "rig/init",
                                              "make inside"))
    archive.add_path(UNITS + "/rig-lay.service", os.path.join(
        bench.home, "machines/init/rig-lay.service"))
    archive.add(UNITS + "/initrd.target.wants/rig-lay.service", 0o120777,
                b"../rig-lay.service")
    return archive
