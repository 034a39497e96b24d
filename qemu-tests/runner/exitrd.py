# SPDX-License-Identifier: MIT
"""What lastwatt is measured beside: NUT's own driver in the least program that
can unmount; a shell with busybox and NUT's upsdrvctl; the exitrd that dracut
packs; and NUT's hook, which is no exitrd."""

import gzip
import os
import shutil
import subprocess
import tempfile

from .initrd import Newc
from .machine import Unable, install, run_tool
from .nut import Nut, Unreachable

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHUTDOWN = os.path.join(HOME, "bench.d/shutdown.sh")
DRACUT = os.path.join(HOME, "bench.d/dracut/build")
TOOLS = ("sh", "umount", "readlink", "losetup", "sync", "mkdir", "poweroff")
# From the root to where systemd looks for it; /run itself may be noexec. A hook
# stays where it is, but NUT has its folder there.
TMPFS = "mount -t tmpfs -o mode=0755 exitrd /run/initramfs && "
COPY = TMPFS + "cp -a /usr/lib/exitrd/. /run/initramfs"
UNPACK = {
    "driver": COPY,
    "shell": COPY,
    "dracut": TMPFS + "cd /run/initramfs && "
              "zcat /usr/lib/exitrd.cpio.gz | cpio -id",
    "hook": "mkdir -p /run/nut",
}


def pack_nut(bench, nut, names, tree):
    """NUT's programs with their libraries, callable by their own headers."""
    with tempfile.TemporaryDirectory(prefix="rig-") as folder:
        for name in names:
            shutil.copy(nut.find(name), os.path.join(folder, name))
        run_tool([os.path.join(bench.source, "image/nut/pack"), "--tree", tree,
                  "--root", nut.tree, "--drivers", folder, *names])
    link(tree, "lib64/ld-linux-x86-64.so.2", "nut/lib/ld.so")


def link(tree, name, to):
    """@name in @tree is @to."""
    folder = os.path.join(tree, os.path.dirname(name))
    os.makedirs(folder, exist_ok=True)
    os.symlink(os.path.relpath(os.path.join(tree, to), folder),
               os.path.join(tree, name))


def write_conf(tree, words, conf):
    """@conf with something before its sections."""
    with open(conf, encoding="utf-8") as file:
        sections = file.read()
    os.makedirs(os.path.join(tree, "etc/nut"), exist_ok=True)
    with open(os.path.join(tree, "etc/nut/ups.conf"), "w",
              encoding="utf-8") as file:
        file.write(words + "\n" + sections)


def fill(bench, nut, kind, driver, conf, tree):
    for name in ("dev", "proc", "sys", "run", "oldroot"):
        os.makedirs(os.path.join(tree, name))
    write_conf(tree, "driverpath = /nut", conf)
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


def fill_hook(bench, nut, driver, conf, tree):
    """NUT as it is installed, as far as its hook needs it. There is no user
    nut here: root runs the driver."""
    os.makedirs(tree)
    pack_nut(bench, nut, [driver, "upsmon", "upsdrvctl"], tree)
    link(tree, "lib/x86_64-linux-gnu", "nut/lib")
    link(tree, "lib/nut/" + driver, "nut/" + driver)
    for name in ("upsmon", "upsdrvctl"):
        link(tree, "sbin/" + name, "nut/" + name)
    name = "lib/systemd/system-shutdown/nutshutdown"
    install(os.path.join(nut.tree, name), tree, "usr/" + name, 0o755)
    name = "etc/nut/nut.conf"
    install(os.path.join(nut.tree, name), tree, name, 0o644)
    write_conf(tree, "user = root", conf)


def dracut_image(folder):
    return folder + ".cpio"


def fill_dracut(bench, driver, conf, folder):
    """What dracut makes is the same for the same driver and file."""
    image = dracut_image(folder)
    with open(conf, encoding="utf-8") as file:
        key = (driver, file.read())
    if key not in bench.ready:
        run_tool([DRACUT, driver, conf, image],
                 env=dict(os.environ, SRC=bench.source, BUILD=bench.build))
        bench.ready[key] = image
    if bench.ready[key] != image:
        shutil.copy(bench.ready[key], image)
    os.makedirs(os.path.join(folder, "usr/lib"))
    with open(image, "rb") as file, gzip.open(os.path.join(
            folder, "usr/lib/exitrd.cpio.gz"), "wb", 1) as packed:
        shutil.copyfileobj(file, packed)


def make_exitrd(bench, case, conf, folder):
    """What is laid over a root: an exitrd at usr/lib/exitrd, or a hook."""
    kind, driver = case.system, case.row.driver
    shutil.rmtree(folder, ignore_errors=True)
    if kind == "dracut":
        fill_dracut(bench, driver, conf, folder)
        return folder
    try:
        nut = Nut(bench.build)
        if kind == "hook":
            fill_hook(bench, nut, driver, conf, folder)
        else:
            fill(bench, nut, kind, driver, conf,
                 os.path.join(folder, "usr/lib/exitrd"))
    except Unreachable as reason:
        raise Unable(f"NUT's drivers: {reason}") from reason
    return folder


def exitrd_sizes(kind, folder):
    """Of what make_exitrd() has left there; a hook has no image."""
    if kind == "hook":
        raise FileNotFoundError
    if kind == "dracut":
        return file_sizes(dracut_image(folder))
    return sizes(os.path.join(folder, "usr/lib/exitrd"))


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
    size = os.path.getsize(path)
    packed = subprocess.run(["zstd", "-19", "-q", "-c", path], check=True,
                            stdout=subprocess.PIPE).stdout
    return size, len(packed)
