# SPDX-License-Identifier: MIT
"""What is measured: the rows and the exitrds, each as a scenario made up from
the folders in bench.d; and the runs of them, interleaved."""

import os
import shutil
import subprocess

from . import timing
from .exitrd import UNPACK, exitrd_sizes, file_sizes, make_exitrd
from .judge import read_timeline
from .machine import NotOffered
from .scenario import Scenario

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROWS_FOLDER = os.path.join(HOME, "bench.d")
SYSTEMS = {
    "lastwatt": "lastwatt",
    "driver": "NUT's driver alone",
    "shell": "shell, upsdrvctl",
    "dracut": "dracut, upsdrvctl",
    "hook": "NUT's hook",
}
EXITRDS = ("lastwatt", "driver", "shell")
# A SetRequest behind the community.
SNMP_SET = r"70 72 69 76 61 74 65 a3"


class Row:
    """A UPS, and what of it is a command (a regular expression of the text on a
    line, or of the bytes on a network)."""

    def __init__(self, name, driver, command="", systems=EXITRDS):
        self.name = name
        self.driver = driver
        self.command = command
        self.systems = systems
        self.folder = os.path.join(ROWS_FOLDER, name)

    def title(self):
        with open(os.path.join(self.folder, "scenario"),
                  encoding="utf-8") as file:
            return file.readline().partition("=")[2].strip()


ROWS = [
    Row("hid-4", "usbhid-ups"),
    Row("hid-49", "usbhid-ups", systems=tuple(SYSTEMS)),
    Row("qx", "nutdrv_qx", r"^S\.?\d"),
    # The unit, and functions that write.
    Row("modbus", "generic_modbus", r"^(\w\w ){6}\w\w (05|06|10)"),
    Row("snmp", "snmp-ups", SNMP_SET),
    # As the card hears it, behind the agent.
    Row("snmp-v3", "snmp-ups", SNMP_SET),
]


