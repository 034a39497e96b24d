# SPDX-License-Identifier: MIT
"""Writes docs/numbers.md of what was measured."""

import datetime
import os
import platform
import statistics
import subprocess

from . import goals, numbers, timing
from .nut import Nut
from .timing import ratios, spread, table

KIB = 1024


def output(*arguments, **more):
    return subprocess.run(arguments, capture_output=True, text=True,
                          check=False, **more).stdout.strip()


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.machine()


def about(bench, rounds):
    qemu = output("qemu-system-x86_64", "--version").splitlines()[0]
    commit = output("git", "describe", "--always", "--dirty",
                    cwd=bench.source) or "a release"
    archive = Nut(bench.build).archive
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    return (
        f"Measured on {date} by `make bench` in {rounds} rounds; lastwatt "
        f"{commit}, NUT {archive.candidate('nut-server')}, dracut "
        f"{archive.candidate('dracut-core')}, {qemu} "
        f"(`{os.environ.get('ACCEL', 'tcg')}`), in a virtual machine with one "
        f"CPU, 192 MiB and Linux {archive.candidate('linux-image-amd64')}; on "
        f"{processor()}, "
        f"{os.cpu_count()} CPUs, {os.getloadavg()[2]:.1f} of them busy on "
        "average in the quarter of an hour before.")


class Report:
    """The sections of docs/numbers.md."""

    def __init__(self, bench, rounds):
        self.bench = bench
        self.rounds = rounds

    def measured(self, case):
        return case.measured(self.bench, self.rounds)

    def spans(self, measured, key, since=""):
        return [timing.span(found, key, since) for found in measured.values()]

    def memory(self, row, system):
        case = numbers.memory_case(row, system)
        return timing.memory(case.timeline(self.bench, 1))

    def sizes(self, row, system):
        try:
            return [f"{size / KIB:.0f}" for size in
                    numbers.image_sizes(self.bench, row, system)]
        except OSError:
            return ["—", "—"]

    def cells(self, row, system):
        measured = self.measured(numbers.Case(row, system))
        kib, _ = self.memory(row, system)
        transfers = "—"
        if row.driver == "usbhid-ups":
            transfers = " of ".join(spread(self.spans(measured, key))
                                    for key in ("to cut", "transfers"))
        return [*self.sizes(row, system), kib or "—",
                *(spread(self.spans(measured, key, since))
                  for _, since, key in timing.PHASES), transfers]

    def side_by_side(self):
        head = ["UPS", "exitrd", "image", "zstd", "memory",
                *(title for title, _, _ in timing.PHASES), "USB transfers"]
        rows = []
        for row in numbers.ROWS:
            for system in row.systems:
                rows.append([row.title(), numbers.SYSTEMS[system],
                             *self.cells(row, system)])
        return table(head, rows)

    def pairs(self, row, system, key, since=""):
        """How many times as long as ours, in each round."""
        ours, others = (self.measured(numbers.Case(row, name))
                        for name in ("lastwatt", system))
        rounds = sorted(set(ours) & set(others))
        return ratios([timing.span(ours[number], key, since)
                       for number in rounds],
                      [timing.span(others[number], key, since)
                       for number in rounds])

    def ratios(self):
        spans = (("first", ""), ("commanded", ""), ("first", "safe"),
                 ("commanded", "safe"))
        rows = [[row.title(), numbers.SYSTEMS[system]] +
                [spread(self.pairs(row, system, *span), 1) for span in spans]
                for row in numbers.ROWS for system in row.systems
                if system != "lastwatt"]
        return table(["UPS", "exitrd", "pivot → first byte",
                      "pivot → commanded", "safe → first byte",
                      "safe → commanded"], rows)

    def grown(self, make, count, system, since):
        case = make(numbers.GROWN, system, count)
        return self.spans(self.measured(case), "commanded", since)

    def growth(self):
        """Of UPSes the time from safe storage on, of mounts all of it."""
        rows = []
        for make, since, one, more in (
                (numbers.upses_case, "safe", "UPS", "UPSes"),
                (numbers.mounts_case, "", "mount", "mounts")):
            counts, systems = numbers.GROWTH[make]
            for count in counts:
                rows.append([f"{count} {more if count > 1 else one}"] + [
                    spread(self.grown(make, count, system, since))
                    if system in systems else "—"
                    for system in numbers.EXITRDS])
        return table(["", *(numbers.SYSTEMS[system]
                            for system in numbers.EXITRDS)], rows)

    def latency(self):
        counts, systems = numbers.GROWTH[numbers.latency_case]
        rows = []
        for system in systems:
            found = {count: self.grown(numbers.latency_case, count, system,
                                       "safe") for count in counts}
            points = [(count, statistics.median(values))
                      for count, values in found.items() if values]
            line = ["—", "—"]
            if len(points) > 1:
                slope, rest = timing.line_through(points)
                line = [f"{slope:.1f}", f"{rest:.0f}"]
            rows.append([numbers.SYSTEMS[system],
                         *(spread(values) for values in found.values()), *line])
        return table(["exitrd", *(f"{count} ms" for count in counts),
                      "transfers (slope)", "the rest (intercept)"], rows)

    def goals(self):
        return table(["what", "wanted", "measured", ""],
                     goals.rows(self))

    def write(self, path):
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(PAGE.format(
                about=about(self.bench, self.rounds),
                goals="\n".join(self.goals()), why=goals.WHY,
                table="\n".join(self.side_by_side()),
                ratios="\n".join(self.ratios()),
                latency="\n".join(self.latency()),
                growth="\n".join(self.growth())))
        os.rename(path + ".new", path)


