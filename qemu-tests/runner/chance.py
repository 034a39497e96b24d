# SPDX-License-Identifier: MIT
"""Scenarios by chance: a power-off, and what goes wrong in it. The same seed
makes the same scenario; what must hold is asserted, not what happens."""

import os
import random

from .scenario import Scenario

# A cut of which nobody knows whether it arrived is waited for: three minutes.
WAIT_S = 190
# Where in the life of a power-off something happens.
MOMENTS = ('console "rig: T0"', 'console "adopt"', 'console "arm"',
           'console "storage"', 'console "cut"', 'console "off"')
WAYS = ("crash", "hang", "spin", "babble", "garble", "deaf", "absent", "fail")
# The UPS and its machine get over these, so that it has to be cut.
PASSING = (
    lambda rng: f"reenumerate eaton {rng.randint(100, 1500)}ms",
    lambda rng: f"stall eaton {report(rng)} {rng.randint(1, 2)}",
    lambda rng: f"hang eaton {report(rng)} {rng.randint(100, 3000)}ms 1",
    lambda rng: f"latency eaton {rng.randint(1, 60)}ms",
    lambda rng: f"charge {rng.randint(1, 30)} eaton",
)
LASTING = (
    lambda rng: "unplug eaton",
    lambda rng: f"stall eaton {report(rng)}",
    lambda rng: f"ignore eaton {report(rng)}",
    # What was acknowledged and lost is not told again.
    lambda rng: f"ignore eaton {report(rng)} 1",
    lambda rng: f"hang eaton {report(rng)} 20s",
    lambda rng: f"busy eaton {rng.randint(100, 400)}ms",
)


LINE_WAYS = ("silent", "deaf", "garbage", "noise", "slow 700ms", "gone",
             "healthy")
NET_WAYS = ("silent", "deaf", "garbage", "short", "slow 700ms", "stale",
            "gone", "twice", "healthy")


class Carrier:
    """How the UPS is reached: a scenario with one, its name there, its
    section, what is heard of it, and what happens to it."""

    def __init__(self, base, ups, section, moments, passing, lasting):
        self.base = base
        self.ups = ups
        self.section = section
        self.moments = MOMENTS + moments + (f"command {ups}",)
        self.passing = passing
        self.lasting = lasting


USB = Carrier("return/systemd-252", "eaton",
              ["driver = usbhid-ups", "port = auto"],
              ("get eaton", "set eaton"), PASSING, LASTING)
LINE = Carrier("serial/qx", "ups",
               ["driver = nutdrv_qx", "port = /dev/ttyS1"],
               ("line ups to=ups", "line ups to=host"),
               (lambda rng: f"charge {rng.randint(1, 30)} ups",),
               (lambda rng: f"line ups {rng.choice(LINE_WAYS)}",))
NET = Carrier("network/udp", "ups",
              ["driver = lastwatt-fake", "port = auto", "udp = 10.0.2.2"],
              ("net ups to=ups", "net ups to=host"),
              (lambda rng: f"network ups {rng.choice(NET_WAYS[:-1])} times 1",
               lambda rng: "network ups twice"),
              (lambda rng: f"network ups {rng.choice(NET_WAYS)}",
               lambda rng: "carrier off", lambda rng: "carrier on"))
CARRIERS = (USB, USB, USB, LINE, NET)


def report(rng):
    """DelayBeforeStartup and DelayBeforeShutdown of the emulated Eaton."""
    return rng.choice(("0x0a", "0x09"))