class Case:
    """One thing that is run several times."""

    def __init__(self, row, system, name="", lines=(), files=()):
        self.row = row
        self.system = system
        self.name = f"bench-{name or row.name}.{system}"
        self.lines = list(lines)    # more of the scenario
        self.files = dict(files)    # more files, and their text

    def conf(self):
        if "ups.conf" in self.files:
            return self.files["ups.conf"]
        with open(os.path.join(self.row.folder, "ups.conf"),
                  encoding="utf-8") as file:
            return file.read()

    def exitrd(self, bench):
        """The tree that is laid over the root, made anew for each case."""
        folder = os.path.join(bench.build, "bench", self.name)
        conf = folder + ".conf"
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        with open(conf, "w", encoding="utf-8") as file:
            file.write(self.conf())
        return make_exitrd(bench, self, conf, folder)

    def write(self, bench, number):
        """The scenario of run @number."""
        name = f"{self.name}.{number}"
        folder = os.path.join(bench.build, "bench", "scenarios", name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        base = Scenario(self.row.folder, self.row.name, bench.machines)
        lines = [f"summary = {name}", f"base = {self.row.folder}"]
        lines += [f"before = {line}" for line in base["before"]]
        lines += self.lines
        if self.system != "lastwatt":
            lines += ["payload = none", f"before = {UNPACK[self.system]}"]
            os.symlink(os.path.join(bench.build, "bench", self.name),
                       os.path.join(folder, "files"))
        for file_name, text in dict(
                self.files, scenario="\n".join(lines) + "\n").items():
            with open(os.path.join(folder, file_name), "w",
                      encoding="utf-8") as file:
                file.write(text)
        return folder

    def timeline(self, bench, number):
        path = os.path.join(bench.build, "qemu", f"{self.name}.{number}",
                            "timeline.jsonl")
        return read_timeline(path) if os.path.exists(path) else []

    def measured(self, bench, rounds):
        """What measure() finds, by round; without those that came to nothing."""
        found = {number: timing.measure(self.timeline(bench, number),
                                        self.row.command)
                 for number in range(1, rounds + 1)}
        return {number: of for number, of in found.items() if "off" in of}


def memory_case(row, system):
    """Looking at every process all the time takes time: in runs of its own."""
    return Case(row, system, row.name + "-memory", ["process = sample 3"])


def spared_case():
    """No flag, nothing to command: what is left is the storage."""
    return Case(GROWN, "lastwatt", f"{GROWN.name}-spared", ["flag = absent"],
                {"expect": "final poweroff\n"})


def counted_case():
    """The same by a clock that does not run while QEMU translates."""
    return Case(GROWN, "lastwatt", f"{GROWN.name}-counted",
                ["flag = absent", "clock = instructions"],
                {"expect": "final poweroff\n"})


def latency_case(row, system, latency_ms):
    """From the pivot on: before, the kernel has to get to know it."""
    return Case(row, system, f"{row.name}-latency-{latency_ms}", files={
        "mains": 'at 1s: mains off\n'
                 f'on console "rig: T0": latency ups {latency_ms}ms\n'})


def mounts_case(row, system, count):
    """So many bind mounts of the root, where systemd leaves them alone."""
    return Case(row, system, f"{row.name}-mounts-{count}", [
        f"before = mkdir /dev/many && cd /dev/many && seq {count} | "
        f"xargs mkdir && seq {count} | "
        "sed 's,.*,/var/tmp /dev/many/& none bind 0 0,' > /tmp/many && "
        "mount -a -T /tmp/many"])


def upses_case(row, system, count):
    """So many units of the same kind, told apart by their serial numbers."""
    names = [f"ups{number}" for number in range(1, count + 1)]
    with open(os.path.join(row.folder, "ups.ups"), encoding="utf-8") as file:
        device = file.read()
    with open(os.path.join(row.folder, "ups.conf"), encoding="utf-8") as file:
        keys = file.read().partition("\n")[2]
    files = {f"{name}.ups": f"{device}serial = S{name}\n" for name in names}
    files["ups.conf"] = "".join(f"[{name}]\n{keys}\tserial = S{name}\n"
                                for name in names)
    files["upsmon.conf"] = "".join(
        f"MONITOR {name}@localhost 1 monitor secret primary\n"
        for name in names) + ("MINSUPPLIES 1\nSHUTDOWNCMD /sbin/poweroff\n"
                              "POWERDOWNFLAG /etc/killpower\n")
    files["expect"] = f"cut {' '.join(names)}\nfinal poweroff\n"
    return Case(row, system, f"{row.name}-upses-{count}",
                ["ups = " + " ".join(names)], files)


# What is tried with how much of what.
GROWTH = {
    latency_case: ((0, 10, 30, 100), ("lastwatt", "driver")),
    upses_case: ((1, 2, 4, 8, 16), ("lastwatt", "shell")),
    mounts_case: ((1, 10, 100, 1000), EXITRDS),
}
GROWN = ROWS[0]


def all_cases():
    """Those that are repeated, and those that are run once."""
    grown = [make(GROWN, system, count)
             for make, (counts, systems) in GROWTH.items()
             for count in counts for system in systems]
    pairs = [(row, system) for row in ROWS for system in row.systems]
    # What a hook takes is seen by nobody: there is no exitrd to wait for.
    return [Case(*pair) for pair in pairs] + [spared_case(), counted_case()] + grown, \
        [memory_case(row, system) for row, system in pairs
         if system != "hook"]


def is_packed(bench, case):
    """What it needs is made, if it can be had."""
    try:
        if case.system != "lastwatt":
            case.exitrd(bench)
        return True
    except NotOffered as reason:
        print(f"skip {case.name}: {reason}", flush=True)
        return False


def run(bench, cases, rounds):
    """All cases once, then all again: what else the machine does is shared by
    all. @rounds are the words that the runs are called by."""
    cases = [case for case in cases if is_packed(bench, case)]
    if not cases:
        return 0
    folders = [case.write(bench, number) for number in rounds
               for case in cases]
    return subprocess.run([os.path.join(HOME, "run"), "--jobs", "1", *folders],
                          check=False,
                          env=dict(os.environ, BUILD=bench.build)).returncode


def image_sizes(bench, row, system):
    if system == "lastwatt":
        return file_sizes(os.path.join(bench.build, "lastwatt.cpio"))
    return exitrd_sizes(system, os.path.join(bench.build, "bench",
                                             f"bench-{row.name}.{system}"))
