# SPDX-License-Identifier: MIT
"""The machine of a run: its initrd, its disk, and QEMU's arguments."""

import lzma
import os
import shutil
import subprocess
import tempfile

from . import text
from .initrd import begin_initrd, join_initrd
from .nut import Nut, Unreachable
from .scenario import MORE_DISKS, NUT_FILES

MACHINE_KEYS = {"summary", "base", "suite", "mode", "memory_mib", "cmdline",
                "arch", "layout"}
# What a machine's build returns when the world does not offer the machine.
NOT_OFFERED = 77
OVMF = ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd")
CMDLINE = ("cryptomgr.notests mitigations=off panic=-1 loglevel=5 "
           "rig.boot=@BOOT@")
# Emulated machines hang now and then while the kernel measures the clock.
# The guest's time is what it executes, a nanosecond for an instruction.
COUNTED = ["-icount", "shift=0,sleep=on"]
QEMU = {
    "x86_64": (["qemu-system-x86_64"],
               "console=ttyS0 lpj=4000000 no_timer_check tsc=reliable"),
    "aarch64": (["qemu-system-aarch64", "-machine", "virt", "-cpu",
                 "cortex-a72"], "console=ttyAMA0"),
}
# For the tools and modules of a layout, which the initrd brings.
LAYERS_MIB = 128
# Firmware puts the kernel and the initrd into memory twice.
UEFI_MIB = 128
# Text is 80x25. What draws graphics is the framebuffer of the firmware.
SCREENS = {"none": ([], ""), "text": (["-device", "VGA"], "console=tty0"),
           "graphics": (["-device", "VGA"], "console=tty0 vga=0x314")}
# Debian's i6300esb: it resets the machine, and QEMU says so.
WATCHDOG = ["-device", "i6300esb", "-action", "watchdog=reset"]
XZ_MAGIC = b"\xfd7zXZ\0"


class Unable(Exception):
    """The bench itself cannot work; nothing is said about the product."""


class NotOffered(Exception):
    """There is no such machine to be had here; the sentence says why."""


def run_tool(arguments, **more):
    done = subprocess.run(arguments, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, check=False, **more)
    if done.returncode == NOT_OFFERED:
        raise NotOffered(done.stdout.strip().splitlines()[-1])
    if done.returncode:
        raise Unable(f"{os.path.basename(arguments[0])} failed: "
                     + done.stdout.strip()[-400:])
    return done.stdout


def unpacked_kernel(made):
    """The kernel without its wrapping: to unpack it inside takes longer than
    to boot it. Its ELF file starts by the PVH entry."""
    packed = os.path.realpath(os.path.join(made, "vmlinuz"))
    about = os.stat(packed)
    path = os.path.join(made, f"vmlinux-{about.st_size}-{about.st_mtime_ns}")
    if os.path.exists(path):
        return path
    with open(packed, "rb") as file:
        data = file.read()
    start = data.find(XZ_MAGIC)
    try:
        kernel = lzma.LZMADecompressor().decompress(data[max(start, 0):])
    except lzma.LZMAError:
        return packed
    if not kernel.startswith(b"\x7fELF"):
        return packed
    with open(path + ".new", "wb") as file:
        file.write(kernel)
    os.rename(path + ".new", path)
    return path


class Folders:
    """A machine's folder, and before it those that it is based on."""

    def __init__(self, home, name):
        self.paths = []
        self.values = {}
        while name:
            path = os.path.join(home, name)
            values = text.settings(os.path.join(path, "machine"),
                                   MACHINE_KEYS)
            self.paths.insert(0, path)
            name = values.pop("base", None)
            self.values = {**values, **self.values}

    def command(self, name, *arguments):
        """The command line of a program of the machine, or None. One that
        comes from a base gets the folders on top of it, too."""
        for number, path in reversed(list(enumerate(self.paths))):
            program = os.path.join(path, name)
            if os.access(program, os.X_OK):
                return [program, *arguments, *self.paths[number + 1:]]
        return None


