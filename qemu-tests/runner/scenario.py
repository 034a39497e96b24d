# SPDX-License-Identifier: MIT
"""A scenario: a folder of data, read and checked before anything runs."""

import os

from . import text
from .text import Mistake

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DEFAULTS = {
    "summary": "", "base": "", "machine": "fast", "systemd": "252",
    "verb": "poweroff", "argv": "", "payload": "default", "ups": "",
    "flag": "absent", "boots": "2", "timeout_s": "180", "budget_s": "40",
    "length": "check", "cmdline": "", "wait": "no",
    "cache": "kept", "root": "",
    "slow_ms": "0", "more_disks": "", "memory": "none", "watchdog": "no",
    "nut_drivers": "", "screen": "none", "console": "heard", "memory_mib": "",
    "initrd": "", "clock": "machine",
}
REPEATED = ("before", "process", "after", "again")
CHOICES = {
    "systemd": ("252", "257", "262"), "wait": ("yes", "no"),
    "payload": ("default", "test", "none"), "length": ("check", "long"),
    "cache": ("kept", "lost"), "memory": ("none", "uefi", "erst"),
    "watchdog": ("yes", "no"), "screen": ("none", "text", "graphics"),
    "console": ("heard", "deaf"), "clock": ("machine", "instructions"),
}
# Empty disks that are attached in another way than the machine's own.
MORE_DISKS = {
    "sata": ["-device", "ich9-ahci,id=ahci",
             "-drive", "driver=null-co,size=8M,read-zeroes=on,if=none,id=sata",
             "-device", "ide-hd,drive=sata,bus=ahci.0"],
    "nvme": ["-drive", "driver=null-co,size=8M,read-zeroes=on,if=none,id=nvme",
             "-device", "nvme,serial=rig,drive=nvme"],
}
NUMBERS = ("boots", "timeout_s", "budget_s")
NUT_FILES = ("ups.conf", "upsmon.conf", "nut.conf")
FLAG_MAGIC = "upsmon-shutdown-file\n"
INVARIANTS = {"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8"}
STATES = ("poweroff", "reboot", "halt", "dark", "killed")


class Scenario:
    """Its settings, and where its files are (its own or its base's)."""

    def __init__(self, folder, name, machines):
        self.folder = os.path.abspath(folder)
        self.name = name
        self.folders = []           # this one, its base, the base's base
        self.values = {}
        self._load(self.folder)
        for key, default in DEFAULTS.items():
            self.values.setdefault(key, default)
        for key in REPEATED:
            self.values.setdefault(key, [])
        self._check(machines)
        self.upses = self._find_upses()
        self.expect = Expectations(self.find("expect"), self.upses)

    def __getitem__(self, key):
        return self.values[key]

    def _load(self, folder):
        path = os.path.join(folder, "scenario")
        if folder in self.folders:
            raise Mistake(path, 1, "base goes round in a circle")
        if not os.path.exists(path):
            raise Mistake(path, 1, "there is no such file")
        self.folders.append(folder)
        values = text.settings(path, DEFAULTS, REPEATED)
        base = values.pop("base", "")
        for key, value in values.items():
            self.values.setdefault(key, value)
        if base:
            self._load(os.path.abspath(os.path.join(folder, base)))

    def _where(self, key):
        """The file and the line of a setting, for messages."""
        for folder in self.folders:
            path = os.path.join(folder, "scenario")
            for number, line in text.lines(path):
                if line.partition("=")[0].strip() == key:
                    return path, number
        return os.path.join(self.folder, "scenario"), 1

    def _check(self, machines):
        for key, allowed in [*CHOICES.items(), ("machine", machines)]:
            if self.values[key] not in allowed:
                raise Mistake(*self._where(key), f'"{self.values[key]}" is '
                              f"not one of {', '.join(allowed)}")
        for kind in self.values["more_disks"].split():
            if kind not in MORE_DISKS:
                raise Mistake(*self._where("more_disks"), f'"{kind}" is not '
                              f"one of {', '.join(MORE_DISKS)}")
        if not self.values["slow_ms"].isdigit():
            raise Mistake(*self._where("slow_ms"),
                          f'"{self.values["slow_ms"]}" is no whole number')
        for key in NUMBERS:
            if not self.values[key].isdigit() or not int(self.values[key]):
                raise Mistake(*self._where(key),
                              f'"{self.values[key]}" is no whole number')
        layouts = os.path.join(HOME, "machines", self.values["machine"],
                               "layouts")
        root = self.values["root"]
        if root and (root == "run" or not os.path.isfile(
                os.path.join(layouts, root))):
            raise Mistake(*self._where("root"),
                          f'there is no layout "{root}" in {layouts}')
        if self.flag_text() is False:
            raise Mistake(*self._where("flag"), f'"{self.values["flag"]}" is '
                          'not absent, valid, empty or text "…"')

    def flag_text(self):
        """What the flag file holds; None: no such file; False: nonsense."""
        flag = self.values["flag"]
        if flag.startswith("text "):
            return flag[5:].strip().strip('"') + "\n"
        return {"absent": None, "valid": FLAG_MAGIC, "empty": ""}.get(
            flag, False)

    def find(self, name):
        """The path of a file here or in a base, or None."""
        for folder in self.folders:
            path = os.path.join(folder, name)
            if os.path.exists(path):
                return path
        return None

    def _find_upses(self):
        """Names and files of the emulated UPSes, in the order of ports."""
        if self.values["ups"] == "none":
            return []
        names = self.values["ups"].split()
        if not names:
            names = sorted({entry[:-4] for folder in self.folders
                            for entry in os.listdir(folder)
                            if entry.endswith(".ups")})
        found = [(name, self.find(name + ".ups")) for name in names]
        for name, path in found:
            if not path:
                raise Mistake(*self._where("ups"),
                              f"there is no file {name}.ups")
        return found


