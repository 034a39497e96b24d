# SPDX-License-Identifier: MIT
"""The exitrds that lastwatt is measured beside: NUT's own driver in the least
program that can unmount, and a shell with busybox and NUT's upsdrvctl."""

import os
import shutil
import subprocess
import tempfile

from .initrd import Newc
from .machine import Unable, install, run_tool
from .nut import Nut, Unreachable

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHUTDOWN = os.path.join(HOME, "bench.d/shutdown.sh")
TOOLS = ("sh", "umount", "readlink", "losetup", "sync", "mkdir", "poweroff")
# From the root to where systemd looks for it; /run itself may be noexec.
UNPACK = ("mount -t tmpfs -o mode=0755 exitrd /run/initramfs && "
          "cp -a /usr/lib/exitrd/. /run/initramfs")


def pack_nut(bench, nut, names, tree):
    """NUT's programs with their libraries, callable by their own headers."""
    with tempfile.TemporaryDirectory(prefix="rig-") as folder:
        for name in names:
            shutil.copy(nut.find(name), os.path.join(folder, name))
        run_tool([os.path.join(bench.source, "image/nut/pack"), "--tree", tree,
                  "--root", nut.tree, "--drivers", folder, *names])
    os.makedirs(os.path.join(tree, "lib64"))
    os.symlink("../nut/lib/ld.so",
               os.path.join(tree, "lib64/ld-linux-x86-64.so.2"))


def fill(bench, nut, kind, driver, conf, tree):
    for name in ("dev", "proc", "sys", "run", "oldroot"):
        os.makedirs(os.path.join(tree, name))
    os.makedirs(os.path.join(tree, "etc/nut"))
    with open(conf, encoding="utf-8") as file:
        sections = file.read()
    with open(os.path.join(tree, "etc/nut/ups.conf"), "w",
              encoding="utf-8") as file:
        file.write("driverpath = /nut\n" + sections)
    if kind == "driver":
        pack_nut(bench, nut, [driver], tree)
        install(bench.rig("rig-exitrd"), tree, "shutdown", 0o755)
        with open(os.path.join(tree, "etc/driver"), "w",
                  encoding="utf-8") as file:
            file.write(f"/nut/{driver}\n")
        return
    pack_nut(bench, nut, [driver, "upsdrvctl"], tree)
    install(SHUTDOWN, tree, "shutdown", 0o755)
    busybox = nut.archive.fetch("busybox-static")
    install(os.path.join(busybox, "bin/busybox"), tree, "bin/busybox", 0o755)
    for name in TOOLS:
        os.symlink("busybox", os.path.join(tree, "bin", name))


def make_exitrd(bench, kind, driver, conf, folder):
    """An exitrd at @folder/usr/lib/exitrd, to be laid over a root."""
    tree = os.path.join(folder, "usr/lib/exitrd")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        fill(bench, Nut(bench.build), kind, driver, conf, tree)
    except Unreachable as reason:
        raise Unable(f"NUT's drivers: {reason}") from reason
    return folder


def sizes(tree):
    """Of an exitrd as a cpio archive: uncompressed, and by zstd."""
    with tempfile.TemporaryDirectory(prefix="rig-") as folder:
        path = os.path.join(folder, "image.cpio")
        archive = Newc(path)
        for name in sorted(os.listdir(tree)):
            archive.add_path(name, os.path.join(tree, name))
        archive.close()
        return file_sizes(path)


def file_sizes(path):
    packed = subprocess.run(["zstd", "-19", "-q", "-c", path], check=True,
                            stdout=subprocess.PIPE).stdout
    return os.path.getsize(path), len(packed)