class Bench:
    """The source tree, the build directory, and what is made only once."""

    def __init__(self, source, build):
        self.source = source
        self.build = build
        self.home = os.path.join(source, "qemu-tests")
        home = os.path.join(self.home, "machines")
        # One without a summary is only a base of others.
        self.folders = {
            name: folders for name, folders in
            ((name, Folders(home, name)) for name in sorted(os.listdir(home))
             if os.path.exists(os.path.join(home, name, "machine")))
            if "summary" in folders.values}
        self.machines = list(self.folders)
        self.ready = {}

    def _make_machine(self, name):
        made = os.path.join(self.build, "machines", name)
        folders = self.folders[name]
        run_tool(folders.command("build", made))
        return dict(folders.values, folders=folders, made=made,
                    folder=folders.paths[-1], kernel=unpacked_kernel(made))

    def machine(self, name):
        """Build machine @name if it is not there. Returns its settings."""
        if name not in self.ready:
            try:
                self.ready[name] = self._make_machine(name)
            except NotOffered as reason:
                self.ready[name] = reason
        if isinstance(self.ready[name], NotOffered):
            raise self.ready[name]
        return self.ready[name]

    def layers(self, machine):
        """The tree of tools and modules for layouts, made if need be."""
        path = os.path.join(machine["made"], "layers")
        if "layers" not in machine:
            run_tool([os.path.join(machine["folder"], "layers"),
                      machine["made"]])
            machine["layers"] = path
        return path

    def inside(self, machine, name, make):
        """What is built to run in @machine."""
        arch = machine.get("arch", "x86_64")
        path = os.path.join(self.build, "" if arch == "x86_64" else arch, name)
        if not os.path.exists(path):
            if arch != "x86_64":
                make += f" ARCH={arch}"
            raise Unable(f"{path} is missing: run {make} first")
        return path

    def payload(self, machine, kind):
        """The program that the machine gets, or None."""
        path = {"default": "lastwatt", "test": "test/lastwatt"}.get(kind)
        return self.inside(machine, path, "make") if path else None

    def rig(self, name):
        path = os.path.join(self.build, "rig", name)
        if not os.path.exists(path):
            raise Unable(f"{path} is missing: run make rig first")
        return path

    def snmpd(self):
        """net-snmp's agent, fetched if need be."""
        if "snmpd" not in self.ready:
            done = subprocess.run(
                [os.path.join(self.source, "scripts/snmpd")], check=False,
                stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL,
                env=dict(os.environ, BUILD=self.build))
            self.ready["snmpd"] = done.stdout.strip()
        if not self.ready["snmpd"]:
            raise NotOffered("net-snmp's agent is not here, and apt has none")
        return self.ready["snmpd"]