class Expectations:
    """The file "expect"."""

    def __init__(self, path, upses):
        self.path = path
        self.claims = []            # (number, kind, …)
        self.screens = []           # (number, name, text)
        self.transcript = None      # (number, path)
        self.cut = []
        self.final = None
        self.end = None
        self.next_boot_clean = False
        self.waived = set()
        self.breaks = None
        self.upses = [name for name, _ in upses]
        for number, line in text.lines(path) if path else ():
            self._take(number, text.words(path, number, line))

    def _take(self, number, found):
        verb, rest = found[0][0], found[1:]
        plain = [word for word, _ in rest]
        if verb in ("see", "no", "first"):
            self.claims.append((number, verb,
                                text.Pattern(self.path, number, rest), None))
        elif verb == "then":
            self._take_then(number, rest)
        elif verb == "count":
            if not plain or not plain[0].isdigit():
                raise Mistake(self.path, number, "count needs a number")
            self.claims.append((number, verb,
                                text.Pattern(self.path, number, rest[1:]),
                                int(plain[0])))
        elif verb == "shows" and len(plain) == 2:
            self.screens.append((number, *plain))
        elif verb == "transcript" and len(plain) == 1:
            self.transcript = (number, plain[0])
        elif verb == "cut" and plain:
            for name in plain:
                if name not in self.upses:
                    raise Mistake(self.path, number,
                                  f'there is no UPS "{name}"')
            self.cut = plain
        elif verb in ("final", "end") and plain and plain[0] in STATES:
            setattr(self, verb, plain[0])
        elif verb == "next" and plain == ["boot", "clean"]:
            self.next_boot_clean = True
        elif verb == "waive" and plain and INVARIANTS.issuperset(plain):
            self.waived.update(plain)
        elif verb == "breaks" and INVARIANTS.issuperset(plain) and \
                len(plain) == 1:
            self.breaks = plain[0]
        else:
            raise Mistake(self.path, number, "this is no sentence of expect: "
                          + " ".join([verb] + plain))

    def _take_then(self, number, rest):
        limit = None
        if len(rest) > 2 and rest[-2] == ("within", False):
            limit = text.milliseconds(self.path, number, rest[-1][0])
            rest = rest[:-2]
        if not any(claim[1] == "first" for claim in self.claims):
            raise Mistake(self.path, number, '"then" without "first"')
        self.claims.append((number, "then",
                            text.Pattern(self.path, number, rest), limit))


def find_scenarios(paths, machines, home):
    """Every folder at or below @paths that holds a file "scenario"."""
    scenarios = []
    for path in paths:
        path = os.path.abspath(path)
        if not os.path.isdir(path):
            raise Mistake(path, 0, "there is no such folder")
        before = len(scenarios)
        for folder, subfolders, files in os.walk(path):
            subfolders.sort()
            if "scenario" not in files:
                continue
            subfolders.clear()
            name = os.path.relpath(folder, home)
            if name.startswith(".."):
                name = os.path.basename(folder)
            scenarios.append(Scenario(folder, name, machines))
        if len(scenarios) == before:
            raise Mistake(path, 0, 'there is no file "scenario" in it')
    return scenarios