class Chance:
    """The files of one scenario."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.seed = seed
        self.carrier = self.rng.choice(CARRIERS)
        self.verb = self.rng.choice(("poweroff",) * 4 + ("reboot", "halt"))
        self.flag = self.rng.random() < 0.85
        self.others = [(f"other{i}", self.rng.choice(("open", "cut")),
                        self.rng.choice(WAYS), self.rng.choice((1, 1000)))
                       for i in range(self.rng.choice((0, 0, 1, 2)))]
        self.lasting = self.rng.random() < 0.3
        self.faults = self.draw()
        self.watchdog = self.rng.random() < 0.5

    def draw(self):
        lines = []
        for _ in range(self.rng.choice((0, 1, 1, 2, 3))):
            kinds = self.carrier.passing + (
                self.carrier.lasting if self.lasting else ())
            action = self.rng.choice(kinds)(self.rng)
            lines.append(f"on {self.rng.choice(self.carrier.moments)} after "
                         f"{self.rng.randint(0, 800)}ms: {action}")
        if self.rng.random() < 0.4:
            lines.append(f"on {self.rng.choice(self.carrier.moments)} after "
                         f"{self.rng.randint(0, 800)}ms: mains on")
        return lines

    def scenario(self, base):
        rng = self.rng
        lines = [f"summary = by chance, seed {self.seed}",
                 f"base = {base}", f"verb = {self.verb}", "boots = 1",
                 f"systemd = {self.rng.choice(('252', '257', '262'))}",
                 f"flag = {'valid' if self.flag else 'absent'}",
                 "payload = test", "cmdline = LASTWATT_BUDGET_S=15",
                 f"budget_s = {60 + WAIT_S if self.lasting else 60}",
                 f"timeout_s = {120 + WAIT_S}",
                 f"watchdog = {'yes' if self.watchdog else 'no'}",
                 f"cache = {rng.choice(('kept', 'kept', 'lost'))}",
                 f"slow_ms = {rng.choice((0, 0, 300, 1500))}"]
        for share, line in ((0.2, "process = pin /var/tmp/pinned"),
                            (0.1, f"process = crowd {rng.randint(1, 2)}"),
                            (0.1, "process = eat 64"),
                            (0.05, "memory = uefi")):
            if rng.random() < share:
                lines.append(line)
        return lines

    def ups_conf(self):
        # The protocol of the serial one knows whole minutes of ondelay.
        lines = [f"[{self.carrier.ups}]", "\toffdelay = 4"] + [
            "\t" + line for line in self.carrier.section]
        lines.append(f"\tondelay = {0 if self.carrier is LINE else 8}")
        for name, key, way, times in self.others:
            lines += [f"[{name}]", "\tdriver = lastwatt-fake",
                      "\tport = auto", f"\t{key} = {way}",
                      "\tjournal = /run/journal", f"\ttimes = {times}"]
        return lines

    def upsmon_conf(self):
        names = [self.carrier.ups] + [other[0] for other in self.others]
        return [f"MONITOR {name}@localhost 1 monitor secret primary"
                for name in names] + [
                    "MINSUPPLIES 1", 'SHUTDOWNCMD "/sbin/shutdown -h +0"',
                    "POWERDOWNFLAG /etc/killpower"]

    def expect(self):
        lines = ["no qmp WATCHDOG"]
        if not self.flag:
            return lines + ["no command"]
        # One that was lost in the middle is commanded again.
        lines += [f"cut {self.carrier.ups}", "waive I2"]
        if self.lasting:
            lines.append("waive I8")
        else:
            lines.append(f"see command {self.carrier.ups}")
        return lines

    def write(self, folder, base):
        os.makedirs(folder, exist_ok=True)
        files = {"scenario": self.scenario(base),
                 "mains": ["at 1s: mains off"] + self.faults,
                 "ups.conf": self.ups_conf(),
                 "upsmon.conf": self.upsmon_conf(), "expect": self.expect()}
        for name, lines in files.items():
            with open(os.path.join(folder, name), "w",
                      encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")


def scenarios(count, seed, bench):
    """@count scenarios, of the seeds from @seed on."""
    found = []
    for number in range(seed, seed + count):
        folder = os.path.join(bench.build, "qemu", "random", f"{number}.d")
        made = Chance(number)
        made.write(folder, os.path.join(bench.home, "scenarios",
                                        made.carrier.base))
        found.append(Scenario(folder, f"random/{number}", bench.machines))
    return found
