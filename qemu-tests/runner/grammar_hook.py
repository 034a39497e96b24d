# SPDX-License-Identifier: MIT
"""nut.conf: what NUT's own hook for a power-off makes of it."""

import glob
import os
import re
import shutil

from .generate import Maker
from .grammar import Differs, SEED, differ
from .grammar_conf import all_are_ours

# Before, the hook took what stands behind POWEROFF_WAIT= as it is.
FIRST_OF_SHELL = "2.8.1"
# Before, a MODE of none was no matter to the hook.
FIRST_WITH_MODE = "2.8.4"
STUB = """#!/bin/sh
echo {name} >>{deeds}
"""
SLEEP = """#!/bin/sh
LD_PRELOAD={quick} {sleep} "$@"
echo slept $? >>{deeds}
"""


class Hook:
    """NUT's hook, with everything that it calls replaced."""

    def __init__(self, tools):
        self.tools = tools
        self.deeds = tools.path("deeds")
        self.journal = tools.path("journal")
        path, = glob.glob(tools.nut.tree + "/lib/systemd/system-shutdown/*")
        with open(path, encoding="utf-8") as file:
            text = file.read().replace("/etc/nut/", tools.folder + "/")
        text = text.replace("/dev/console", tools.path("console"))
        for name in ("upsmon", "upsdrvctl", "systemctl", "sleep"):
            self.stub(name)
            text = re.sub(rf"/(?:usr/)?s?bin/{name}\b",
                          tools.path("hook-" + name), text)
        tools.write("hook", text)

    def stub(self, name):
        path = self.tools.path("hook-" + name)
        with open(path, "w", encoding="utf-8") as file:
            file.write((SLEEP if name == "sleep" else STUB).format(
                name=name, deeds=self.deeds, quick=self.tools.quick,
                sleep=shutil.which("sleep")))
        os.chmod(path, 0o755)

    def run(self):
        """Whether UPSes are commanded, and the wait; None if it ends early."""
        for path in (self.deeds, self.journal):
            if os.path.exists(path):
                os.unlink(path)
        if self.tools.run(["sh", self.tools.path("hook"),
                           "poweroff"]).returncode:
            return None
        return self.read("upsdrvctl\n") != "", self.wait()

    def read(self, line):
        """The deeds from that line on."""
        if not os.path.exists(self.deeds):
            return ""
        with open(self.deeds, encoding="utf-8") as file:
            _, found, rest = file.read().partition(line)
        return found + rest

    def wait(self):
        # What sleep refuses is no wait to us; NUT reboots at once.
        if not self.read("slept 0"):
            return "no"
        if not os.path.exists(self.journal):
            return "for ever"
        with open(self.journal, encoding="ascii") as file:
            # A long one is slept in parts.
            return f"{sum(map(int, file)) // 1000} s"


def wait_of_ours(tools):
    text = tools.plan()
    if "MODE is none" in text:
        return False, "no"
    found = re.search(r"^Then it waits (\d+) s \(POWEROFF_WAIT\)", text, re.M)
    wait = found.group(1) + " s" if found else "no"
    if wait == f"{365 * 24 * 3600} s":
        wait = "for ever"
    return True, wait


def compare_waits(tools):
    """What NUT's hook makes of nut.conf."""
    all_are_ours(tools)
    tools.write("ups.conf", "[a]\ndriver = x\nport = y\n")
    hook, maker, compared = Hook(tools), Maker(SEED), 0
    for _ in range(400):
        text = maker.nut_conf() if tools.nut.is_since(FIRST_OF_SHELL) else \
            f"POWEROFF_WAIT={maker.wait()}\n"
        tools.write("nut.conf", text)
        theirs, ours = hook.run(), wait_of_ours(tools)
        if theirs is None or (not ours[0] and
                              not tools.nut.is_since(FIRST_WITH_MODE)):
            continue
        compared += 1
        if theirs != ours:
            differ(text, theirs, ours)
    os.unlink(tools.path("nut.conf"))
    if compared < 250:
        raise Differs(f"the hook took {compared} of 400 only")


def samples(tools, name, pattern):
    """What the file that NUT ships names."""
    with open(os.path.join(tools.nut.tree, "etc/nut", name),
              encoding="utf-8") as file:
        return sorted(set(re.findall(pattern, file.read(), re.M)))


def compare_directives(tools):
    """What the files that NUT ships name is known to check."""
    words = samples(tools, "upsmon.conf", r"\b[A-Z_]{4,}\b")
    tools.write("upsmon.conf", "".join(word + " 1\n" for word in words))
    text = tools.run(tools.nut.command("upsmon", "-K", "-D")).stdout
    words = set(words) - set(re.findall(r"invalid directive (\S+)", text))
    if "SHUTDOWNCMD" not in words or len(words) < 15:
        raise Differs(f"NUT knows {sorted(words)} only")
    names = samples(tools, "nut.conf", r"^#?(?:export )?([A-Z_]+)=")
    tools.write("upsmon.conf", "".join(f"{word} 1\n" for word in words) +
                "NONSENSE 1\n")
    tools.write("nut.conf", "".join(f"{name}=1\n" for name in names) +
                "POWEROF_WAIT=1\n")
    text = tools.run([tools.lastwatt, "check"]).stdout
    os.unlink(tools.path("nut.conf"))
    unknown = re.findall(r"/(\w+).conf:(\d+): .* means nothing", text)
    if unknown != [("upsmon", str(len(words) + 1)),
                   ("nut", str(len(names) + 1))]:
        raise Differs(f"lastwatt check says {text}")