def install(source, tree, name, mode):
    path = os.path.join(tree, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    shutil.copyfile(source, path)
    os.chmod(path, mode)


def pack_nut_drivers(bench, words, exitrd):
    """NUT's own drivers into the exitrd: NAME, or NAME=OTHER for the driver
    OTHER under a name that no driver of ours answers to."""
    try:
        nut = Nut(bench.build)
    except Unreachable as reason:
        raise Unable(f"NUT's drivers: {reason}") from reason
    names = dict(word.partition("=")[::2] for word in words.split())
    with tempfile.TemporaryDirectory(prefix="rig-") as folder:
        for name, other in names.items():
            shutil.copy(os.path.join(nut.drivers, other or name),
                        os.path.join(folder, name))
        run_tool([os.path.join(bench.source, "image/nut/pack"), "--tree",
                  exitrd, "--root", nut.tree, "--drivers", folder, *names])


def make_tree(bench, scenario, machine, tree):
    """Everything that is laid over the machine's root on its first boot."""
    payload = bench.payload(machine, scenario["payload"])
    install(bench.inside(machine, "rig/rig-process", "make inside"), tree,
            "usr/bin/rig-process", 0o755)
    if payload:
        install(payload, tree, "usr/sbin/lastwatt", 0o755)
        exitrd = os.path.join(tree, "usr/lib/lastwatt/exitrd")
        for name in ("dev", "proc", "sys", "run", "oldroot"):
            os.makedirs(os.path.join(exitrd, name))
        install(os.path.join(os.path.dirname(payload), "shutdown"), exitrd,
                "shutdown", 0o755)
        if scenario["nut_drivers"]:
            pack_nut_drivers(bench, scenario["nut_drivers"], exitrd)
    lay = machine["folders"].command("lay", tree)
    if lay:
        run_tool(lay, env=dict(os.environ, SRC=bench.source,
                               BUILD=bench.build, PAYLOAD=payload or ""))
    for name in NUT_FILES:
        if scenario.find(name):
            install(scenario.find(name), tree, "etc/nut/" + name, 0o640)
    flag = scenario.flag_text()
    if flag is not None:
        os.makedirs(os.path.join(tree, "etc"), exist_ok=True)
        with open(os.path.join(tree, "etc/killpower"), "w",
                  encoding="utf-8") as file:
            file.write(flag)
    # The base's files first, so that the scenario's own win.
    for folder in reversed(scenario.folders):
        files = os.path.join(folder, "files")
        if os.path.isdir(files):
            shutil.copytree(files, tree, symlinks=True, dirs_exist_ok=True)


def settings_file(scenario, machine, usb):
    lines = [f"mode {machine.get('mode', 'exec')}",
             f"systemd {scenario['systemd']}", f"verb {scenario['verb']}",
             f"wait {scenario['wait']}", f"usb {usb}"]
    if scenario["root"]:
        lines.append(f"root {scenario['root']}")
    if scenario["argv"]:
        lines.append(f"argv {scenario['argv']}")
    for key in ("before", "process", "after", "again"):
        lines += [f"{key} {value}" for value in scenario[key]]
    return ("\n".join(lines) + "\n").encode()


def make_initrd(bench, scenario, machine, path, usb):
    tree = path + ".files"
    shutil.rmtree(tree, ignore_errors=True)
    os.makedirs(tree)
    make_tree(bench, scenario, machine, tree)
    if machine.get("mode") == "initrd":
        archive = join_initrd(bench, scenario, machine, path)
    else:
        archive = begin_initrd(bench, machine, scenario["root"], path)
    archive.add("rig.conf", 0o100644, settings_file(scenario, machine, usb))
    archive.add_path("files", tree)
    archive.close()
    shutil.rmtree(tree)


def make_disk(scenario, root, path):
    """A fresh disk at @path: an overlay of @root, or for rig-disk a copy."""
    if os.path.exists(path):
        os.remove(path)
    if scenario["cache"] == "lost":
        run_tool(["cp", "--sparse=always", "--reflink=auto", root, path])
        os.chmod(path, 0o644)
    else:
        run_tool(["qemu-img", "create", "-q", "-f", "qcow2", "-b", root, "-F",
                  "raw", path])


class DiskServer:
    """With cache = lost: rig-disk, between QEMU and its disk."""

    def __init__(self, bench, scenario, disk):
        self.process = None
        if scenario["cache"] != "lost":
            self.drive = f"file={disk},format=qcow2"
            return
        # A socket's path must be short.
        self.folder = tempfile.mkdtemp(prefix="rig-")
        socket = os.path.join(self.folder, "disk")
        self.drive = f"file=nbd:unix:{socket},format=raw"
        with open(disk + ".log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [bench.rig("rig-disk"), disk, socket,
                 scenario["slow_ms"]], stderr=log,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        if self.process.stdout.readline() != b"ready\n":
            self.stop()
            raise Unable("rig-disk did not start, see " + disk + ".log")

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            shutil.rmtree(self.folder)


def firmware_memory(kind, folder):
    """What keeps a few bytes while the machine is dark."""
    path = os.path.join(folder, f"{kind}.memory")
    if kind == "uefi":
        for part in OVMF:
            if not os.path.exists(part):
                raise Unable(f"{part} is missing: apt-get install ovmf")
        shutil.copyfile(OVMF[1], path)
        return ["-drive", f"if=pflash,format=raw,readonly=on,file={OVMF[0]}",
                "-drive", f"if=pflash,format=raw,file={path}"]
    if kind == "erst":
        return ["-object", "memory-backend-file,id=erst,size=64K,share=on,"
                f"mem-path={path}", "-device", "acpi-erst,memdev=erst"]
    return []


class DeafPeer:
    """With console = deaf: who is at the other end of the machine's console,
    a pipe that is full and that nobody reads."""

    def __init__(self, scenario, out):
        self.ends = []
        if scenario["console"] != "deaf":
            return
        for end in (".in", ".out"):
            path = os.path.join(out, "deaf" + end)
            os.mkfifo(path)
            self.ends.append(os.open(path, os.O_RDWR | os.O_NONBLOCK))
        try:
            while True:
                os.write(self.ends[1], b"\n")
        except BlockingIOError:
            pass

    def leave(self):
        for end in self.ends:
            os.close(end)


def deaf_arguments(scenario, out):
    """The first serial port; the one that the rig hears becomes the second."""
    if scenario["console"] != "deaf":
        return []
    return ["-chardev", f"pipe,id=deaf,path={os.path.join(out, 'deaf')}",
            "-serial", "chardev:deaf"]


def own_initrd_words(machine):
    """What the kernel's command line has for a machine's own initrd."""
    words = ["rdinit=/rig/init"]
    path = os.path.join(machine["made"], "cmdline")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            words.append(file.read().strip())
    return words


def own_initrd_drives(machine):
    path = os.path.realpath(os.path.join(machine["made"], "usr.img"))
    return [f"file={path},format=raw,readonly=on"] * os.path.exists(path)


def qemu_arguments(scenario, machine, drive, initrd):
    out = os.path.dirname(initrd)
    screen, screen_words = SCREENS[scenario["screen"]]
    words = [CMDLINE, machine.get("cmdline", ""), scenario["cmdline"]]
    if screen:
        # Only by its real entry does the kernel ask what the screen is.
        machine = dict(machine, kernel=os.path.join(machine["made"],
                                                    "vmlinuz"))
        words.insert(0, screen_words)
    if scenario["console"] == "deaf":
        words.append("rig.console=ttyS1")
    if scenario["memory_mib"]:
        machine = dict(machine, memory_mib=scenario["memory_mib"])
    drives = [drive]
    if machine.get("mode") == "initrd":
        words += own_initrd_words(machine)
        drives += own_initrd_drives(machine)
    if scenario["memory"] == "uefi":
        machine = dict(machine, memory_mib=str(
            int(machine.get("memory_mib", "256")) + UEFI_MIB),
            kernel=os.path.join(machine["made"], "vmlinuz"))
    return plain_qemu(machine, initrd, words, scenario["root"], drives) + \
        deaf_arguments(scenario, out) + \
        [word for kind in scenario["more_disks"].split()
         for word in MORE_DISKS[kind]] + \
        firmware_memory(scenario["memory"], out) + \
        (WATCHDOG if scenario["watchdog"] == "yes" else []) + \
        (COUNTED if scenario["clock"] == "instructions" else []) + screen


def plain_qemu(machine, initrd, words, layout_name, drives):
    """QEMU with some disks and nothing else."""
    memory = int(machine.get("memory_mib", "256"))
    if layout_name:
        memory += LAYERS_MIB
    command, console = QEMU[machine.get("arch", "x86_64")]
    words = words + [console]
    arguments = [*command, "-nodefaults", "-no-user-config",
                 "-display", "none", "-no-reboot", "-smp", "1",
                 "-accel", os.environ.get("ACCEL", "tcg"),
                 "-m", str(memory), "-kernel", machine["kernel"],
                 "-initrd", initrd,
                 "-append", " ".join(" ".join(words).split())]
    for number, drive in enumerate(drives):
        name = f"disk{number or ''}"
        arguments += ["-drive", f"{drive},if=none,id={name}",
                      "-device", f"virtio-blk-pci,drive={name}"]
    return arguments