PAGE = """# Numbers

{about}

All times are milliseconds by the clock of the rig, which is outside of the virtual
machine and sees the console and every byte to and from the emulated UPS. Median
(least…most). In software emulation the programs are slower than they would be on a
real machine, starting one up to fifty times, while pauses and devices are not:
compare columns, and do not take any of them for a promise.

## Wanted and reached

{goals}

{why}

## Side by side

{table}

*NUT's driver alone* is the least that can be built around NUT: a static program
that unmounts, calls `driver -k` and powers off. *shell, upsdrvctl* is an exitrd as
dracut makes them, but leaner: busybox for the shell and all tools, neither udev nor
hooks of others. *dracut, upsdrvctl* is what Debian's dracut packs by default, with
its own `/shutdown`, but without kernel modules; it has no module for NUT, so that
one is as somebody would write it: a hook that calls upsdrvctl once all is unmounted
(`qemu-tests/bench.d/dracut`). *NUT's hook* is what Debian installs, and no exitrd:
systemd runs it before the pivot, and that moment counts as the pivot here. The root
is still mounted then, read-only. Its shell is busybox, and root runs its driver. None
of the four looks whether the storage is safe, or whether the UPS has obeyed, and
none has a limit of time for that.

All send the same command, but for SNMP, where NUT knows one that cuts at once. With
SNMP v3 net-snmp's agent is before the same card, and the moments are the card's.

Sizes and memory are KiB: of the image as a cpio archive and by `zstd -19`; of all
processes of the exitrd together at the peak, pages that several share counted once,
in a run of its own. *Safe* is what the exitrd says itself; *first byte* is that of
the command; *off* is QEMU's word that the machine has powered off. USB transfers are
those after the pivot, and how many of them lie between safe storage and the command.

The same as ratios, each round by itself: how many times as long as lastwatt.

{ratios}

## What grows with what

The unit with 4 reports, when every transfer takes so long: milliseconds from safe
storage to the command. The slope is the number of transfers on the way, and the
intercept everything else, pauses included.

{latency}

Several of these units, milliseconds from safe storage to the last command; and
mounts on the old root, from the pivot to the command.

{growth}
"""
